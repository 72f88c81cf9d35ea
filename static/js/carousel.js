// The carousel's buttons, dots and arrow keys. It moves only when the reader asks it to.
(() => {
  for (const root of document.querySelectorAll("[data-carousel]")) {
    const slides = root.querySelector("[data-slides]");
    const dots = [...root.querySelectorAll(".dots a")];
    let current = 0;

    const show = (number) => {
      const wanted = (number + dots.length) % dots.length;
      slides.scrollTo({ left: slides.children[wanted].offsetLeft - slides.children[0].offsetLeft });
    };

    const seen = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          if (!entry.isIntersecting) continue;
          current = [...slides.children].indexOf(entry.target);
          dots.forEach((dot, number) => {
            if (number === current) dot.setAttribute("aria-current", "true");
            else dot.removeAttribute("aria-current");
          });
        }
      },
      { root: slides, threshold: 0.6 },
    );
    for (const slide of slides.children) seen.observe(slide);

    for (const button of root.querySelectorAll("[data-step]")) {
      button.hidden = dots.length < 2;
      button.addEventListener("click", () => show(current + Number(button.dataset.step)));
    }
    dots.forEach((dot, number) => {
      dot.addEventListener("click", (event) => {
        event.preventDefault();
        show(number);
      });
    });
    root.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      show(current + step);
    });
  }
})();

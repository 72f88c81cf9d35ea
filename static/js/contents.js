// Marks the section that is being read in the contents beside the text.
(() => {
  const links = [...document.querySelectorAll("[data-contents] a[href^='#']")];
  const headings = links.map((link) => document.getElementById(link.hash.slice(1)));

  function mark() {
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3).length;
    links.forEach((link, number) => {
      if (number === passed - 1) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    });
  }

  // Headings that come or go at this line are all that can change what is marked.
  const line = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px" });
  for (const heading of headings) line.observe(heading);
})();

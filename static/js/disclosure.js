// Panels of <details data-disclosure> close by Escape and by a click elsewhere.
(() => {
  const open = () => document.querySelectorAll("details[data-disclosure][open]");

  document.addEventListener("click", (event) => {
    for (const panel of open()) {
      if (!panel.contains(event.target)) panel.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const panel of open()) {
      const inside = panel.contains(document.activeElement);
      panel.open = false;
      if (inside) panel.querySelector("summary").focus();
    }
  });
})();

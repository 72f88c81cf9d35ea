// The print button, which only works with JavaScript. Without, its place stays empty, so that nothing jumps.
(() => {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.dataset.ready = "";
    button.addEventListener("click", () => window.print());
  }
})();

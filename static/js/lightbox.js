// Opens pictures of the body large. What that takes is loaded with the first one; without it the link leads to the file.
(() => {
  const { module, sheet, ...words } = document.currentScript.dataset;

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-lightbox]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    try {
      const { open } = await import(module);
      await open(link, sheet, words);
    } catch {
      location.assign(link.href);
    }
  });
})();

// Forms with data-suggest get suggestions while typing. What makes them is fetched when a reader first comes to the field.
(() => {
  document.addEventListener("focusin", (event) => {
    const form = event.target.closest?.("[data-suggest]");
    if (!form || event.target.type !== "search" || form.dataset.suggestReady) return;
    form.dataset.suggestReady = "1";
    import(form.dataset.suggestScript).then((module) => module.suggest(form));
  });
})();

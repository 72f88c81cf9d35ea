// Registers the service worker once the page is complete, so that it takes nothing from the first visit.
(() => {
  const worker = document.querySelector("script[data-worker]")?.dataset.worker;
  if (!worker || !("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;

  function register() {
    // Private windows may refuse; the site works without.
    serviceWorker.register(worker).catch(() => {});
    if (!serviceWorker.controller) serviceWorker.ready.then(({ active }) => active.postMessage("keep me"));
  }

  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
})();

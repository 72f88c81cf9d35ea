// Registers the service worker once the page is complete, so that it takes nothing from the first visit.
(() => {
  const worker = document.querySelector("script[data-worker]")?.dataset.worker;
  if (!worker || !("serviceWorker" in navigator)) return;

  // Private windows may refuse; the site works without.
  const register = () => navigator.serviceWorker.register(worker).catch(() => {});
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
})();

// Counts this read once the page is looked at, and shows the number that comes back.
(() => {
  const shown = document.querySelector("[data-reads-url]");
  if (!shown) return;

  async function count() {
    if (document.visibilityState !== "visible") return;
    document.removeEventListener("visibilitychange", count);
    try {
      const response = await fetch(shown.dataset.readsUrl, { method: "POST", keepalive: true });
      if (!response.ok) return;
      const { reads } = await response.json();
      shown.textContent = String(reads);
      shown.value = String(reads);
    } catch {
      // Without the network the number printed in the page stays.
    }
  }

  document.addEventListener("visibilitychange", count);
  count();
})();

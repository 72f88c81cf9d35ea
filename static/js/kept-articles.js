// Lists the articles that the service worker keeps on this device, the one read last first.
(() => {
  const root = document.querySelector("[data-kept-articles]");
  if (!root || !("caches" in window)) return;
  const list = root.querySelector("[data-list]");

  async function entry(cache, request) {
    const page = new DOMParser().parseFromString(await (await cache.match(request)).text(), "text/html");
    const link = document.createElement("a");
    link.href = request.url;
    link.lang = page.documentElement.lang;
    link.textContent = (page.querySelector("h1")?.textContent || page.title).trim();
    const item = document.createElement("li");
    item.append(link);
    return item;
  }

  async function show() {
    if (!(await caches.has("articles"))) return;
    const cache = await caches.open("articles");
    const items = await Promise.all((await cache.keys()).reverse().map((request) => entry(cache, request)));
    if (!items.length) return;
    list.append(...items);
    list.hidden = false;
    root.querySelector("[data-none]").hidden = true;
  }

  show();
})();

// Sharing: copies the address, opens the system's share sheet, shows the poster. The links work without this.
(() => {
  const dialog = document.querySelector("[data-poster-dialog]");
  let opener;

  // What it says stands in the page, which may be in Traditional characters.
  async function copy(text, status) {
    const { copied, byHand } = status.dataset;
    try {
      await navigator.clipboard.writeText(text);
      status.textContent = copied;
    } catch {
      // Plain HTTP and some apps' browsers have no clipboard: the address is selected, which copies or lets one copy.
      const address = document.createElement("span");
      address.textContent = text;
      status.replaceChildren(byHand, address);
      getSelection().selectAllChildren(address);
      if (document.execCommand("copy")) status.textContent = copied;
    }
  }

  function showPoster(link) {
    const frame = dialog.querySelector("[data-poster-frame]");
    const status = dialog.querySelector("[data-poster-status]");
    const { drawing, name, drawn, failed } = status.dataset;
    if (!frame.firstElementChild) {
      status.textContent = drawing;
      const image = new Image(1080, 1440);
      image.alt = name;
      image.addEventListener("load", () => (status.textContent = drawn));
      image.addEventListener("error", () => {
        status.textContent = failed;
        image.remove();
      });
      image.src = link.href;
      frame.append(image);
    }
    opener = link.closest("details")?.querySelector("summary") ?? link;
    dialog.showModal();
  }

  dialog?.addEventListener("close", () => opener?.focus());
  dialog?.addEventListener("click", (event) => event.target === dialog && dialog.close());

  for (const root of document.querySelectorAll("[data-share]")) {
    const status = root.querySelector("[data-share-status]");

    const copier = root.querySelector("[data-copy]");
    copier.parentElement.dataset.ready = "";
    copier.addEventListener("click", () => copy(copier.dataset.copy, status));

    const system = root.querySelector("[data-system-share]");
    system.parentElement.hidden = !navigator.share;
    system.addEventListener("click", () => {
      const { systemShare: title, url } = system.dataset;
      // Rejected when the reader closes the sheet, which is no error.
      navigator.share({ title, url }).catch(() => {});
    });

    const poster = root.querySelector("[data-poster]");
    poster.addEventListener("click", (event) => {
      if (!dialog?.showModal || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      showPoster(poster);
    });
  }
})();

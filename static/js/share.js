// Sharing: copies the address, opens the system's share sheet, shows the poster. The links work without this.
(() => {
  const dialog = document.querySelector("[data-poster-dialog]");
  let opener;

  async function copy(text, status) {
    try {
      await navigator.clipboard.writeText(text);
      status.textContent = "链接已复制";
    } catch {
      // Plain HTTP and some apps' browsers have no clipboard: the address is selected, which copies or lets one copy.
      const address = document.createElement("span");
      address.textContent = text;
      status.replaceChildren("请复制选中的地址：", address);
      getSelection().selectAllChildren(address);
      if (document.execCommand("copy")) status.textContent = "链接已复制";
    }
  }

  function showPoster(link) {
    const frame = dialog.querySelector("[data-poster-frame]");
    const status = dialog.querySelector("[data-poster-status]");
    if (!frame.firstElementChild) {
      status.textContent = "正在生成海报…";
      const image = new Image(1080, 1440);
      image.alt = "本文的分享海报";
      image.addEventListener("load", () => (status.textContent = "长按图片可以保存或转发"));
      image.addEventListener("error", () => {
        status.textContent = "海报暂时没有生成，请稍后再试。";
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

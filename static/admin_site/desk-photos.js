// Picks a picture from the library for a row of the desk. Without it its number is typed.
const root = document.querySelector("[data-desk]");

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const openPicker = (input, address) => {
  const search = make("input", { type: "search", placeholder: "按图说、署名或编号查找" });
  search.setAttribute("aria-label", "查找图片");
  const close = make("button", { type: "button", className: "button", textContent: "关闭" });
  const items = make("div", { className: "insert-items" });
  const status = make("p");
  status.setAttribute("role", "status");
  const dialog = make("dialog", { className: "insert-picker" }, make("header", {}, search, close), status, items);
  dialog.setAttribute("aria-label", "选图片");
  let latest = 0;
  let timer = 0;

  const buttonOf = (item) => {
    const image = make("img", { src: item.image, alt: "", loading: "lazy" });
    const button = make("button", { type: "button" }, image, make("span", { textContent: `${item.id} · ${item.caption}` }));
    button.addEventListener("click", () => {
      input.value = Number(item.id);
      dialog.close();
    });
    return button;
  };
  const load = async () => {
    const mine = ++latest;
    status.textContent = "正在读取……";
    try {
      const response = await fetch(`${address}?${new URLSearchParams({ q: search.value })}`);
      if (!response.ok) throw new Error(response.status);
      const found = (await response.json()).items;
      if (mine !== latest) return;
      items.replaceChildren(...found.map(buttonOf));
      status.textContent = found.length ? "" : "没有找到：请先在图片库里上传。";
    } catch {
      if (mine === latest) status.textContent = "读取失败，请重试；也可以直接写编号。";
    }
  };
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(load, 250);
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    input.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  load();
};

const enhance = () => {
  for (const place of root.querySelectorAll("[data-desk-photos]")) {
    if (place.querySelector("button")) continue;
    const button = make("button", { type: "button", className: "button", textContent: "选图" });
    button.addEventListener("click", () => openPicker(place.querySelector("input"), place.dataset.deskPhotos));
    place.append(button);
  }
};

root.addEventListener("desk:board", enhance);
enhance();

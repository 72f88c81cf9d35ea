// Rows of the portal that figures refer to: what they are, looked up by number, and picked in a dialog.
import { button, make, openDialog } from "./elements.js";

const AT_ONCE = 100;

export class Library extends EventTarget {
  #address;
  #rows = new Map();
  #wanted = new Set();

  constructor(address) {
    super();
    this.#address = address;
  }

  // The row, null when there is none, undefined while it is being asked for: then "rows" is dispatched later.
  row(id) {
    if (!this.#rows.has(id) && !this.#wanted.has(id)) {
      if (!this.#wanted.size) setTimeout(() => this.#load());
      this.#wanted.add(id);
    }
    return this.#rows.get(id);
  }

  keep(row) {
    this.#rows.set(row.id, row);
    this.dispatchEvent(new Event("rows"));
  }

  async #load() {
    const ids = [...this.#wanted].slice(0, AT_ONCE);
    try {
      const found = await this.find({ ids: ids.join(" ") });
      for (const id of ids) this.#rows.set(id, found.find((row) => row.id === id) ?? null);
    } catch {
      for (const id of ids) this.#rows.set(id, null);
    }
    for (const id of ids) this.#wanted.delete(id);
    if (this.#wanted.size) this.#load();
    this.dispatchEvent(new Event("rows"));
  }

  async find(query) {
    const response = await fetch(`${this.#address}?${new URLSearchParams(query)}`, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.status);
    return (await response.json()).items;
  }
}

const itemButton = (row, choose) => {
  const item = button("", choose, { className: "editor-item" });
  if (row.image) item.append(make("img", { src: row.image, alt: "", loading: "lazy" }));
  item.append(make("span", { textContent: `${row.id} · ${row.caption}` }), make("small", { textContent: row.note }));
  return item;
};

// Pick one row, or several when `several`: the answer is a list, empty when the dialog was closed. `files` adds a way
// to choose pictures of the computer instead; the answer is then a FileList.
export const pick = (library, title, { several = false, files = false } = {}) =>
  new Promise((resolve) => {
    let answer = [];
    let latest = 0;
    let timer = 0;
    const chosen = new Map();
    const search = make("input", { type: "search", placeholder: "输入文字或编号查找", "aria-label": "查找" });
    const status = make("p", { role: "status" });
    const items = make("div", { className: "editor-items" });
    const done = several ? button("插入所选", () => ((answer = [...chosen.values()]), dialog.close()), { className: "button default", disabled: true }) : null;
    const upload = make("input", { type: "file", accept: "image/*", multiple: true, hidden: true });
    upload.addEventListener("change", () => ((answer = upload.files), dialog.close()));
    const head = make(
      "div",
      { className: "editor-picker-head" },
      search,
      ...(files ? [button("上传新图片", () => upload.click(), { className: "button" }), upload] : []),
      done,
      button("关闭", () => dialog.close(), { className: "button" }),
    );
    const dialog = openDialog(title, head, status, items);
    dialog.classList.add("editor-picker");

    const choose = (row, item) => {
      if (!several) {
        answer = [row];
        return dialog.close();
      }
      if (!chosen.delete(row.id)) chosen.set(row.id, row);
      item.setAttribute("aria-pressed", String(chosen.has(row.id)));
      done.disabled = !chosen.size;
      done.textContent = chosen.size ? `插入所选 ${chosen.size} 项` : "插入所选";
    };

    const show = (rows) => {
      items.replaceChildren(
        ...rows.map((row) => {
          const item = itemButton(row, () => choose(row, item));
          if (several) item.setAttribute("aria-pressed", String(chosen.has(row.id)));
          return item;
        }),
      );
      status.textContent = rows.length ? "" : "没有找到。";
    };

    const load = async () => {
      const mine = ++latest;
      status.textContent = "正在读取……";
      try {
        const rows = await library.find({ q: search.value });
        if (mine === latest) show(rows);
      } catch {
        if (mine === latest) status.textContent = "读取失败，请重试。";
      }
    };

    search.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(load, 250);
    });
    dialog.addEventListener("close", () => {
      for (const row of answer) if (row.id) library.keep(row);
      resolve(answer);
    });
    load();
  });

// Puts pictures, videos and structure into a body at the cursor. Without it the textarea works as it is.
"use strict";
{
  const STRUCTURES = [
    ["小标题", "<h2>", "</h2>", "小标题"],
    ["引文", "<blockquote><p>", "</p></blockquote>", "引文"],
    ["诗", '<p class="verse">', "</p>", "第一行<br>第二行"],
    ["加粗", "<strong>", "</strong>", "文字", "inline"],
    ["分页", '<hr class="page-break">', "", ""],
  ];
  const LIBRARIES = [
    ["插入图片", "photos", "data-photo"],
    ["插入视频", "videos", "data-video"],
  ];

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // execCommand, though old, is the one way that leaves "undo" working.
  const insert = (area, text) => {
    area.focus();
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    }
  };

  // A block stands on lines of its own.
  const asBlock = (area, text) => {
    const before = area.value.slice(0, area.selectionStart);
    const after = area.value.slice(area.selectionEnd);
    return (before && !before.endsWith("\n") ? "\n" : "") + text + (after.startsWith("\n") ? "" : "\n");
  };

  const insertStructure = (area, [, open, close, sample, kind]) => {
    const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
    const text = open + (close ? chosen.trim() || sample : "") + close;
    insert(area, kind === "inline" ? text : asBlock(area, text));
  };

  const openPicker = (area, address, attribute) => {
    const search = make("input", { type: "search", placeholder: "按图说、署名或编号查找" });
    const close = make("button", { type: "button", className: "button", textContent: "关闭" });
    const items = make("div", { className: "insert-items" });
    const status = make("p");
    status.setAttribute("role", "status");
    const dialog = make("dialog", { className: "insert-picker" }, make("header", {}, search, close), status, items);
    let latest = 0;

    const itemButton = (item) => {
      const image = make("img", { src: item.image, alt: "", loading: "lazy" });
      const words = [`${item.id} · ${item.caption}`, item.note].filter(Boolean).join(" · ");
      const button = make("button", { type: "button" }, image, make("span", { textContent: words }));
      button.addEventListener("click", () => {
        dialog.close();
        insert(area, asBlock(area, `<figure ${attribute}="${Number(item.id)}"></figure>`));
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
        items.replaceChildren(...found.map(itemButton));
        status.textContent = found.length ? "" : "没有找到：请先在图片库或视频库里上传。";
      } catch {
        if (mine === latest) status.textContent = "读取失败，请重试；也可以直接写编号。";
      }
    };

    let timer = 0;
    search.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(load, 250);
    });
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    // Outside the form: Return in its search field must not save the article.
    document.body.append(dialog);
    dialog.showModal();
    load();
  };

  const addBar = (area) => {
    const bar = make("div", { className: "insert-bar" });
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", "插入");
    const add = (label, action) => {
      const button = make("button", { type: "button", className: "button", textContent: label });
      button.addEventListener("click", action);
      bar.append(button);
    };
    for (const [label, name, attribute] of LIBRARIES) {
      if (area.dataset[name]) add(label, () => openPicker(area, area.dataset[name], attribute));
    }
    for (const structure of STRUCTURES) add(structure[0], () => insertStructure(area, structure));
    area.before(bar);
  };

  const start = () => document.querySelectorAll("textarea[data-photos]").forEach(addBar);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}

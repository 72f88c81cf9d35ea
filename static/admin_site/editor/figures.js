// How figures look in the editor: what they show, their caption to write in, and what can be done with them.
import { ask, button, make, post } from "./elements.js";
import { moveBlock } from "./commands.js";
import { pick } from "./library.js";

const GONE = "不在库里了，读者看不到：请换一个，或删掉。";

const removeNode = ({ editor, getPos }) => {
  const pos = getPos();
  editor.view.dispatch(editor.state.tr.delete(pos, pos + editor.state.doc.nodeAt(pos).nodeSize));
  editor.view.focus();
};

const setAttribute = ({ editor, getPos }, name, value) => {
  editor.view.dispatch(editor.state.tr.setNodeAttribute(getPos(), name, value));
};

// The frame of every figure. `draw(node, parts)` fills it in, now and whenever the node or the library changes.
const frame = (props, { label, library, attribute, draw, tools = () => [] }) => {
  let { node } = props;
  const shown = make("div", { className: "figure-shown", contentEditable: "false" });
  const note = make("p", { className: "figure-note" });
  const extra = make("div", { className: "figure-extra" });
  const caption = node.isAtom ? null : make("figcaption");
  const value = () => node.attrs[attribute];
  const bar = make("div", { className: "figure-bar", contentEditable: "false", role: "group", "aria-label": label }, note, extra);
  const parts = { shown, note, extra, caption, value, props };
  const actions = [
    ...tools(parts),
    button("上移", () => moveBlock(props.editor, props.getPos(), -1)),
    button("下移", () => moveBlock(props.editor, props.getPos(), 1)),
    button("删除", () => removeNode(props)),
  ];
  bar.append(make("div", { className: "figure-actions" }, ...actions));
  const dom = make("figure", { className: "body-figure" }, shown, caption, bar);
  dom.dataset.kind = node.type.name;
  const refresh = () => {
    caption?.classList.toggle("is-empty", !node.content.size);
    draw(parts);
  };
  library?.addEventListener("rows", refresh);
  refresh();
  return {
    dom,
    contentDOM: caption,
    update: (next) => next.type === node.type && ((node = next), refresh(), true),
    ignoreMutation: (mutation) => mutation.type !== "selection" && !caption?.contains(mutation.target),
    stopEvent: (event) => bar.contains(event.target) || Boolean(event.target.closest?.("button")),
    selectNode: () => dom.classList.add("is-selected"),
    deselectNode: () => dom.classList.remove("is-selected"),
    destroy: () => library?.removeEventListener("rows", refresh),
  };
};

const placeholder = (caption, words) => {
  if (caption) caption.dataset.placeholder = words;
};

const picture = (row) => make("img", { src: row.large ?? row.image, alt: row.alt ?? "", draggable: false });

// --- A picture, and its words in the library ---

const FIELDS = [
  ["caption", "图说", 300],
  ["alt", "替代文字", 200],
  ["credit", "署名", 60],
];
let forms = 0;

// A small form for the row's words, saved everywhere at once. Not a <form>: it stands in the page's own.
const wordsForm = (library, address, row, close) => {
  const status = make("p", { role: "status" });
  const inputs = FIELDS.map(([name, label, maxLength]) => {
    const id = `figure-${name}-${++forms}`;
    const input = make("input", { id, type: "text", value: row[name], maxLength, autocomplete: "off" });
    return { name, label, input, row: make("p", {}, make("label", { htmlFor: id, textContent: label }), input) };
  });
  const save = async () => {
    status.textContent = "正在保存……";
    const { ok, body } = await post(address, Object.fromEntries(inputs.map(({ name, input }) => [name, input.value])));
    if (!ok) {
      const wrong = Object.entries(body.errors ?? {}).map(([name, words]) => `${inputs.find((one) => one.name === name)?.label ?? ""}：${words.join("")}`);
      status.textContent = wrong.join(" ") || body.error;
      return;
    }
    library.keep(body);
    close(body.articles ? `已保存，${body.articles} 篇稿件随之更新。` : "已保存。");
  };
  const form = make(
    "div",
    { className: "figure-words", role: "group", "aria-label": "图片库里的说明" },
    ...inputs.map((one) => one.row),
    make("p", { className: "figure-actions" }, button("保存说明", save), button("取消", () => close(""))),
    status,
  );
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      save();
    }
  });
  // Nothing of the article's: who listens for changes of its form need not hear it.
  form.addEventListener("input", (event) => event.stopPropagation());
  return form;
};

const photoView = (libraries, addresses) => (props) => {
  const library = libraries.photo;
  let said = "";
  const row = (value) => library.row(Number(value()));
  const toggle = ({ extra, value }) => {
    if (extra.childElementCount) return extra.replaceChildren();
    const close = (words) => ((said = words), extra.replaceChildren(), library.dispatchEvent(new Event("rows")));
    extra.replaceChildren(wordsForm(library, `${addresses.photoPage}${Number(value())}/words/`, row(value), close));
    extra.querySelector("input").focus();
  };
  return frame(props, {
    label: "图片",
    library,
    attribute: "data-photo",
    tools: (parts) => [
      button("图说与署名", () => row(parts.value) && toggle(parts)),
      button("换图", async () => {
        const [other] = await pick(library, "换一张图片");
        if (other) setAttribute(props, "data-photo", String(other.id));
      }),
    ],
    draw: (parts) => {
      const { shown, note, caption, value } = parts;
      const found = row(value);
      shown.replaceChildren(...(found?.image ? [picture(found)] : []));
      if (!found) note.textContent = found === null ? `图片 ${value()} ${GONE}` : "正在读取……";
      else {
        const link = make("a", { href: `${addresses.photoPage}${found.id}/change/`, target: "_blank", textContent: `图片 ${found.id}` });
        const words = found.image ? `署名：${found.credit || "未填"} · 替代文字：${found.alt}` : "已下架，读者看不到：请换一张或删掉。";
        note.replaceChildren(link, ` · ${words}${said && ` · ${said}`}`);
        placeholder(caption, found.caption);
      }
      if (found?.is_new) {
        found.is_new = false;
        queueMicrotask(() => toggle(parts));
      }
    },
  });
};

// --- Several pictures ---

const numbersIn = (value) => (value ?? "").split(" ").filter(Boolean).map(Number);

const galleryView = (libraries) => (props) => {
  const library = libraries.photo;
  const set = (numbers) => (numbers.length ? setAttribute(props, "data-gallery", numbers.join(" ")) : removeNode(props));
  const swapped = (numbers, at, by) => numbers.with(at, numbers[at + by]).with(at + by, numbers[at]);
  const item = (number, at, numbers) => {
    const row = library.row(number);
    const name = row?.caption ?? `图片 ${number}`;
    return make(
      "li",
      {},
      row?.image ? make("img", { src: row.image, alt: row.alt }) : null,
      make("span", { textContent: row === null ? `图片 ${number} ${GONE}` : row && !row.image ? `${name}（已下架，读者看不到）` : name }),
      make(
        "span",
        { className: "figure-actions" },
        button("←", () => set(swapped(numbers, at, -1)), { disabled: !at, "aria-label": `前移：${name}` }),
        button("→", () => set(swapped(numbers, at, 1)), { disabled: at === numbers.length - 1, "aria-label": `后移：${name}` }),
        button("×", () => set(numbers.toSpliced(at, 1)), { "aria-label": `移出：${name}` }),
      ),
    );
  };
  return frame(props, {
    label: "组图",
    library,
    attribute: "data-gallery",
    tools: ({ value }) => [
      button("添加图片", async () => {
        const rows = await pick(library, "添加到组图", { several: true });
        if (rows.length) set([...new Set([...numbersIn(value()), ...rows.map((row) => row.id)])]);
      }),
    ],
    draw: ({ shown, note, caption, value }) => {
      const numbers = numbersIn(value());
      shown.replaceChildren(make("ul", { className: "figure-gallery" }, ...numbers.map(item)));
      note.textContent = `组图，${numbers.length} 张；每张的图说和署名取自图片库。`;
      placeholder(caption, "整组的说明，可以不写");
    },
  });
};

// --- The others: one row, or an address ---

const rowView = (library, label, attribute) => (props) =>
  frame(props, {
    label,
    library,
    attribute,
    draw: ({ shown, note, caption, value }) => {
      const row = library.row(Number(value()));
      const words = row === null ? `${label} ${value()} ${GONE}` : row ? `${label} ${row.id} · ${row.note}` : "正在读取……";
      shown.replaceChildren(...(row?.image ? [picture(row)] : []), make("strong", { textContent: row?.caption ?? "" }));
      note.textContent = words;
      placeholder(caption, row?.caption ?? "");
    },
  });

const embedView = (check) => (props) =>
  frame(props, {
    label: "站外视频",
    attribute: "data-embed",
    tools: ({ value }) => [
      button("改地址", async () => {
        const answer = await askAddress(check, value());
        if (answer) setAttribute(props, "data-embed", answer);
      }),
    ],
    draw: ({ shown, note, caption, value }) => {
      shown.replaceChildren(make("strong", { textContent: check.siteOf(value()) || "不在允许的网站之列" }), make("span", { textContent: value() }));
      note.textContent = "站外视频：读者看到一张卡片，点开到那个网站播放。";
      placeholder(caption, "视频的标题");
    },
  });

export const askAddress = async (check, value = "") => {
  const help = `允许的网站：${check.names.join("、")}。`;
  const answer = await ask("站外视频", [{ name: "address", label: "视频页面的地址", value, help, inputMode: "url", check: check.wrong }]);
  return answer?.address ?? "";
};

export const viewsOf = (libraries, addresses, check) => ({
  photo: photoView(libraries, addresses),
  gallery: galleryView(libraries),
  video: rowView(libraries.video, "视频", "data-video"),
  audio: rowView(libraries.audio, "音频", "data-audio"),
  embed: embedView(check),
  story: rowView(libraries.story, "相关稿件", "data-article"),
  pageBreak: (props) => {
    let { node } = props;
    const title = make("span");
    const edit = button("标题", async () => {
      const answer = await ask("分页", [{ name: "title", label: "下页标题，可以不写", value: node.attrs["data-title"] ?? "" }]);
      if (answer) setAttribute(props, "data-title", answer.title);
    });
    const draw = () => (title.textContent = `分页${node.attrs["data-title"] ? `：${node.attrs["data-title"]}` : ""}`);
    const dom = make("div", { className: "page-break", contentEditable: "false" }, title, edit, button("删除", () => removeNode(props)));
    draw();
    return { dom, update: (next) => next.type === node.type && ((node = next), draw(), true), ignoreMutation: () => true, stopEvent: (event) => event.target.tagName === "BUTTON" };
  },
});

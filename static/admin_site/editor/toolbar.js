// The buttons above the text: what each does, when it is pressed, which keys do the same.
import { pm } from "../../django_prose_editor/editor.js";
import { ask, button, make, openDialog } from "./elements.js";
import { ancestor, currentBlock, deleteTable, insertBlocks, insertTable, toggleBox, toggleCaption, toggleHeadRow } from "./commands.js";
import { askAddress } from "./figures.js";
import { pick } from "./library.js";

const { tables } = pm;
const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);
const KEY = IS_MAC ? "⌘" : "Ctrl+";
const STYLES = [
  ["paragraph", "正文", "Alt+0"],
  ["heading2", "小标题", "Alt+2"],
  ["heading3", "次级标题", "Alt+3"],
  ["heading4", "三级标题", "Alt+4"],
  ["verse", "诗行", "Alt+5"],
];

export const askLink = async (editor) => {
  const given = editor.getAttributes("link");
  const check = (value) => {
    if (!value) return "请填写地址。";
    return /^(https?:\/\/|mailto:|tel:|\/|#)\S+$/.test(withScheme(value)) ? "" : "地址要以 https://、http://、mailto: 或 / 开头，中间不能有空格。";
  };
  const fields = [
    { name: "href", label: "地址", value: given.href ?? "", inputMode: "url", check, help: "网址，或本站的地址，例如 /society/。" },
    { name: "title", label: "提示文字，可以不写", value: given.title ?? "" },
  ];
  const answer = await ask("链接", fields, { removal: given.href ? "去掉链接" : "" });
  if (!answer) return editor.commands.focus();
  const chain = editor.chain().focus().extendMarkRange("link");
  if (typeof answer === "string") return chain.unsetMark("link").run();
  const attributes = { href: withScheme(answer.href), title: answer.title || null };
  if (editor.state.selection.empty && !given.href) {
    return editor.chain().focus().insertContent({ type: "text", text: attributes.href, marks: [{ type: "link", attrs: attributes }] }).run();
  }
  chain.setMark("link", attributes).run();
};

const withScheme = (value) => (/^[\w-]+(\.[\w-]+)+([/?#]|$)/.test(value) ? `https://${value}` : value);

const figureOf = (editor, name, attribute, value) => editor.schema.nodes[name].create({ [attribute]: String(value) });

const insertPhotos = async (editor, { libraries, uploads }) => {
  const chosen = await pick(libraries.photo, "插入图片", { files: true });
  if (chosen instanceof FileList) return uploads.start(editor, chosen);
  if (chosen.length) insertBlocks(editor, [figureOf(editor, "photo", "data-photo", chosen[0].id)]);
};

const insertGallery = async (editor, { libraries }) => {
  const rows = await pick(libraries.photo, "插入组图", { several: true });
  if (rows.length) insertBlocks(editor, [figureOf(editor, "gallery", "data-gallery", rows.map((row) => row.id).join(" "))]);
};

const insertRow = (name, attribute, title) => async (editor, { libraries }) => {
  const [row] = await pick(libraries[name], title);
  if (row) insertBlocks(editor, [figureOf(editor, name, attribute, row.id)]);
};

const insertEmbed = async (editor, { check }) => {
  const address = await askAddress(check);
  if (address) insertBlocks(editor, [figureOf(editor, "embed", "data-embed", address)]);
};

const insertPageBreak = async (editor) => {
  const answer = await ask("分页", [{ name: "title", label: "下页标题，可以不写" }], { submit: "插入" });
  if (answer) insertBlocks(editor, [figureOf(editor, "pageBreak", "data-title", answer.title)]);
};

const mark = (name) => ({ act: (editor) => editor.chain().focus().toggleMark(name).run(), on: (editor) => editor.isActive(name) });
const list = (name) => ({ act: (editor) => editor.chain().focus().toggleList(name, "listItem").run(), on: (editor) => editor.isActive(name) });
const box = (name) => ({ act: (editor) => (toggleBox(editor, name), editor.view.focus()), on: (editor) => Boolean(ancestor(editor.state, name)) });
const plain = (command) => ({ act: (editor) => (command(editor.state, editor.view.dispatch), editor.view.focus()) });

// [words on the button, what it is called, keys, {act, on}]
const GROUPS = [
  [
    ["粗", "加粗", "B", mark("strong")],
    ["斜", "斜体", "I", mark("em")],
    ["链接", "链接", "K", { act: askLink, on: (editor) => editor.isActive("link") }],
    ["x₂", "下标", "", mark("sub")],
    ["x²", "上标", "", mark("sup")],
    ["清除", "清除文字格式", "", { act: (editor) => editor.chain().focus().unsetAllMarks().run() }],
  ],
  [
    ["列表", "项目列表", "Shift+8", list("bulletList")],
    ["编号", "编号列表", "Shift+7", list("orderedList")],
    ["引文", "引文", "Shift+9", box("quote")],
    ["提要", "提要：大字引出一句话", "", box("pullQuote")],
    ["资料框", "资料框", "", box("factBox")],
  ],
  [
    ["图片", "插入图片", "", { act: insertPhotos }],
    ["组图", "插入组图", "", { act: insertGallery }],
    ["视频", "插入视频库里的视频", "", { act: insertRow("video", "data-video", "插入视频") }],
    ["音频", "插入音频库里的音频", "", { act: insertRow("audio", "data-audio", "插入音频") }],
    ["站外视频", "插入站外视频", "", { act: insertEmbed }],
    ["相关稿件", "插入相关稿件", "", { act: insertRow("story", "data-article", "插入相关稿件") }],
    ["表格", "插入表格", "", { act: (editor) => insertTable(editor) }],
    ["分页", "插入分页", "", { act: insertPageBreak }],
  ],
  [
    ["撤销", "撤销", "Z", plain(pm.history.undo)],
    ["重做", "重做", "Shift+Z", plain(pm.history.redo)],
  ],
];
const TABLE_TOOLS = [
  ["上方加行", plain(tables.addRowBefore)],
  ["下方加行", plain(tables.addRowAfter)],
  ["删除行", plain(tables.deleteRow)],
  ["左侧加列", plain(tables.addColumnBefore)],
  ["右侧加列", plain(tables.addColumnAfter)],
  ["删除列", plain(tables.deleteColumn)],
  ["合并单元格", plain(tables.mergeCells)],
  ["拆分单元格", plain(tables.splitCell)],
  ["首行作表头", { act: (editor) => (toggleHeadRow(editor), editor.view.focus()) }],
  ["表格标题", { act: toggleCaption }],
  ["删除表格", { act: deleteTable }],
];
const MORE_KEYS = [
  ["Enter", "新的一段；诗里换行，空行上再按一次另起一节"],
  ["Shift+Enter", "标题、列表和单元格里换行"],
  ["Tab，Shift+Tab", "列表里缩进和提升；表格里到下一格、上一格"],
  ["Alt+F10", "到工具栏；方向键选择按钮，Esc 回到正文"],
];

const keyName = (keys) => (keys ? `${KEY}${IS_MAC ? keys.replaceAll("Shift+", "⇧").replaceAll("Alt+", "⌥") : keys}` : "");

export const openHelp = () => {
  const rows = [
    ...STYLES.map(([, label, keys]) => [keyName(keys), label]),
    ...GROUPS.flat().filter(([, , keys]) => keys).map(([, label, keys]) => [keyName(keys), label]),
    ...MORE_KEYS,
  ];
  const body = make("tbody", {}, ...rows.map(([keys, label]) => make("tr", {}, make("td", {}, make("kbd", { textContent: keys })), make("td", { textContent: label }))));
  const head = make("thead", {}, make("tr", {}, make("th", { textContent: "按键", scope: "col" }), make("th", { textContent: "作用", scope: "col" })));
  const dialog = openDialog("快捷键", make("table", { className: "editor-keys" }, head, body));
  dialog.append(make("p", { className: "editor-dialog-buttons" }, button("关闭", () => dialog.close(), { className: "button" })));
};

// Arrows go from one control to the next; Tab leaves the bar.
const rove = (bar, leave) => {
  const controls = () => [...bar.querySelectorAll("button, select")].filter((control) => !control.disabled && control.offsetParent);
  const make_current = (control) => {
    for (const other of bar.querySelectorAll("button, select")) other.tabIndex = other === control ? 0 : -1;
  };
  make_current(bar.querySelector("button, select"));
  bar.addEventListener("focusin", (event) => make_current(event.target));
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return leave();
    const all = controls();
    const at = all.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all.at(to % all.length)?.focus();
  });
};

export const toolbarOf = (editor, context) => {
  const shown = [];
  const toolButton = ([words, label, keys, { act, on }]) => {
    const name = keys ? `${label}（${keyName(keys)}）` : label;
    const made = button(words, () => act(editor, context), { title: name, "aria-label": name });
    if (on) shown.push(() => made.setAttribute("aria-pressed", String(on(editor))));
    return made;
  };
  const group = (...children) => make("div", { className: "editor-group", role: "group" }, ...children);
  const style = make("select", { "aria-label": "段落样式" }, ...STYLES.map(([value, label]) => make("option", { value, textContent: label })));
  style.prepend(make("option", { value: "", textContent: "—", hidden: true }));
  style.addEventListener("change", () => editor.chain().focus().setNode(style.value).run());
  shown.push(() => (style.value = STYLES.some(([name]) => name === currentBlock(editor.state)) ? currentBlock(editor.state) : ""));
  const bar = make("div", { className: "editor-bar", role: "toolbar", "aria-label": "正文格式" }, group(style), ...GROUPS.map((tools) => group(...tools.map(toolButton))));
  const tableBar = make(
    "div",
    { className: "editor-bar editor-table-bar", role: "toolbar", "aria-label": "表格", hidden: true },
    group(...TABLE_TOOLS.map(([label, { act }]) => button(label, () => act(editor, context)))),
  );
  shown.push(() => (tableBar.hidden = !tables.isInTable(editor.state)));
  for (const each of [bar, tableBar]) rove(each, () => editor.view.focus());
  const refresh = () => shown.forEach((show) => show());
  editor.on("transaction", refresh);
  refresh();
  return { bar, tableBar, group };
};

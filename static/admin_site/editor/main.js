// The body editor over its textarea, which stays the field of the form: always current, and in view as 源代码.
import { Editor, Extension, Gapcursor, pm } from "../../django_prose_editor/editor.js";
import { Keys } from "./commands.js";
import { button, make, post } from "./elements.js";
import { viewsOf } from "./figures.js";
import { Library } from "./library.js";
import { Incoming, insertLater, textsUnderWay, Uploads } from "./pending.js";
import { extensionsOf } from "./schema.js";
import { askLink, openHelp, toolbarOf } from "./toolbar.js";
import { charactersIn, documentOf, htmlOf } from "./writing.js";

const WRITTEN_AFTER = 200; // milliseconds without a key

// Which addresses of videos elsewhere are allowed: those of these sites, {host: name}, and of what lies below them.
const videoCheck = (sites) => {
  const siteOf = (address) => {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (url?.protocol !== "https:") return "";
    return Object.entries(sites).find(([host]) => `.${url.hostname}`.endsWith(`.${host}`))?.[1] ?? "";
  };
  return { siteOf, names: Object.values(sites), wrong: (address) => (siteOf(address) ? "" : "这不是允许的网站的 https:// 地址。") };
};

const mount = (area) => {
  const { dataset } = area;
  const libraries = {
    photo: new Library(dataset.photos),
    video: new Library(dataset.videos),
    audio: new Library(dataset.audios),
    story: new Library(dataset.stories),
  };
  const check = videoCheck(JSON.parse(dataset.videoSites));
  const status = make("p", { className: "editor-status", role: "status" });
  const notes = make("div", { className: "editor-notes", role: "status" });
  const count = make("p", { className: "editor-count" });
  const say = (words) => (status.textContent = words);
  const tell = (words) => {
    const items = make("ul", {}, ...words.map((textContent) => make("li", { textContent })));
    notes.replaceChildren(...(words.length ? [items, button("关闭", () => notes.replaceChildren(), { className: "button" })] : []));
  };
  const uploads = new Uploads(dataset.photoUpload, libraries.photo, say);
  const views = { ...viewsOf(libraries, { photoPage: dataset.photoPage }, check), pending: uploads.view };
  const surface = make("div", { className: "editor-surface" });
  const root = make("div", { className: "editor" });
  const More = Extension.create({
    name: "more",
    addKeyboardShortcuts: () => ({
      "Mod-k": ({ editor }) => (askLink(editor), true),
      "Alt-F10": () => (root.querySelector(".editor-bar [tabindex='0']").focus(), true),
    }),
  });
  const label = document.querySelector(`label[for="${area.id}"]`);
  const editor = new Editor({
    element: surface,
    injectCSS: false,
    enableInputRules: false,
    enablePasteRules: false,
    extensions: [
      ...extensionsOf(JSON.parse(dataset.schema), views),
      ...[Keys, More, Gapcursor],
      Incoming.configure({ uploads, pasteUrl: dataset.pasteUrl ?? "", say, tell }),
    ],
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": label?.textContent.replace(/[:：\s]+$/, "") || "正文",
        ...(area.getAttribute("aria-describedby") ? { "aria-describedby": area.getAttribute("aria-describedby") } : {}),
        class: "editor-text",
        lang: "zh-Hans",
      },
    },
  });
  const read = () => {
    const doc = documentOf(editor.schema, area.value);
    const { tr } = editor.state;
    tr.replaceWith(0, tr.doc.content.size, doc.content).setMeta("addToHistory", false);
    editor.view.dispatch(tr.setSelection(pm.state.Selection.atStart(tr.doc)));
    written = htmlOf(editor.state.doc);
  };

  // --- The textarea follows ---

  let written = "";
  let timer = 0;
  let isSource = false;
  const showCount = () => (count.textContent = `正文 ${charactersIn(editor.state.doc.textBetween(0, editor.state.doc.content.size, "\n"))} 字`);
  const write = () => {
    clearTimeout(timer);
    if (isSource) return;
    const html = htmlOf(editor.state.doc);
    // What was only opened stays, to the letter, what it was.
    if (html === written) return;
    written = area.value = html;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  // Until they have come, what is on its way stands in no text.
  const waits = () => {
    const number = uploads.running + textsUnderWay(editor);
    if (number) say(`还有 ${number} 处图片或文字正在处理，完成后再试。`);
    return number > 0;
  };
  read();
  showCount();
  editor.on("update", () => {
    clearTimeout(timer);
    timer = setTimeout(() => (write(), showCount()), WRITTEN_AFTER);
  });
  surface.addEventListener("focusout", write);
  area.form?.addEventListener(
    "submit",
    (event) => {
      write();
      if (waits()) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    { capture: true },
  );
  window.addEventListener("pagehide", write);

  // --- Around the text ---

  const { bar, tableBar, group } = toolbarOf(editor, { libraries, uploads, check });
  const toggleSource = () => {
    if (waits()) return;
    write();
    isSource = !isSource;
    root.classList.toggle("is-source", isSource);
    area.hidden = !isSource;
    surface.hidden = isSource;
    source.setAttribute("aria-pressed", String(isSource));
    for (const control of bar.querySelectorAll("button, select")) control.disabled = isSource && control !== source;
    if (isSource) {
      tableBar.hidden = true;
      area.focus();
    } else {
      const before = area.value;
      read();
      // Typed as HTML, it may hold what no body may: the form gets what the editor could read.
      if (before.trim() !== written) {
        area.value = written;
        area.dispatchEvent(new Event("input", { bubbles: true }));
      }
      showCount();
      editor.view.focus();
    }
  };
  const source = button("源代码", toggleSource, { "aria-pressed": "false", title: "看和改 HTML" });
  const help = button("快捷键", openHelp, { title: "快捷键一览" });
  const more = [source, help];
  if (dataset.docxUrl) more.unshift(docxButton(editor, dataset.docxUrl, { say, tell, title: area.form?.elements.title }));
  bar.append(group(...more));
  for (const control of more) control.tabIndex = -1;

  area.hidden = true;
  area.before(root);
  root.append(notes, make("div", { className: "editor-bars" }, bar, tableBar), surface, area, make("div", { className: "editor-foot" }, count, status));
  label?.addEventListener("click", () => !isSource && editor.view.focus());
  // The check before publication links to the field, which is out of view.
  if (location.hash === `#${area.id}`) {
    root.scrollIntoView();
    editor.view.focus();
  }
};

const docxButton = (editor, address, { say, tell, title }) => {
  const takeOver = (found) => {
    if (!found || !title || title.value.trim()) return;
    title.value = found.slice(0, title.maxLength > 0 ? title.maxLength : undefined);
    title.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const input = make("input", { type: "file", accept: ".docx", hidden: true });
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (!file) return;
    const progress = (share) => say(`正在上传 ${file.name}：${Math.round(share * 100)}%`);
    insertLater(editor, `正在导入 ${file.name}……`, post(address, { file }, progress), {
      say,
      tell: (words, found) => (takeOver(found), say(`已导入 ${file.name}`), tell(words)),
    });
    input.value = "";
  });
  const made = button("导入 Word 文件", () => input.click());
  made.append(input);
  return made;
};

document.querySelectorAll("textarea[data-body]").forEach(mount);

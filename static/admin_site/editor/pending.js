// Pictures on their way to the library, and texts on their way through the paste cleaner: shown where they will stand.
import { Extension, pm } from "../../django_prose_editor/editor.js";
import { button, make, post } from "./elements.js";
import { insertBlocks } from "./commands.js";
import { sliceOf, withoutStyles } from "./writing.js";

const { Plugin, PluginKey, Selection } = pm.state;
const { Decoration, DecorationSet } = pm.view;

// --- Pictures ---

// Uploads of one editor. Each has a node "pending" in the document, which becomes the picture or is taken away.
export class Uploads {
  #jobs = new Map();
  #last = 0;

  constructor(address, library, say) {
    Object.assign(this, { address, library, say });
  }

  get running() {
    return [...this.#jobs.values()].filter((job) => job.state === "running").length;
  }

  start(editor, files, pos = editor.state.selection.head) {
    const jobs = [...files].map((file) => ({ id: ++this.#last, file, state: "running", share: 0, error: "", draw: () => {} }));
    for (const job of jobs) this.#jobs.set(job.id, job);
    const nodes = jobs.map((job) => editor.schema.nodes.pending.create({ id: job.id }));
    insertBlocks(editor, nodes, { pos, history: false });
    for (const job of jobs) this.#send(editor, job);
  }

  async #send(editor, job) {
    Object.assign(job, { state: "running", share: 0, error: "" });
    job.draw();
    const { ok, body } = await post(this.address, { file: job.file }, (share) => ((job.share = share), job.draw()));
    if (ok) {
      this.library.keep(body);
      this.#finish(editor, job, editor.schema.nodes.photo.create({ "data-photo": String(body.id) }));
      this.say(`图片已上传：${job.file.name}`);
      return;
    }
    Object.assign(job, { state: "failed", error: body.error });
    job.draw();
    this.say(`${job.file.name} 没有上传：${body.error}`);
  }

  #finish(editor, job, node) {
    this.#jobs.delete(job.id);
    const { tr, doc } = editor.state;
    doc.descendants((found, pos) => {
      if (found.type.name !== "pending" || found.attrs.id !== job.id) return;
      if (node) tr.replaceWith(pos, pos + 1, node);
      else tr.delete(pos, pos + 1);
    });
    editor.view.dispatch(tr.setMeta("addToHistory", false));
  }

  view = ({ node, editor }) => {
    const job = this.#jobs.get(node.attrs.id);
    const dom = make("div", { className: "pending", contentEditable: "false" });
    if (!job) return { dom };
    const bar = make("progress", { max: 1, "aria-label": `正在上传 ${job.file.name}` });
    const words = make("span");
    const actions = make("span", { className: "figure-actions" }, button("重试", () => this.#send(editor, job)), button("移除", () => this.#finish(editor, job)));
    dom.append(words, bar, actions);
    job.draw = () => {
      const hasFailed = job.state === "failed";
      dom.classList.toggle("has-failed", hasFailed);
      bar.hidden = hasFailed;
      bar.value = job.share;
      actions.hidden = !hasFailed;
      words.textContent = hasFailed ? `${job.file.name} 没有上传：${job.error}` : `正在上传 ${job.file.name}`;
    };
    job.draw();
    return { dom, ignoreMutation: () => true, stopEvent: (event) => event.target.tagName === "BUTTON" };
  };
}

const picturesIn = (data) => [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));

// --- Text ---

const places = new PluginKey("places");

const placesPlugin = () =>
  new Plugin({
    key: places,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, set) => {
        const { add, remove } = tr.getMeta(places) ?? {};
        const moved = set.map(tr.mapping, tr.doc);
        if (add) {
          const mark = () => make("span", { className: "pending-text", textContent: add.label });
          return moved.add(tr.doc, [Decoration.widget(add.pos, mark, { id: add.id, side: -1 })]);
        }
        return remove ? moved.remove(moved.find(undefined, undefined, (spec) => spec.id === remove)) : moved;
      },
    },
    props: { decorations: (state) => places.getState(state) },
  });

let last = 0;
const underWay = new WeakMap();

// How many texts an editor waits for.
export const textsUnderWay = (editor) => underWay.get(editor) ?? 0;

// Put what `answer` resolves to ({ok, body: {html, notes, title}}) at the cursor; `fallback` is a slice for when it fails.
export const insertLater = async (editor, label, answer, { fallback = null, say, tell }) => {
  const id = ++last;
  const { tr } = editor.state;
  if (fallback) tr.deleteSelection();
  editor.view.dispatch(tr.setMeta(places, { add: { id, label, pos: tr.selection.from } }));
  underWay.set(editor, textsUnderWay(editor) + 1);
  const { ok, body } = await answer;
  underWay.set(editor, textsUnderWay(editor) - 1);
  const [place] = places.getState(editor.state).find(undefined, undefined, (spec) => spec.id === id);
  const done = editor.state.tr.setMeta(places, { remove: id });
  const slice = ok ? sliceOf(editor.schema, body.html) : fallback;
  if (slice) {
    const { selection } = editor.state;
    const pos = place?.from ?? selection.from;
    const before = done.doc.content.size;
    done.replaceRange(pos, pos, slice).setMeta("paste", true);
    if (selection.empty && selection.from === pos) {
      const end = Math.min(done.doc.content.size, pos + done.doc.content.size - before);
      done.setSelection(Selection.near(done.doc.resolve(end), -1)).scrollIntoView();
    }
  }
  editor.view.dispatch(done);
  if (ok) tell(body.notes ?? [], body.title ?? "");
  else say(fallback ? `粘贴的内容没有经过整理：${body.error}` : body.error);
};

const hasText = (html) => Boolean(new DOMParser().parseFromString(withoutStyles(html), "text/html").body.textContent.trim());

// Pictures that are dropped or pasted go to the library; pasted HTML through the cleaner at `pasteUrl`, when there is one.
export const Incoming = Extension.create({
  name: "incoming",
  addOptions: () => ({ uploads: null, pasteUrl: "", say: null, tell: null }),
  addProseMirrorPlugins() {
    const { editor } = this;
    const { uploads, pasteUrl, say, tell } = this.options;
    const handlePaste = (_, event, slice) => {
      const pictures = picturesIn(event.clipboardData);
      const html = event.clipboardData?.getData("text/html") ?? "";
      if (pictures.length && !hasText(html)) {
        uploads.start(editor, pictures);
        return true;
      }
      // What comes from an editor of ours is clean; others are built alike, and have pictures of their own.
      if (!html || !pasteUrl || (html.includes("data-pm-slice") && !/<img\b/i.test(html))) return false;
      insertLater(editor, "正在整理粘贴的内容……", post(pasteUrl, { html }), { fallback: slice, say, tell });
      return true;
    };
    const handleDrop = (view, event) => {
      const pictures = picturesIn(event.dataTransfer);
      if (!pictures.length) return false;
      event.preventDefault();
      uploads.start(editor, pictures, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos);
      return true;
    };
    return [placesPlugin(), new Plugin({ props: { handlePaste, handleDrop, transformPastedHTML: withoutStyles } })];
  },
});

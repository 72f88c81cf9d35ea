// The editor's document types, made from what Python says a body may hold (newsportal/lib/body.py).
import { Extension, Mark, Node, pm } from "../../django_prose_editor/editor.js";

const raw = (name) => ({
  default: null,
  parseHTML: (element) => element.getAttribute(name),
  renderHTML: (attributes) => (attributes[name] ? { [name]: attributes[name] } : {}),
});
const count = (name) => ({
  default: 1,
  parseHTML: (element) => Number(element.getAttribute(name)) || 1,
  renderHTML: (attributes) => (attributes[name] > 1 ? { [name]: attributes[name] } : {}),
});
const SPECIAL = { colspan: count, rowspan: count };
// What only the editor keeps: whether a paragraph stood without tags, and in which part of its table a row is.
const INNER = { paragraph: ["data-bare"], tableRow: ["data-part"] };
const TABLE_ROLES = { table: "table", tableRow: "row", tableCell: "cell", tableHeader: "header_cell" };
const SAME_AS = { heading2: ["h1"], heading4: ["h5", "h6"], strong: ["b"], em: ["i"] };
const KEPT_WHOLE = new Set(["quote", "pullQuote", "factBox", "verse"]);

const attributesOf = (spec) => {
  const names = [spec.needs, ...(spec.attributes ?? []), ...(INNER[spec.name] ?? [])].filter(Boolean);
  const found = Object.fromEntries(names.map((name) => [name, (SPECIAL[name] ?? raw)(name)]));
  // prosemirror-tables asks every cell for it.
  if (spec.name in { tableCell: 1, tableHeader: 1 }) found.colwidth = { default: null, rendered: false, parseHTML: () => null };
  return found;
};

const rulesOf = (spec) => {
  const needed = spec.needs ? `[${spec.needs}]` : "";
  const tag = `${spec.tag}${spec.css_class ? `.${spec.css_class}` : ""}${needed}`;
  const contentElement = (dom) => dom.querySelector("figcaption") ?? document.createElement("figcaption");
  const own = { tag, priority: spec.css_class ? 60 : 50, ...(spec.needs && spec.content ? { contentElement } : {}) };
  return [own, ...(SAME_AS[spec.name] ?? []).map((other) => ({ tag: other }))];
};

const renderedAs = (spec, attributes) => {
  const all = { ...(spec.css_class ? { class: spec.css_class } : {}), ...attributes };
  if (spec.needs) return [spec.tag, all, ...(spec.content ? [["figcaption", 0]] : [])];
  return [spec.tag, all, ...(spec.content ? [0] : [])];
};

const nodeOf = (spec, views) => {
  const isFigure = Boolean(spec.needs);
  return Node.create({
    name: spec.name,
    group: spec.group || undefined,
    content: spec.content || undefined,
    marks: spec.is_plain ? "" : undefined,
    inline: spec.group === "inline",
    atom: !spec.content && spec.group !== "inline",
    isolating: spec.name in { tableCell: 1, tableHeader: 1, tableCaption: 1 } || isFigure,
    defining: KEPT_WHOLE.has(spec.name) || spec.name.startsWith("heading"),
    selectable: spec.group !== "inline",
    linebreakReplacement: spec.name === "lineBreak",
    tableRole: TABLE_ROLES[spec.name],
    addAttributes: () => attributesOf(spec),
    parseHTML: () => rulesOf(spec),
    renderHTML: ({ HTMLAttributes }) => renderedAs(spec, HTMLAttributes),
    ...(views[spec.name] ? { addNodeView: () => views[spec.name] } : {}),
  });
};

const markOf = (spec) => {
  const fixed = Object.fromEntries(spec.fixed);
  return Mark.create({
    name: spec.name,
    inclusive: spec.name !== "link",
    addAttributes: () => Object.fromEntries(spec.attributes.map((name) => [name, raw(name)])),
    parseHTML: () => [
      { tag: spec.name === "link" ? "a[href]" : spec.tag },
      ...(SAME_AS[spec.name] ?? []).map((tag) => ({ tag })),
    ],
    renderHTML: ({ HTMLAttributes }) => [spec.tag, { ...HTMLAttributes, ...fixed }, 0],
  });
};

// A table with its caption above it: one element in HTML, two here, because rows are all that a table may hold.
const CaptionedTable = Node.create({
  name: "captionedTable",
  group: "block",
  content: "tableCaption table",
  defining: true,
  parseHTML: () => [{ tag: "div[data-captioned]" }],
  renderHTML: () => ["div", { "data-captioned": "" }, 0],
});

// Where a picture will stand, or a pasted text, once the server has answered. Never written.
const pendingOf = (view) =>
  Node.create({
    name: "pending",
    group: "block",
    atom: true,
    addAttributes: () => ({ id: { default: 0, rendered: false } }),
    renderHTML: () => ["div", { "data-pending": "" }],
    addNodeView: () => view,
  });

// What ProseMirror calls the roles of table elements; given to each type that has one.
const TableRoles = Extension.create({
  name: "tableRoles",
  extendNodeSchema: (extension) => (extension.config.tableRole ? { tableRole: extension.config.tableRole } : {}),
  addProseMirrorPlugins: () => [pm.tables.tableEditing()],
});

export const extensionsOf = (schema, views) => [
  Node.create({ name: "doc", topNode: true, content: "(block | section)+" }),
  Node.create({ name: "text", group: "inline" }),
  ...schema.nodes.map((spec) => nodeOf(spec, views)),
  CaptionedTable,
  pendingOf(views.pending),
  ...schema.marks.map(markOf),
  TableRoles,
];

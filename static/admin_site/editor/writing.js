// From the HTML of a body to what the editor parses, and from its document back to the same HTML.
import { pm } from "../../django_prose_editor/editor.js";

const INLINE = new Set(["A", "STRONG", "EM", "SUB", "SUP", "BR", "B", "I", "SPAN", "FONT", "U"]);
const CELLS = "li, td, th";
const LINES = "p, h2, h3, h4, caption";
const MARKUP = /<[/!]?[a-zA-Z][^<>]*>|<!--/;
const elsewhere = document.implementation.createHTMLDocument("");

const isInline = (node) => (node.nodeType === 1 ? INLINE.has(node.tagName) : node.nodeType === 3);
const isBlank = (node) => node.nodeType === 3 && !node.data.trim();

// --- Reading ---

const wrapBare = (box) => {
  let paragraph = null;
  for (const node of [...box.childNodes]) {
    if (!isInline(node) || (isBlank(node) && !paragraph)) {
      paragraph = null;
      if (node.tagName === "P" && box.matches(CELLS)) node.dataset.bare = "no";
      continue;
    }
    if (!paragraph) {
      paragraph = elsewhere.createElement("p");
      paragraph.dataset.bare = "yes";
      node.before(paragraph);
    }
    paragraph.append(node);
  }
};

const takeTableApart = (table) => {
  for (const row of table.querySelectorAll("tr")) row.dataset.part = row.parentElement.localName;
  const caption = table.querySelector("caption");
  if (!caption) return;
  const both = elsewhere.createElement("div");
  both.dataset.captioned = "";
  table.replaceWith(both);
  // A caption outside of a table would not survive as one in a document of its own, but this is a tree already.
  both.append(caption, table);
};

const linesOf = (text) => {
  const body = elsewhere.createElement("div");
  for (const line of text.split(/\s*\n\s*/).filter((each) => each.trim())) {
    body.append(Object.assign(elsewhere.createElement("p"), { textContent: line.trim() }));
  }
  return body;
};

// HTML without style attributes: nothing reads them, and the page's policy would complain of each. Some pages wrap all
// they have in <b>, and take its meaning away again by such a style.
export const withoutStyles = (html) =>
  html
    .replace(/<b\s[^>]*font-weight:\s*(normal|400)[^>]*>/gi, "<span>")
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\sstyle\s*=\s*("[^"]*"|'[^']*')/gi, ""));

// The tree that the editor parses, of a body's HTML or of plain text.
export const treeOf = (html) => {
  if (!MARKUP.test(html)) return linesOf(html);
  const body = new DOMParser().parseFromString(withoutStyles(html), "text/html").body;
  body.querySelectorAll(`${CELLS}, blockquote`).forEach(wrapBare);
  body.querySelectorAll("table").forEach(takeTableApart);
  return body;
};

export const documentOf = (schema, html) => pm.model.DOMParser.fromSchema(schema).parse(treeOf(html));

export const sliceOf = (schema, html) => pm.model.DOMParser.fromSchema(schema).parseSlice(treeOf(html));

// --- Writing ---

const isAlone = (paragraph) =>
  paragraph.previousElementSibling?.tagName !== "P" && paragraph.nextElementSibling?.tagName !== "P";

// Whether a paragraph stands without tags: always as it was read, and the one paragraph of a new item or cell.
const isBare = (paragraph, bare) => {
  const box = paragraph.parentElement;
  if (!isAlone(paragraph) || bare === "no") return false;
  return box.matches(CELLS) || (bare === "yes" && box.matches("blockquote"));
};

const settleParagraph = (paragraph) => {
  const { bare } = paragraph.dataset;
  paragraph.removeAttribute("data-bare");
  if (paragraph.className === "verse") return;
  if (isBare(paragraph, bare)) paragraph.replaceWith(...paragraph.childNodes);
  else splitAtBreaks(paragraph);
};

const splitAtBreaks = (paragraph) => {
  for (const end of paragraph.querySelectorAll(":scope > br")) {
    const before = paragraph.cloneNode(false);
    while (paragraph.firstChild !== end) before.append(paragraph.firstChild);
    end.remove();
    paragraph.before(before);
  }
};

const putTableTogether = (table) => {
  const both = table.parentElement;
  const parts = [];
  for (const row of [...table.children]) {
    const wanted = row.dataset.part === "thead" && parts.some((part) => part.localName !== "thead") ? "tbody" : row.dataset.part || "tbody";
    if (parts.at(-1)?.localName !== wanted) {
      parts.push(elsewhere.createElement(wanted));
      row.before(parts.at(-1));
    }
    row.removeAttribute("data-part");
    parts.at(-1).append(row);
  }
  if (both.hasAttribute("data-captioned")) {
    table.prepend(both.firstChild);
    both.replaceWith(table);
  }
};

const hasSomething = (element) => element.textContent.trim() || element.querySelector("figure, hr, td, th");

// The texts of one line, in order; a line ends at a break and at the edges of a block.
const linesIn = (root) => {
  const lines = [[]];
  const walk = (parent) => {
    for (const node of parent.childNodes) {
      if (node.nodeType === 3) lines.at(-1).push(node);
      else if (node.tagName === "BR") lines.push([]);
      else if (isInline(node)) walk(node);
      else {
        lines.push([]);
        walk(node);
        lines.push([]);
      }
    }
  };
  walk(root);
  return lines;
};

// White space as the cleaner folds it: one space for a run, a full-width one where the run has any, none at the edges.
const foldSpaces = (root) => {
  for (const line of linesIn(root)) {
    let before = " ";
    let last = null;
    for (const text of line) {
      text.data = text.data.replace(/[\u200b\ufeff]/g, "").replace(/\s+/g, (run) => (run.includes("\u3000") ? "\u3000" : " "));
      if (/\s$/.test(before)) text.data = text.data.trimStart();
      if (text.data) [before, last] = [text.data, text];
    }
    if (last) last.data = last.data.trimEnd();
  }
};

const trimBreaks = (line) => {
  while (line.firstChild?.nodeName === "BR") line.firstChild.remove();
  while (line.lastChild?.nodeName === "BR") line.lastChild.remove();
};

// The HTML of a document as the cleaner would leave it.
export const htmlOf = (doc) => {
  const root = elsewhere.createElement("div");
  const serializer = pm.model.DOMSerializer.fromSchema(doc.type.schema);
  serializer.serializeFragment(doc.content, { document: elsewhere }, root);
  root.querySelectorAll("[data-pending]").forEach((place) => place.remove());
  [...root.querySelectorAll("p")].forEach(settleParagraph);
  root.querySelectorAll("table").forEach(putTableTogether);
  foldSpaces(root);
  root.querySelectorAll(`${LINES}, ${CELLS}, blockquote`).forEach(trimBreaks);
  for (const element of [...root.querySelectorAll("*")].reverse()) {
    if (!element.matches("figure, hr, br, td, th") && !hasSomething(element)) element.remove();
  }
  return [...root.children].map((block) => block.outerHTML).join("\n");
};

// As the server counts: every Han character is one, every Latin word or number is one.
export const charactersIn = (text) => (text.match(/\p{Script=Han}|[A-Za-z0-9]+/gu) ?? []).length;

// What the toolbar and the keyboard do to a document.
import { Extension, pm } from "../../django_prose_editor/editor.js";

const { NodeSelection, Plugin, TextSelection } = pm.state;
// What may hold blocks that are put into a text: elsewhere (in a list, a quotation, a table) they go behind it.
const HOLDERS = new Set(["doc", "factBox"]);

export const ancestor = (state, name) => {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type.name === name) return { node: $from.node(depth), pos: $from.before(depth), depth };
  }
  return null;
};

export const currentBlock = (state) => state.selection.$from.parent.type.name;

// The place for a block near `pos`: [from, to] to be replaced. An empty paragraph gives way.
const placeFor = (doc, pos, type) => {
  const $pos = doc.resolve(pos);
  for (let depth = $pos.depth; depth >= 0; depth--) {
    if (!HOLDERS.has($pos.node(depth).type.name) || !$pos.node(depth).type.contentMatch.matchType(type)) continue;
    if (depth === $pos.depth) return [pos, pos];
    const [from, to] = [$pos.before(depth + 1), $pos.after(depth + 1)];
    const child = $pos.node(depth + 1);
    if (child.isTextblock && !child.content.size) return [from, to];
    return depth + 1 === $pos.depth && !$pos.parentOffset ? [from, from] : [to, to];
  }
  return [doc.content.size, doc.content.size];
};

// Put blocks at `pos`, or at the cursor, and the cursor into the first text of theirs, else behind them.
export const insertBlocks = (editor, nodes, { pos = editor.state.selection.head, focus = true, history = true } = {}) => {
  const { tr } = editor.state;
  const [from, to] = placeFor(tr.doc, pos, nodes[0].type);
  tr.replaceWith(from, to, nodes).setMeta("addToHistory", history);
  const end = from + nodes.reduce((size, node) => size + node.nodeSize, 0);
  if (end >= tr.doc.content.size) tr.insert(end, editor.schema.nodes.paragraph.create());
  if (focus) {
    const within = nodes[0].isAtom || !nodes[0].type.name.match(/table|factBox/i) ? end : from + 1;
    tr.setSelection(pm.state.Selection.near(tr.doc.resolve(within))).scrollIntoView();
  }
  editor.view.dispatch(tr);
  if (focus) editor.view.focus();
};

export const insertTable = (editor, rows = 3, columns = 3) => {
  const { table, tableRow, tableCell, tableHeader } = editor.schema.nodes;
  const row = (cell, part, attributes) =>
    tableRow.create({ "data-part": part }, Array.from({ length: columns }, () => cell.createAndFill(attributes)));
  const body = Array.from({ length: rows - 1 }, () => row(tableCell, "tbody", {}));
  insertBlocks(editor, [table.create({}, [row(tableHeader, "thead", {}), ...body])]);
};

export const insertFactBox = (editor) => {
  const { factBox, heading4, paragraph } = editor.schema.nodes;
  insertBlocks(editor, [factBox.create({}, [heading4.create(), paragraph.create()])]);
};

const unwrap = (editor, { node, pos }) => {
  const { tr } = editor.state;
  const { from } = tr.selection;
  tr.replaceWith(pos, pos + node.nodeSize, node.content);
  tr.setSelection(TextSelection.near(tr.doc.resolve(Math.max(0, from - 1))));
  editor.view.dispatch(tr);
};

// A box around the chosen paragraphs, or none again. A quotation becomes a pull quote, and the reverse.
export const toggleBox = (editor, name) => {
  const found = ancestor(editor.state, name);
  if (found) return unwrap(editor, found);
  const other = ancestor(editor.state, { quote: "pullQuote", pullQuote: "quote" }[name] ?? "");
  const { tr } = editor.state;
  if (other) return editor.view.dispatch(tr.setNodeMarkup(other.pos, editor.schema.nodes[name]));
  if (name === "factBox" && editor.state.selection.empty) return insertFactBox(editor);
  pm.commands.wrapIn(editor.schema.nodes[name])(editor.state, editor.view.dispatch);
};

// The heading row of the table at the cursor: its cells and the part of the table that it stands in.
export const toggleHeadRow = (editor) => {
  const found = ancestor(editor.state, "table");
  if (!found) return;
  const { tableCell, tableHeader } = editor.schema.nodes;
  const first = found.node.firstChild;
  const isHead = first.attrs["data-part"] === "thead";
  const cells = [];
  first.forEach((cell) => cells.push((isHead ? tableCell : tableHeader).create(isHead ? { ...cell.attrs, scope: null } : cell.attrs, cell.content)));
  const row = first.type.create({ "data-part": isHead ? "tbody" : "thead" }, cells);
  const { tr, selection } = editor.state;
  tr.replaceWith(found.pos + 1, found.pos + 1 + first.nodeSize, row);
  editor.view.dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(selection.from))));
};

export const toggleCaption = (editor) => {
  const { captionedTable, tableCaption } = editor.schema.nodes;
  const { tr } = editor.state;
  const both = ancestor(editor.state, "captionedTable");
  const table = ancestor(editor.state, "table");
  if (both) {
    tr.replaceWith(both.pos, both.pos + both.node.nodeSize, both.node.lastChild);
    tr.setSelection(TextSelection.near(tr.doc.resolve(both.pos + 1)));
  } else if (table) {
    tr.replaceWith(table.pos, table.pos + table.node.nodeSize, captionedTable.create({}, [tableCaption.create(), table.node]));
    tr.setSelection(TextSelection.near(tr.doc.resolve(table.pos + 1)));
  }
  editor.view.dispatch(tr);
  editor.view.focus();
};

export const deleteTable = (editor) => {
  const found = ancestor(editor.state, "captionedTable") ?? ancestor(editor.state, "table");
  if (!found) return;
  const { tr } = editor.state;
  tr.replaceWith(found.pos, found.pos + found.node.nodeSize, editor.schema.nodes.paragraph.create());
  editor.view.dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(found.pos + 1))));
  editor.view.focus();
};

// Move a block one place among its neighbours.
export const moveBlock = (editor, pos, by) => {
  const { tr, doc } = editor.state;
  const $pos = doc.resolve(pos);
  const [node, other] = [$pos.nodeAfter, $pos.parent.maybeChild($pos.index() + by)];
  if (!node || !other) return;
  const to = by < 0 ? pos - other.nodeSize : pos + other.nodeSize;
  tr.delete(pos, pos + node.nodeSize).insert(to, node);
  editor.view.dispatch(tr.setSelection(NodeSelection.create(tr.doc, to)).scrollIntoView());
};

// --- Return and line breaks ---

const leaveFigure = (editor) => {
  const { $from } = editor.state.selection;
  if (!$from.parent.type.spec.isolating || $from.parent.inlineContent === false || !$from.parent.isTextblock) return false;
  const after = $from.after();
  const { tr, schema } = editor.state;
  if ($from.parent.type === schema.nodes.tableCaption) {
    tr.setSelection(TextSelection.near(tr.doc.resolve(after)));
  } else {
    tr.insert(after, schema.nodes.paragraph.create()).setSelection(TextSelection.create(tr.doc, after + 1));
  }
  editor.view.dispatch(tr.scrollIntoView());
  return true;
};

// Return in verse begins a line; on an empty line it begins a stanza, in an empty stanza a paragraph.
const breakVerse = (editor) => {
  const { state } = editor;
  const { $from, empty } = state.selection;
  const { verse, paragraph, lineBreak } = state.schema.nodes;
  if ($from.parent.type !== verse) return false;
  const { tr } = state;
  if (!$from.parent.content.size) {
    tr.setNodeMarkup($from.before(), paragraph);
  } else if (empty && $from.nodeBefore?.type === lineBreak && $from.parentOffset === $from.parent.content.size) {
    tr.delete($from.pos - 1, $from.pos).split($from.pos - 1);
  } else {
    tr.replaceSelectionWith(lineBreak.create());
  }
  editor.view.dispatch(tr.scrollIntoView());
  return true;
};

// A paragraph is one line, so a break in it begins another; in headings and cells a line may be broken.
const breakLine = (editor) => {
  const { state } = editor;
  const { $from } = state.selection;
  const isCell = /^(listItem|tableCell|tableHeader)$/.test($from.node(-1)?.type.name ?? "");
  if (breakVerse(editor) || leaveFigure(editor)) return true;
  if ($from.parent.type.name === "paragraph" && !isCell) return editor.commands.splitBlock();
  editor.view.dispatch(state.tr.replaceSelectionWith(state.schema.nodes.lineBreak.create()).scrollIntoView());
  return true;
};

const run = (command) => ({ editor }) => command(editor.state, editor.view.dispatch, editor.view);
const heading = (level) => ({ editor }) => editor.commands.setNode(`heading${level}`);

// Keys, besides those of every editor. The toolbar names them.
export const Keys = Extension.create({
  name: "keys",
  priority: 200,
  addKeyboardShortcuts: () => ({
    Enter: ({ editor }) => breakVerse(editor) || leaveFigure(editor) || editor.commands.splitListItem("listItem"),
    "Shift-Enter": ({ editor }) => breakLine(editor),
    Tab: ({ editor }) => run(pm.tables.goToNextCell(1))({ editor }) || editor.commands.sinkListItem("listItem"),
    "Shift-Tab": ({ editor }) => run(pm.tables.goToNextCell(-1))({ editor }) || editor.commands.liftListItem("listItem"),
    "Mod-b": ({ editor }) => editor.commands.toggleMark("strong"),
    "Mod-i": ({ editor }) => editor.commands.toggleMark("em"),
    "Mod-z": run(pm.history.undo),
    "Mod-y": run(pm.history.redo),
    "Mod-Shift-z": run(pm.history.redo),
    "Mod-Alt-0": ({ editor }) => editor.commands.setNode("paragraph"),
    "Mod-Alt-2": heading(2),
    "Mod-Alt-3": heading(3),
    "Mod-Alt-4": heading(4),
    "Mod-Alt-5": ({ editor }) => editor.commands.setNode("verse"),
    "Mod-Shift-7": ({ editor }) => editor.commands.toggleList("orderedList", "listItem"),
    "Mod-Shift-8": ({ editor }) => editor.commands.toggleList("bulletList", "listItem"),
    "Mod-Shift-9": ({ editor }) => (toggleBox(editor, "quote"), true),
  }),
  addProseMirrorPlugins: () => [pm.history.history(), lastParagraph()],
});

// There is always a paragraph to write on in, behind what stands last; an empty one is not written.
const lastParagraph = () =>
  new Plugin({
    appendTransaction: (_, __, { tr, doc, schema }) =>
      doc.lastChild.type === schema.nodes.paragraph ? null : tr.insert(doc.content.size, schema.nodes.paragraph.create()),
  });

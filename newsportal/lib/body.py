"""What a body is made of, stated once: the cleaner's allow-list and the editor's schema are both derived from this.

`content` and `group` are expressions of ProseMirror, which the editor runs on. A new kind of block is one line here,
its rendering in `articles/rendering.py`, and its look in the editor.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Mark:
    """What runs of text may be. `fixed` is what the cleaner gives every such element by itself."""

    name: str
    tag: str
    attributes: tuple[str, ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Node:
    """A kind of element: `needs` is the attribute without which it is none, `attributes` are those that it may have."""

    name: str
    tag: str
    content: str = ""
    group: str = ""
    css_class: str = ""
    needs: str = ""
    attributes: tuple[str, ...] = ()
    is_plain: bool = False  # its text has no marks


# In the order in which the editor nests them, outermost first.
MARKS = (
    Mark("link", "a", ("href", "title"), (("rel", "noopener"),)),
    Mark("strong", "strong"),
    Mark("em", "em"),
    Mark("sub", "sub"),
    Mark("sup", "sup"),
)
# What a figure shows, by the attribute that names it: numbers of library rows, an address, the number of an article.
FIGURES = {
    "photo": "data-photo",
    "gallery": "data-gallery",
    "video": "data-video",
    "audio": "data-audio",
    "embed": "data-embed",
    "story": "data-article",
}
CAPTIONED = ("photo", "gallery", "video", "audio", "embed")
SPANS = ("colspan", "rowspan")
# In the order in which the editor prefers them: the first is what a body holds when it is empty.
NODES = (
    Node("paragraph", "p", "inline*", "block"),
    Node("verse", "p", "inline*", "block", "verse"),
    *(Node(f"heading{level}", f"h{level}", "inline*", "block") for level in (2, 3, 4)),
    Node("bulletList", "ul", "(listItem | list)+", "block list"),
    Node("orderedList", "ol", "(listItem | list)+", "block list"),
    Node("listItem", "li", "block+"),
    Node("quote", "blockquote", "block+", "block"),
    Node("pullQuote", "blockquote", "block+", "block", "pull-quote"),
    Node("factBox", "aside", "block+", "section", "fact-box"),
    Node("table", "table", "tableRow+", "block"),
    Node("tableRow", "tr", "(tableCell | tableHeader)*"),
    Node("tableCell", "td", "block+", attributes=SPANS),
    Node("tableHeader", "th", "block+", attributes=(*SPANS, "scope")),
    Node("tableCaption", "caption", "inline*"),
    *(
        Node(name, "figure", "text*" if name in CAPTIONED else "", "block", needs=attribute, is_plain=True)
        for name, attribute in FIGURES.items()
    ),
    Node("rule", "hr", "", "block"),
    Node("pageBreak", "hr", "", "block", "page-break", attributes=("data-title",)),
    Node("lineBreak", "br", "", "inline"),
)
# Around the rows of a table: the editor keeps for each row in which of them it stands.
TABLE_PARTS = ("thead", "tbody", "tfoot")
FIGCAPTION = "figcaption"


def in_group(*names: str) -> Iterable[Node]:
    return (node for node in NODES if set(names) & set(node.group.split()))


def by_tag(parts: Iterable[tuple[str, Iterable[str]]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for tag, values in parts:
        if values := set(values) - {""}:
            found.setdefault(tag, set()).update(values)
    return found


INLINE = {mark.tag for mark in MARKS} | {node.tag for node in in_group("inline")}
BLOCKS = {node.tag for node in in_group("block", "section")}
TAGS = INLINE | {node.tag for node in NODES} | set(TABLE_PARTS) | {FIGCAPTION}
# Hold one line of text, so no block may stand in them.
LINES = {node.tag for node in in_group("block") if node.content == "inline*"}
# Stand at the top of a body only.
SECTIONS = {node.tag for node in in_group("section")}
# May stand empty: they mean something by themselves.
VOID = {node.tag for node in NODES if not node.content or node.needs} | {"td", "th"}
ATTRIBUTES = by_tag(
    [
        *((mark.tag, mark.attributes) for mark in MARKS),
        *((node.tag, (node.needs, *node.attributes)) for node in NODES),
    ]
)
CLASSES = by_tag((node.tag, (node.css_class,)) for node in NODES)


def schema() -> dict[str, Any]:
    """All of the above as the editor reads it, in JSON."""
    return {
        "nodes": [asdict(node) for node in NODES],
        "marks": [asdict(mark) for mark in MARKS],
        "tableParts": TABLE_PARTS,
        "captioned": CAPTIONED,
    }

"""What a text means by its styles alone: bold, italic, hidden, a headline in the middle of the line."""

import re

from lxml import etree
from lxml.html import HtmlElement

from newsportal.lib.html import BLOCKS

from .captions import reads_as_caption

BOLD = re.compile(r"(?:bold|bolder|[6-9]00)\b")
SHORTEST_HEADING, LONGEST_HEADING = 2, 30
SENTENCE_END = tuple("。！？；：，、…”）)!?;:,.")
BOXED = {"td", "th", "li", "blockquote", "figcaption"}
# Holds a line of its own, unless it holds one of its like.
STRONG = {"strong", "b"}
HOLDERS = {"p", "div", "section", "center"}


def declarations(element: HtmlElement) -> dict[str, str]:
    """The style attribute, taken apart; names and values in lower case."""
    parts = (declaration.partition(":") for declaration in (element.get("style") or "").lower().split(";"))
    return {name.strip(): value.strip() for name, _, value in parts if value}


def classes(element: HtmlElement) -> set[str]:
    return set((element.get("class") or "").split())


def drop_hidden(root: HtmlElement) -> None:
    """Remove what the source did not show either. An element that waits for a script (visibility, opacity) is shown."""
    for element in list(root.iterdescendants()):
        style = declarations(element) if element.get("style") else {}
        if style.get("display", "").startswith("none") or style.get("mso-hide") == "all":
            remove(element)


def remove(element: HtmlElement) -> None:
    """Take an element out with all it holds, unless it is out already; the text behind it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def mark_by_style(root: HtmlElement) -> None:
    """Write as elements what styles say of words: strong, em, sup, sub. Elements that say nothing else go."""
    for element in list(root.iterdescendants("span", "font", "b", "strong", "i", "em", "p")):
        style = declarations(element) if element.get("style") else {}
        weight, slant = style.get("font-weight", ""), style.get("font-style", "")
        height = style.get("vertical-align", "")
        if element.tag == "p":
            wrap(element, "strong") if BOLD.match(weight) else None
        elif element.tag in {"b", "strong"}:
            element.drop_tag() if weight in {"normal", "400"} else None
        elif element.tag in {"i", "em"}:
            element.drop_tag() if slant == "normal" else None
        else:
            wrap(element, "strong") if BOLD.match(weight) else None
            wrap(element, "em") if slant in {"italic", "oblique"} else None
            wrap(element, {"super": "sup", "sub": "sub"}[height]) if height in {"super", "sub"} else None
            element.drop_tag()
    join_marks(root)


def wrap(element: HtmlElement, tag: str) -> None:
    """Put all that an element holds into one of another name, unless it is no line of words."""
    if not element.text_content().strip() or any(child.tag in BLOCKS | {"img"} for child in element.iterdescendants()):
        return
    inner = element.makeelement(tag)
    inner.text, element.text = element.text, None
    inner.extend(list(element))
    element.append(inner)


def join_marks(root: HtmlElement) -> None:
    """Make one of two marks of the same kind that follow each other: word processors cut a line into runs."""
    for mark in list(root.iterdescendants("strong", "b", "em", "i")):
        before = mark.getprevious()
        if before is None or before.tag != mark.tag or before.tail:
            continue
        if mark.text:
            if len(before):
                before[-1].tail = (before[-1].tail or "") + mark.text
            else:
                before.text = (before.text or "") + mark.text
        before.extend(list(mark))
        before.tail = mark.tail
        mark.getparent().remove(mark)


def propose_headings(root: HtmlElement) -> int:
    """Make headings of short lines in the middle that are bold as a whole, as headings are; how many were made."""
    found = 0
    for element in list(root.iterdescendants(*HOLDERS)):
        if is_headline(element) and is_centred(element) and is_bold(element):
            element.tag = "h2"
            found += 1
    for heading in root.iter("h1", "h2", "h3", "h4"):
        for mark in list(heading.iter(*STRONG)):
            mark.drop_tag()
    return found


def is_headline(element: HtmlElement) -> bool:
    """Whether the element is a short line by itself that no full stop ends."""
    if any(child.tag in BLOCKS | HOLDERS | {"img"} for child in element.iterdescendants()):
        return False
    text = " ".join(element.text_content().split())
    return (
        SHORTEST_HEADING <= len(text) <= LONGEST_HEADING
        and not text.endswith(SENTENCE_END)
        and not reads_as_caption(text)
        and not any(parent.tag in BOXED for parent in element.iterancestors())
    )


def is_centred(element: HtmlElement) -> bool:
    """Whether the nearest element that says where its lines stand puts them into the middle."""
    for holder in [element, *element.iterancestors()]:
        where = declarations(holder).get("text-align") or (holder.get("align") or "").lower()
        if where:
            return where == "center"
        if holder.tag == "center" or "centred" in classes(holder):
            return True
    return False


def is_bold(element: HtmlElement) -> bool:
    """Whether every word of the element stands in bold."""
    depth = 1 if any(parent.tag in STRONG for parent in element.iterancestors()) else 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        depth += (event == "start") * (node.tag in STRONG)
        if event == "start" and (node.text or "").strip() and not depth:
            return False
        depth -= (event == "end") * (node.tag in STRONG)
        if event == "end" and node is not element and (node.tail or "").strip() and not depth:
            return False
    return True

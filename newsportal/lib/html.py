"""Rich text: the one allow-list of the portal, and what brings pasted HTML down to it.

Sources: nh3 (ammonia) decides what is safe; lxml then mends structure. The order matters: lxml sees only safe markup.
"""

import html
import re
from collections.abc import Callable, Iterator

import lxml.html
import nh3
from lxml.html import HtmlElement

ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "figure": {"data-photo", "data-video"},
    "hr": {"data-title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
CLASSES: dict[str, set[str]] = {"p": {"verse"}, "hr": {"page-break"}}
INLINE = {"a", "strong", "em", "sub", "sup", "br"}
BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "blockquote", "figure", "table", "hr"}
TAGS = INLINE | BLOCKS | {"li", "figcaption", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
# What word processors write for what we name otherwise; renamed before anything else looks.
RENAMED = {"b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4", "div": "p", "section": "p"}
# May stand empty: they mean something by themselves.
VOID = {"figure", "hr", "br", "td", "th"}

SPACE = re.compile(r"[\u3000\u00a0\u200b\ufeff\u2028\u2029]+|[ \t\r\n]+")
BLANK_LINE = re.compile(r"\s*\n\s*")


def clean_html(source: str) -> str:
    """Body HTML brought down to the allow-list: safe, without foreign styles, U+3000 indents and empty paragraphs.

    Text without any tag is taken as plain text: each line becomes a paragraph. Cleaning twice changes nothing.
    """
    if not re.search(r"<[a-zA-Z/!]", source):
        source = "".join(
            f"<p>{html.escape(line, quote=False)}</p>" for line in BLANK_LINE.split(source.strip()) if line
        )
    safe = nh3.clean(
        source.replace("\x00", ""),
        tags=TAGS | RENAMED.keys(),
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        clean_content_tags={"script", "style", "title", "head"},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
        strip_comments=True,
    )
    root = parse(safe)
    rename(root)
    fold_spaces(root)
    split_at_breaks(root)
    flatten_paragraphs(root)
    wrap_loose_text(root)
    remove_empty(root)
    return inner_html(root, separator="\n")


def text_of(source: str) -> str:
    """The readable text of clean HTML, one block a line."""
    root = parse(source)
    for block in root.iter("p", "h2", "h3", "h4", "li", "blockquote", "figcaption", "caption", "tr", "br"):
        block.tail = "\n" + (block.tail or "")
    lines = (" ".join(line.split()) for line in root.text_content().split("\n"))
    return "\n".join(line for line in lines if line)


def parse(source: str) -> HtmlElement:
    """The fragment as the children of one `div`."""
    return lxml.html.fragment_fromstring(source, create_parent="div")


def inner_html(root: HtmlElement, *, separator: str = "") -> str:
    parts = [html.escape(root.text, quote=False)] if root.text and root.text.strip() else []
    parts += [lxml.html.tostring(child, encoding="unicode").strip() for child in root]
    return separator.join(parts)


def rename(root: HtmlElement) -> None:
    for element in root.iter(*RENAMED):
        if element is not root:
            element.tag = RENAMED[element.tag]


def fold_spaces(root: HtmlElement) -> None:
    """Fold every run of white space to one space, none of them at the edges of a block."""
    for element in root.iter():
        if element.text:
            element.text = SPACE.sub(fold, element.text)
        if element.tail:
            element.tail = SPACE.sub(fold, element.tail)
    for block in root.iter("p", "h2", "h3", "h4", "li", "figcaption", "caption", "th", "td", "br"):
        if block.tag == "br":
            block.tail = (block.tail or "").lstrip()
            continue
        block.text = (block.text or "").lstrip()
        if len(block):
            block[-1].tail = (block[-1].tail or "").rstrip()
        else:
            block.text = block.text.rstrip()


def fold(match: re.Match[str]) -> str:
    """Nothing for a run of full-width indents, one space for any other run."""
    return "" if "\u3000" in match.group() else " "


def split_at_breaks(root: HtmlElement) -> None:
    """Make two paragraphs of one with a line break, unless it is verse, where a line is a line."""
    for paragraph in list(root.iter("p")):
        if paragraph.get("class") == "verse" or paragraph.find("br") is None:
            continue
        current, behind = paragraph, paragraph.tail
        paragraph.tail = None
        for child in list(paragraph):
            if child.tag == "br":
                text = child.tail
                paragraph.remove(child)
                following = paragraph.makeelement("p")
                following.text = text
                current.addnext(following)
                current = following
            elif current is not paragraph:
                current.append(child)
        current.tail = behind


def flatten_paragraphs(root: HtmlElement) -> None:
    """Lift blocks out of paragraphs: what was a `div` around others must not stay a `p` around them."""
    for paragraph in list(root.iter("p")):
        if any(child.tag in BLOCKS for child in paragraph):
            paragraph.drop_tag()


def wrap_loose_text(root: HtmlElement) -> None:
    """Put text and inline elements that stand directly in the body into paragraphs."""
    children, text = list(root), (root.text or "").strip()
    root.clear()
    paragraph: HtmlElement | None = None
    if text:
        paragraph = append_paragraph(root, text)
    for child in children:
        tail, child.tail = child.tail or "", None
        if child.tag == "br":
            paragraph = None
        elif child.tag in INLINE:
            paragraph = append_paragraph(root, "") if paragraph is None else paragraph
            child.tail, tail = tail, ""
            paragraph.append(child)
        else:
            paragraph = None
            root.append(child)
        if tail.strip():
            paragraph = append_paragraph(root, tail.strip())


def append_paragraph(root: HtmlElement, text: str) -> HtmlElement:
    paragraph = root.makeelement("p")
    paragraph.text = text
    root.append(paragraph)
    return paragraph


def remove_empty(root: HtmlElement) -> None:
    """Remove elements that hold nothing to read, innermost first, keeping the text behind them."""
    for element in reversed(list(root.iter())):
        if element is root or element.tag in VOID:
            continue
        if not element.text_content().strip() and not any(child.tag in VOID - {"br"} for child in element.iter()):
            element.drop_tree()


def split_pages(source: str) -> list[tuple[str, str]]:
    """Clean body HTML as its pages: (title or "", HTML). Breaks at the edges and double breaks make no page."""
    pages: list[tuple[str, list[str]]] = [("", [])]
    for child in parse(source):
        if child.tag == "hr" and child.get("class") == "page-break":
            pages.append((child.get("data-title", ""), []))
        else:
            child.tail = None
            pages[-1][1].append(lxml.html.tostring(child, encoding="unicode"))
    return [(title, "\n".join(blocks)) for title, blocks in pages if blocks] or [("", "")]


def media_ids(source: str, attribute: str) -> list[int]:
    """The ids that figures of clean HTML refer to by `attribute` (data-photo, data-video), in order, each once."""
    values = (figure.get(attribute, "") for figure in parse(source).iter("figure"))
    return list(dict.fromkeys(int(value) for value in values if value.isdecimal() and len(value) < 19))


def replace_figures(source: str, render: Callable[[HtmlElement], str]) -> str:
    """Clean HTML with each figure replaced by what `render` makes of it; an empty answer removes the figure."""
    return "\n".join(rendered_blocks(parse(source), render))


def rendered_blocks(root: HtmlElement, render: Callable[[HtmlElement], str]) -> Iterator[str]:
    for child in root:
        child.tail = None
        if child.tag == "figure":
            if rendered := render(child):
                yield rendered
        else:
            yield lxml.html.tostring(child, encoding="unicode")

"""Rich text: the one allow-list of the portal, and what brings pasted HTML down to it.

The list is made from `lib.body`. Sources: nh3 (ammonia) decides what is safe; lxml then mends structure. The order
matters: lxml sees only safe markup.
"""

import html
import re
from collections.abc import Callable, Mapping
from urllib.parse import urljoin

import lxml.html
import nh3
from lxml import etree
from lxml.html import HtmlComment, HtmlElement

from .body import ATTRIBUTES, BLOCKS, CLASSES, FIGURES, INLINE, LINES, SECTIONS, TAGS, VOID
from .figures import numbers_in, settle_reference

# What word processors and web pages write for what we name otherwise. Boxes become paragraphs rather than vanish:
# the words of two boxes must not run together.
BOXES = """
    address article center dd details dialog div dl dt fieldset footer form header hgroup legend main nav option
    pre section summary
"""
RENAMED = {"b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4"} | dict.fromkeys(BOXES.split(), "p")
# Left out with all that is in them: never meant to be read, or meant for browsers that could not show the rest.
UNREAD = {"script", "style", "title", "head", "noscript", "iframe", "noembed", "noframes"}

# What parts words when HTML becomes text.
NEW_LINE, NEW_CELL = BLOCKS | {"li", "figcaption", "caption", "tr", "br"}, {"th", "td"}
MARKS = dict.fromkeys(NEW_LINE, "\n") | dict.fromkeys(NEW_CELL, " ")

MARKUP = re.compile(r"<[/!]?[a-zA-Z][^<>]*>|<!--")
# Zero-width spaces, and what XML (hence lxml) cannot hold: control characters, lone surrogates, non-characters.
UNPRINTABLE = re.compile("[\u200b\ufeff\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SPACE = re.compile(r"\s+")
BLANK_LINE = re.compile(r"\s*\n\s*")
TAG = re.compile(r"</?([a-z0-9]+)[^>]*>")
EMPTY_TAG = re.compile(r'<(br|hr|img|source|embed)((?: [a-z-]+="[^"]*")*)>')


def clean_html(source: str) -> str:
    """Body HTML brought down to the allow-list: safe, without foreign styles, U+3000 indents and empty paragraphs.

    Text without any tag is taken as plain text: each line becomes a paragraph. Cleaning twice changes nothing.
    """
    source = printable(source)
    if not MARKUP.search(source):
        source = "".join(
            f"<p>{html.escape(line, quote=False)}</p>" for line in BLANK_LINE.split(source.strip()) if line
        )
    safe = nh3.clean(
        source,
        tags=TAGS | RENAMED.keys(),
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        clean_content_tags=UNREAD,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
        strip_comments=True,
    )
    root = parse_safe(safe)
    rename(root)
    settle_figures(root)
    part_lines_and_blocks(root)
    for box in [root, *root.iter(*SECTIONS)]:
        wrap_loose(box, "p")
    split_at_breaks(root)
    settle_lists(root)
    remove_empty(root)
    trim_breaks(root)
    fold_spaces(root)
    return inner_html(root, separator="\n")


def text_of(source: str) -> str:
    """The readable text of clean HTML, one block a line, a space between the cells of a row; full-width spaces stay.

    Not parsed, which takes six times as long: `clean_html` leaves no `>` inside a tag.
    """
    return fold_lines(html.unescape(TAG.sub(mark_of, source)))


def read(root: HtmlElement) -> str:
    """`text_of` for a tree; it is spoilt."""
    for element in root.iter(*NEW_LINE, *NEW_CELL):
        mark = MARKS[element.tag]
        element.text = mark + (element.text or "")
        element.tail = mark + (element.tail or "")
    return fold_lines(root.text_content())


def mark_of(tag: re.Match[str]) -> str:
    return MARKS.get(tag[1], "")


def fold_lines(text: str) -> str:
    lines = (SPACE.sub(fold, line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def printable(source: str) -> str:
    """The text without characters that nothing can show; a vertical tab, Word's line break, becomes a line feed."""
    return UNPRINTABLE.sub("", source.replace("\x0b", "\n").replace("\x0c", "\n"))


def parse(source: str) -> HtmlElement:
    """The fragment as the children of one `div`."""
    parser = lxml.html.HTMLParser(huge_tree=True)  # else what is nested deeper than 256 elements would be lost
    return lxml.html.fragment_fromstring(source, create_parent="div", parser=parser)


def parse_safe(safe: str) -> HtmlElement:
    """What nh3 wrote, as the children of one `div`.

    Read as XML, because lxml's own HTML parser follows older rules than nh3 and would move elements about: it closes
    a heading at the first paragraph inside, for one.
    """
    markup = EMPTY_TAG.sub(r"<\1\2/>", printable(safe).replace("&nbsp;", "\u00a0"))
    # References such as &#1; come out of nh3 as characters, which is why it is made printable once more.
    parser = lxml.html.XHTMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(f"<div>{markup}</div>", parser=parser)


def inner_html(root: HtmlElement, *, separator: str = "") -> str:
    parts = [html.escape(root.text, quote=False)] if root.text and root.text.strip() else []
    parts += [lxml.html.tostring(child, encoding="unicode").strip() for child in root]
    return separator.join(parts)


def rename(root: HtmlElement) -> None:
    """Give elements the names we use, and drop foreign classes, links without address and links in links."""
    for element in list(root.iterdescendants()):
        element.tag = RENAMED.get(element.tag, element.tag)
        if element.get("class") == "":
            del element.attrib["class"]
        if element.tag in SECTIONS and not is_section(element):
            element.tag = "p"
            element.attrib.clear()
        if element.tag == "a" and (not element.get("href") or next(element.iterancestors("a"), None) is not None):
            element.drop_tag()


def is_section(element: HtmlElement) -> bool:
    """Whether a box is one of ours, and stands where nothing but boxes that go are around it."""
    around = list(element.iterancestors())[:-1]
    return bool(element.get("class")) and all(outer.tag == "p" or outer.tag in INLINE for outer in around)


def settle_figures(root: HtmlElement) -> None:
    """Leave in a figure its one caption, as plain text; a figure that names nothing that we can show is none."""
    for figure in reversed(list(root.iter("figure"))):
        shown = settle_reference(figure)
        wrap_loose(figure, "p")
        captions = figure.findall("figcaption") if shown and shown != FIGURES["story"] else []
        for child in reversed(figure):
            if child not in captions[:1]:
                figure.addnext(child)
        if not shown:
            figure.drop_tag()
    for caption in list(root.iter("figcaption")):
        parent = caption.getparent()
        if parent is None:  # stood in a caption that has taken its words
            continue
        if parent.tag == "figure":
            text, tail = read(caption), caption.tail
            caption.clear()
            caption.text, caption.tail = text.replace("\n", " "), tail
        else:
            caption.tag = "p"


def settle_lists(root: HtmlElement) -> None:
    """Leave in a list nothing but items and lists."""
    for items in root.iter("ul", "ol"):
        wrap_loose(items, "li")
        for child in items.findall("p"):
            child.tag = "li"
            child.attrib.clear()


def part_lines_and_blocks(root: HtmlElement) -> None:
    """Bring blocks out of paragraphs, headings and inline elements, innermost first.

    A paragraph around blocks was a box: what is loose in it becomes paragraphs. A heading around boxes stays a heading
    for each. Emphasis or a link around boxes moves into each of them.
    """
    for element in reversed(list(root.iterdescendants())):
        if element.tag == "li" and element.getparent().tag not in {"ul", "ol"}:
            element.tag = "p"
        if element.tag not in LINES | INLINE or all(child.tag in INLINE for child in element):
            continue
        is_mark = element.tag in INLINE
        wrap_loose(element, element.tag, element.attrib)
        for child in element:
            if is_mark and child.tag in LINES:
                move_inside(child, element)
            elif child.tag == "p" and element.tag != "p":
                child.tag = element.tag
                child.attrib.clear()
        element.drop_tag()


def move_inside(line: HtmlElement, mark: HtmlElement) -> None:
    """Put all that `line` holds into one element like `mark`."""
    inner = line.makeelement(mark.tag, mark.attrib)
    inner.text, line.text = line.text, None
    inner.extend(list(line))
    line.append(inner)


def wrap_loose(parent: HtmlElement, tag: str, attributes: Mapping[str, str] | None = None) -> None:
    """Put text and inline elements that stand directly in `parent` into elements named `tag`.

    A line break ends a paragraph, and stays a line break in anything else.
    """

    def begin(text: str | None) -> HtmlElement:
        wrapper = parent.makeelement(tag, attributes)
        wrapper.text = text
        return wrapper

    children, text = list(parent), parent.text
    parent.text = None
    current = None
    if text and text.strip():
        current = begin(text)
        parent.insert(0, current)
    for child in children:
        if child.tag in INLINE and not (child.tag == "br" and tag == "p"):
            if current is None:
                current = begin(None)
                child.addprevious(current)
            current.append(child)
            continue
        text, child.tail = child.tail, None
        current = None
        if text and text.strip():
            current = begin(text)
            child.addnext(current)
        if child.tag == "br":
            parent.remove(child)


def split_at_breaks(root: HtmlElement) -> None:
    """Make two paragraphs of one with a line break, unless it is verse, where a line is a line."""
    for paragraph in list(root.iter("p")):
        if paragraph.get("class") == "verse" or paragraph.find("br") is None:
            continue
        wrap_loose(paragraph, "p")
        paragraph.drop_tag()


def remove_empty(root: HtmlElement) -> None:
    """Remove elements that hold nothing to read, innermost first, keeping the text behind them."""
    for element in reversed(list(root.iterdescendants())):
        if element.tag in VOID:
            continue
        if not element.text_content().strip() and not any(child.tag in VOID - {"br"} for child in element.iter()):
            element.drop_tree()


def trim_breaks(root: HtmlElement) -> None:
    """Remove line breaks at the beginning and the end of a block: they show nothing."""
    for block in root.iterdescendants():
        if block.tag in INLINE:
            continue
        while len(block) and block[0].tag == "br" and not (block.text or "").strip():
            block.text = block[0].tail
            block.remove(block[0])
        while len(block) and block[-1].tag == "br" and not (block[-1].tail or "").strip():
            block.remove(block[-1])


def fold_spaces(root: HtmlElement) -> None:
    """Fold white space as a browser does: one space for a run, none at the edges of a block or of a line."""
    line: list[tuple[HtmlElement, str]] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag == "br" or element.tag not in INLINE:
            fold_line(line)
            line = []
        line.append((element, "text" if event == "start" else "tail"))
    fold_line(line)


def fold_line(line: list[tuple[HtmlElement, str]]) -> None:
    """Fold the texts of one line, given as (element, "text" or "tail") in reading order."""
    last, before = None, " "
    for element, part in line:
        text = SPACE.sub(fold, getattr(element, part) or "")
        if before[-1].isspace():
            text = text.lstrip()
        setattr(element, part, text or None)
        if text:
            last, before = (element, part), text
    if last is not None:
        setattr(*last, before.rstrip() or None)


def fold(match: re.Match[str]) -> str:
    """One space for a run; a full-width one where the run has any, as it parts columns, names and half-lines."""
    return "\u3000" if "\u3000" in match.group() else " "


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


def with_full_addresses(source: str, base: str) -> str:
    """HTML whose links, pictures and videos name their addresses in full, for readers outside the site."""
    root = parse(source)
    for element in root.iter():
        for name in ("href", "src", "poster"):
            if address := element.get(name):
                element.set(name, urljoin(base, address))
        if choices := element.get("srcset"):
            pairs = (choice.split() for choice in choices.split(","))
            element.set("srcset", ", ".join(" ".join([urljoin(base, first), *rest]) for first, *rest in pairs))
    return inner_html(root, separator="\n")


def media_ids(source: str, *attributes: str) -> list[int]:
    """The ids that figures of clean HTML refer to by attributes such as data-video, in order, each once."""
    figures = parse(source).iter("figure")
    return numbers_in(" ".join(figure.get(name, "") for figure in figures for name in attributes))


def photo_ids(source: str) -> list[int]:
    """The pictures of the library that clean HTML shows, alone or in a gallery, in order, each once."""
    return media_ids(source, FIGURES["photo"], FIGURES["gallery"])


def embedded_addresses(source: str) -> list[str]:
    """The addresses of videos elsewhere that clean HTML shows, in order."""
    return [figure.get(FIGURES["embed"]) for figure in parse(source).iter("figure") if figure.get(FIGURES["embed"])]


def page_titles(source: str) -> list[str]:
    """The titles that page breaks of clean HTML give the pages behind them."""
    # Most bodies have none, and thousands are looked through at a time.
    rules = parse(source).iter("hr") if "data-title" in source else ()
    return [title for rule in rules if (title := rule.get("data-title"))]


def links_of(source: str) -> list[str]:
    """The addresses that clean HTML links to, in order, each once."""
    return list(dict.fromkeys(link.get("href", "") for link in parse(source).iter("a")))


def replace_figures(source: str, render: Callable[[HtmlElement], str]) -> str:
    """Clean HTML with each figure replaced by what `render` makes of it; an empty answer removes the figure."""
    root = parse(source)
    rendered = []
    for figure in list(root.iter("figure")):
        # Clean HTML has no comments, so one marks the place of a figure wherever it stands: alone, in a quotation.
        place = HtmlComment(str(len(rendered)))
        rendered.append(render(figure))
        place.tail = figure.tail
        figure.getparent().replace(figure, place)
    blocks = []
    for child in root:
        child.tail = None
        block = lxml.html.tostring(child, encoding="unicode")
        blocks.append(re.sub(r"<!--(\d+)-->", lambda match: rendered[int(match[1])], block))
    return "\n".join(block for block in blocks if block)

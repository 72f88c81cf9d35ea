"""What Word, WPS and their kin put on a clipboard: lists written as paragraphs, titles by class, traces of changes.

Desktop programs write an item as a paragraph with `mso-list:l0 level2 lfo1` and its mark as text; Word online writes a
list of its own for each item, with the level in `data-aria-level`. Both become one nested list.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from lxml.html import HtmlElement

from .styles import classes, remove

LEVEL = re.compile(r"mso-list:\s*l\d+\s+level(\d)\b", re.IGNORECASE)
IS_MARK = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
OUTLINE = re.compile(r"mso-outline-level:\s*([1-6])\b", re.IGNORECASE)
ARABIC = re.compile(r"[(（]?(\d{1,3})[.)）、．]?$")
LETTER = re.compile(r"[(（]?([A-Za-z]|[ivxIVX]{1,5})[.)）、．]$")
# Numbers that a list of ours would not show: they stay words.
CHINESE = re.compile(r"[（(]?[第]?[一二三四五六七八九十百\d①-⑳㈠-㈩]+[条章节款)）、．.]?")
BREAKS = {"#_ftn", "#_edn", "#footnote", "#endnote", "#_msocom", "#_ednref", "#_ftnref"}


@dataclass(frozen=True)
class Item:
    element: HtmlElement
    level: int
    is_ordered: bool
    number: int = 0  # as the source counts; 0 where it does not tell


def mend(root: HtmlElement, notes: list[str]) -> None:
    """Bring what word processors mean into elements; tells in `notes` what is left out."""
    drop_changes(root, notes)
    name_titles(root)
    level_headings(root)
    unpack_online_lists(root)
    for run in runs(root):
        build_lists(run)
    settle_items(root)


def drop_changes(root: HtmlElement, notes: list[str]) -> None:
    """Remove deleted words and comments; inserted words stay."""
    deleted = list(root.iter("del"))
    for element in deleted:
        remove(element)
    comments = [element for element in root.iter("div", "a", "span") if is_comment(element)]
    for element in comments:
        remove(element)
    if deleted:
        notes.append(f"修订里删除的文字没有保留（{len(deleted)} 处），插入的文字保留。")
    if comments:
        notes.append("批注没有保留。")


def is_comment(element: HtmlElement) -> bool:
    style = (element.get("style") or "").lower()
    return (
        "mso-element:comment" in style
        or "mso-comment-reference" in style
        or "mso-special-character:comment" in style
        or "MsoCommentReference" in classes(element)
    )


def name_titles(root: HtmlElement) -> None:
    """Titles and headings that are so by class, outline level or role only."""
    for paragraph in list(root.iter("p")):
        names, outline = classes(paragraph), OUTLINE.search(paragraph.get("style") or "")
        heading = next((found[1] for name in names if (found := re.fullmatch(r"MsoHeading([1-6])", name))), "")
        if "MsoTitle" in names:
            paragraph.tag = "h1"
        elif heading or outline:
            paragraph.tag = f"h{heading or outline[1]}"
        elif paragraph.get("role") == "heading" and (paragraph.get("aria-level") or "") in set("123456"):
            paragraph.tag = f"h{paragraph.get('aria-level')}"


def level_headings(root: HtmlElement) -> None:
    """Keep two levels apart: h1 becomes h2 in any text, so that where several stand over h2, all go down by one."""
    if len(list(root.iter("h1"))) < 2 or next(root.iter("h2"), None) is None:
        return
    for heading in list(root.iter("h1", "h2", "h3")):
        heading.tag = f"h{int(heading.tag[1]) + 1}"


def unpack_online_lists(root: HtmlElement) -> None:
    """Write the lists of Word online, one for each item, as the desktop does: paragraphs with a level and a number."""
    for holder in [element for element in root.iter("div") if "ListContainerWrapper" in classes(element)]:
        for item in list(holder.iter("li")):
            items = item.getparent()
            paragraph = item.makeelement("p")
            level = item.get("data-aria-level") or item.get("aria-level") or "1"
            paragraph.set("style", f"mso-list:l0 level{level} lfo1")
            number = (items.get("start") or "1") if items.tag == "ol" else "·"
            mark = item.makeelement("span", {"style": "mso-list:Ignore"})
            mark.text = f"{number}." if items.tag == "ol" else number
            paragraph.append(mark)
            mark.tail = item.text
            paragraph.extend(list(item))
            holder.addprevious(paragraph)
            for inner in paragraph.findall("p"):
                inner.drop_tag()
        remove(holder)


def runs(root: HtmlElement) -> Iterator[list[Item]]:
    """Items of lists that follow each other, with nothing between them."""
    found = [item for paragraph in list(root.iter("p")) if (item := item_of(paragraph)) is not None]
    run: list[Item] = found[:1]
    for before, item in pairwise(found):
        if item.element.getprevious() is not before.element or (before.element.tail or "").strip():
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def item_of(paragraph: HtmlElement) -> Item | None:
    """The paragraph as an item, its mark taken off; None for any other, and for a number that has to stay words."""
    level = LEVEL.search(paragraph.get("style") or "")
    if level is None:
        return None
    marks = [element for element in paragraph.iter("span") if IS_MARK.search(element.get("style") or "")]
    mark = "".join(marks[0].text_content().split()) if marks else ""
    arabic = ARABIC.match(mark)
    if mark and not arabic and CHINESE.fullmatch(mark):
        tail = (marks[0].tail or "").lstrip()
        marks[0].clear()
        marks[0].text, marks[0].tail = mark, tail
        return None
    for element in marks:
        remove(element)
    if arabic:
        return Item(paragraph, int(level[1]), True, int(arabic[1]))
    return Item(paragraph, int(level[1]), bool(LETTER.match(mark)))


def build_lists(run: Iterable[Item]) -> None:
    """Replace paragraphs by one list, items of a deeper level in the item before them.

    A list of ours begins at 1: where the source goes on counting after something else, its numbers stay words.
    """
    open_lists: list[tuple[int, HtmlElement]] = []
    for item in run:
        while open_lists and (open_lists[-1][0] > item.level):
            open_lists.pop()
        tag = "ol" if item.is_ordered else "ul"
        if open_lists and open_lists[-1][0] == item.level and open_lists[-1][1].tag != tag:
            open_lists.pop()
        if not open_lists and item.number > 1:
            write_number(item)
            continue
        if not open_lists or open_lists[-1][0] < item.level:
            open_lists.append((item.level, begin_list(item, tag, open_lists)))
        entry = item.element
        entry.tail = None
        entry.tag = "li"
        open_lists[-1][1].append(entry)


def begin_list(item: Item, tag: str, open_lists: list[tuple[int, HtmlElement]]) -> HtmlElement:
    begun = item.element.makeelement(tag)
    if open_lists:
        open_lists[-1][1][-1].append(begun)
    else:
        item.element.addprevious(begun)
    return begun


def write_number(item: Item) -> None:
    item.element.text = f"{item.number}. {(item.element.text or '').lstrip()}"


def settle_items(root: HtmlElement) -> None:
    """Take out the one paragraph that an item or a cell holds, and put a list between items into the one before."""
    for inner in [element for element in root.iter("ul", "ol") if element.getparent().tag in {"ul", "ol"}]:
        before = inner.getprevious()
        if before is not None and before.tag == "li":
            before.append(inner)
    for item in root.iter("li", "td", "th"):
        paragraphs = item.findall("p")
        if len(paragraphs) == 1 and not (item.text or "").strip():
            paragraphs[0].drop_tag()

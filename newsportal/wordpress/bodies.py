"""The body of an article from the HTML of a WordPress post: pictures by their number in our library, embeds as links.

What comes out still goes through `lib.html.clean_html`, as every body does; here stands only what cleaning cannot know.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import lxml.html
from lxml.html import HtmlElement

from articles.rendering import video_site
from newsportal.lib.body import FIGURES
from newsportal.lib.embeds import URL, host_of, link_media, link_to, replace_by_link
from newsportal.lib.html import parse, printable

IMAGE_CLASS = re.compile(r"\bwp-image-(\d{1,18})\b")
LOST = {"form": "表单", "script": "脚本", "svg": "矢量图", "canvas": "画布", "map": "图像热区"}


@dataclass(frozen=True)
class Reference:
    """How a post names a picture: the number of its attachment (0: none), its address, the words of its alt."""

    attachment: int
    src: str
    alt: str = ""


@dataclass(frozen=True)
class Placed:
    """A picture of our library and the words that stand under it by default."""

    pk: int
    caption: str


class Surroundings(Protocol):
    """What the text of one post is converted with."""

    def photo(self, reference: Reference) -> Placed | None:
        """The picture in our library; None, after saying why, when it cannot be had."""

    def link(self, address: str) -> str:
        """Where a link leads now."""

    def say(self, kind: str, message: str) -> None:
        """Note for the report what could not be kept as it was."""


def convert(markup: str, around: Surroundings) -> str:
    """Body HTML, not yet clean, of a post's plain markup (`markup.plain_markup`)."""
    root = parse(printable(markup))
    settle_preformatted(root, around)
    name_pull_quotes(root)
    unpack_galleries(root)
    place_pictures(root, around)
    link_embeds(root, around)
    link_media(root, partial(around.say, "embed"))
    link_bare_addresses(root, around)
    report_lost(root, around)
    for anchor in root.iter("a"):
        if anchor.get("href"):
            anchor.set("href", around.link(anchor.get("href", "").strip()))
    return (root.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in root)


def classes(element: HtmlElement) -> set[str]:
    return set((element.get("class") or "").split())


def settle_preformatted(root: HtmlElement, around: Surroundings) -> None:
    """Verse keeps its lines. Other preformatted text keeps them too, as paragraphs: the portal has no form for code."""
    for block in list(root.iter("pre")):
        is_verse = "wp-block-verse" in classes(block)
        if not is_verse:
            around.say("markup", "预排版文本（代码）改成了普通段落，行首空格不保留。")
        lines = [line for line in block.text_content().split("\n") if line.strip()]
        paragraph = root.makeelement("p", {"class": "verse"} if is_verse else {})
        paragraph.text = lines[0] if lines else ""
        for line in lines[1:]:
            line_break = root.makeelement("br")
            line_break.tail = line
            paragraph.append(line_break)
        paragraph.tail = block.tail
        block.getparent().replace(block, paragraph)


def name_pull_quotes(root: HtmlElement) -> None:
    for quote in root.xpath(".//figure//blockquote"):
        if any("wp-block-pullquote" in classes(figure) for figure in quote.iterancestors("figure")):
            quote.set("class", "pull-quote")


def unpack_galleries(root: HtmlElement) -> None:
    """The list in which older galleries hold their figures is no list."""
    for items in [element for element in root.iter("ul") if any("gallery" in name for name in classes(element))]:
        for item in items.findall("li"):
            item.drop_tag()
        items.drop_tag()


def place_pictures(root: HtmlElement, around: Surroundings) -> None:
    """Each picture as a figure that names it by its number in our library; without the picture, no figure."""
    for image in list(root.iter("img")):
        holder = holder_of(image)
        caption = " ".join(holder.xpath("string(.//figcaption)").split()) if holder is not None else ""
        placed = around.photo(reference(image, holder))
        place = image if holder is None else holder
        if placed is None:
            drop(place)
            continue
        figure = root.makeelement("figure", {"data-photo": str(placed.pk)})
        if caption and caption != placed.caption:
            words = root.makeelement("figcaption")
            words.text = caption
            figure.append(words)
        figure.tail = place.tail
        place.getparent().replace(place, figure)


def holder_of(image: HtmlElement) -> HtmlElement | None:
    """The figure that is all about this one picture."""
    figure = next(image.iterancestors("figure"), None)
    if (
        figure is None
        or len(list(figure.iter("img"))) > 1
        or next(figure.iter("table", "blockquote"), None) is not None
    ):
        return None
    return figure


def reference(image: HtmlElement, holder: HtmlElement | None) -> Reference:
    by_class = IMAGE_CLASS.search(image.get("class") or "")
    number = (
        by_class[1] if by_class else image.get("data-id") or (holder.get("data-id", "") if holder is not None else "")
    )
    # Plug-ins that load pictures late put the true address elsewhere.
    lazily = (image.get(name) for name in ("data-orig-file", "data-src", "data-original", "data-lazy-src", "src"))
    address = next((value.strip() for value in lazily if value and not value.startswith("data:")), "")
    is_number = number.isdecimal() and len(number) < 19
    return Reference(int(number) if is_number else 0, address, (image.get("alt") or "").strip())


def drop(element: HtmlElement) -> None:
    """Remove an element and what it holds; the text behind it stays."""
    element.drop_tree()


def link_embeds(root: HtmlElement, around: Surroundings) -> None:
    """A block that WordPress turns into a player: the address that it holds, as a card or a link."""
    for figure in [element for element in root.iter("figure") if "wp-block-embed" in classes(element)]:
        address = URL.search(figure.text_content())
        caption = figure.find(".//figcaption")
        if address is None:
            continue
        words = caption.text_content() if caption is not None else ""
        if video_site(address[0]):
            shown = root.makeelement("figure", {FIGURES["embed"]: address[0]})
            if caption is not None:
                shown.append(caption)
            shown.tail = figure.tail
            figure.getparent().replace(figure, shown)
        else:
            replace_by_link(figure, address[0], words or f"嵌入内容：{host_of(address[0])}")
            around.say("embed", f"嵌入内容改成了链接：{address[0]}")


def link_bare_addresses(root: HtmlElement, around: Surroundings) -> None:
    """An address alone in its paragraph, which WordPress turns into a player when it knows the site."""
    for paragraph in root.iter("p"):
        text = (paragraph.text or "").strip()
        if len(paragraph) == 0 and URL.fullmatch(text):
            paragraph.text = None
            paragraph.append(link_to(paragraph, text, text))
            around.say("embed", f"单独成段的网址改成了链接：{text}")


def report_lost(root: HtmlElement, around: Surroundings) -> None:
    for button in [element for element in root.iter("a") if "wp-block-file__button" in classes(element)]:
        drop(button)
    for name, words in LOST.items():
        if next(root.iter(name), None) is not None:
            around.say("markup", f"正文里的{words}不能保留。")


def rewrite_links(body: str, find: Callable[[str], str]) -> str:
    """Clean body HTML in which each link leads where `find` says; the body itself when nothing changes."""
    root, changed = parse(body), False
    for anchor in root.iter("a"):
        before = anchor.get("href", "")
        after = find(before)
        if after != before:
            anchor.set("href", after)
            changed = True
    return "\n".join(lxml.html.tostring(child, encoding="unicode").strip() for child in root) if changed else body

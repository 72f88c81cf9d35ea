"""Players and frames of other sites, which the portal's pages cannot show: each becomes a link to what it played."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from lxml.html import HtmlElement

URL = re.compile(r"https?://[^\s<>\"']+")
# Words for what becomes a link.
MEDIA = {"iframe": "嵌入内容", "embed": "嵌入内容", "object": "嵌入内容", "video": "视频", "audio": "音频"}


def link_media(root: HtmlElement, say: Callable[[str], None]) -> None:
    """Replace players and frames by paragraphs with a link, telling each; one without an address is left out."""
    for element in list(root.iter(*MEDIA)):
        source = element.get("src") or element.get("data-src") or element.get("data") or ""
        sources = (child.get("src") for child in element.iter("source", "embed") if child.get("src"))
        address = source or next(sources, "")
        address = f"https:{address}" if address.startswith("//") else address
        words = MEDIA[element.tag]
        if element.getparent() is None:
            continue
        if not URL.fullmatch(address):
            element.drop_tree()
            say(f"{words}没有可用的网址，已去掉。")
            continue
        replace_by_link(element, address, f"{words}：{host_of(address)}")
        say(f"{words}改成了链接：{address}")


def replace_by_link(element: HtmlElement, address: str, words: str) -> None:
    paragraph = element.makeelement("p")
    paragraph.append(link_to(element, address, words))
    paragraph.tail = element.tail
    element.getparent().replace(element, paragraph)


def link_to(near: HtmlElement, address: str, words: str) -> HtmlElement:
    anchor = near.makeelement("a", {"href": address})
    anchor.text = words
    return anchor


def host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address

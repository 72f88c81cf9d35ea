"""A paste from beginning to end: what the clipboard holds comes out as body HTML with pictures of the library."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import nh3
from django.contrib.auth.base_user import AbstractBaseUser
from lxml.etree import LxmlError

from articles.rendering import missing_media
from newsportal.lib.body import FIGURES
from newsportal.lib.fetch import fetch
from newsportal.lib.html import MARKUP, UNREAD, clean_html, parse

from . import links, pictures, styles, wechat, word
from .keeping import Placing
from .markers import marker
from .pictures import Fetcher, Read, Wanted
from .source import tree, written

# What our own HTML never has: it tells that a text comes from elsewhere.
FOREIGN = re.compile(r"<(?:img|font|section|o:p)\b|<[a-z][^<>]*\s(?:style|align|data-src|class=[\"']?Mso)|<!--", re.I)
BLOCK_END = re.compile(r"<br\b[^<>]*>|</(?:p|div|section|h[1-6]|li|tr|blockquote|table|figure)\s*>", re.I)
MOST_NOTES = 60
# What a figure names of the library, as `missing_media` calls it.
REFERRED = {"photo": "图片", "gallery": "图片", "video": "视频", "audio": "音频", "story": "稿件"}


@dataclass
class Pasted:
    """Clean body HTML, what the editor has to know of it (Chinese sentences), and a title where there is one."""

    html: str
    notes: list[str] = field(default_factory=list)
    title: str = ""


def paste(source: str, *, user: AbstractBaseUser, fetcher: Fetcher = fetch) -> Pasted:
    """Clipboard or page HTML as body HTML. Fetches its pictures and stores what is new of them in the library.

    What could not be kept is told in the notes, and a picture that lacks leaves a line in its place. Never raises for
    what is in the source.
    """
    return assemble(source, user=user, fetcher=fetcher)


def assemble(
    source: str, *, user: AbstractBaseUser, fetcher: Fetcher = fetch, embedded: Mapping[str, Read] | None = None
) -> Pasted:
    """`paste`, for a source whose pictures may lie beside it: `embedded` reads those by their address."""
    notes: list[str] = []
    if not MARKUP.search(source):
        return Pasted(clean_html(source))
    try:
        body, wanted = structure(source, notes)
    except (LxmlError, RecursionError):
        return Pasted(plain(source), ["标签层层嵌套，只能按纯文字粘贴：小标题、列表、图片请重新加上。"])
    body = Placing(user, fetcher, embedded or {}, notes).place(body, wanted)
    body = clean_html(without_missing(body, notes))
    if len(notes) > MOST_NOTES:
        notes = [*notes[:MOST_NOTES], f"另有 {len(notes) - MOST_NOTES} 条，不再一一列出。"]
    return Pasted(body, notes)


def plain(source: str) -> str:
    """The words alone, a paragraph for each line."""
    words = html.unescape(nh3.clean(BLOCK_END.sub("\n", source), tags=set(), clean_content_tags=UNREAD))
    return clean_html("".join(f"<p>{html.escape(line)}</p>" for line in words.splitlines()))


def tidy(source: str) -> str:
    """The light part for what is typed or pasted into a plain field: structure and dirt. Nothing is fetched.

    HTML of our own comes back letter by letter. Raises LxmlError for what is nested too deep.
    """
    if not FOREIGN.search(source):
        return source
    body, wanted = structure(source, [])
    for one in wanted:
        figure = f'<figure data-photo="{pictures.PREFIX}{one.number}">'
        body = body.replace(figure, f"<p>{marker(one.number)}</p>{figure}", 1)
    return re.sub(rf'<figure data-photo="{pictures.PREFIX}\d+">(.*?)</figure>', r"\1", body, flags=re.S)


def structure(source: str, notes: list[str]) -> tuple[str, list[Wanted]]:
    """Clean HTML in which numbered figures stand for the pictures that are wanted. Raises LxmlError."""
    root = tree(source)
    styles.drop_hidden(root)
    word.mend(root, notes)
    wechat.settle_media(root, notes)
    wanted = pictures.mark(root)
    styles.mark_by_style(root)
    if made := styles.propose_headings(root):
        notes.append(f"{made} 行居中加粗的短行改成了小标题：请核对。")
    links.clean_links(root)
    return clean_html(written(root)), wanted


def without_missing(body: str, notes: list[str]) -> str:
    """Take out figures of ours that name what the library does not have. Two queries, where there is any figure."""
    if "<figure" not in body or not (missing := set(missing_media(body))):
        return body
    root = parse(body)
    for figure in list(root.iter("figure")):
        for kind, name in REFERRED.items():
            numbers = figure.get(FIGURES[kind], "").split()
            if kept := [number for number in numbers if f"{name} {number}" not in missing]:
                figure.set(FIGURES[kind], " ".join(kept))
            elif numbers:
                figure.drop_tree()
    notes.append(f"库里没有{'、'.join(sorted(missing))}，已去掉。")
    return written(root)

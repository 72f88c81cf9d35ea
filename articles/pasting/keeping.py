"""Giving the figures of a paste their pictures: rows of the library with caption and credit, or a line that says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.base_user import AbstractBaseUser
from lxml.html import HtmlElement

from articles.models import Photo
from articles.photos import keep_photo
from newsportal.lib.chinese import shorten
from newsportal.lib.html import parse
from newsportal.lib.images import BadPictureError, SmallPictureError

from .captions import Caption, caption_of, reads_as_caption
from .markers import marker
from .pictures import (
    PREFIX,
    Fetcher,
    OutOfReachError,
    Read,
    UnreadableError,
    Wanted,
    contents,
    our_prefix,
)
from .source import written

MAY_STORE = "articles.add_photo"
MOST_OURS = 100  # pictures of one paste that are looked for in the library by their address
NO_CAPTION = Caption("", "", "")


@dataclass
class Placing:
    """Finds or makes the rows of the pictures of one paste, and tells in `notes` of those that it cannot."""

    user: AbstractBaseUser
    fetcher: Fetcher
    embedded: Mapping[str, Read]
    notes: list[str]
    rows: dict[int, Photo] = field(default_factory=dict)
    new: set[int] = field(default_factory=set)
    ornaments: set[int] = field(default_factory=set)

    def place(self, body: str, wanted: Sequence[Wanted]) -> str:
        """Clean HTML whose figures name rows of the library; stores what is new."""
        if not wanted:
            return body
        root = parse(body)
        names = {f"{PREFIX}{one.number}": one for one in wanted}
        figures = {names.pop(name): one for one in root.iter("figure") if (name := one.get("data-photo", "")) in names}
        captions = {one: take_caption(figure) for one, figure in reversed(figures.items())}
        self.notes += [f"第 {one.number} 张图片没有导入：它在图说里面。" for one in names.values()]
        self.find_ours(list(figures))
        for one, content in self.arrivals([one for one in figures if one.number not in self.rows]):
            self.keep(one, content, captions[one] or NO_CAPTION)
        for one, figure in figures.items():
            self.settle(figure, one, captions[one])
        self.tell()
        return written(root)

    def find_ours(self, wanted: Sequence[Wanted]) -> None:
        """The rows of pictures that were copied from our own pages. One query for each of those."""
        for one in wanted[:MOST_OURS]:
            if prefix := our_prefix(one.address):
                # A range, and no pattern: it goes by the index on both databases.
                photo = Photo.objects.filter(sha256__gte=prefix, sha256__lt=f"{prefix}g").first()
                self.rows |= {one.number: photo} if photo and photo.is_shown else {}

    def arrivals(self, wanted: Sequence[Wanted]):
        """(picture, its bytes or why there are none), in order."""
        if self.user.has_perm(MAY_STORE):
            return contents(wanted, fetcher=self.fetcher, embedded=self.embedded)
        return ((one, UnreadableError("你没有往图片库里添加图片的权限")) for one in wanted)

    def keep(self, one: Wanted, content: bytes | UnreadableError, caption: Caption) -> None:
        try:
            if isinstance(content, UnreadableError):
                raise content
            words, alt = caption.words or one.alt, one.alt or caption.words
            photo, is_new = keep_photo(content, caption=words, alt=alt, credit=caption.credit, by=self.user)
            if not photo.is_shown:
                raise UnreadableError(f"库里的图片 {photo.pk} 已经下架")
        except OutOfReachError as error:
            self.notes.append(f"第 {one.number} 张图片{error}。")
        except SmallPictureError as error:
            self.ornaments.add(one.number)
            self.notes.append(f"第 {one.number} 张图片当作装饰，没有导入：{error}{where(one)}")
        except (UnreadableError, BadPictureError) as error:
            self.notes.append(f"第 {one.number} 张图片没有导入：{str(error).rstrip('。')}{where(one)}。")
        else:
            self.rows[one.number] = photo
            self.new |= {one.number} if is_new else set()

    def settle(self, figure: HtmlElement, one: Wanted, caption: Caption | None) -> None:
        """Let the figure name its row and say its caption; without a row, lines stand in its place."""
        photo = self.rows.get(one.number)
        if photo is None:
            lines = [] if one.number in self.ornaments else [marker(one.number)]
            for line in [*lines, *([caption.whole] if caption else [])]:
                paragraph = figure.makeelement("p")
                paragraph.text = line
                figure.addprevious(paragraph)
            figure.drop_tree()
            return
        figure.set("data-photo", str(photo.pk))
        # The row's own credit stands under the picture: another one must not be lost for that.
        is_told = one.number in self.new or caption is None or caption.credit in photo.credit
        text = (caption.words if is_told else caption.whole) if caption else ""
        if text:
            words = figure.makeelement("figcaption")
            words.text = text
            figure.append(words)

    def tell(self) -> None:
        if self.new:
            self.notes.append(f"{len(self.new)} 张图片存进了图片库：请补全图说、替代文字、署名和版权说明。")
        if known := len(self.rows) - len(self.new):
            self.notes.append(f"{known} 张图片库里已有，用的是库里那一张。")


def take_caption(figure: HtmlElement) -> Caption | None:
    """The caption of a figure: its own, or the paragraph behind it that reads as one, which is taken out."""
    own, behind = figure.find("figcaption"), figure.getnext()
    if own is not None:
        text = own.text_content().strip()
        figure.remove(own)
        return caption_of(text)
    if behind is None or behind.tag != "p" or (figure.tail or "").strip():
        return None
    text = behind.text_content().strip()
    if next(behind.iter("a", "br"), None) is not None or not reads_as_caption(text):
        return None
    behind.getparent().remove(behind)
    return caption_of(text)


def where(one: Wanted) -> str:
    return f"（{shorten(one.address, 80)}）" if one.is_remote else ""

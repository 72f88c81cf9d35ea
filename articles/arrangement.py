"""A board as its editors see it: each row with what readers have of it now, and what takes an empty place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from newsportal.lib.images import Picture
from regions.models import Region

from . import beats
from .boards import Board, Place, Rows, has_ended, read_rows
from .front import read_front
from .lists import entries, hot_articles, in_order
from .models import Article, Channel, ListEntry, Placement
from .placing import PINNED, PLACES, Slot, photo_of, pinned

# Titles are looked through, not indexed: so many of the newest. Any article is found by its number or address.
SEARCHED = 20_000
MOST_FOUND = 20


@dataclass(frozen=True)
class Now:
    """What readers have of a board: the placements that show, where each article shows, what fills the rest."""

    shown: frozenset[int] = frozenset()  # placements
    where: Mapping[int, str] = field(default_factory=dict)  # article → label of its place
    fillers: Mapping[str, list[Article]] = field(default_factory=dict)  # by place
    next_in_line: Mapping[str, Article | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Trouble:
    """What somebody typed into a row's form and could not be saved, with the reasons by field."""

    pk: int
    values: Mapping[str, str]
    errors: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Item:
    """A row on the screen. `tone` is now, soon, over or off; `values` are those of its form's fields, as text."""

    row: models.Model
    number: int
    is_last: bool
    tone: str
    state: str
    picture: Picture | None
    values: Mapping[str, str]
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.row.title or self.row.article.title


@dataclass(frozen=True)
class Shelf:
    """A place on the screen."""

    place: Place
    items: list[Item]
    fillers: list[Article]
    next_in_line: Article | None

    @property
    def shown(self) -> int:
        return sum(item.tone == "now" for item in self.items)


@dataclass(frozen=True)
class Screen:
    board: Board
    shelves: list[Shelf]
    seen: str


def make_screen(board: Board, *, trouble: Trouble | None = None) -> Screen:
    """The board as it is now. One query for its rows; six for what readers have of the home page, three of a list."""
    rows, at = read_rows(board), timezone.now()
    now = readers_see(board, rows, at)
    shelves = [
        Shelf(
            place,
            [item_of(row, number, len(placed), place, now, at, trouble) for number, row in enumerate(placed, start=1)],
            list(now.fillers.get(place.key, [])),
            now.next_in_line.get(place.key),
        )
        for place, placed in rows.by_place()
    ]
    return Screen(board, shelves, ",".join(f"{key}:{version}" for key, version in rows.versions.items()))


def item_of(
    row: models.Model, number: int, count: int, place: Place, now: Now, at: datetime, trouble: Trouble | None
) -> Item:
    tone, state = state_in_words(row, place, now, at)
    photo = photo_of(row.article, own=getattr(row, "picture", None))
    is_troubled = trouble is not None and trouble.pk == row.pk
    return Item(
        row,
        number,
        number == count,
        tone,
        state,
        photo.picture if photo else None,
        trouble.values if is_troubled else values_of(row, place),
        trouble.errors if is_troubled else {},
    )


def values_of(row: models.Model, place: Place) -> dict[str, str]:
    """What stands in the fields of a row's form."""
    values = {}
    for name in place.fields:
        value: Any = row.picture_id if name == "picture" else getattr(row, name)
        if isinstance(value, datetime):
            local = timezone.localtime(value)
            # Seconds are kept where there are any: a form that dropped them would move what it only shows.
            value = f"{local:%Y-%m-%dT%H:%M:%S}" if local.second else f"{local:%Y-%m-%dT%H:%M}"
        values[name] = "" if value is None else str(value)
    return values


# --- What readers have now ---


def readers_see(board: Board, rows: Rows, at: datetime) -> Now:
    if board.name == "home":
        return home_now(board, rows, at)
    if board.rows.model is not Placement:
        shown = frozenset(row.pk for _, placed in rows.by_place() for row in placed if row.article.is_published_at(at))
        return Now(shown)
    return list_now(board, at)


def home_now(board: Board, rows: Rows, at: datetime) -> Now:
    """Six queries: those of the home page's slots, and two for 今日热点."""
    front = read_front(at)
    shown, where, fillers = set(), {}, {}
    for slot in PLACES:
        placed = front.slots[slot]
        shown |= {row.placement.pk for row in placed if row.placement}
        where |= {row.article.pk: board.place(slot).label for row in placed}
        fillers[slot.value] = [row.article for row in placed if row.placement is None]
    most = board.place(Slot.HOT).most
    # As readers have them: the first of those whose time it is, and of these the public ones.
    active = [row for row in rows[Slot.HOT] if row.is_active(at)][:most]
    standing = [row for row in active if row.article.is_published_at(at)]
    shown |= {row.pk for row in standing}
    fillers[Slot.HOT.value] = fill_up(standing, hot_articles(), most=most)
    return Now(frozenset(shown), where, fillers, {slot.value: front.next_in_line(slot) for slot in PLACES})


def list_now(board: Board, at: datetime) -> Now:
    """What stands at the head of a channel or a region, and the newest that follow. Three queries."""
    page = board.places[0].values
    if page["channel_id"]:
        standing = pinned(at=at, channel=page["channel_id"])
        newest = entries(ListEntry.Scope.SITE, 0, channel=page["channel_id"], at=at)
    else:
        standing = pinned(at=at, region=page["region_id"])
        newest = entries(ListEntry.Scope.REGION, page["region_id"], at=at)
    ids = list(newest.values_list("article_id", flat=True)[: 2 * PINNED + 1])
    rows = [row.placement for row in standing]
    free = [article for article in in_order(ids, at=at) if article.pk not in {row.article_id for row in rows}]
    key, empty = board.places[0].key, PINNED - len(rows)
    return Now(
        frozenset(row.pk for row in rows),
        fillers={key: free[:empty]},
        next_in_line={key: next(iter(free[empty:]), None)},
    )


def fill_up(standing: list[Placement], candidates: list[Article], *, most: int) -> list[Article]:
    taken = {row.article_id for row in standing}
    return [article for article in candidates if article.pk not in taken][: most - len(standing)]


def state_in_words(row: models.Model, place: Place, now: Now, at: datetime) -> tuple[str, str]:
    """(tone, what readers have of the row now)."""
    end = getattr(row, "ends_at", None)
    if row.pk in now.shown:
        if not isinstance(row, Placement):
            return "now", "稿件已发布"
        return "now", f"现在显示，到 {moment_in_words(end, at)} 为止" if end else "现在显示"
    if has_ended(row, at):
        return "over", f"已结束（{moment_in_words(end, at)}）"
    if (start := getattr(row, "starts_at", None)) and start > at:
        return "soon", f"将在 {moment_in_words(start, at)} 开始"
    if not row.article.is_published_at(at):
        return "off", f"稿件未发布（{article_state(row.article, at)}）"
    if place.key == Slot.CAROUSEL and photo_of(row.article, own=row.picture) is None:
        return "off", "缺图片，不显示"
    if place.key in PLACES and row.article_id in now.where:
        return "off", f"已在“{now.where[row.article_id]}”显示，这里不重复"
    return "off", "位置已满，前面有空才显示"


def article_state(article: Article, at: datetime) -> str:
    """The state of an article as the desk tells it; state_of of the back office, at a moment."""
    if article.status != Article.Status.PUBLISHED:
        return article.get_status_display()
    if article.published_at > at:
        return f"定时 {moment_in_words(article.published_at, at)}"
    if article.expires_at and article.expires_at <= at:
        return "已下线"
    return "栏目已隐藏" if article.channel.is_hidden else f"{moment_in_words(article.published_at, at)} 发布"


def moment_in_words(moment: datetime, at: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local:%m-%d %H:%M}" if local.year == timezone.localtime(at).year else f"{local:%Y-%m-%d %H:%M}"


# --- What may be placed ---


def placeable(user: AbstractBaseUser) -> QuerySet[Article]:
    """Published and scheduled articles of the user's beats that have not gone, without their bodies."""
    now = timezone.now()
    found = Article.objects.filter(
        beats.within(user), Q(expires_at=None) | Q(expires_at__gt=now), status=Article.Status.PUBLISHED
    )
    return found.filter(channel__is_hidden=False).select_related("channel", "cover").defer("body", "pages")


def find_articles(user: AbstractBaseUser, text: str, *, number: int | None = None) -> list[Article]:
    """What may be placed: by words of the title among the newest, or `number`; the newest for no text. Two queries."""
    seen = placeable(user).order_by("-pk")
    if number is not None:
        return list(seen.filter(pk=number))
    newest = Article.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    seen = seen.filter(pk__gt=newest - SEARCHED)
    for word in text.split():
        seen = seen.filter(Q(title__icontains=word) | Q(short_title__icontains=word))
    return list(seen[:MOST_FOUND])


def pages_to_fill(
    user: AbstractBaseUser, channels: Sequence[Channel], regions: Sequence[Any]
) -> list[tuple[str, list]]:
    """(heading, [(name of the board, its title)]) of the channels and regions that the user may fill."""
    mine = [(f"channel-{row.pk}", row.name) for row in channels if beats.may_fill(user, channel=row)]
    ordered = sorted(regions, key=lambda row: (*place_in_order(row.parent or row), row.parent is not None, row.pk))
    places = [
        (f"region-{row.pk}", f"{row.parent} · {row}" if row.parent else str(row))
        for row in ordered
        if beats.may_fill(user, region=row)
    ]
    return [(heading, rows) for heading, rows in (("栏目", mine), ("地区", places)) if rows]


def place_in_order(province: Region) -> tuple[int, str]:
    return province.position, province.code

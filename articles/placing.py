"""What editors put by hand into slots, topics and magazine issues, and what takes an empty place.

The first half reads the slots, the second writes: every change of the desks (版面编排) is one of its functions.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from newsportal.lib.images import Picture
from newsportal.lib.pagecache import bump
from newsportal.lib.pagination import ListPage

from .boards import PINNED, PLACES, REMEMBERED, Board, Place, Rows, has_ended, read_rows, version_of
from .models import Article, Photo, Placement

Slot = Placement.Slot


@dataclass(frozen=True)
class Placed:
    """An article in a slot, under the title and with the picture that the slot gives it."""

    article: Article
    title: str
    picture: Picture | None
    placement: Placement | None = None

    @classmethod
    def by_hand(cls, placement: Placement) -> "Placed":
        photo = photo_of(placement.article, own=placement.picture)
        title = placement.title or placement.article.title
        return cls(placement.article, title, photo.picture if photo else None, placement)

    @classmethod
    def by_itself(cls, article: Article) -> "Placed":
        return cls(article, article.title, article.cover.picture if article.cover else None)


def fill_slots(pool: Iterable[Article], *, at: datetime | None = None) -> dict[str, list[Placed]]:
    """What stands in each slot at a moment (now), no article twice; `pool`, newest first, takes what is left empty.

    One query.
    """
    result: dict[str, list[Placed]] = {slot: [] for slot in PLACES}
    taken: set[int] = set()
    for placement in placements_in_force(at or timezone.now()):
        places = result.get(placement.slot)
        if places is None or len(places) >= PLACES[placement.slot] or placement.article_id in taken:
            continue
        placed = Placed.by_hand(placement)
        if placement.slot != Slot.CAROUSEL or placed.picture:
            places.append(placed)
            taken.add(placement.article_id)
    newest = list(pool)
    for slot, most in PLACES.items():
        for article in fitting(slot, [article for article in newest if article.pk not in taken]):
            if len(result[slot]) >= most:
                break
            result[slot].append(Placed.by_itself(article))
            taken.add(article.pk)
    return result


def fitting(slot: str, free: list[Article]) -> list[Article]:
    """What may fall into a slot, best first: a carousel shows pictures only, a headline has one if it can."""
    if slot == Slot.CAROUSEL:
        return [article for article in free if article.has_picture]
    if slot == Slot.HEADLINE:
        return sorted(free, key=lambda article: not article.has_picture)
    return free


def placements_in_force(at: datetime) -> list[Placement]:
    """Placements of public articles, slot by slot in the order of `PLACES`, then as the editors ordered them."""
    rows = in_force(at).filter(slot__in=PLACES)
    order = list(PLACES)
    return sorted((row for row in rows if row.article.is_published_at(at)), key=lambda row: order.index(row.slot))


def in_force(at: datetime) -> models.QuerySet[Placement]:
    """Placements whose time it is, with their articles, in order; whether those are public is for the caller to ask.

    A database might look for the placed among all that are published.
    """
    rows = Placement.objects.active(at)
    rows = rows.select_related("article__channel", "article__cover", "article__source", "article__video", "picture")
    return rows.defer("article__body", "article__pages").order_by("position", "id")


def pinned(*, at: datetime | None = None, **page: models.Model) -> list[Placed]:
    """What stands at the head of a channel or a region (`channel=`, `region=`) at a moment (now). One query."""
    at = at or timezone.now()
    rows = [row for row in in_force(at).filter(**page) if row.article.is_published_at(at)]
    return [Placed.by_hand(row) for row in rows[:PINNED]]


def with_pinned(page: ListPage, placed: list[Placed]) -> ListPage:
    """The first page of a list with what is pinned at its head, and nothing twice."""
    above = {row.article.pk for row in placed}
    heads = [shown_as(row.article, title=row.placement.title, cover=row.placement.picture) for row in placed]
    return replace(page, items=[*heads, *(article for article in page.items if article.pk not in above)])


def photo_of(article: Article, *, own: Photo | None) -> Photo | None:
    """The picture that stands with a placed article: the slot's own, else its cover; none that was taken down."""
    return next((photo for photo in (own, article.cover) if photo is not None and photo.is_shown), None)


def shown_as(article: Article, *, title: str = "", cover: Photo | None = None) -> Article:
    """The article under another title and with another picture, to be shown and never saved."""
    cover = cover if cover is not None and cover.is_shown else None
    if not title and cover is None:
        return article
    shown = copy.copy(article)
    if title:
        shown.title, shown.short_title = title, ""
    if cover is not None:
        shown.cover = cover
    return shown


# --- Writing ---


class PlacingError(Exception):
    """Says in Chinese why nothing was changed."""


class StaleError(PlacingError):
    """Somebody else changed the place since the screen was made."""


@contextmanager
def arranging(board: Board, *, seen: Mapping[str, str], places: Iterable[Place]) -> Iterator[Rows]:
    """The rows of the board, to be changed within one transaction that makes the public pages fresh.

    Raises StaleError when one of the places is not as its version in `seen` says.
    """
    with transaction.atomic():
        # Against whoever changes the same board: a place may be empty, so its rows could not be the lock.
        owners = type(board.owner)._base_manager.select_for_update(no_key=True)
        list(owners.filter(pk=board.owner.pk).values_list("pk", flat=True))
        rows = read_rows(board)
        for place in places:
            if seen.get(place.key) != version_of(rows[place.key]):
                raise StaleError(f"“{place.label}”刚被别人改过，这一步没有做。现在显示的是最新的样子，请看过再改。")
        yield rows
        board.touch()
        bump()


def put(*, board: Board, to: Place, article: Article, seen: Mapping[str, str]) -> models.Model:
    """Put an article at the end of a place. Raises PlacingError."""
    with arranging(board, seen=seen, places=[to]) as rows:
        refuse_twice(article, to, rows)
        make_way(article, to)
        row = to.model(**to.values, article=article, position=len(rows[to.key]) + 1)
        judge(row)
        row.save()
        renumber([*rows[to.key], row])
    return row


def step(*, board: Board, pk: int, by: int, seen: Mapping[str, str]) -> tuple[Place, int]:
    """Move a row up (-1) or down (1) in its place. Where it stands then. Raises PlacingError."""
    rows = read_rows(board)
    place, _ = find(rows, pk)
    position = [row.pk for row in rows[place.key]].index(pk) + 1
    return move(board=board, pk=pk, to=place, position=position + by, seen=seen)


def move(
    *, board: Board, pk: int, to: Place, position: int | None = None, seen: Mapping[str, str]
) -> tuple[Place, int]:
    """Move a row to a position, 1 the first, None the last, of its own place or of another. Where it stands then.

    Raises PlacingError.
    """
    source, _ = find(read_rows(board), pk)
    with arranging(board, seen=seen, places={source.key: source, to.key: to}.values()) as rows:
        _, row = find(rows, pk)
        rest = [other for other in rows[to.key] if other.pk != pk]
        if to != source:
            refuse_twice(row.article, to, rows)
            make_way(row.article, to)
            for name, value in to.values.items():
                setattr(row, name, value)
            judge(row)
        position = max(1, min(len(rest) + 1 if position is None else position, len(rest) + 1))
        rest.insert(position - 1, row)
        if to != source:
            row.position = position
            row.save()
        renumber(rest)
    return to, position


def change(*, board: Board, pk: int, values: Mapping[str, Any], seen: Mapping[str, str]) -> models.Model:
    """Give a row its own title, picture, times. Raises PlacingError, and ValidationError for values that cannot be."""
    place, _ = find(read_rows(board), pk)
    with arranging(board, seen=seen, places=[place]) as rows:
        _, row = find(rows, pk)
        for name in place.fields:
            setattr(row, name, values[name])
        row.full_clean()
        row.save()
    return row


def take_off(*, board: Board, pk: int, seen: Mapping[str, str]) -> models.Model:
    """Take a row out of its place. Raises PlacingError."""
    place, _ = find(read_rows(board), pk)
    with arranging(board, seen=seen, places=[place]) as rows:
        _, row = find(rows, pk)
        row.delete()
        renumber([other for other in rows[place.key] if other is not row])
    return row


def add_section(*, board: Board, title: str) -> models.Model:
    """A new section at the end of a topic."""
    with arranging(board, seen={}, places=[]):
        last = board.owner.sections.aggregate(last=models.Max("position"))["last"] or 0
        return board.owner.sections.create(title=title, position=last + 1)


def find(rows: Rows, pk: int) -> tuple[Place, models.Model]:
    """A row of the board and its place. Raises StaleError."""
    for place, places_rows in rows.by_place():
        for row in places_rows:
            if row.pk == pk:
                return place, row
    raise StaleError("这一条刚被别人拿掉了。现在显示的是最新的样子。")


def refuse_twice(article: Article, to: Place, rows: Rows) -> None:
    if any(row.article_id == article.pk and not has_ended(row) for row in rows[to.key]):
        raise PlacingError(f"《{article.title}》已经在“{to.label}”里了，没有再放。")
    for row in rows[to.key]:
        if row.article_id == article.pk:
            raise PlacingError(f"《{article.title}》在“{to.label}”里有一条已结束的：请改它的时间，或先拿掉它。")


def make_way(article: Article, to: Place) -> None:
    """Delete what ended in the place long ago and no screen shows any more, where it stands against the article."""
    if to.model is Placement:
        gone = Placement.objects.filter(ends_at__lte=timezone.now() - REMEMBERED)
        for row in gone.filter(**to.values, article=article):
            row.delete()


def judge(row: models.Model) -> None:
    """Raises PlacingError with what stands against the row."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise PlacingError("".join(dict.fromkeys(error.messages))) from error


def renumber(rows: Iterable[models.Model]) -> None:
    """Save the positions that changed, row by row, as the operation log wants it."""
    for number, row in enumerate(rows, start=1):
        if row.position != number:
            row.position = number
            row.save(update_fields=["position"])

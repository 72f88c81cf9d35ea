"""The slots of the home page: what editors placed there, and what takes an empty place."""

from collections.abc import Iterable
from dataclasses import dataclass

from newsportal.lib.images import Picture

from .models import Article, Placement

Slot = Placement.Slot
PLACES = {Slot.HEADLINE: 1, Slot.CAROUSEL: 5, Slot.PICK: 10}


@dataclass(frozen=True)
class Placed:
    """An article in a slot, under the title and with the picture that the slot gives it."""

    article: Article
    title: str
    picture: Picture | None

    @classmethod
    def by_hand(cls, placement: Placement) -> "Placed":
        photos = [photo for photo in (placement.picture, placement.article.cover) if photo and photo.is_shown]
        picture = photos[0].picture if photos else None
        return cls(placement.article, placement.title or placement.article.title, picture)

    @classmethod
    def by_itself(cls, article: Article) -> "Placed":
        return cls(article, article.title, article.cover.picture if article.cover else None)


def fill_slots(pool: Iterable[Article]) -> dict[str, list[Placed]]:
    """What stands in each slot now, no article twice; `pool`, newest first, takes what is left empty. One query."""
    result: dict[str, list[Placed]] = {slot: [] for slot in PLACES}
    taken: set[int] = set()
    for placement in placements_in_force():
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


def placements_in_force() -> list[Placement]:
    """Placements of public articles, slot by slot in the order of `PLACES`, then as the editors ordered them."""
    # Each article judged here: a database might look for the placed among all that are published.
    rows = Placement.objects.active().filter(slot__in=PLACES)
    rows = rows.select_related("article__channel", "article__cover", "article__source", "article__video", "picture")
    order = list(PLACES)
    rows = rows.defer("article__body", "article__pages").order_by("position", "id")
    return sorted((row for row in rows if row.article.is_published), key=lambda row: order.index(row.slot))

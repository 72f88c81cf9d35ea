"""What stands on the home page at a moment: what editors placed, what is newest, each article once.

The page of readers is this with the moment now, the preview of the back office with one to come.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from .lists import entries, gather_ids, in_order, newest_pks
from .models import Article, Channel, Issue, ListEntry, RankingEntry, Topic
from .placing import PLACES, Placed, Slot, fill_slots, fitting

POOL = 90
HOT, FLASHES, PHOTOS, TOPICS = 10, 8, 5, 3
# Pictures are looked for among so many of the newest: a flood of briefs must not leave the carousel empty.
PICTURED_AMONG = 1000
# Blocks of the first so many channels are large: a lead with picture and a list.
MAJOR_BLOCKS = 4
BLOCK_SIZE = 6
# What stands ahead of the blocks may all be of one channel, which still has a block of its own.
AHEAD_OF_BLOCKS = sum(PLACES.values()) + PHOTOS + HOT + FLASHES

type Known = dict[int, Article]


@dataclass(frozen=True)
class Front:
    """The slots of the home page at a moment, and what the rest of it is chosen from."""

    at: datetime
    slots: dict[str, list[Placed]]
    known: Known
    newest_ids: list[int]
    pictured_ids: list[int]
    gallery_ids: list[int]
    ranked_ids: list[int]
    of_channels: dict[Channel, list[int]]

    @property
    def taken(self) -> set[int]:
        return {placed.article.pk for places in self.slots.values() for placed in places}

    def next_in_line(self, slot: str) -> Article | None:
        """What falls into a slot when one of its articles goes, the others standing as they do."""
        taken = self.taken
        return next(iter(fitting(slot, [article for pk, article in self.known.items() if pk not in taken])), None)


def read_front(at: datetime | None = None) -> Front:
    """The slots as they are at a moment (now). Four queries."""
    at = at or timezone.now()
    channels = list(Channel.objects.shown().order_by("home_order", "nav_group", "nav_order", "id"))
    on_home = [channel for channel in channels if channel.home_order]
    galleries = [channel for channel in channels if channel.kind == Channel.Kind.GALLERY]
    parts = [newest_pks(POOL, at=at), pictured(at), read_most(), *(of_channel(row, at) for row in galleries + on_home)]
    newest_ids, pictured_ids, ranked_ids, *rest = gather_ids(parts)
    gallery_ids = [pk for ids in rest[: len(galleries)] for pk in ids[: PHOTOS * 3]]
    known: Known = {}
    add_missing(known, [*newest_ids, *pictured_ids, *gallery_ids, *ranked_ids], at)
    of_channels = dict(zip(on_home, rest[len(galleries) :], strict=True))
    slots = fill_slots(known.values(), at=at)
    return Front(at, slots, known, newest_ids, pictured_ids, gallery_ids, ranked_ids, of_channels)


def front_page(at: datetime | None = None) -> dict[str, Any]:
    """All that the home page shows at a moment (now), no article twice. Seven queries.

    Slots, then pictures, ranking, rolling news, channel blocks. The ranking is the one that was counted last.
    """
    front = read_front(at)
    known, slots, taken = front.known, front.slots, front.taken
    albums = sorted(known.keys() & front.gallery_ids, key=lambda pk: (known[pk].published_at, pk), reverse=True)
    with_picture = [
        pk for pk in [*albums, *front.newest_ids, *front.pictured_ids] if pk in known and known[pk].has_picture
    ]
    return {
        "at": front.at,
        "headline": next(iter(slots[Slot.HEADLINE]), None),
        "carousel": slots[Slot.CAROUSEL],
        "picks": slots[Slot.PICK],
        "photos": take(with_picture, known, taken, PHOTOS),
        "hot": take([*front.ranked_ids, *front.newest_ids], known, taken, HOT),
        "flashes": take(front.newest_ids, known, taken, FLASHES),
        "blocks": channel_blocks(front.of_channels, known, taken, front.at),
        "topics": list(Topic.objects.shown().select_related("banner")[:TOPICS]),
        "issue": Issue.objects.shown().select_related("cover").first(),
    }


def pictured(at: datetime) -> QuerySet:
    recent = newest_pks(PICTURED_AMONG, at=at)
    found = Article.objects.filter(pk__in=recent, cover__isnull=False).newest_first()
    return found.values_list("pk", flat=True)[: PLACES[Slot.HEADLINE] + PLACES[Slot.CAROUSEL] + PHOTOS]


def read_most() -> QuerySet:
    entries = RankingEntry.objects.filter(period=RankingEntry.Period.DAY).order_by("position")
    return entries.values_list("article_id", flat=True)[: HOT * 3]


def of_channel(channel: Channel, at: datetime) -> QuerySet:
    # From the index of lists alone: fifty rows of each channel would be two thousand pages of the table.
    places = entries(ListEntry.Scope.SITE, 0, channel=channel.pk, at=at)
    return places.values_list("article_id", flat=True)[: AHEAD_OF_BLOCKS + BLOCK_SIZE]


def channel_blocks(ids: dict[Channel, list[int]], known: Known, taken: set[int], at: datetime) -> list[dict[str, Any]]:
    """A block for each channel that has something left, the first ones large. One query."""
    chosen = {channel: [pk for pk in pks if pk not in taken][:BLOCK_SIZE] for channel, pks in ids.items()}
    add_missing(known, [pk for pks in chosen.values() for pk in pks], at)
    filled = [(channel, take(pks, known, taken, BLOCK_SIZE)) for channel, pks in chosen.items()]
    return [
        {"channel": channel, "articles": articles, "is_major": number < MAJOR_BLOCKS}
        for number, (channel, articles) in enumerate(row for row in filled if row[1])
    ]


def add_missing(known: Known, ids: Iterable[int], at: datetime) -> None:
    """Read the articles of these ids that are public at the moment and not known yet. One query."""
    missing = [pk for pk in dict.fromkeys(ids) if pk not in known]
    known |= {article.pk: article for article in in_order(missing, at=at)}


def take(ids: list[int], known: Known, taken: set[int], most: int) -> list[Article]:
    """The first `most` articles of `ids` that stand nowhere on the page yet. Adds them to `taken`."""
    free = [pk for pk in dict.fromkeys(ids) if pk in known and pk not in taken][:most]
    taken.update(free)
    return [known[pk] for pk in free]

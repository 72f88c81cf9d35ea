"""The home page: what editors placed, what is newest, each article once."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.addresses import answers_old_queries
from articles.lists import entries, gather_ids, in_order, newest_pks
from articles.models import Article, Channel, Issue, ListEntry, RankingEntry, Topic
from articles.placing import PLACES, Slot, fill_slots
from newsportal.lib.pagecache import public_page

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


@answers_old_queries
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The home page. Seven queries."""
    return render(request, "home.html", front_page())


def front_page() -> dict[str, Any]:
    """All that the home page shows, no article twice: slots, then pictures, ranking, rolling news, channel blocks."""
    channels = list(Channel.objects.shown().order_by("home_order", "nav_group", "nav_order", "id"))
    on_home = [channel for channel in channels if channel.home_order]
    galleries = [channel for channel in channels if channel.kind == Channel.Kind.GALLERY]
    newest_ids, pictured_ids, ranked_ids, *rest = gather_ids(
        [newest_pks(POOL), pictured(), read_most(), *map(of_channel, galleries + on_home)]
    )
    gallery_ids = [pk for ids in rest[: len(galleries)] for pk in ids[: PHOTOS * 3]]
    known: Known = {}
    add_missing(known, [*newest_ids, *pictured_ids, *gallery_ids, *ranked_ids])
    slots = fill_slots(known.values())
    taken = {placed.article.pk for places in slots.values() for placed in places}
    albums = sorted(known.keys() & gallery_ids, key=lambda pk: (known[pk].published_at, pk), reverse=True)
    with_picture = [pk for pk in [*albums, *newest_ids, *pictured_ids] if pk in known and known[pk].has_picture]
    return {
        "headline": next(iter(slots[Slot.HEADLINE]), None),
        "carousel": slots[Slot.CAROUSEL],
        "picks": slots[Slot.PICK],
        "photos": take(with_picture, known, taken, PHOTOS),
        "hot": take([*ranked_ids, *newest_ids], known, taken, HOT),
        "flashes": take(newest_ids, known, taken, FLASHES),
        "blocks": channel_blocks(dict(zip(on_home, rest[len(galleries) :], strict=True)), known, taken),
        "topics": list(Topic.objects.shown().select_related("banner")[:TOPICS]),
        "issue": Issue.objects.shown().select_related("cover").first(),
    }


def pictured() -> QuerySet:
    recent = newest_pks(PICTURED_AMONG)
    found = Article.objects.filter(pk__in=recent, cover__isnull=False).newest_first()
    return found.values_list("pk", flat=True)[: PLACES[Slot.HEADLINE] + PLACES[Slot.CAROUSEL] + PHOTOS]


def read_most() -> QuerySet:
    entries = RankingEntry.objects.filter(period=RankingEntry.Period.DAY).order_by("position")
    return entries.values_list("article_id", flat=True)[: HOT * 3]


def of_channel(channel: Channel) -> QuerySet:
    # From the index of lists alone: fifty rows of each channel would be two thousand pages of the table.
    places = entries(ListEntry.Scope.SITE, 0, channel=channel.pk)
    return places.values_list("article_id", flat=True)[: AHEAD_OF_BLOCKS + BLOCK_SIZE]


def channel_blocks(ids: dict[Channel, list[int]], known: Known, taken: set[int]) -> list[dict[str, Any]]:
    """A block for each channel that has something left, the first ones large. One query."""
    chosen = {channel: [pk for pk in pks if pk not in taken][:BLOCK_SIZE] for channel, pks in ids.items()}
    add_missing(known, [pk for pks in chosen.values() for pk in pks])
    filled = [(channel, take(pks, known, taken, BLOCK_SIZE)) for channel, pks in chosen.items()]
    return [
        {"channel": channel, "articles": articles, "is_major": number < MAJOR_BLOCKS}
        for number, (channel, articles) in enumerate(row for row in filled if row[1])
    ]


def add_missing(known: Known, ids: Iterable[int]) -> None:
    """Read the public articles of these ids that are not known yet. One query."""
    missing = [pk for pk in dict.fromkeys(ids) if pk not in known]
    known |= {article.pk: article for article in in_order(missing)}


def take(ids: list[int], known: Known, taken: set[int], most: int) -> list[Article]:
    """The first `most` articles of `ids` that stand nowhere on the page yet. Adds them to `taken`."""
    free = [pk for pk in dict.fromkeys(ids) if pk in known and pk not in taken][:most]
    taken.update(free)
    return [known[pk] for pk in free]

"""The home page: what editors placed, what is newest, each article once."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.lists import gather_ids, in_order, newest
from articles.models import Article, Channel, Issue, RankingEntry, Topic
from articles.placing import Slot, fill_slots
from newsportal.lib.pagecache import public_page

POOL = 90
HOT, FLASHES, PHOTOS, TOPICS = 10, 8, 5, 3
# Blocks of the first so many channels are large: a lead with picture and a list.
MAJOR_BLOCKS = 4
BLOCK_SIZE = 6


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The home page. Eight queries."""
    return render(request, "home.html", front_page())


def front_page() -> dict[str, Any]:
    """All that the home page shows, no article twice: slots, then pictures, ranking, channel blocks, rolling news."""
    channels = list(Channel.objects.shown().order_by("home_order", "nav_group", "nav_order", "id"))
    on_home = [channel for channel in channels if channel.home_order]
    galleries = [channel.pk for channel in channels if channel.kind == Channel.Kind.GALLERY]
    published = Article.objects.published().order_by("-published_at", "-id")
    read_most = RankingEntry.objects.filter(period=RankingEntry.Period.DAY).order_by("position")
    gallery_ids, ranked_ids, *block_ids = gather_ids(
        [
            published.filter(channel__in=galleries).values_list("pk", flat=True)[: PHOTOS * 2],
            read_most.values_list("article_id", flat=True)[: HOT * 3],
            *(published.filter(channel=row).values_list("pk", flat=True)[: BLOCK_SIZE * 3] for row in on_home),
        ]
    )
    pool = list(newest()[:POOL])
    pool_ids = [article.pk for article in pool]
    known = {article.pk: article for article in pool}
    missing = {pk for ids in (gallery_ids, ranked_ids, *block_ids) for pk in ids} - known.keys()
    known |= {article.pk: article for article in in_order(sorted(missing))}
    slots = fill_slots(pool)
    taken = {placed.article.pk for places in slots.values() for placed in places}
    with_picture = [pk for pk in [*gallery_ids, *pool_ids] if pk in known and known[pk].cover]
    photos = take(with_picture, known, taken, PHOTOS)
    hot = take([*ranked_ids, *pool_ids], known, taken, HOT)
    blocks = []
    for number, (channel, ids) in enumerate(zip(on_home, block_ids, strict=True)):
        articles = take(ids, known, taken, BLOCK_SIZE)
        if articles:
            blocks.append({"channel": channel, "articles": articles, "is_major": number < MAJOR_BLOCKS})
    return {
        "headline": next(iter(slots[Slot.HEADLINE]), None),
        "carousel": slots[Slot.CAROUSEL],
        "picks": slots[Slot.PICK],
        "photos": photos,
        "hot": hot,
        "blocks": blocks,
        "flashes": take(pool_ids, known, taken, FLASHES),
        "topics": list(Topic.objects.shown().select_related("banner")[:TOPICS]),
        "issue": Issue.objects.shown().select_related("cover").first(),
    }


def take(ids: list[int], known: dict[int, Article], taken: set[int], most: int) -> list[Article]:
    """The first `most` articles of `ids` that stand nowhere on the page yet. Adds them to `taken`."""
    free = [pk for pk in dict.fromkeys(ids) if pk in known and pk not in taken][:most]
    taken.update(free)
    return [known[pk] for pk in free]

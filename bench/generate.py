"""Load a portal with generated articles:

    .venv/bin/python -m bench.generate --articles 10000 --database sqlite --folder /tmp/bench

Prints how many articles a second were loaded: into the tables and lists, and, apart, into the search index.
"""

import argparse
import gc
import json
import multiprocessing
import os
import random
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

from .portal import DATABASES, make_tables, open_portal

BATCH, TOGETHER = 2000, 25
CITIES_PER_PROVINCE, TAGS, AUTHORS, SOURCES, PHOTOS = 2, 1200, 300, 60, 40
DONE = "generated.json"

making: Callable[[int], Any]  # in a process of `ahead`


def main() -> None:
    options = arguments().parse_args()
    open_portal(options.folder, options.database, options.articles)
    generate(options.folder / f"{options.database}-{options.articles}", options.articles)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/bench"), help="for databases and results")  # noqa: S108
    return parser


def generate(var: Path, articles: int, *, end: datetime | None = None) -> dict[str, float]:
    """Fill the portal that is open, unless it is full; seconds of each stage, also written beside the database.

    `end` is when the newest is published: last midnight of UTC by default. Tables are brought up to date in any case.
    What was begun and not finished is refused; a search index that was, is begun again.
    """
    from django.utils import timezone  # after open_portal, as all of the portal

    from articles.models import Article

    make_tables()
    note = var / DONE
    seconds = json.loads(note.read_text()) if note.is_file() else {}
    if not seconds:
        if Article.objects.exists():
            raise SystemExit(f"{var} is half full: delete it (or the database), and start again.")
        end = end or timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
        seconds = {"articles": fill(articles, end)}
        note.write_text(json.dumps(seconds))
    if "search index" not in seconds:
        seconds["search index"] = fill_search(articles)
        note.write_text(json.dumps(seconds))
    for stage, spent in seconds.items():
        print(f"{stage}: {articles} in {spent:.0f} seconds, {articles / spent:.0f} a second")
    return seconds


def fill_search(articles: int) -> float:
    """Index every article for the search, as `rebuild_search` would; seconds. Other processes read and cut texts."""
    from django.db import transaction  # after open_portal, as all of the portal

    from articles import search

    started = time.monotonic()
    search.clear()
    batch = 0
    with ahead(documents_from, articles) as batches, search.bulk_load():
        while first := next(batches, None):
            # At the end of each transaction SQLite writes what it gathered, and has it to merge later.
            with transaction.atomic():
                for documents in chain([first], islice(batches, TOGETHER - 1)):
                    search.write_many(documents, are_new=True)
                    tell("search index", batch, started)
                    batch += 1
    return round(time.monotonic() - started, 1)


def documents_from(first: int) -> list:
    """The documents of so many articles from the id `first` on, their tokens made."""
    from articles import search  # after open_portal, as all of the portal

    rows = search.searchable().filter(pk__gte=first, pk__lt=first + BATCH).order_by("pk")
    documents = [search.document_of(row) for row in rows]
    for document in documents:
        _ = document.tokens
    return documents


def fill(articles: int, end: datetime) -> float:
    """Load everything but the search index; seconds that the articles and their lists took."""
    from articles.counters import refresh_rankings  # after open_portal, as all of the portal
    from articles.listing import recount
    from articles.models import RankingRefresh
    from articles.sitemaps import rebuild_parts

    from .filling import filling, prepared
    from .stock import Stock
    from .writing import Writer

    writer = Writer(Stock.read(), make_cast(), count=articles, end=end)
    started = time.monotonic()

    def tables_from(first: int) -> dict[str, Any]:
        return {name: prepared(rows) for name, rows in writer.batch(first, BATCH).items()}

    with ahead(tables_from, articles) as batches, filling() as insert:
        for batch, tables in enumerate(batches):
            for name, rows in tables.items():
                insert(name, rows)
            tell("articles", batch, started)
        print(f"  indexes ({time.monotonic() - started:.0f} s)", flush=True)
    print(f"  counts ({time.monotonic() - started:.0f} s)", flush=True)
    recount()
    rebuild_parts()
    seconds = round(time.monotonic() - started, 1)
    refresh_rankings(at=end)
    RankingRefresh(pk=1, refreshed_at=end + timedelta(days=3650)).save()
    make_packages(random.Random("packages"))
    return seconds


def tell(stage: str, batch: int, started: float) -> None:
    if batch % TOGETHER == 0:
        print(f"  {stage} {batch * BATCH} ({time.monotonic() - started:.0f} s)", flush=True)


@contextmanager
def ahead(make: Callable[[int], Any], articles: int) -> Iterator[Iterator[Any]]:
    """What `make` makes of the id that each batch begins with, in order, made by processes of their own meanwhile."""
    from django.db import connections  # after open_portal, as all of the portal

    processes = os.cpu_count() or 1

    def results() -> Iterator[Any]:
        made: deque = deque()
        for first in range(1, articles + 1, BATCH):
            made.append(pool.apply_async(work, [first]))
            if len(made) > 2 * processes:
                yield made.popleft().get()
        while made:
            yield made.popleft().get()

    connections.close_all()  # each process opens its own
    gc.freeze()  # what is there stays: collections need not look at it
    with multiprocessing.get_context("fork").Pool(processes, initializer=work_for, initargs=[make]) as pool:
        yield results()


def work_for(make: Callable[[int], Any]) -> None:
    """In a process of `ahead`: keep what it is for, which is inherited and need not be sent."""
    global making
    os.nice(5)  # the process that inserts comes first
    making = make


def work(first: int) -> Any:
    return making(first)


def make_cast():
    """What articles belong to, from the demo: profile, channels, people, sources; and cities and tags in numbers."""
    from about.models import FriendLink, Licence, Page, SiteProfile
    from articles.models import Author, Channel, Source, Tag
    from newsportal.demo import texts
    from regions.models import Region

    from .stock import rare_name
    from .writing import Cast

    site = texts.site()
    profile = SiteProfile.objects.create(**site["profile"])
    Licence.objects.bulk_create(Licence(profile=profile, **row) for row in site["licence"])
    Page.objects.bulk_create(Page(**row) for row in site["page"])
    FriendLink.objects.bulk_create(FriendLink(**row) for row in site["friend_link"])
    channels = Channel.objects.bulk_create(Channel(**row) for row in site["channel"])
    with_articles = [row for row in channels if row.kind != Channel.Kind.LINK]
    with_articles.sort(key=lambda row: row.slug != "express")
    provinces = list(Region.objects.provinces())
    cities = Region.objects.bulk_create(
        Region(code=f"{province.code[:2]}{n}100", name=f"{province.name}{n}市", full_name=f"{province.name}{n}市",
               slug=f"{province.slug}-{n}", parent=province)
        for province in provinces for n in range(1, CITIES_PER_PROVINCE + 1)
    )  # fmt: skip
    own = next(row["name"] for row in site["source"] if row.get("is_own"))
    sources = [Source(name=own, is_own=True), *(Source(name=f"{rare_name(n * 977)}报") for n in range(SOURCES - 1))]
    demo_tags = sorted({tag for _, row in texts.articles() for tag in row["tags"]})
    tags = [*demo_tags, *(rare_name(n * 311 + 7) for n in range(TAGS))][:TAGS]
    authors = [row["name"] for row in site["author"]]
    authors += [f"{rare_name(n * 131 + 3)}" for n in range(AUTHORS - len(authors))]
    return Cast(
        channels=[row.pk for row in with_articles],
        regions=[(row.pk,) for row in provinces] + [(city.pk, city.parent_id) for city in cities],
        tags=[row.pk for row in Tag.objects.bulk_create(Tag(name=name) for name in dict.fromkeys(tags))],
        authors=[row.pk for row in Author.objects.bulk_create(Author(name=n) for n in dict.fromkeys(authors))],
        sources=[row.pk for row in Source.objects.bulk_create(sources)],
        photos=[row.pk for row in make_photos()],
    )


def make_photos() -> list:
    """Pictures of one colour, stored as every upload is."""
    import io

    from PIL import Image

    from articles.models import Photo
    from newsportal.lib.images import PHOTO_WIDTHS, store_picture

    photos = []
    for number in range(PHOTOS):
        file = io.BytesIO()
        Image.new("RGB", (1280, 853), (number * 6, 90, 200 - number * 4)).save(file, "JPEG", comment=str(number))
        file.seek(0)
        data = store_picture(file, folder="photos", widths=PHOTO_WIDTHS)
        values = {"caption": f"图说{number}", "alt": f"纯色的图{number}", "credit": "资料图"}
        photos.append(Photo(data=data, sha256=data["sha256"], width=data["width"], height=data["height"], **values))
    return Photo.objects.bulk_create(photos)


def make_packages(chance: random.Random) -> None:
    """Topics, magazine issues and placements, of the newest articles; an account for the back office."""
    from django.contrib.auth import get_user_model

    from articles.models import Article, Issue, IssueItem, Photo, Placement, Topic, TopicItem, TopicSection

    photo = Photo.objects.first()
    newest = list(Article.objects.published().newest_first().values_list("pk", flat=True)[:400])
    for number in range(12):
        values = {"title": f"专题{number}", "slug": f"topic-{number}", "intro": "导言。", "banner": photo}
        topic = Topic.objects.create(**values, started_on="2026-01-01", is_published=True)
        issue = Issue.objects.create(
            year=2026, number=number + 1, title=f"第{number + 1}期", published_on="2026-01-01", cover=photo,
            is_published=True,
        )  # fmt: skip
        for part in range(3):
            section = TopicSection.objects.create(topic=topic, title=f"分区{part}", position=part)
            picked = chance.sample(newest, k=min(8, len(newest)))
            TopicItem.objects.bulk_create(TopicItem(section=section, article_id=pk) for pk in picked)
        IssueItem.objects.bulk_create(
            IssueItem(issue=issue, article_id=pk, column="要闻", position=n) for n, pk in enumerate(picked)
        )
    placed = zip(Placement.Slot, newest, strict=False)
    Placement.objects.bulk_create(Placement(slot=slot, article_id=pk) for slot, pk in placed)
    get_user_model().objects.create_superuser("chief", password=None)


if __name__ == "__main__":
    main()

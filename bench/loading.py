"""Filling the portal that is open with generated articles. Imported once it is open."""

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
from pathlib import Path
from typing import Any

from django.db import connections
from django.utils import timezone

from articles import search
from articles.counters import refresh_rankings
from articles.listing import recount
from articles.models import Article, RankingRefresh
from articles.search.documents import Document
from articles.sitemaps import rebuild_parts

from .cast import make_cast, make_packages
from .desk import make_desk
from .filling import filling, prepared
from .portal import make_tables
from .stock import Stock
from .stores import make_stores
from .writing import Writer

BATCH = 2000
TEXTS = 200  # different bodies on the desks
TOLD = 25  # batches between two lines of progress
DONE = "generated.json"

making: Callable[[int], Any]  # in a process of `ahead`


def generate(var: Path, articles: int, *, end: datetime | None = None, with_search: bool = True) -> dict[str, float]:
    """Fill the portal that is open, unless it is full; seconds of each stage, also written beside the database.

    `end` is when the newest is published: last midnight of UTC by default. Tables are brought up to date in any case.
    What was begun and not finished is refused; a search index that was, or was left out, is begun again.
    """
    make_tables()
    note = var / DONE
    seconds = json.loads(note.read_text()) if note.is_file() else {}
    if not seconds:
        if Article.objects.exists():
            raise SystemExit(f"{var} is half full: delete it (or the database), and start again.")
        end = end or timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
        seconds = {"articles": fill(articles, end)}
        note.write_text(json.dumps(seconds))
    if "search index" not in seconds and with_search:
        seconds["search index"] = fill_search(articles)
        note.write_text(json.dumps(seconds))
    for stage, spent in seconds.items():
        print(f"{stage}: {articles} in {spent:.0f} seconds, {articles / spent:.0f} a second")
    if "search index" not in seconds:
        print("search index: LEFT OUT (--without-search): searches find nothing and are not measured")
    return seconds


def fill_search(articles: int) -> float:
    """Index every article for the search, as `rebuild_search` would; seconds. Other processes read and cut texts."""
    started = time.monotonic()
    search.clear()
    with ahead(documents_from, articles) as batches, search.bulk_load():
        for batch, documents in enumerate(batches):
            search.write_many(documents, are_new=True)
            tell("search index", batch, started)
    return round(time.monotonic() - started, 1)


def documents_from(first: int) -> list[Document]:
    """The documents of so many articles from the id `first` on, their tokens made."""
    rows = search.searchable().filter(pk__gte=first, pk__lt=first + BATCH).order_by("pk")
    documents = [search.document_of(row) for row in rows]
    for document in documents:
        _ = document.tokens
    return documents


def fill(articles: int, end: datetime) -> float:
    """Load everything but the search index; seconds that the articles and their lists took."""
    cast = make_cast()
    writer = Writer(Stock.read(), cast, count=articles, end=end)
    started = time.monotonic()

    def tables_from(first: int) -> dict[str, Any]:
        return {name: prepared(name, rows) for name, rows in writer.batch(first, BATCH).items()}

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
    make_desk(cast, [writer.text() for _ in range(TEXTS)], articles=articles, end=end)
    make_stores(articles=articles)
    return seconds


def tell(stage: str, batch: int, started: float) -> None:
    if batch % TOLD == 0:
        print(f"  {stage} {batch * BATCH} ({time.monotonic() - started:.0f} s)", flush=True)


@contextmanager
def ahead(make: Callable[[int], Any], articles: int) -> Iterator[Iterator[Any]]:
    """What `make` makes of the id that each batch begins with, in order, made by processes of their own meanwhile."""
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

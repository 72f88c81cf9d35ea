"""What is measured, and how: the addresses of each row of the table, and the writes. Imported once a portal is open."""

import random
import time
from collections.abc import Callable
from itertools import cycle
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from articles import publishing
from articles.lists import in_order, newest_pks
from articles.models import Article, Author, Channel, ListCount, ListEntry, SearchDocument, Source, Tag
from newsportal import chrome, wsgi
from regions.models import Region

from .offices import back_office
from .pages import Row
from .portal import clear_pages
from .stock import Stock, queries

Scope = ListEntry.Scope
HOST = {"host": "127.0.0.1:8000"}
BROWSER = HOST | {"accept-encoding": "gzip, deflate, br"}
DEEP = 20_000
DEEP_PAGE = f"channel, page {DEEP:,} (or the last)"
PER_PAGE = 20
WARM_UP = 3
# Of each row so many addresses, in turn: no page is measured by one address alone.
ADDRESSES = 20
BODY = "<p>新写的一段话，说渡口的缆绳今天换了新的。</p>\n<p>船工师傅说，冬天以前还要再检查一遍。</p>"


def measure(articles: int, *, rounds: int, wanted: str = "") -> list[Row]:
    """Every row whose name holds `wanted`."""
    return in_turn([row for row in rows(articles, ADDRESSES) if wanted in row.name], rounds=rounds)


def in_turn(table: list[Row], *, rounds: int) -> list[Row]:
    """Measure every row, round by round, in an order that changes: what else the machine does falls on all alike."""
    wsgi.settle_memory()
    settings.PAGE_CACHE_CHECK_SECONDS = 3600  # whether something was published is no part of a page's cost
    chance = random.Random("order")
    for round_number in range(-WARM_UP, rounds):
        for row in chance.sample(table, k=len(table)):
            once(row, round_number)
    return table


def once(row: Row, round_number: int) -> None:
    asked = 0

    def count(execute, sql, params, many, context):
        nonlocal asked
        asked += "SAVEPOINT" not in sql
        return execute(sql, params, many, context)

    clear_pages()
    chrome.keeper.get()  # after a write, the next page would make it anew
    with connection.execute_wrapper(count):
        started, cpu = time.perf_counter(), time.process_time()
        size = row.action(round_number + WARM_UP)
        spent, cpu = time.perf_counter() - started, time.process_time() - cpu
    if round_number >= 0:
        row.milliseconds.append(spent * 1000)
        row.cpu.append(cpu * 1000)
        row.queries, row.bytes = max(row.queries, asked), max(row.bytes, size)


def rows(articles: int, most: int) -> list[Row]:
    """Every row of the table, those of parts that the portal does not have left out. `most` addresses each."""
    client = Client(headers=BROWSER)
    chrome.keeper.get()
    pages = addresses(articles, most) | machine_addresses() | search_addresses(articles)
    visits = [Row(name, visit(client, paths)) for name, paths in pages.items() if paths]
    return [*visits, *office_rows(articles, most), *(writes() if has_search_index() else [])]


def office_rows(articles: int, most: int) -> list[Row]:
    """The back office, each page by an account whose work it is."""
    people: dict[str, Client] = {}
    found = []
    for account, name, paths in back_office(articles, most):
        if account not in people:
            people[account] = Client(headers=BROWSER)
            people[account].force_login(get_user_model().objects.get(username=account))
        if paths:
            found.append(Row(name, visit(people[account], paths)))
    return found


def has_search_index() -> bool:
    return SearchDocument.objects.exists()


def left_out() -> str:
    """What is not measured here and why, as a line below the table; empty when all is."""
    told = "There is no search index here (--without-search): searches, publish, change and withdraw are left out."
    return "" if has_search_index() else told


def visit(client: Client, paths: list[str]) -> Callable[[int], int]:
    turn = cycle(paths)

    def action(_: int) -> int:
        path = next(turn)
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        return len(answer.content)

    return action


def addresses(articles: int, most: int) -> dict[str, list[str]]:
    busiest = longest(Scope.SITE)
    channel = Channel.objects.get(pk=busiest[2])
    last = -(-visible(Scope.SITE, 0, channel.pk) // PER_PAGE)
    of_channel = channel.get_absolute_url()
    deep = min(DEEP, max(2, last - 1))
    region = Region.objects.get(pk=longest(Scope.REGION)[1])
    in_region = region.get_absolute_url()
    last_of_region = -(-visible(Scope.REGION, region.pk, 0) // PER_PAGE)
    spread = range(articles // 50, articles, max(1, articles // most))
    some = Article.objects.published().filter(channel__kind=Channel.Kind.NEWS).select_related("channel")
    found = [article for pk in spread if (article := some.filter(pk__gte=pk).order_by("pk").first())]
    days = [timezone.localdate(article.published_at) for article in found]
    return {
        "home": ["/"],
        "channel, page 1": [of_channel],
        "channel, page 2": [f"{of_channel}?page=2"],
        DEEP_PAGE: [f"{of_channel}?page={deep - back}" for back in range(min(most, deep - 1))],
        "channel, last page": last_pages(),
        "region, page 1": [in_region],
        "region, near the last page": [f"{in_region}?page={max(1, last_of_region - back)}" for back in range(1, most)],
        "region and channel": [f"{in_region}?channel={channel.slug}"],
        "all regions": ["/regions/"],
        "rolling, page 1": ["/rolling/"],
        "article": [article.get_absolute_url() for article in found],
        "topic": [f"/topics/topic-{number}/" for number in range(12)],
        "ranking": ["/ranking/"],
        "corrections": ["/corrections/"],
        "archive day": [f"/rolling/{day:%Y/%m/%d}/" for day in days],
        "tag": [Tag.objects.get(pk=longest(Scope.TAG)[1]).get_absolute_url()],
        "author": [Author.objects.get(pk=longest(Scope.AUTHOR)[1]).get_absolute_url()],
        "source": [Source.objects.get(pk=longest(Scope.SOURCE)[1]).get_absolute_url()],
    }  # fmt: skip


def last_pages() -> list[str]:
    """The last page of every channel of news that has several: each holds what is left over, more or less by chance."""
    channels = Channel.objects.shown().filter(kind=Channel.Kind.NEWS)
    last = {channel: -(-visible(Scope.SITE, 0, channel.pk) // PER_PAGE) for channel in channels}
    return [f"{channel.get_absolute_url()}?page={page}" for channel, page in last.items() if page > 1]


def longest(scope: int) -> tuple[int, int, int]:
    """The longest list of a scope; of the site's, the longest channel."""
    counts = ListCount.objects.filter(scope=scope, bucket__lt=1_000_000)
    counts = counts.exclude(channel=0) if scope == Scope.SITE else counts.filter(channel=0)
    lists = counts.values_list("scope", "target", "channel")
    totals: dict[tuple[int, int, int], int] = {}
    for *key, count in lists.values_list("scope", "target", "channel", "count"):
        totals[tuple(key)] = totals.get(tuple(key), 0) + count
    return max(totals, key=totals.get)


def visible(scope: int, target: int, channel: int) -> int:
    standing = ListEntry.objects.filter(scope=scope, target=target, channel=channel, published_at__lte=timezone.now())
    return standing.exclude(expires_at__lte=timezone.now()).aggregate(number=Count("*"))["number"]


def machine_addresses() -> dict[str, list[str]]:
    """Feeds and sitemaps, where the portal has them."""
    wanted = {"feed": ["/feeds/rss.xml"], "sitemap index": ["/sitemap.xml"], "news sitemap": ["/news-sitemap.xml"]}
    client = Client(headers=HOST)
    found = {name: paths for name, paths in wanted.items() if client.get(paths[0]).status_code == 200}
    index = client.get("/sitemap.xml").content.decode() if "sitemap index" in found else ""
    parts = [part.split("</loc>")[0] for part in index.split("<loc>")[1:]]
    parts = [part.removeprefix("http://127.0.0.1:8000") for part in parts]
    # The first is of pages, the last not full.
    return found | ({"sitemap part": parts[1:-1][:20] or parts[1:]} if parts else {})


def search_addresses(articles: int) -> dict[str, list[str]]:
    """Searches of each class, where there is an index to search."""
    if not has_search_index():
        return {}
    search = "/search/"
    narrowed = f"&channel={Channel.objects.get(pk=longest(Scope.SITE)[2]).slug}"
    return {
        f"search, {kind}": [f"{search}?q={quote(q)}{narrowed if kind == 'filtered' else ''}" for q in words]
        for kind, words in queries(Stock.read(), articles).items()
    }


def writes() -> list[Row]:
    """Publishing, changing and withdrawing one article, with all that is derived from it. They leave it withdrawn."""
    channel, source = Channel.objects.get(pk=longest(Scope.SITE)[2]), Source.objects.get(is_own=True)
    region, tags = Region.objects.get(pk=longest(Scope.REGION)[1]), list(Tag.objects.order_by("pk")[:3])
    written: list[Article] = []

    def publish(number: int) -> int:
        article = Article(
            title=f"渡口换缆绳第{number}次", channel=channel, source=source, body=BODY, duty_editor="沈若谷"
        )
        publishing.save_article(article)
        article.regions.set([region])
        article.tags.set(tags)
        publishing.publish(article)
        written.append(article)
        return 0

    changing = in_order(list(newest_pks(1)))[0]

    def change(number: int) -> int:
        changing.body = f"{BODY}\n<p>第{number}次改动。</p>"
        publishing.save_article(changing)
        publishing.index_article(changing)
        return 0

    def withdraw(_: int) -> int:
        if not written:
            publish(0)
        publishing.withdraw(written.pop(), reason="量度")
        return 0

    return [Row("publish", publish), Row("change", change), Row("withdraw", withdraw)]

"""How many queries each page costs: the same literal count with 1 row of everything and with 30.

The counts are of a page that is rendered while what stands around it is known (chrome warm) and the generation of the
page cache was asked for a moment ago. What those two cost is tested below, by itself.
"""

import copy
from collections.abc import Iterator
from datetime import UTC, timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import paging
from articles.tests.clock import StoppedClock
from newsportal import chrome
from newsportal.lib import pagecache

from .samples import NOT_KEPT, Sample, kept_site

pytestmark = pytest.mark.django_db

ARTICLE, HOME, LIST = 9, 12, 8

BUDGETS = {
    # channels; ids of all parts in one union; the articles of the newest, pictures, galleries and ranking;
    # placements; block articles that are not among them; topics; the newest magazine issue
    "home": 7,
    # article with channel, source, cover, video, reads; its regions; tags; credits with authors;
    # events; ids of recommended and hot; those articles; topics
    "articles:article_detail": 8,
    "articles:article_part": 8,
    # channel; counts; articles; ids of hot; hot articles
    "articles:channel_detail": 5,
    # regions; ids of all lists in one union; the articles
    "articles:region_list": 3,
    # region with its province; channels to filter by; counts; the articles; cities; ids of hot; hot articles
    "articles:region_detail": 7,
    # the tag, source or author; counts; the articles; ids of hot; hot articles
    "articles:tag_detail": 5,
    "articles:source_detail": 5,
    "articles:author_detail": 5,
    # counts; articles
    "articles:rolling": 2,
    # count; rows; the day before; the day after
    "articles:archive_day": 4,
    # count; corrections with articles and channels
    "articles:correction_list": 2,
    # ranking entries; their articles
    "articles:ranking": 2,
    # hits; authors; tags; articles
    "articles:search": 4,
    # hits; articles; tags
    "articles:search_suggest": 3,
    # count; topics with banners
    "articles:topic_list": 2,
    # topic with banner; sections; items; articles
    "articles:topic_detail": 4,
    # count; issues with covers
    "articles:issue_list": 2,
    # issue with cover; items; articles; other issues
    "articles:issue_detail": 4,
    # figures; ids; letters with regions; ids of articles about letters; those articles
    "letters:letter_list": 5,
    # the letter with its region and province; events; other letters of the province
    "letters:letter_detail": 3,
    # the page itself
    "about:page_detail": 1,
    # nothing but the form
    "about:staff_search": 0,
    # the person with the region
    "about:staff_detail": 1,
    "preferences": 0,
    "offline": 0,
    "service_worker": 0,
    "manifest": 0,
    "site_qr": 0,
    # the article with its channel
    "article_qr": 1,
    # channels; topics
    "feed_list": 2,
    # articles with channel, source, cover, video; regions; tags; credits with authors
    "site_feed": 4,
    # the channel, region, topic, tag, source or author; ids; and the four
    "channel_feed": 6,
    "region_feed": 6,
    "topic_feed": 6,
    "tag_feed": 6,
    "source_feed": 6,
    "author_feed": 6,
    # the parts of articles; the last letter
    "sitemap_index": 2,
    # channels; regions; topics; issues; pages
    "sitemap_pages": 5,
    # whether there is such a part; its articles with channel and cover
    "sitemap_articles": 2,
    # the last letter, whether there is such a part; its letters
    "sitemap_letters": 2,
    # the articles with channel
    "news_sitemap": 1,
    "robots": 0,
    # article; numbers; threads; ids of their first replies; the replies
    "comments:comment_list": 5,
    # article; best; newest; numbers
    "comments:comment_best": 4,
    # the comment with article and channel; replies
    "comments:comment_detail": 2,
    # the months there are; the days of one
    "comments:report_latest": 2,
    "comments:report_month": 2,
}
# A city has no cities: one query fewer than a province. Poems have their credits with authors: one more. A search for
# nothing: ranking with articles and their tags; one that finds nothing looks for hits, too. Filters: channel, region,
# source. Letters of a region: the region.
MORE = {"/letters/?region=hunan": 1, "/regions/changsha/": -1, "/poemss/": 1, "/search/": -1, "/search/?q=无此一词": 0}


@pytest.fixture(scope="module", params=[1, 30], ids=["one row", "thirty rows"])
def filled(request, django_db_setup, django_db_blocker, module_files) -> Iterator[Sample]:
    with kept_site(django_db_blocker, rows=request.param) as made:
        yield made


@pytest.fixture
def sample(filled, db) -> Sample:
    return copy.deepcopy(filled)


@pytest.fixture
def asked_just_now(settings):
    """The generation of the pages is asked for once and then known for as long as the test runs."""
    settings.PAGE_CACHE_CHECK_SECONDS = 3600
    pagecache.current_generation()


def queries_of(client, path: str) -> list[str]:
    """The queries of a page that is not kept, chrome and generation known."""
    caches["pages"].clear()
    chrome.keeper.get()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries]


def test_every_public_page_has_a_budget(sample):
    assert set(BUDGETS) == {name.split()[0] for name in sample.public}


def test_every_page_costs_what_it_may(client, sample, asked_just_now):
    counted = {path: len(queries_of(client, path)) for path in sample.public.values()}

    expected = {path: BUDGETS[name.split()[0]] + more(path) for name, path in sample.public.items()}
    assert counted == expected


def more(path: str) -> int:
    """How many queries this address costs beyond its route's budget."""
    path = path.removeprefix("/hant")
    filters = 3 if path.startswith("/search/") and "&region=" in path else 0
    # PostgreSQL first asks how long a span of time holds enough articles.
    spans = 1 if connection.vendor == "postgresql" and path.startswith("/search/") and "q=" in path else 0
    return MORE.get(path, 0) + filters + spans


# The counts of the days of a month: in the lists that are counted by day.
DEEP = ["/rolling/", "/background/"]


@pytest.mark.parametrize("filled", [1], indirect=True)
def test_a_deep_page_costs_one_query_more(client, sample, asked_just_now, monkeypatch):
    near = {path: len(queries_of(client, f"{path}?page=3")) for path in DEEP}
    monkeypatch.setattr(paging, "NEAR", 0)
    deep = {path: len(queries_of(client, f"{path}?page=3")) for path in DEEP}
    assert near == {"/rolling/": BUDGETS["articles:rolling"], "/background/": BUDGETS["articles:channel_detail"]}
    assert deep == {path: count + 1 for path, count in near.items()}


def test_the_budgets_of_the_project():
    assert BUDGETS["home"] <= HOME
    assert max(BUDGETS["articles:article_detail"], BUDGETS["articles:article_part"]) <= ARTICLE
    others = {name: count for name, count in BUDGETS.items() if name != "home" and not name.startswith("articles:arti")}
    assert max(others.values()) <= LIST


def test_a_cold_chrome_costs_seven_more(client, sample, asked_just_now):
    """Profile; navigation; licences; regions; footer pages; friend links: once a generation and process."""
    for path in ("/", sample.article.get_absolute_url(), "/newss/"):
        warm = len(queries_of(client, path))
        caches["pages"].clear()
        chrome.keeper.forget()
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        assert len(queries) == warm + 7


def test_a_new_generation_costs_five_once(client, sample, settings):
    """The generation; and when it is new: the next publication, expiry, start and end of a placement."""
    settings.PAGE_CACHE_CHECK_SECONDS = 0
    with CaptureQueriesContext(connection) as queries:
        pagecache.current_generation()
    assert len(queries) == (5 if uses_database_cache() else 4)
    with CaptureQueriesContext(connection) as queries:
        pagecache.current_generation()
    assert len(queries) == (1 if uses_database_cache() else 0)


def uses_database_cache() -> bool:
    """Whether the generation is in the database; with Redis it costs no query at all."""
    return type(caches["shared"]).__name__ == "DatabaseCache"


def test_a_kept_page_costs_one_query_at_most(client, sample, settings):
    for name, path in sample.public.items():
        if name.split()[0] in NOT_KEPT:
            continue
        settings.PAGE_CACHE_CHECK_SECONDS = 0
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        assert len(queries) == (1 if uses_database_cache() else 0), path
        assert all("shared_cache" in query["sql"] for query in queries), path

        settings.PAGE_CACHE_CHECK_SECONDS = 3600
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        assert len(queries) == 0, path


def test_what_is_not_there_is_cheap(client, sample, asked_just_now):
    """An unknown article: the article; its former address. An unknown channel, tag or page of a list: that, and whether
    the address is an old one; no more."""
    chrome.keeper.get()
    unknown = {
        "/newss/2026/1101/999999.html": 2,
        "/none/": 2,
        "/tags/none/": 2,
        "/none/none/": 1,
        "/rolling/?page=99": 2,
        "/rolling/2999/01/01/": 1,
        "/regions/none/": 2,
        "/staff/abcdefghijkl/": 2,
    }
    counted = {}
    for path in unknown:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 404
        counted[path] = len(queries)
    assert counted == unknown


def test_a_counted_read_has_a_budget(client, sample, monkeypatch):
    """Article; claim of the mark, savepoints around its making; two counters; the ranking's claim; the total."""
    # Shortly after midnight the mark of the day before is looked for too.
    noon = timezone.localtime().replace(hour=12) + timedelta(days=1)
    StoppedClock(monkeypatch, start=noon.astimezone(UTC))
    reads = f"/reads/{sample.article.pk}/"
    agent = {"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/132.0"}
    client.post(reads, headers=agent, REMOTE_ADDR="203.0.113.1")  # makes the counters, refreshes the ranking
    counted = []
    for address in ("203.0.113.2", "203.0.113.2"):
        with CaptureQueriesContext(connection) as queries:
            client.post(reads, headers=agent, REMOTE_ADDR=address)
        counted.append(len([query for query in queries if "SAVEPOINT" not in query["sql"]]))
    assert counted == [8, 6]

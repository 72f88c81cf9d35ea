"""No main query scans or sorts a table that grows: what the database itself says that it would do.

SQLite is asked without statistics, as a fresh site is. PostgreSQL would rightly scan tables as small as a test's, so
there every growing table is made large first, and the planner is told to prefer indexes: what it then still scans or
sorts has no index that would serve.
"""

import copy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from articles import paging
from articles.counters import hot_scores, purge_marks, reads_of, window_reads
from articles.listing import place, recount, retire_expired
from articles.lists import of_day
from articles.models import Article
from articles.publishing import next_change
from articles.pushing import LEASE, claim, engines, recall
from articles.related import kin
from newsportal import chrome

from .samples import Sample, kept_site

pytestmark = pytest.mark.django_db

GROWING = {
    "articles_article",
    "articles_listcount",
    "articles_listentry",
    "articles_hourlyreads",
    "articles_articlereads",
    "articles_relatedarticle",
    "articles_articleterm",
    "articles_readmark",
    "articles_articlephoto",
    "articles_oldaddress",
    "articles_linkpush",
}
# PostgreSQL knows how many rows it will find, and rightly sorts so many rather than walk an index.
FEW = 200
# Reads a known few rows, each by its number.
BY_KEY = "by key"
# The index of a unique constraint, which SQLite names itself.
COUNTS = "list_count_once" if connection.vendor == "postgresql" else "sqlite_autoindex_articles_listcount_1"


@dataclass(frozen=True)
class Access:
    """How one table of a plan is read: by which index (BY_KEY for its primary key, "" for a scan of all of it)."""

    table: str
    index: str
    is_sorted: bool  # whether its rows are sorted afterwards, all of them


MANY = 20_000
# For PostgreSQL: rows that look like years of a busy site, made from one article by the server itself.
CROWD = [
    """
    INSERT INTO articles_article ({columns})
    SELECT {values} FROM (SELECT * FROM articles_article ORDER BY id LIMIT 1) AS row, generate_series(1, %(many)s) AS n
    """,
    # Else the planner takes the table for empty, and joins it to itself row by row.
    "ANALYZE articles_article",
    """
    INSERT INTO articles_listentry (scope, target, channel, article_id, published_at)
    SELECT scope, 1000 + id %% 40, 0, id, published_at FROM articles_article, generate_series(2, 4) AS scope
    """,
    """
    INSERT INTO articles_listentry (scope, target, channel, article_id, published_at)
    SELECT 1, region.id, channel, article.id, published_at
    FROM regions_region AS region, articles_article AS article, unnest(ARRAY[0, channel_id]) AS channel
    WHERE region.slug IN ('hunan', 'hubei')
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO articles_listentry (scope, target, channel, article_id, published_at, expires_at)
    SELECT 0, 0, channel, id, published_at, expires_at
    FROM articles_article, unnest(ARRAY[0, channel_id]) AS channel WHERE status = 'published'
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO articles_hourlyreads (article_id, hour, reads)
    SELECT id, date_trunc('hour', now()) - (1 + id %% 5000) * interval '1 hour', 3 FROM articles_article
    """,
    """
    INSERT INTO articles_readmark (article_id, reader, counted_at)
    SELECT id, decode(md5(id::text), 'hex'), now() - id * interval '1 minute' FROM articles_article
    """,
    """
    INSERT INTO articles_relatedarticle (article_id, other_id, score)
    SELECT id, id - 50 - step, 1.0 / step FROM articles_article, generate_series(1, 4) AS step
    WHERE id - 50 - step IN (SELECT id FROM articles_article)
    """,
    """
    INSERT INTO articles_relatedarticle (article_id, other_id, score)
    SELECT article.id, other.id, 1.0 / other.id
    FROM (SELECT id FROM articles_article ORDER BY id LIMIT 5) AS article, articles_article AS other
    WHERE other.id > article.id + 10
    ON CONFLICT DO NOTHING
    """,
    "INSERT INTO articles_articleterm (article_id, term) SELECT id, 'w' || id %% 300 FROM articles_article",
    "INSERT INTO articles_articlereads (article_id, total) SELECT id, 9 FROM articles_article ON CONFLICT DO NOTHING",
    """
    INSERT INTO articles_oldaddress (path, target, article_id, created_at)
    SELECT id::text, '', id, now() FROM articles_article
    """,
    """
    INSERT INTO articles_linkpush (target, url, attempts, last_error, delivered_at, next_attempt_at)
    SELECT 'indexnow', id::text, 1, '', now(), CASE WHEN id %% 500 = 0 THEN now() - id * interval '1 second' END
    FROM articles_article
    """,
    "ANALYZE",
]


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker, module_files) -> Iterator[Sample]:
    """The site, made once for all these tests: its crowd takes a while. A test undoes only what it does itself."""
    with kept_site(django_db_blocker) as made:
        if connection.vendor == "postgresql":
            crowd()
            # Now and not after each test: the crowd's rows wait to be looked at.
            connection.check_constraints()
        yield made


@pytest.fixture
def sample(filled, db) -> Sample:
    return copy.deepcopy(filled)


def crowd() -> None:
    changed = {
        "published_at": "row.published_at - (100 + n) * interval '10 minutes'",
        # One in a hundred has an end, years ahead.
        "expires_at": "CASE WHEN n % 100 = 0 THEN now() + n * interval '1 hour' END".replace("%", "%%"),
        "channel_id": "(SELECT id FROM articles_channel ORDER BY id OFFSET n % 6 LIMIT 1)".replace("%", "%%"),
        "cover_id": "CASE WHEN n % 2 = 0 THEN row.cover_id END".replace("%", "%%"),
    }
    columns = [column.column for column in Article._meta.local_concrete_fields if not column.primary_key]
    values = [changed.get(column, f"row.{column}") for column in columns]
    with connection.cursor() as cursor:
        for sql in CROWD:
            cursor.execute(sql.format(columns=", ".join(columns), values=", ".join(values)), {"many": MANY})
    recount()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def plans_of(function: Callable) -> list[tuple[str, list[Access]]]:
    """(query, accesses) of every query that reads a growing table while the function runs."""
    asked: list[tuple[str, tuple]] = []

    def note(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        function()
    explain = {"sqlite": explain_sqlite, "postgresql": explain_postgresql}[connection.vendor]
    kinds = ("SELECT", "(SELECT", "DELETE", "UPDATE", "WITH")
    found = [(sql, explain(sql, params)) for sql, params in asked if sql.startswith(kinds)]
    reading = [(sql, [access for access in accesses if access.table in GROWING]) for sql, accesses in found]
    return [(sql, accesses) for sql, accesses in reading if accesses]


# --- SQLite ---


def explain_sqlite(sql: str, params) -> list[Access]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        rows = cursor.fetchall()
    aliases = {alias: table for table, alias in re.findall(r'"(\w+)"(?: AS)? "(\w+)"', sql) if table in GROWING}
    # A plan with the same parent is one select: what it sorts is what it reads.
    sorting = {parent for _, parent, _, detail in rows if re.match(r"USE TEMP B-TREE FOR (ORDER|GROUP) BY", detail)}
    return [
        Access(aliases.get(match[1], match[1]), sqlite_index(match[2]), parent in sorting)
        for _, parent, _, detail in rows
        if (match := re.match(r"(?:SCAN|SEARCH) (\w+)(.*)", detail))
    ]


def sqlite_index(words: str) -> str:
    """The index that a line of a plan names. A scan along an index reads all of it too."""
    if "PRIMARY KEY (rowid=" in words or "PRIMARY KEY (rowid>? AND rowid<?)" in words:
        return BY_KEY
    named = re.match(r" USING (?:COVERING )?INDEX (\w+) \(", words)
    return named[1] if named else ""


# --- PostgreSQL ---


def explain_postgresql(sql: str, params) -> list[Access]:
    with connection.cursor() as cursor:
        for what in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{what} = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (answer,) = cursor.fetchone()
        cursor.execute("RESET ALL")
    plan = json.loads(answer) if isinstance(answer, str) else answer
    return list(accesses_of(plan[0]["Plan"], is_sorted=False))


def accesses_of(node: dict, *, is_sorted: bool) -> Iterator[Access]:
    """The accesses below a node of a plan; `is_sorted` when what the node delivers is sorted further up."""
    if (table := node.get("Relation Name")) and node["Node Type"] != "ModifyTable":
        # Without a condition, an index is read from end to end: a scan.
        index = node["Index Name"] if "Index Cond" in node else ""
        yield Access(table, BY_KEY if index.endswith("_pkey") else index, is_sorted)
    for child in node.get("Plans", []):
        sorts = node["Node Type"] == "Sort" and child["Plan Rows"] > FEW
        yield from accesses_of(child, is_sorted=sorts or (is_sorted and not apart(node, child)))


def apart(node: dict, child: dict) -> bool:
    """Whether the rows of the child do not reach those of the node: a subquery, a limit, the test of an EXISTS."""
    is_test = node.get("Join Type") in {"Semi", "Anti"} and child.get("Parent Relationship") == "Inner"
    return is_test or child.get("Parent Relationship") in {"SubPlan", "InitPlan"} or child["Node Type"] == "Limit"


# --- What is asked of them ---


def uses_indexes(function: Callable, *expected: str, without: str = "") -> None:
    """Every growing table is read by its key or along an index that gives the order; and all of `expected` are used.

    The index `without` is not: it would give the order, of far more than is wanted.
    """
    plans = plans_of(function)
    used = {access.index for _, accesses in plans for access in accesses}
    for sql, accesses in plans:
        for access in accesses:
            # A count stops at its cap. PostgreSQL, knowing that most rows match, may begin it anywhere.
            if connection.vendor == "postgresql" and sql.startswith("SELECT COUNT(*) FROM (") and " LIMIT " in sql:
                continue
            assert access.index, f"scans {access.table}: {sql}"
            assert access.index == BY_KEY or not access.is_sorted, f"sorts {access.table}: {sql}"
    assert set(expected) <= used, used
    assert without not in used, used


@pytest.fixture
def visit(client, sample, settings):
    """A page rendered with nothing kept but its surroundings."""
    settings.PAGE_CACHE_CHECK_SECONDS = 3600
    chrome.keeper.get()

    def visit(path: str) -> Callable:
        def render():
            caches["pages"].clear()
            assert client.get(path).status_code == 200

        return render

    return visit


def test_home(visit):
    uses_indexes(visit("/"), "list_entry_newest", BY_KEY, without="article_newest")


def test_channel(visit):
    uses_indexes(visit("/newss/"), COUNTS, "list_entry_newest", "list_entry_expiry", BY_KEY)
    uses_indexes(visit("/background/?page=2"), "list_entry_newest", BY_KEY)


def test_regions(visit):
    uses_indexes(visit("/regions/"), "list_entry_newest", BY_KEY)
    uses_indexes(visit("/regions/hunan/"), "list_entry_newest", BY_KEY)
    uses_indexes(visit("/regions/hunan/?channel=newss"), "list_entry_newest")


def test_tag_source_and_author(visit, sample):
    for route in ("articles:tag_detail", "articles:source_detail", "articles:author_detail"):
        uses_indexes(visit(sample.addresses[route][0]), "list_entry_newest", BY_KEY)


def test_rolling_and_the_archive(visit, sample):
    uses_indexes(visit("/rolling/"), COUNTS, "list_entry_newest", "list_entry_expiry", BY_KEY)
    uses_indexes(visit("/rolling/?page=2"), "list_entry_newest", BY_KEY)
    uses_indexes(visit(sample.addresses["articles:archive_day"][0]), "article_newest")
    uses_indexes(lambda: list(of_day(timezone.localdate())), "article_newest")


def test_deep_pages(visit, monkeypatch):
    """The months, the days of one of them, and a range of the list."""
    monkeypatch.setattr(paging, "NEAR", 0)
    for path in ("/rolling/?page=3", "/background/?page=4"):
        uses_indexes(visit(path), COUNTS, "list_entry_newest", "list_entry_expiry", BY_KEY)


def test_publishing_reads_the_places_of_its_articles_alone(sample):
    uses_indexes(lambda: place([sample.article.pk]), BY_KEY)
    uses_indexes(retire_expired, "list_entry_expiry")


def test_article(visit, sample):
    for path in [*sample.addresses["articles:article_detail"], *sample.addresses["articles:article_part"]]:
        uses_indexes(visit(path), "related_best", "list_entry_newest", BY_KEY)


def test_topics_magazine_and_ranking(visit):
    for path in ("/topics/", "/topics/topic-0/", "/magazine/", "/magazine/2026-1/", "/ranking/"):
        uses_indexes(visit(path))


def test_every_other_public_page(visit, sample):
    for path in sample.public.values():
        uses_indexes(visit(path))


def test_feeds_and_sitemaps(visit, sample):
    uses_indexes(visit("/feeds/rss.xml"), "article_newest")
    for kind in ("channel", "region", "tag", "source", "author"):
        uses_indexes(visit(sample.addresses[f"{kind}_feed"][0]), "list_entry_newest", BY_KEY)
    uses_indexes(visit(sample.addresses["sitemap_articles"][0]), BY_KEY)
    uses_indexes(visit("/news-sitemap.xml"), "article_newest")


def test_the_queue_of_pushes(sample, settings):
    settings.INDEXNOW_KEY = "0123456789abcdef"
    (engine,) = engines()
    uses_indexes(lambda: claim(engine, until=timezone.now() + LEASE), "link_push_due")
    uses_indexes(lambda: recall(engine, ["/newss/2026/1101/1.html"]))


def test_a_former_address(sample, client):
    uses_indexes(lambda: client.get("/newss/2026/1101/999999.html"), BY_KEY)


def test_the_next_change(sample):
    uses_indexes(next_change, "article_newest", "article_expiry")


def test_the_beacon(sample, client):
    headers = {"user-agent": "Mozilla/5.0 Firefox/132.0"}
    uses_indexes(lambda: reads_of(sample.article))
    client.post(f"/reads/{sample.article.pk}/", headers=headers)
    uses_indexes(lambda: client.post(f"/reads/{sample.article.pk}/", headers=headers), BY_KEY)


def test_rankings_read_only_their_window(sample):
    """They sum what they read, so they sort it; but only the hours of the window."""
    now = timezone.now()
    for function in (lambda: window_reads(now - timedelta(days=1)), lambda: hot_scores(now)):
        plans = plans_of(function)
        indexes = {access.index for _, accesses in plans for access in accesses if access.table.endswith("hourlyreads")}
        assert indexes == {"hourly_reads_window"}


def test_old_marks_are_found_by_age(sample):
    uses_indexes(lambda: purge_marks(most=500), "read_mark_age", BY_KEY)


def test_kin_are_found_word_by_word(sample):
    uses_indexes(lambda: kin(sample.article, ["渡口", "缆绳"]), "article_term_newest", "list_entry_newest", BY_KEY)


def test_the_back_office_finds_drafts(sample):
    uses_indexes(lambda: list(Article.objects.filter(status="draft").order_by("-id")[:50]), "article_unpublished")


def test_the_back_office_counts_drafts_and_finds_what_used_ai(sample):
    other = Article.objects.exclude(channel=sample.article.channel).values_list("channel_id", "source_id")[0]
    Article.objects.bulk_create(
        Article(title="草稿", channel_id=other[0], source_id=other[1], status="draft") for _ in range(3000)
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE articles_article")
    drafts = Article.objects.filter(status="draft", channel=sample.article.channel)
    uses_indexes(drafts.count, "article_drafts")
    uses_indexes(lambda: list(Article.objects.filter(ai_use="generated").order_by("-id")[:50]), "article_ai")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL decides by what was vacuumed")
def test_the_back_office_counts_from_indexes_alone(sample):
    now = timezone.now()
    public = Article.objects.filter(status="published", published_at__lte=now).exclude(expires_at__lte=now)
    drafts = Article.objects.filter(status="draft", channel=sample.article.channel)
    for rows, index in ((public, "article_newest"), (drafts, "article_drafts")):
        assert f"USING COVERING INDEX {index}" in rows.order_by().values("pk").explain()


def test_a_scan_and_a_sort_would_be_noticed(sample):
    """The measure itself: queries without an index are caught."""
    by_title = Article.objects.order_by("title").values_list("pk", flat=True)
    (_, accesses), *_ = plans_of(lambda: list(by_title[:5]))
    assert [(access.table, access.index) for access in accesses] == [("articles_article", "")]
    by_state = Article.objects.filter(status="published", published_at__lte=timezone.now()).order_by("title")
    (_, accesses), *_ = plans_of(lambda: list(by_state[:5]))
    assert [access.is_sorted for access in accesses] == [True]
    with pytest.raises(AssertionError, match=r"scans|sorts"):
        uses_indexes(lambda: list(by_title[:5]))

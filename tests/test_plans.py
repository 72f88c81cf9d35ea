"""No main query scans or sorts a table that grows: what the database itself says that it would do.

SQLite is asked without statistics, as a fresh site is. PostgreSQL would rightly scan tables as small as a test's, so
there every growing table is made large first, and the planner is told to prefer indexes: what it then still scans or
sorts has no index that would serve.
"""

import copy
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from articles import beats, paging, preflight
from articles.counters import hot_scores, purge_marks, reads_of, window_reads
from articles.listing import place, retire_expired
from articles.lists import of_day
from articles.models import Article, Beat
from articles.publishing import next_change
from articles.pushing import LEASE, claim, engines, recall
from articles.related import kin
from articles.tests.factories import make_member
from newsportal import chrome
from regions.models import Region

from .plans import BY_KEY, crowd, plans_of
from .samples import Sample, kept_site

pytestmark = pytest.mark.django_db

# The index of a unique constraint, which SQLite names itself.
COUNTS = "list_count_once" if connection.vendor == "postgresql" else "sqlite_autoindex_articles_listcount_1"

REVISIONS = "revision_once" if connection.vendor == "postgresql" else "sqlite_autoindex_articles_revision_1"


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


def test_corrections(visit):
    uses_indexes(visit("/corrections/"), "article_event_kind")


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


def test_the_check_before_publication_walks_the_newest(sample):
    article = sample.article
    article.body = f'<p><a href="{article.get_absolute_url()}">见此</a></p>'
    uses_indexes(lambda: preflight.findings(article), "article_newest", BY_KEY)


def test_the_last_revision_is_found_by_its_number(sample):
    uses_indexes(lambda: sample.article.revisions.order_by("-number").first(), REVISIONS)


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


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL gathers what it knows to be few")
def test_the_list_of_whoever_has_beats_is_walked_from_the_newest(sample):
    """By the key, row by row: gathered by channel, hundreds of thousands would be read and sorted for one page."""
    user = make_member("beats")
    for channel, region in ((sample.article.channel, None), (None, Region.objects.get(slug="hunan"))):
        Beat.objects.create(user=user, channel=channel, region=region)
    plan = Article.objects.filter(beats.within(user)).order_by("-id").values("pk")[:50].explain()
    assert "SCAN articles_article\n" in plan
    assert "SEARCH articles_article USING" not in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of SQLite tests/test_newsroom_plans.py asks more")
def test_the_newsroom_finds_what_waits_without_a_look_at_all_articles(sample, client):
    """By state and step; the articles of what waits are looked up one by one."""
    client.force_login(make_member("signs", is_staff=True, groups=["责任编辑"]))
    plans = plans_of(lambda: client.get("/admin/articles/review/"))
    (shown,) = [accesses for sql, accesses in plans if sql.startswith('SELECT "articles_review"')]
    read = {(access.table, access.index) for access in shown}
    assert ("articles_review", "review_queue") in read
    assert {index for table, index in read if table != "articles_review"} == {BY_KEY}


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

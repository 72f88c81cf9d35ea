"""The benchmark's generator and its tables, in the small: every run the same, and a portal that is right in itself."""

import random
import re
import sys
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from articles import reviews, revisions, trace
from articles.counters import refresh_rankings
from articles.listing import recount, wrong_counts
from articles.models import Article, ArticleTerm, Channel, ListEntry, Photo, RelatedArticle, Review, Signature
from articles.rendering import render_pages
from bench import cast, loading, run
from bench.cast import make_cast, make_packages
from bench.desk import make_desk
from bench.filling import FILLED, copy_text, escaped, insert_sqlite, prepared, reset_sequences
from bench.pages import Row, compare, markdown
from bench.people import CHIEF, FIRST, OF_CHANNEL, OF_FLASHES, OF_REGION, SECOND
from bench.pictures import ARTICLES_PER_PHOTO
from bench.stock import Stock, queries, rare_name
from bench.stores import make_stores
from bench.visits import left_out, once, rows
from bench.writing import SCHEDULED, Writer
from members.models import Operation
from newsportal.lib.html import clean_html, photo_ids

END = datetime(2026, 11, 20, tzinfo=UTC)
ARTICLES = 200


@pytest.fixture(scope="module")
def stock() -> Stock:
    return Stock.read()


@pytest.fixture
def writer(db, stock, monkeypatch) -> Writer:
    monkeypatch.setattr(cast, "PHOTOS", 3)
    return Writer(stock, make_cast(), count=ARTICLES, end=END)


@pytest.fixture
def portal(writer):
    """A generated portal; its rows inserted one by one, for a test's transaction must hold them."""
    for batch in batches(writer):
        for table, values in batch.items():
            insert(table, values)
    reset_sequences()
    recount()
    refresh_rankings(at=END)
    make_packages(random.Random("packages"))
    make_desk(writer.cast, [writer.text() for _ in range(3)], articles=ARTICLES, end=END)
    make_stores(articles=ARTICLES)
    return writer


def batches(writer: Writer) -> list[dict[str, list[tuple]]]:
    return [writer.batch(first, 70) for first in range(1, ARTICLES + 1, 70)]


def insert(table: str, values: list[tuple]) -> None:
    marks = ", ".join(["%s"] * len(FILLED[table]))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({', '.join(FILLED[table])}) VALUES ({marks})", values)  # noqa: S608


def test_the_same_seed_writes_the_same_articles(writer, stock):
    once_more = Writer(stock, writer.cast, count=ARTICLES, end=END)
    other = Writer(stock, writer.cast, count=ARTICLES, end=END, seed="another")
    first = batches(writer)
    assert [len(batch["articles_article"]) for batch in first] == [70, 70, 60]
    assert first == batches(once_more)
    assert first != batches(other)


def test_bodies_are_what_the_portal_would_have_made(portal):
    for article in Article.objects.all()[:30]:
        assert clean_html(article.body) == article.body
        assert render_pages(article.body) == article.rendered
        assert 300 <= article.characters <= 1000


def test_the_lists_are_what_publishing_would_have_made(portal):
    assert Article.objects.count() == ARTICLES + ARTICLES // 5
    assert wrong_counts() == 0
    # The lists of the site, of regions, tags, authors and sources; every article in its places.
    call_command("rebuild_lists", check=True)
    assert set(ListEntry.objects.values_list("scope", flat=True)) == {0, 1, 2, 3, 4}
    assert ArticleTerm.objects.exists()
    assert RelatedArticle.objects.exists()
    assert Article.objects.filter(status="published", published_at__gt=END).count() > SCHEDULED // 2


def test_flashes_are_the_longest_channel(portal):
    express = Channel.objects.get(slug="express").articles.count()
    assert 0.3 * ARTICLES < express < 0.6 * ARTICLES


def test_words_are_as_frequent_as_they_are_said_to_be(writer, stock):
    names = [rare_name(number) for number in range(5000)]
    assert len(set(names)) == 5000
    bodies = [row[FILLED["articles_article"].index("body")] for row in writer.batch(1, ARTICLES)["articles_article"]]
    by_kind = queries(stock, ARTICLES)
    assert set(by_kind) == {"frequent", "rare", "two characters", "phrase", "filtered", "none"}
    occur = {
        kind: [sum(word.strip('"') in body for body in bodies) for word in words] for kind, words in by_kind.items()
    }
    assert min(occur["frequent"]) > max(2, max(occur["none"]))
    assert max(occur["none"]) == 0
    assert all(occur["rare"])
    assert all(len(word) == 2 for word in by_kind["two characters"])


def test_copy_escapes_what_it_must():
    assert [escaped(value) for value in (None, 'a\tb\n\\"', 3)] == [None, 'a\\tb\\n\\\\"', 3]
    assert copy_text([(None, "渡口", 3), (1.5, True, "")]).decode() == "None\t渡口\t3\n1.5\tTrue\t\n"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="for SQLite")
def test_sqlite_takes_rows_many_at_a_statement(db, writer):
    batch = writer.batch(1, ARTICLES - 30)
    for table in ("articles_photo", "articles_article", "articles_articleterm"):
        insert_sqlite(table, prepared(table, batch[table]))
    assert Article.objects.count() == ARTICLES - 30
    assert set(ArticleTerm.objects.values_list("article_id", "term")) == set(batch["articles_articleterm"])


def test_every_row_of_the_table_can_be_measured(portal):
    call_command("rebuild_search", verbosity=0)
    table = rows(ARTICLES, 3)
    names = [row.name for row in table]
    assert len(names) == len(set(names))
    wanted = {"home", "channel, page 1", "article", "topic", "ranking", "publish", "withdraw", "search, rare"}
    for office in ("chief", "one channel's editor", "the largest channel's editor", "one province's editor"):
        wanted |= {f"{office}: {page}" for page in ("articles", "queue", "events", "dashboard", "placements")}
    wanted |= {
        "chief: published article",
        "chief: article under review",
        "chief: review page",
        "chief: photos",
        "chief: desk, home",
        "chief: autocomplete tag, one character",
    }
    wanted |= {
        "reporter: queue, mine",
        "first review: queue",
        "second review: queue",
        "operator: operation log",
        "operator: members",
    }
    assert wanted <= set(names)
    for row in table:
        once(row, 0)
    assert all(len(row.milliseconds) == 1 and row.milliseconds[0] > 0 for row in table)
    by_name = {row.name: row for row in table}
    assert by_name["home"].queries == 7
    assert by_name["home"].bytes > 10_000
    assert not Article.objects.filter(title__startswith="渡口换缆绳", status="published").exists()
    assert left_out() == ""


def test_what_needs_the_search_index_is_left_out_without_it(portal):
    names = {row.name for row in rows(ARTICLES, 3)}
    assert "chief: articles" in names
    assert not {name for name in names if name.startswith(("search, ", "publish", "change", "withdraw"))}
    assert "publish, change and withdraw are left out" in left_out()
    assert markdown([], title="SQLite", note=left_out()).splitlines()[-1] == left_out()


def test_the_generator_leaves_the_search_index_out_and_says_so(monkeypatch, tmp_path, capsys):
    for name, value in (("make_tables", lambda: None), ("fill", lambda *_: 2.0), ("fill_search", lambda _: 4.0)):
        monkeypatch.setattr(loading, name, value)
    monkeypatch.setattr(loading.Article.objects, "exists", lambda: False)
    assert loading.generate(tmp_path, 100, with_search=False) == {"articles": 2.0}
    assert capsys.readouterr().out.splitlines() == [
        "articles: 100 in 2 seconds, 50 a second",
        "search index: LEFT OUT (--without-search): searches find nothing and are not measured",
    ]
    assert loading.generate(tmp_path, 100) == {"articles": 2.0, "search index": 4.0}
    assert "LEFT OUT" not in capsys.readouterr().out


def test_the_table(tmp_path):
    row = Row(
        "home", lambda _: 0, milliseconds=[float(n) for n in range(1, 101)], cpu=[2.0] * 100, queries=8, bytes=2048
    )
    text = markdown([row], title="SQLite 3, 10,000 articles")
    assert "| home | 8 | 51.0 | 96.0 | 2.0 | 2 |" in text.splitlines()
    assert re.search(r"^100 repetitions of each; the process took \d+ MB at most\.$", text, re.MULTILINE)
    for size, factor in ((10_000, 1), (100_000, 2)):
        (tmp_path / f"pages-sqlite-{size}.md").write_text(text.replace("96.0", f"{96.0 * factor}"))
    compared = compare(tmp_path, "sqlite", [10_000, 100_000, 1_000_000]).splitlines()
    assert compared[2] == "| page | 10,000 | 100,000 | times |"
    assert compared[4] == "| home | 96.0 | 192.0 | 2.00 |"


def test_what_was_done_to_articles_is_what_the_newsroom_would_have_written(portal):
    for faults in (trace.faults, revisions.faults, reviews.faults):
        assert list(faults()) == []
    published = Article.objects.filter(status="published")
    assert not published.filter(events=None).exists()
    assert not published.filter(reviews=None).exists()
    assert Signature.objects.filter(verdict="return").exists()
    last = Article.objects.exclude(published_at=None).order_by("-pk")[0]
    assert revisions.is_still(last, revisions.of(last).order_by("-number")[0])
    assert Operation.objects.count() == ARTICLES


def test_pictures_are_used_as_the_library_says(portal):
    assert Photo.objects.count() == ARTICLES // ARTICLES_PER_PHOTO
    for article in Article.objects.filter(photo_uses__isnull=False):
        assert photo_ids(article.body) == [use.photo_id for use in article.photo_uses.all()]
    shown = Article.objects.exclude(published_at=None).exclude(cover=None)
    assert shown.exists()
    assert not shown.exclude(shown_photos__photo=F("cover")).exists()


def test_reviews_are_open_in_every_state_and_at_every_step(portal):
    places = set(Review.objects.open().values_list("state", "step"))
    assert {("waiting", 1), ("waiting", 2), ("waiting", 3), ("writing", 0), ("passed", 3)} <= places
    assert {"owed", "refused"} <= {state for state, _ in places}
    copies = Article.objects.exclude(draft_of=None)
    assert {copy.draft_of.status for copy in copies} == {"published"}
    for name in (CHIEF, FIRST, SECOND, OF_CHANNEL, OF_FLASHES, OF_REGION):
        assert get_user_model().objects.get(username=name).has_perm("articles.change_article")
    assert reviews.waiting_for(get_user_model().objects.get(username=CHIEF)).exists()


def test_the_whole_benchmark_hands_the_option_to_the_generator(monkeypatch, tmp_path):
    commands = []
    monkeypatch.setattr(run.subprocess, "run", lambda command, check: commands.append(command))
    monkeypatch.setattr(sys, "argv", ["run", "--sizes", "100", "--folder", str(tmp_path), "--without-search"])
    run.main()
    assert [command[2].removeprefix("bench.") for command in commands] == ["generate", "pages"]
    assert ["--without-search" in command for command in commands] == [True, False]
    assert (tmp_path / "sizes-sqlite.md").is_file()

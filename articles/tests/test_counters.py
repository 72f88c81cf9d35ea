"""Counting reads: once per reader and half hour, never lost, never on the article's row; and the rankings."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction

from articles import counters
from articles.counters import (
    count_read,
    is_robot,
    purge_marks,
    reader_digest,
    reads_of,
    refresh_rankings,
    refresh_rankings_if_due,
)
from articles.models import Article, ArticleReads, HourlyReads, RankingEntry, RankingRefresh, ReadMark
from articles.publishing import withdraw

from .clock import START
from .factories import make_article, make_channel, make_profile

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
READER, OTHER = b"r" * 16, b"o" * 16


@pytest.fixture
def article(clock, db):
    return make_article()


@pytest.fixture
def send(client):
    """The beacon of an article, sent by a reader."""

    def send(article: Article | int, *, agent: str = BROWSER, address: str = "203.0.113.7", method: str = "post"):
        number = article if isinstance(article, int) else article.pk
        return getattr(client, method)(f"/reads/{number}/", headers={"user-agent": agent}, REMOTE_ADDR=address)

    return send


def hours(article: Article) -> list[tuple[datetime, int]]:
    return list(HourlyReads.objects.filter(article=article).order_by("hour").values_list("hour", "reads"))


# --- The beacon ---


def test_a_read_is_counted_and_told(send, article):
    answer = send(article)
    assert (answer.status_code, answer.json()) == (200, {"reads": 1})
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert reads_of(article) == 1


def test_a_reload_counts_once_until_half_an_hour_is_over(send, clock, article):
    seen = [send(article).json()["reads"]]
    for step in (timedelta(0), 29 * MINUTE + timedelta(seconds=59), timedelta(seconds=1), 30 * MINUTE - MINUTE, MINUTE):
        clock.move(seconds=step.total_seconds())
        seen.append(send(article).json()["reads"])
    assert seen == [1, 1, 1, 2, 2, 3]
    assert ReadMark.objects.count() == 1


def test_midnight_does_not_make_a_reload_a_read(send, clock, article):
    """What stands for a reader changes every day; the half hour runs on across the change."""
    clock.now = datetime(2026, 11, 3, 15, 50, tzinfo=UTC)  # ten minutes to midnight in China
    assert send(article).json() == {"reads": 1}
    clock.move(minutes=20)
    assert send(article).json() == {"reads": 1}
    clock.move(minutes=10)
    assert send(article).json() == {"reads": 2}
    clock.move(minutes=5)
    assert send(article).json() == {"reads": 2}


def test_every_reader_counts(send, article):
    assert send(article).json() == {"reads": 1}
    assert send(article, address="203.0.113.8").json() == {"reads": 2}
    assert send(article, agent=BROWSER.replace("17_5", "18_0")).json() == {"reads": 3}
    assert send(article).json() == {"reads": 3}


def test_each_article_is_counted_by_itself(send, article):
    other = make_article()
    assert [send(one).json()["reads"] for one in (article, other, article)] == [1, 1, 1]


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/130.0 Safari/537.36",
        "curl/8.5.0",
        "python-requests/2.32",
    ],
)
def test_robots_are_answered_and_not_counted(send, article, agent):
    send(article)
    assert send(article, agent=agent, address="203.0.113.99").json() == {"reads": 1}
    assert (ReadMark.objects.count(), HourlyReads.objects.get().reads) == (1, 1)


def test_browsers_are_no_robots():
    assert not is_robot(BROWSER)
    assert not is_robot("Mozilla/5.0 (Linux; Android 14; HarmonyOS) MicroMessenger/8.0.49 Mobile Safari/537.36")


def test_only_what_readers_can_open_is_counted(send, clock, article):
    withheld = [
        make_article(status="draft"),
        make_article(published_at=clock.now + HOUR),
        make_article(expires_at=clock.now),
        make_article(channel=make_channel(is_hidden=True)),
        withdraw(make_article(), reason="撤"),
        article.pk + 1000,
        10**17,
    ]
    assert [send(one).status_code for one in withheld] == [404] * len(withheld)
    assert not ReadMark.objects.exists()
    assert not ArticleReads.objects.exists()
    assert send(article).status_code == 200


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch", "options"])
def test_nothing_but_a_post_counts(send, article, method):
    assert send(article, method=method).status_code == 405
    assert reads_of(article) == 0


def test_counting_touches_no_article_and_no_session(send, article):
    before = Article.objects.values().get(pk=article.pk)
    answer = send(article)
    assert Article.objects.values().get(pk=article.pk) == before
    assert not answer.wsgi_request.session.accessed


def test_the_page_tells_how_often_it_was_read(client, send, article):
    make_profile()
    for number in range(3):
        send(article, address=f"203.0.113.{number}")
    assert '<data value="3"' in client.get(article.get_absolute_url()).content.decode()


# --- Counting ---


def test_hours_add_up_to_the_total(clock, article):
    readers = [bytes([number]) * 16 for number in range(7)]
    for number, reader in enumerate(readers):
        assert count_read(article.pk, reader, at=START + number * 20 * MINUTE)
    assert not count_read(article.pk, readers[6], at=START + 121 * MINUTE)

    assert hours(article) == [(START, 3), (START + HOUR, 3), (START + 2 * HOUR, 1)]
    assert reads_of(article) == ArticleReads.objects.get().total == 7


@pytest.mark.parametrize(
    ("step", "counted"),
    [
        (timedelta(0), False),
        (30 * MINUTE - timedelta(microseconds=1), False),
        (30 * MINUTE, True),
        (31 * MINUTE, True),
        (-MINUTE, False),
    ],
)
def test_the_edge_of_the_half_hour(clock, article, step, counted):
    assert count_read(article.pk, READER, at=START)
    assert count_read(article.pk, READER, at=START + step) is counted
    assert reads_of(article) == 1 + counted


def test_a_refused_reload_does_not_lengthen_the_half_hour(clock, article):
    count_read(article.pk, READER, at=START)
    count_read(article.pk, READER, at=START + 20 * MINUTE)
    assert count_read(article.pk, READER, at=START + 30 * MINUTE)


def test_a_reader_cannot_be_told_from_the_mark():
    digest = reader_digest("203.0.113.7", BROWSER, at=START)
    assert len(digest) == 16
    assert digest == reader_digest("203.0.113.7", BROWSER, at=START + HOUR)
    others = [
        reader_digest("203.0.113.8", BROWSER, at=START),
        reader_digest("203.0.113.7", "other", at=START),
        reader_digest("203.0.113.7", BROWSER, at=START + DAY),
    ]
    assert len({digest, *others}) == 4


def test_the_key_is_part_of_the_mark(settings):
    digest = reader_digest("203.0.113.7", BROWSER, at=START)
    settings.SECRET_KEY = "another key of sufficient length for the tests of this file alone"
    assert reader_digest("203.0.113.7", BROWSER, at=START) != digest


def test_two_first_reads_of_one_reader_at_once_count_once(clock, article, monkeypatch):
    """Between looking for the mark and making it, another process made it."""
    made = counters.created

    def created_after_another(row):
        if isinstance(row, ReadMark):
            ReadMark.objects.create(article=article, reader=row.reader, counted_at=row.counted_at)
        return made(row)

    monkeypatch.setattr(counters, "created", created_after_another)
    assert count_read(article.pk, READER, at=START) is False
    assert ReadMark.objects.count() == 1
    assert reads_of(article) == 0


def test_two_first_counts_of_an_article_at_once_both_count(clock, article, monkeypatch):
    """Between finding no row of the counter and making it, another process made it."""
    made = counters.created

    def created_after_another(row):
        if isinstance(row, ArticleReads):
            ArticleReads.objects.create(article=article, total=1)
        if isinstance(row, HourlyReads):
            HourlyReads.objects.create(article=article, hour=row.hour, reads=1)
        return made(row)

    monkeypatch.setattr(counters, "created", created_after_another)
    assert count_read(article.pk, READER, at=START) is True
    assert reads_of(article) == 2
    assert hours(article) == [(START, 2)]


def test_a_failure_half_way_counts_nothing(clock, article, monkeypatch):
    def broken(*args):
        raise RuntimeError("the worker is killed here")

    monkeypatch.setattr(counters, "add", broken)
    with pytest.raises(RuntimeError):
        count_read(article.pk, READER, at=START)
    monkeypatch.undo()
    assert not ReadMark.objects.exists()
    assert count_read(article.pk, READER, at=START)


@pytest.fixture
def in_threads(transactional_db, tmp_path, monkeypatch):
    """Run a function in several threads at once, each with a connection of its own; what it returned, thread by thread.

    SQLite's tests run in memory, where a lock is refused and not waited for. So there the threads share a copy in a
    file, which is what the processes of a portal share.
    """

    def run(function, threads: int) -> list:
        start = threading.Barrier(threads)

        def one(number: int):
            start.wait()
            try:
                return function(number)
            finally:
                connection.close()

        if connection.vendor == "sqlite" and not (tmp_path / "shared").exists():
            with closing(sqlite3.connect(tmp_path / "shared")) as copy:
                connection.connection.backup(copy)
            # A new dictionary: the connection in memory keeps its own, by which it knows not to close.
            in_file = connections.settings["default"] | {"NAME": str(tmp_path / "shared")}
            monkeypatch.setitem(connections.settings, "default", in_file)
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(one, range(threads)))

    return run


def test_nothing_is_lost_between_threads(in_threads):
    article = make_article()

    def read(thread: int) -> int:
        readers = [f"{thread:08}{number:08}".encode() for number in range(25)]
        return sum(count_read(article.pk, reader, at=START) for reader in readers)

    def totals(_thread: int) -> tuple:
        return reads_of(article), hours(article), ReadMark.objects.count()

    assert in_threads(read, 8) == [25] * 8
    assert in_threads(totals, 1) == [(200, [(START, 200)], 200)]


def test_one_reader_in_many_threads_counts_once(in_threads):
    article = make_article()

    counted = in_threads(lambda _thread: count_read(article.pk, READER, at=START), 8)

    assert sorted(counted) == [False] * 7 + [True]
    assert in_threads(lambda _thread: reads_of(article), 1) == [1]


# --- Old marks ---


def test_old_marks_go_and_only_those(article):
    for number, age in enumerate([0 * HOUR, 24 * HOUR, 25 * HOUR, 25 * HOUR + MINUTE, 300 * HOUR]):
        ReadMark.objects.create(article=article, reader=bytes([number]) * 16, counted_at=START - age)

    assert purge_marks(at=START) == 2

    left = ReadMark.objects.order_by("-counted_at").values_list("counted_at", flat=True)
    assert list(left) == [START, START - 24 * HOUR, START - 25 * HOUR]


def test_a_purge_is_bounded_and_takes_the_oldest(article, django_assert_num_queries):
    for number in range(9):
        ReadMark.objects.create(article=article, reader=bytes([number]) * 16, counted_at=START - (30 + number) * HOUR)

    with django_assert_num_queries(1):
        assert purge_marks(at=START, most=4) == 4

    ages = [
        (START - at) // HOUR for at in ReadMark.objects.order_by("-counted_at").values_list("counted_at", flat=True)
    ]
    assert ages == [30, 31, 32, 33, 34]
    assert purge_marks(at=START, most=50) == 5
    assert purge_marks(at=START) == 0


def test_the_purge_keeps_up_with_a_nation():
    """Each read leaves one mark at most; a purge every REFRESH_EVERY must take more than a busy site makes."""
    a_day = counters.PURGED_AT_ONCE * (DAY // counters.REFRESH_EVERY)
    assert a_day >= 5_000_000


# --- Rankings ---


def reads(article: Article, *rows: tuple[datetime, int]) -> Article:
    HourlyReads.objects.bulk_create(HourlyReads(article=article, hour=hour, reads=count) for hour, count in rows)
    return article


def ranked(period: str) -> list[tuple[int, int]]:
    rows = RankingEntry.objects.filter(period=period).order_by("position")
    assert list(rows.values_list("position", flat=True)) == list(range(1, len(rows) + 1))
    return list(rows.values_list("article_id", "reads"))


def test_each_period_counts_its_own_hours(clock, db):
    now = clock.now
    inside, edge, week, month, older = (make_article() for _ in range(5))
    reads(inside, (now, 1), (now - 23 * HOUR, 2), (now - 6 * DAY, 4), (now - 29 * DAY, 8), (now - 31 * DAY, 16))
    reads(edge, (now - DAY, 100))
    reads(week, (now - 7 * DAY + HOUR, 50))
    reads(month, (now - 7 * DAY, 60), (now - 30 * DAY + HOUR, 6))
    reads(older, (now - 30 * DAY, 1000))

    refresh_rankings(at=now)

    assert ranked("day") == [(inside.pk, 3)]
    assert ranked("week") == [(edge.pk, 100), (week.pk, 50), (inside.pk, 7)]
    assert ranked("month") == [(edge.pk, 100), (month.pk, 66), (week.pk, 50), (inside.pk, 15)]


def test_equal_reads_put_the_later_article_first(clock, db):
    articles = [reads(make_article(), (clock.now, 5)) for _ in range(3)]
    refresh_rankings(at=clock.now)
    assert ranked("day") == [(article.pk, 5) for article in reversed(articles)]


def test_only_public_articles_are_ranked(clock, db):
    public = reads(make_article(), (clock.now, 1))
    for withheld in (
        make_article(status="draft"),
        make_article(published_at=clock.now + HOUR),
        make_article(expires_at=clock.now),
        make_article(channel=make_channel(is_hidden=True)),
        withdraw(make_article(), reason="撤"),
    ):
        reads(withheld, (clock.now, 50))

    refresh_rankings(at=clock.now)

    assert {period: ranked(period) for period in RankingEntry.Period.values} == {
        period: [(public.pk, 1)] for period in RankingEntry.Period.values
    }


def test_fifty_are_ranked(clock, db, monkeypatch):
    monkeypatch.setattr(counters, "RANKED", 3)
    articles = [reads(make_article(), (clock.now, number)) for number in range(1, 6)]
    refresh_rankings(at=clock.now)
    assert [pk for pk, _ in ranked("day")] == [article.pk for article in reversed(articles)][:3]


def test_a_new_count_replaces_the_last(clock, db):
    first, second = make_article(), make_article()
    reads(first, (clock.now, 5))
    refresh_rankings(at=clock.now)
    reads(second, (clock.now + HOUR, 7))
    refresh_rankings(at=clock.now + HOUR)
    assert ranked("day") == [(second.pk, 7), (first.pk, 5)]
    refresh_rankings(at=clock.now + 2 * DAY)
    assert ranked("day") == []
    assert ranked("week") == [(second.pk, 7), (first.pk, 5)]


def test_heat_halves_every_twelve_hours(clock, db):
    now = clock.now
    fresh, half_day, two_days, past = (make_article() for _ in range(4))
    reads(fresh, (now, 10))
    reads(half_day, (now - 12 * HOUR, 16), (now - 24 * HOUR, 8))
    reads(two_days, (now - 48 * HOUR, 48))
    reads(past, (now - 72 * HOUR, 10_000))

    refresh_rankings(at=now)

    # 16 / 2 + 8 / 4, and 48 / 16; equal heat puts the later article first; after three days nothing is left.
    assert ranked("hot") == [(half_day.pk, 10), (fresh.pk, 10), (two_days.pk, 3)]

    refresh_rankings(at=now + 12 * HOUR)
    assert ranked("hot") == [(half_day.pk, 5), (fresh.pk, 5), (two_days.pk, 2)]


def test_rankings_are_recounted_when_due_and_not_before(clock, db):
    article = reads(make_article(), (clock.now, 5))
    assert refresh_rankings_if_due(at=clock.now) is True
    assert ranked("day") == [(article.pk, 5)]

    HourlyReads.objects.update(reads=9)
    assert refresh_rankings_if_due(at=clock.now + 5 * MINUTE - timedelta(microseconds=1)) is False
    assert ranked("day") == [(article.pk, 5)]
    assert refresh_rankings_if_due(at=clock.now + 5 * MINUTE) is True
    assert ranked("day") == [(article.pk, 9)]
    assert RankingRefresh.objects.get().refreshed_at == clock.now + 5 * MINUTE


def test_two_first_recounts_at_once_make_one(clock, db, monkeypatch):
    """Another process wrote the one row between our look and our insert."""
    saved = RankingRefresh.save

    def saved_after_another(self, **options):
        if options.get("force_insert"):
            RankingRefresh.objects.bulk_create([RankingRefresh(pk=1, refreshed_at=clock.now)])
        saved(self, **options)

    monkeypatch.setattr(RankingRefresh, "save", saved_after_another)
    monkeypatch.setattr(counters, "refresh_rankings", lambda **options: pytest.fail("counted twice"))
    assert refresh_rankings_if_due(at=clock.now) is False


def test_the_beacon_keeps_the_rankings_and_the_marks(send, clock, article):
    ReadMark.objects.create(article=make_article(), reader=OTHER, counted_at=clock.now - 26 * HOUR)

    send(article)

    assert ranked("day") == [(article.pk, 1)]
    assert ReadMark.objects.count() == 1
    send(article, address="203.0.113.8")
    assert ranked("day") == [(article.pk, 1)]
    clock.move(minutes=5)
    send(article, address="203.0.113.9")
    assert ranked("day") == [(article.pk, 3)]


# --- The tables ---


@pytest.mark.parametrize("model", [ReadMark, HourlyReads])
def test_the_tables_hold_one_row_of_each(article, model):
    values = {
        ReadMark: {"reader": READER, "counted_at": START},
        HourlyReads: {"hour": START, "reads": 1},
    }[model]
    model.objects.create(article=article, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(article=article, **values)

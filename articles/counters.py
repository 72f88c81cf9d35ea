"""Counting reads: once per reader and half hour, by the hour, apart from the article rows; and the rankings."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone

from .listing import retire_expired
from .models import Article, ArticleReads, HourlyReads, RankingEntry, RankingRefresh, ReadMark

RELOAD_WINDOW = timedelta(minutes=30)
REFRESH_EVERY = timedelta(minutes=5)
MARKS_KEPT = timedelta(hours=25)
# Every REFRESH_EVERY; a read leaves one mark, so this keeps up with five million reads a day.
PURGED_AT_ONCE = 20_000
RANKED = 50
WINDOWS = {
    RankingEntry.Period.DAY: timedelta(days=1),
    RankingEntry.Period.WEEK: timedelta(days=7),
    RankingEntry.Period.MONTH: timedelta(days=30),
}
# 今日热点: reads of three days, each hour's worth halved every twelve hours.
HOT_WINDOW, HOT_HALF_LIFE = timedelta(days=3), timedelta(hours=12)

# What robots that run scripts call themselves. Those that do not never reach the beacon.
ROBOTS = (
    "bot",
    "spider",
    "crawl",
    "slurp",
    "headlesschrome",
    "preview",
    "monitor",
    "curl",
    "wget",
    "python",
    "lighthouse",
)


def is_robot(user_agent: str) -> bool:
    """Whether the reader calls itself a robot, or calls itself nothing at all."""
    name = user_agent.lower()
    return not name or any(word in name for word in ROBOTS)


def reader_digest(address: str, user_agent: str, *, at: datetime) -> bytes:
    """16 bytes that stand for a reader today: keyed, so that nobody can turn them back, and changing every day."""
    message = f"{timezone.localdate(at)}|{address}|{user_agent}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), b"reads|" + message, hashlib.sha256).digest()[:16]


def count_read(article_id: int, reader: bytes, *, former: bytes | None = None, at: datetime | None = None) -> bool:
    """Count a read of an article unless the same reader's was counted within RELOAD_WINDOW; whether it was counted.

    `former` is what stood for the reader RELOAD_WINDOW ago: something else, shortly after midnight. Committed before it
    returns: a worker killed afterwards loses nothing.
    """
    at = at or timezone.now()
    with transaction.atomic():
        if former not in {None, reader} and is_marked(article_id, former, at=at):
            return False
        if not claim_mark(article_id, reader, at=at):
            return False
        hour = at.replace(minute=0, second=0, microsecond=0)
        add(ArticleReads, {"article_id": article_id}, "total")
        add(HourlyReads, {"article_id": article_id, "hour": hour}, "reads")
    return True


def is_marked(article_id: int, reader: bytes, *, at: datetime) -> bool:
    recent = ReadMark.objects.filter(article_id=article_id, reader=reader, counted_at__gt=at - RELOAD_WINDOW)
    return recent.exists()


def claim_mark(article_id: int, reader: bytes, *, at: datetime) -> bool:
    """Mark the read; False when it is marked already. Two requests at once cannot both get True."""
    marks = ReadMark.objects.filter(article_id=article_id, reader=reader)
    if marks.filter(counted_at__lte=at - RELOAD_WINDOW).update(counted_at=at):
        return True
    mark = ReadMark(article_id=article_id, reader=reader, counted_at=at)
    return bool(created(mark))


def created(row: ReadMark | ArticleReads | HourlyReads) -> bool:
    """Insert the row unless a unique constraint says that it is there."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def add(model: type[ArticleReads] | type[HourlyReads], key: dict, column: str) -> None:
    """Add one to a counter row, made when missing, without ever losing a count to another process."""
    rows = model.objects.filter(**key)
    if not rows.update(**{column: F(column) + 1}) and not created(model(**key, **{column: 1})):
        rows.update(**{column: F(column) + 1})


def purge_marks(*, at: datetime | None = None, most: int = PURGED_AT_ONCE) -> int:
    """Delete marks that no longer prevent anything, the oldest and a bounded number of them; how many. One query."""
    at = at or timezone.now()
    old = ReadMark.objects.filter(counted_at__lt=at - MARKS_KEPT).order_by("counted_at")
    return ReadMark.objects.filter(pk__in=old.values("pk")[:most]).delete()[0]


def reads_of(article: Article) -> int:
    """All reads of an article so far. One query."""
    return ArticleReads.objects.filter(article=article).values_list("total", flat=True).first() or 0


def refresh_rankings_if_due(*, at: datetime | None = None) -> bool:
    """Recount the rankings when the last count is older than REFRESH_EVERY; whether this call did it.

    Side effects: deletes old marks; takes articles past their time out of the lists.
    Called by the beacon, never by a page. The claim is one conditional update, so one process counts and none waits.
    """
    at = at or timezone.now()
    rows = RankingRefresh.objects.filter(pk=1)
    if not rows.filter(refreshed_at__lte=at - REFRESH_EVERY).update(refreshed_at=at):
        if rows.exists():
            return False
        try:
            with transaction.atomic():
                RankingRefresh(pk=1, refreshed_at=at).save(force_insert=True)
        except IntegrityError:
            return False
    refresh_rankings(at=at)
    purge_marks(at=at)
    retire_expired()
    return True


def refresh_rankings(*, at: datetime | None = None) -> None:
    """Recount all rankings from the hourly reads. Queries once a period, over the hours of its window."""
    at = at or timezone.now()
    counted = {period: window_reads(at - window) for period, window in WINDOWS.items()}
    with transaction.atomic():
        RankingEntry.objects.all().delete()
        for period, rows in counted.items():
            write_ranking(period, rows)
        write_ranking(RankingEntry.Period.HOT, hot_scores(at))


def window_reads(since: datetime) -> list[tuple[int, int]]:
    """(article id, reads) of the published articles read most since then, most first."""
    # Grouped by an expression: by the bare column, SQLite would walk all hours ever in the order of their articles.
    rows = HourlyReads.objects.filter(hour__gt=since).values(read=F("article_id") + 0).annotate(sum=Sum("reads"))
    return published_only(rows.order_by("-sum", "-read").values_list("read", "sum")[: RANKED * 2])


def hot_scores(at: datetime) -> list[tuple[int, int]]:
    """(article id, score) by reads that fade with their age: what is read now beats what was read yesterday."""
    scores: dict[int, float] = {}
    hours = HourlyReads.objects.filter(hour__gt=at - HOT_WINDOW).values("article", "hour")
    for article, hour, reads in hours.values_list("article", "hour", "reads").iterator(chunk_size=2000):
        scores[article] = scores.get(article, 0.0) + reads * 0.5 ** ((at - hour) / HOT_HALF_LIFE)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], -item[0]))[: RANKED * 2]
    return published_only([(pk, round(score)) for pk, score in ranked])


def published_only(rows) -> list[tuple[int, int]]:
    rows = list(rows)
    public = set(Article.objects.published().filter(pk__in=[pk for pk, _ in rows]).values_list("pk", flat=True))
    return [(pk, reads) for pk, reads in rows if pk in public][:RANKED]


def write_ranking(period: str, rows: list[tuple[int, int]]) -> None:
    RankingEntry.objects.bulk_create(
        RankingEntry(period=period, position=position, article_id=pk, reads=max(0, reads))
        for position, (pk, reads) in enumerate(rows, start=1)
    )

"""The lists readers see: which articles stand in them, none of them sorted or counted at length. Pages: `paging`."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import OuterRef, QuerySet
from django.utils import timezone

from newsportal.lib.days import midnight

from .models import Article, ListEntry, Placement, RankingEntry
from .models.articles import in_time

HOT_SHOWN = 5
HOT_RANKED = 15


def entries(
    scope: int,
    target: int,
    *,
    channel: int | OuterRef = 0,
    before: datetime | None = None,
    at: datetime | None = None,
) -> QuerySet[ListEntry]:
    """The places of one list that readers may see at a moment (now), newest first: a range of `list_entry_newest`.

    Given `before`, only what was published before it.
    """
    places = ListEntry.objects.filter(
        in_time(at or timezone.now(), before), scope=scope, target=target, channel=channel
    )
    return places.order_by("-published_at", "-article_id")


def in_order(ids: Sequence[int], *, at: datetime | None = None) -> list[Article]:
    """The articles of these ids that are published at a moment (now), in this order. One query."""
    found = {article.pk: article for article in Article.objects.published(at).for_list().filter(pk__in=ids)}
    return [found[pk] for pk in ids if pk in found]


def newest() -> QuerySet[Article]:
    return Article.objects.published().for_list()


def of_day(day: date) -> QuerySet[Article]:
    """The articles published on a day of the site's time zone, newest first."""
    start = midnight(day)
    published = Article.objects.published(before=start + timedelta(days=1)).for_list()
    return published.filter(published_at__gte=start)


def gather_ids(querysets: Iterable[QuerySet]) -> list[list[int]]:
    """The values of several ordered, sliced one-column querysets, in one query however many there are.

    Django cannot slice the parts of a union on SQLite, so each part is wrapped in a select of its own here.
    """
    parts, parameters, result = [], [], []
    for number, queryset in enumerate(querysets):
        result.append([])
        try:
            sql, values = queryset.query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT {number} AS part, picked.* FROM ({sql}) AS picked")  # noqa: S608 -- SQL that Django wrote
        parameters += values
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), parameters)
            for part, pk, *_ in cursor.fetchall():
                result[part].append(pk)
    return result


def rankings(periods: Sequence[str], *, most: int) -> list[tuple[str, list[tuple[Article, int]]]]:
    """(name of the period, [(article, reads)]) for each period, most read first. Two queries."""
    rows = RankingEntry.objects.filter(period__in=periods, position__lte=most).order_by("period", "position")
    values = list(rows.values_list("period", "article_id", "reads"))
    found = {article.pk: article for article in in_order(list({pk for _, pk, _ in values}))}
    return [
        (
            RankingEntry.Period(period).label,
            [(found[pk], reads) for of_period, pk, reads in values if of_period == period and pk in found],
        )
        for period in periods
    ]


def hot_candidates(*, taken: int) -> list[QuerySet]:
    """Where 今日热点 comes from, as id querysets: placed by hand, read most now, newest.

    Of the newest, as many more as are `taken` elsewhere on the page: so it is never empty.
    """
    placed = Placement.objects.active().filter(slot=Placement.Slot.HOT).order_by("position", "id")
    read_most = RankingEntry.objects.filter(period=RankingEntry.Period.HOT).order_by("position")
    return [
        placed.values_list("article_id", flat=True)[:HOT_SHOWN],
        read_most.values_list("article_id", flat=True)[:HOT_RANKED],
        newest_pks(HOT_SHOWN + taken),
    ]


def newest_pks(most: int, *, at: datetime | None = None) -> QuerySet:
    """The ids of the newest articles: of the list's index, for a row of the table is several pages long."""
    return entries(ListEntry.Scope.SITE, 0, at=at).values_list("article_id", flat=True)[:most]


def hot_articles(*, exclude: Collection[int] = ()) -> list[Article]:
    """今日热点 without the articles of `exclude`. Two queries."""
    parts = gather_ids(hot_candidates(taken=len(exclude)))
    ids = dict.fromkeys(pk for part in parts for pk in part if pk not in exclude)
    # What was placed or ranked may be public no more; the newest behind them are, so these are enough.
    return in_order(list(ids)[: HOT_SHOWN + HOT_RANKED + HOT_SHOWN])[:HOT_SHOWN]

"""Which lists an article stands in, and how many stand in each: kept by the transaction that publishes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import batched

from django.db import connection, models, transaction
from django.db.models import Count, F, QuerySet
from django.utils import timezone

from regions.models import Region

from .models import Article, Channel, Credit, ListCount, ListEntry

Scope = ListEntry.Scope
FIRST_DAY = 1_000_000  # buckets below are months, yyyymm; the others days, yyyymmdd
RETIRED_AT_ONCE = 200
BATCH = 500

type List = tuple[int, int, int]  # scope, target, channel
type Bucket = tuple[int, int, int, int]  # a list, and a month or day of it


class UtcDay(models.Func):
    """A moment's day of UTC as the number yyyymmdd, worked out by the database."""

    output_field = models.IntegerField()

    def as_sqlite(self, compiler, connection, **context):
        template = "CAST(STRFTIME('%%%%Y%%%%m%%%%d', %(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler, connection, **context):
        template = "CAST(TO_CHAR(%(expressions)s AT TIME ZONE 'UTC', 'YYYYMMDD') AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)


def is_daily(scope: int, channel: int) -> bool:
    """Whether a list is counted by day too: one that can hold so much of the site that a month of it is long."""
    return scope == Scope.SITE or (scope in {Scope.REGION, Scope.SOURCE} and not channel)


def buckets(scope: int, channel: int, moment: datetime) -> list[int]:
    """The month of UTC, and the day where the list is counted by day, that a place in it falls into."""
    moment = moment.astimezone(UTC)
    month = moment.year * 100 + moment.month
    return [month, month * 100 + moment.day] if is_daily(scope, channel) else [month]


@transaction.atomic
def place(ids: Iterable[int]) -> None:
    """Bring the places of these articles in all lists, and the counts of those lists, up to date. Nine queries.

    Locks the articles, in order, then the counts, in order: so no two calls wait for each other. Other locks must not
    be taken after it within the transaction.
    """
    # Against another save of the same articles: both would subtract what stood before.
    locked = Article.objects.select_for_update(no_key=True).filter(pk__in=list(ids)).order_by("pk")
    rows = list(locked.values_list("pk", "channel_id", "source_id", "status", "published_at", "expires_at"))
    former = ListEntry.objects.filter(article__in=[pk for pk, *_ in rows]).order_by()
    changes: Counter[Bucket] = Counter()
    for scope, target, channel, moment in former.values_list("scope", "target", "channel", "published_at"):
        changes.subtract((scope, target, channel, bucket) for bucket in buckets(scope, channel, moment))
    former.delete()
    entries = list(entries_of(rows))
    ListEntry.objects.bulk_create(entries, batch_size=2000)
    for entry in entries:
        key = (entry.scope, entry.target, entry.channel)
        changes.update((*key, bucket) for bucket in buckets(entry.scope, entry.channel, entry.published_at))
    add_counts(changes)


def entries_of(rows: list[tuple]) -> Iterator[ListEntry]:
    """The places of the articles (id, channel, source, status, published, expires) that readers may see one day.

    Of their regions and the provinces above them, tags, authors and source. Five queries.
    """
    hidden = set(Channel.objects.filter(is_hidden=True).values_list("pk", flat=True))
    now = timezone.now()
    standing = [
        row
        for row in rows
        if row[3] == Article.Status.PUBLISHED and row[1] not in hidden and (row[5] is None or row[5] > now)
    ]
    named = lists_named([pk for pk, *_ in standing])
    for pk, channel, source, _, published_at, expires_at in standing:
        lists = {(Scope.SITE, 0, 0), (Scope.SITE, 0, channel), (Scope.SOURCE, source, 0), *named[pk]}
        lists |= {(scope, target, channel) for scope, target, _ in named[pk] if scope == Scope.REGION}
        for scope, target, part in sorted(lists):
            yield ListEntry(
                scope=scope,
                target=target,
                channel=part,
                article_id=pk,
                published_at=published_at,
                expires_at=expires_at,
            )


def lists_named(ids: list[int]) -> defaultdict[int, set[List]]:
    """The lists of the regions, tags and authors of each article. Four queries."""
    lineages = {region.pk: region.lineage_ids() for region in Region.objects.only("parent")}
    lists: defaultdict[int, set[List]] = defaultdict(set)
    regions = Article.regions.through.objects.filter(article__in=ids)
    for pk, region in regions.values_list("article_id", "region_id"):
        lists[pk].update((Scope.REGION, above, 0) for above in lineages[region])
    tags = Article.tags.through.objects.filter(article__in=ids)
    for pk, tag in tags.values_list("article_id", "tag_id"):
        lists[pk].add((Scope.TAG, tag, 0))
    for pk, author in Credit.objects.filter(article__in=ids).order_by().values_list("article_id", "author_id"):
        lists[pk].add((Scope.AUTHOR, author, 0))
    return lists


def add_counts(changes: Counter[Bucket]) -> None:
    """Add to the counts what came and subtract what went, making the rows that are missing. One query per 1000."""
    rows = sorted((*key, change) for key, change in changes.items() if change)
    for batch in batched(rows, 1000, strict=False):
        values = ", ".join(["(%s, %s, %s, %s, %s)"] * len(batch))
        with connection.cursor() as cursor:
            # Django's upsert sets; this adds. Rows are locked in the order of the values.
            cursor.execute(
                f"""
                INSERT INTO articles_listcount (scope, target, channel, bucket, count) VALUES {values}
                ON CONFLICT (scope, target, channel, bucket)
                DO UPDATE SET count = articles_listcount.count + excluded.count
                """,  # noqa: S608 -- placeholders alone
                [value for row in batch for value in row],
            )


def place_many(articles: QuerySet[Article]) -> Iterator[int]:
    """`place` for any number of articles, in batches; yields how many are done so far."""
    ids = articles.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH)
    done = 0
    for batch in batched(ids, BATCH, strict=False):
        place(batch)
        done += len(batch)
        yield done


def retire_expired(*, most: int = RETIRED_AT_ONCE) -> int:
    """Take articles past their time out of the lists, at most so many; how many. One query when there are none.

    Readers see none of them before either. It keeps the lists dense: what is skipped costs time. Call it outside of
    other writes, for it locks articles.
    """
    past = ListEntry.objects.filter(scope=Scope.SITE, target=0, channel=0, expires_at__lte=timezone.now())
    ids = list(past.order_by("expires_at").values_list("article_id", flat=True)[:most])
    if ids:
        place(ids)
    return len(ids)


# --- Counting anew ----------------------------------------------------------------------------------------------------


def counted(*, by_day: bool) -> QuerySet:
    """(scope, target, channel, bucket, count) of all entries, as the entries themselves say. Reads all of them."""
    bucket = UtcDay("published_at") if by_day else UtcDay("published_at") / 100
    entries = ListEntry.objects.order_by().annotate(bucket=bucket)
    if by_day:
        daily = models.Q(scope=Scope.SITE) | models.Q(scope__in=[Scope.REGION, Scope.SOURCE], channel=0)
        entries = entries.filter(daily)
    return entries.values_list("scope", "target", "channel", "bucket").annotate(number=Count("*"))


@transaction.atomic
def recount() -> None:
    """Count all lists anew. Correct beside publishing: who adds meanwhile waits for this, or is counted by it."""
    ListCount.objects.all().delete()
    for by_day in (False, True):
        sql, parameters = counted(by_day=by_day).query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                INSERT INTO articles_listcount (scope, target, channel, bucket, count) {sql}
                ON CONFLICT (scope, target, channel, bucket) DO UPDATE SET count = excluded.count
                """,
                parameters,
            )


def wrong_counts() -> int:
    """How many months and days of lists are counted wrongly. Reads all entries and counts."""
    wrong: set[Bucket] = set()
    for by_day in (False, True):
        days = {"bucket__gte": FIRST_DAY} if by_day else {"bucket__lt": FIRST_DAY}
        stored = ListCount.objects.filter(**days).exclude(count=0).annotate(number=F("count"))
        stored = stored.values_list("scope", "target", "channel", "bucket", "number")
        right = counted(by_day=by_day)
        differing = [right.difference(stored).order_by(), stored.difference(right).order_by()]
        wrong |= {row[:4] for rows in differing for row in rows}
    return len(wrong)


def misplaced(articles: QuerySet[Article]) -> Iterator[int]:
    """The ids of the articles whose places in lists are not those that they should have. Batches of seven queries."""
    columns = ("pk", "channel_id", "source_id", "status", "published_at", "expires_at")
    rows = articles.order_by("pk").values_list(*columns).iterator(chunk_size=BATCH)
    names = ("article_id", "scope", "target", "channel", "published_at", "expires_at")
    for batch in batched(rows, BATCH, strict=False):
        stored = set(ListEntry.objects.filter(article__in=[row[0] for row in batch]).values_list(*names))
        right = {tuple(getattr(entry, name) for name in names) for entry in entries_of(list(batch))}
        yield from sorted({row[0] for row in stored ^ right})

"""Any page of a list, however deep, as one short range of an index: found by counts, not by walking there."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Func, IntegerField, QuerySet, Value
from django.http import Http404
from django.utils import timezone

from newsportal.lib.pagination import ListPage

from .listing import FIRST_DAY, UtcDay, is_daily
from .lists import entries
from .models import Article, ListCount, ListEntry

# So many places are skipped faster than counted.
NEAR = 500


@dataclass(frozen=True)
class Census:
    """How many places of a list fall into each month (yyyymm), and which of them readers do not see now."""

    months: Counter[int]
    coming: int  # scheduled: they stand before all others
    gone: list[int]  # the days (yyyymmdd) of what is past its time and not taken out yet

    @property
    def visible(self) -> int:
        return max(0, self.months.total() - self.coming)


def entry_page(scope: int, target: int, number: int, *, channel: int = 0, size: int = 20) -> ListPage:
    """A page of the list of the site, a channel, region, tag, author or source. Raises Http404 beyond the last page.

    Two queries: the counts, and the articles. One more for a page that begins deep in a long month.
    """
    census = take_census(scope, target, channel)
    last = max(1, -(-census.visible // size))
    if number > last:
        raise Http404("没有这样的页码。")
    if not census.visible:
        return ListPage([], number, last)
    places, skipped = places_from((number - 1) * size, census, scope, target, channel)
    picked = places.values("article_id")[skipped : skipped + size]
    # Sorted here: a few rows by their keys, where a database might think of walking all articles in their order.
    articles = Article.objects.published().for_list().filter(pk__in=picked).order_by()
    return ListPage(sorted(articles, key=lambda row: (row.published_at, row.pk), reverse=True), number, last)


def take_census(scope: int, target: int, channel: int) -> Census:
    """Count a list: one query, of its months, the scheduled entries and those past their time."""
    now = timezone.now()
    own = {"scope": scope, "target": target, "channel": channel}
    months = ListCount.objects.filter(**own, bucket__lt=FIRST_DAY).values_list("bucket", "count")
    standing = ListEntry.objects.filter(**own).order_by()
    number = Func(template="COUNT(*)", output_field=IntegerField())  # of all rows; Count() would group them
    coming = standing.filter(published_at__gt=now).annotate(bucket=Value(0), number=number)
    gone = standing.filter(expires_at__lte=now).annotate(bucket=UtcDay("published_at"), number=Value(-1))
    parts = [part.values_list("bucket", "number") for part in (coming, gone)]
    rows = list(months.union(*parts, all=True))
    census = Counter({bucket: count for bucket, count in rows if 0 < bucket < FIRST_DAY})
    past = [bucket for bucket, _ in rows if bucket >= FIRST_DAY]
    census.subtract(day // 100 for day in past)
    return Census(census, sum(count for bucket, count in rows if not bucket), past)


def places_from(start: int, census: Census, scope: int, target: int, channel: int) -> tuple[QuerySet[ListEntry], int]:
    """Where place number `start` (0 is the newest that readers see) is: a range of the list, and how many to skip."""
    if start <= NEAR:
        return entries(scope, target, channel=channel), start
    bucket, skipped = find(census.months, start + census.coming)
    if skipped > NEAR and is_daily(scope, channel):
        days = ListCount.objects.filter(scope=scope, target=target, channel=channel)
        days = days.filter(bucket__gte=bucket * 100, bucket__lt=bucket * 100 + 100)
        counts = Counter(dict(days.values_list("bucket", "count")))
        counts.subtract(day for day in census.gone if day // 100 == bucket)
        bucket, skipped = find(counts, skipped)
    if end_of(bucket) > timezone.now():
        return entries(scope, target, channel=channel), start  # where the scheduled stand too, which it leaves out
    return entries(scope, target, channel=channel, before=end_of(bucket)), skipped


def find(counts: Mapping[int, int], position: int) -> tuple[int, int]:
    """The bucket that place number `position` of all these falls into, the newest first, and its number there."""
    bucket = 0
    for bucket in sorted(counts, reverse=True):
        if position < counts[bucket]:
            break
        position -= counts[bucket]
    return bucket, position


def end_of(bucket: int) -> datetime:
    """The moment after the month yyyymm, or the day yyyymmdd, of UTC."""
    if bucket >= FIRST_DAY:
        return datetime(bucket // 10000, bucket // 100 % 100, bucket % 100, tzinfo=UTC) + timedelta(days=1)
    following = bucket + 1 if bucket % 100 < 12 else bucket + 89
    return datetime(following // 100, following % 100, 1, tzinfo=UTC)

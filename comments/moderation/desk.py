"""What the first page of the back office says of comments: what waits, since when; what was done in great numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from comments.models import Decision, Report

from . import queues

# So many of one article decided in batches are shown to whoever answers for the newsroom.
MANY, MANY_WITHIN, MANY_SHOWN = 20, timedelta(days=1), 10


@dataclass(frozen=True)
class Line:
    """A line of the table: a queue, how much waits (capped), since when the first of it."""

    name: str
    number: int
    label: str
    since: str
    url: str


def lines(user: AbstractBaseUser) -> list[Line]:
    """What waits in each queue, and how long the oldest has. Six short queries."""
    waiting, reports, appeals = queues.waiting(user), open_reports(user), queues.appeals(user)
    oldest = {
        queues.WAITING: waiting.values_list("waiting_since", flat=True).first(),
        queues.REPORTED: reports.order_by("id").values_list("created_at", flat=True).first(),
        queues.APPEALS: appeals.values_list("created_at", flat=True).first(),
    }
    rows = {queues.WAITING: waiting, queues.REPORTED: queues.reported(user), queues.APPEALS: appeals}
    address = reverse("admin:comments_comment_changelist")
    return [line_of(queues.TABS[tab], rows[tab], oldest[tab], f"{address}?tab={tab}") for tab in rows]


def open_reports(user: AbstractBaseUser) -> QuerySet[Report]:
    return Report.objects.filter(queues.within(user, "comment__"), state=Report.State.OPEN)


def line_of(name: str, rows: QuerySet, oldest: datetime | None, url: str) -> Line:
    """One query."""
    label = queues.capped(rows)
    since = timesince(oldest, depth=1) if oldest else ""
    return Line(name, int(label.rstrip("+")), label, since, url)


def in_great_numbers(user: AbstractBaseUser) -> list[dict]:
    """What somebody decided of one article many at once, MANY or more within a day altogether. One query.

    So that nobody steers a debate unseen, a few clicks of fewer each no more than one: who may set the rules of
    commenting sees it on her first page.
    """
    since = timezone.now() - MANY_WITHIN
    rows = Decision.objects.filter(queues.within(user, "comment__"), at__gt=since, batch__isnull=False)
    rows = queues.no_undoing(rows)
    by = ["actor_name", "to_state", "comment__article", "comment__article__title"]
    counted = rows.order_by().values(*by).annotate(number=Count("pk")).filter(number__gte=MANY)
    return list(counted.order_by("-number", "comment__article", "to_state", "actor_name")[:MANY_SHOWN])

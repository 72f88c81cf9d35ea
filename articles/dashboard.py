"""What the newsroom sees first in the back office: today's output, what waits, what comes, what is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Count, Min, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from newsportal.lib.days import midnight

from . import beats
from .models import Article, Channel, HourlyReads, RankingEntry, Review, Step

State = Review.State
LISTED = 10
HOURS = 24


@dataclass(frozen=True)
class Line:
    """A line of a table: what it is about, the number, and the list that it leads to."""

    name: str
    number: int
    url: str = ""
    note: str = ""


def output(user: AbstractBaseUser) -> list[Line]:
    """Articles published since midnight, by channel, most first. One query."""
    seen = Article.objects.published().filter(beats.within(user), published_at__gte=midnight(timezone.localdate()))
    rows = (
        seen.order_by().values("channel", "channel__name").annotate(number=Count("pk")).order_by("-number", "channel")
    )
    listed = reverse("admin:articles_article_changelist")
    return [
        Line(row["channel__name"], row["number"], f"{listed}?state=public&channel__id__exact={row['channel']}")
        for row in rows
    ]


def queues(user: AbstractBaseUser) -> list[Line]:
    """What waits at each step, and since when the first of it. One query."""
    waiting = Review.objects.filter(beats.reaching(user, "draft"))
    places = [(State.WAITING, step) for step in (Step.FIRST, Step.SECOND, Step.THIRD)]
    found = {
        (row["state"], row["step"]): row
        for row in waiting.filter(state__in=[State.WAITING, State.PASSED, State.OWED])
        .order_by()
        .values("state", "step")
        .annotate(number=Count("pk"), oldest=Min("waiting_since"))
    }
    listed = reverse("admin:articles_review_changelist")
    lines = [line_of(step.label, [found.get((state, step))], f"{listed}?queue=open") for state, step in places]
    for state, name, queue in ((State.PASSED, "待发布", "ready"), (State.OWED, "欠审", "owed")):
        rows = [row for (other, _), row in found.items() if other == state]
        lines.append(line_of(name, rows, f"{listed}?queue={queue}"))
    return lines


def line_of(name: str, rows: Sequence[dict | None], url: str) -> Line:
    there = [row for row in rows if row]
    if not there:
        return Line(name, 0, url)
    waited = timesince(min(row["oldest"] for row in there), depth=1)
    return Line(name, sum(row["number"] for row in there), url, waited)


def scheduled(user: AbstractBaseUser) -> list[Article]:
    """What the clock will publish next. One query."""
    coming = Article.objects.filter(
        beats.within(user), status=Article.Status.PUBLISHED, published_at__gt=timezone.now()
    )
    return list(coming.select_related("channel").defer("body", "pages").order_by("published_at", "pk")[:LISTED])


def reads_by_hour() -> list[Line]:
    """Reads of the whole site in each of the last 24 hours, this one the last. One query."""
    last = timezone.now().replace(minute=0, second=0, microsecond=0)
    hours = [last - timedelta(hours=back) for back in range(HOURS - 1, -1, -1)]
    rows = HourlyReads.objects.filter(hour__gte=hours[0]).order_by().values("hour").annotate(number=Sum("reads"))
    found = {row["hour"]: row["number"] for row in rows}
    return [Line(f"{timezone.localtime(hour):%H}", found.get(hour, 0)) for hour in hours]


def top_articles() -> list[Line]:
    """What was read most in a day, by the ranking as it was counted last. One query."""
    entries = RankingEntry.objects.filter(period=RankingEntry.Period.DAY).select_related("article")
    return [
        Line(
            entry.article.list_title,
            entry.reads,
            reverse("admin:articles_article_change", args=[entry.article_id]),
        )
        for entry in entries.defer("article__body", "article__pages").order_by("position")[:LISTED]
    ]


def channels_without_output(lines: Sequence[Line]) -> int:
    """How many channels of the navigation have published nothing today. One query."""
    shown = Channel.objects.shown().filter(nav_group__gt=0).values_list("name", flat=True)
    return len(set(shown) - {line.name for line in lines})

"""The figures of the public report: counted day by day once a day is over, added up by month.

A day is counted from the record of decisions along its time, so a month costs what its days cost, once. How long
comments waited is kept as a histogram whose steps grow by a tenth: of any number of days the median comes out of it,
within five in a hundred.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min
from django.utils import timezone

from comments.models import Appeal, Comment, DayFigures, Decision, Report, Sanction
from newsportal.lib.days import midnight

from . import queues

State = Comment.State
DECIDED = [State.APPROVED, State.REJECTED, State.SPAM]
STEP = 1.1
# So many days at once are counted for whoever opens the queue; a command counts all.
MOST_DAYS = 35


# --- A day ---


def count_day(day: date) -> dict[str, Any]:
    """The figures of a day. Seven queries, each along an index of times."""
    span = (midnight(day), midnight(day + timedelta(days=1)))
    decisions = Decision.objects.filter(act=Decision.Act.STATE, at__gte=span[0], at__lt=span[1]).order_by()
    first = decisions.filter(from_state="").values_list("to_state", "rule").annotate(Count("pk"))
    by_people = queues.not_undone(decisions.exclude(actor_name="").filter(to_state__in=DECIDED))
    decided = by_people.values_list("to_state", "reason").annotate(Count("pk"))
    reports = Report.objects.order_by()
    made = reports.filter(created_at__gte=span[0], created_at__lt=span[1])
    settled = reports.filter(handled_at__gte=span[0], handled_at__lt=span[1])
    appeals = Appeal.objects.order_by()
    answered = appeals.filter(decided_at__gte=span[0], decided_at__lt=span[1])
    imposed = Sanction.objects.filter(at__gte=span[0], at__lt=span[1]).order_by()
    return {
        **figures_of_first(first),
        **figures_of_people(decided),
        "waits": histogram(by_people.exclude(waited=None).values_list("waited", flat=True).iterator(chunk_size=5000)),
        "reports": dict(made.values_list("reason").annotate(Count("pk"))),
        "settled": dict(settled.values_list("state").annotate(Count("pk"))),
        "appeals": appeals.filter(created_at__gte=span[0], created_at__lt=span[1]).count(),
        "answered": dict(answered.values_list("state").annotate(Count("pk"))),
        "sanctions": dict(imposed.values_list("kind").annotate(Count("pk"))),
    }


def figures_of_first(rows: Iterable[tuple[str, str, int]]) -> dict[str, Any]:
    """What the rules made of what came in, from (state, rule, number)."""
    found: dict[str, Any] = {"posted": 0, "at_once": 0, "held": {}, "refused": {}}
    for state, rule, number in rows:
        found["posted"] += number
        if state == State.APPROVED:
            found["at_once"] += number
        else:
            kind = "refused" if state == State.REJECTED else "held"
            found[kind][rule] = found[kind].get(rule, 0) + number
    return found


def figures_of_people(rows: Iterable[tuple[str, str, int]]) -> dict[str, Any]:
    """What moderators decided, from (state, reason, number)."""
    found: dict[str, Any] = {"approved": 0, "rejected": {}, "spam": 0}
    for state, reason, number in rows:
        if state == State.APPROVED:
            found["approved"] += number
        elif state == State.SPAM:
            found["spam"] += number
        elif state == State.REJECTED:
            found["rejected"][reason] = found["rejected"].get(reason, 0) + number
    return found


def histogram(waits: Iterable[timedelta]) -> dict[str, int]:
    """How many waits fall into each step, by its number as a text, as JSON keeps it."""
    counted = Counter(str(step_of(wait.total_seconds())) for wait in waits)
    return dict(counted)


def step_of(seconds: float) -> int:
    return math.ceil(math.log(max(1.0, seconds), STEP))


def median(waits: dict[str, int]) -> int | None:
    """The middle of a histogram, in seconds; None of an empty one."""
    total, passed = sum(waits.values()), 0
    for step, number in sorted((int(step), number) for step, number in waits.items()):
        passed += number
        if passed * 2 >= total:
            return round(STEP ** (step - 0.5)) if step else 1
    return None


# --- Days that are over ---


def fill(*, most: int = MOST_DAYS, now: datetime | None = None) -> int:
    """Count the days that are over and not counted yet, the oldest first, so many at most. How many were counted.

    One query when there are none. Two at once count the same, and one of them is kept.
    """
    yesterday = timezone.localdate(now) - timedelta(days=1)
    last = DayFigures.objects.aggregate(last=Max("day"))["last"]
    if last is not None and last >= yesterday:
        return 0
    begin = last + timedelta(days=1) if last else first_day()
    if begin is None:
        return 0
    days = [begin + timedelta(days=number) for number in range((yesterday - begin).days + 1)][:most]
    rows = [DayFigures(day=day, figures=count_day(day)) for day in days]
    DayFigures.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def first_day() -> date | None:
    """The day of the first decision; None before there is any."""
    first = Decision.objects.order_by("at", "id").values_list("at", flat=True).first()
    return timezone.localdate(first) if first else None


# --- A month ---


@dataclass(frozen=True)
class Month:
    """The figures of a month, days of it being added up; `last` is the last day counted."""

    first: date
    last: date
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return (self.last + timedelta(days=1)).month != self.first.month

    def number(self, name: str) -> int:
        """A figure, or the sum of its kinds."""
        value = self.figures.get(name, 0)
        return sum(value.values()) if isinstance(value, dict) else value

    def kinds(self, name: str) -> dict[str, int]:
        """The kinds of a figure, the most frequent first."""
        return dict(sorted(self.figures.get(name, {}).items(), key=lambda item: (-item[1], item[0])))

    @property
    def median(self) -> int | None:
        return median(self.figures.get("waits", {}))


def month(first: date) -> Month | None:
    """The month that begins on that day, as far as its days were counted; None when none was. One query."""
    days = list(DayFigures.objects.filter(day__gte=first, day__lt=next_month(first)).order_by("day"))
    if not days:
        return None
    total: dict[str, Any] = {}
    for day in days:
        for name, value in day.figures.items():
            if isinstance(value, dict):
                own = total.setdefault(name, {})
                for kind, number in value.items():
                    own[kind] = own.get(kind, 0) + number
            else:
                total[name] = total.get(name, 0) + value
    return Month(first, days[-1].day, total)


def next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def months() -> list[date]:
    """The first days of the months that there are figures of, the newest first. One query."""
    span = DayFigures.objects.aggregate(first=Min("day"), last=Max("day"))
    found, at = [], span["last"].replace(day=1) if span["last"] else None
    while at is not None and at >= span["first"].replace(day=1):
        found.append(at)
        at = (at - timedelta(days=1)).replace(day=1)
    return found

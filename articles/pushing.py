"""Telling search engines of articles (推送): queued by the transaction that changes an article, delivered outside.

Nothing is queued and nothing asked while no engine is configured.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from newsportal.lib.searchengines import Outcome, push_to_baidu, push_to_indexnow
from newsportal.lib.site import absolute

from .models import Article, LinkPush

# A process that has not settled a batch by then is dead, and others may take its rows. Far beyond any timeout.
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 12
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
CHUNK = 500  # rows an UPDATE names by their ids


@dataclass(frozen=True)
class Engine:
    """A search engine that is configured: how many addresses a request may hold, and whether it takes gone ones."""

    target: LinkPush.Target
    batch: int
    takes_gone: bool
    send: Callable[[Sequence[str]], Outcome]


def engines() -> list[Engine]:
    """The engines that the settings name."""
    found = []
    if settings.INDEXNOW_KEY:
        found.append(Engine(LinkPush.Target.INDEXNOW, 10_000, takes_gone=True, send=to_indexnow))
    if settings.BAIDU_PUSH_TOKEN:
        found.append(Engine(LinkPush.Target.BAIDU, 2_000, takes_gone=False, send=to_baidu))
    return found


def to_indexnow(urls: Sequence[str]) -> Outcome:
    key = settings.INDEXNOW_KEY
    location = absolute(reverse("indexnow_key", args=[key]))
    return push_to_indexnow(urls, endpoint=settings.INDEXNOW_URL, key=key, key_location=location)


def to_baidu(urls: Sequence[str]) -> Outcome:
    return push_to_baidu(
        urls, endpoint=settings.BAIDU_PUSH_URL, site=settings.SITE_URL, token=settings.BAIDU_PUSH_TOKEN
    )


# --- Queueing ---------------------------------------------------------------------------------------------------------


def queue_articles(articles: Iterable[Article]) -> None:
    """Queue the articles' addresses: at once what is public or was withdrawn, at its time what is scheduled.

    What readers may not know of is told to nobody: its address leaves the queue, unless it was delivered before. At
    most three queries an engine that is configured, however many articles.
    """
    found = engines()
    if not found:
        return
    now, status = timezone.now(), Article.Status
    public, withdrawn, hidden = [], [], []
    for article in articles:
        if not (address := article.get_absolute_url()):
            continue
        if article.channel.is_hidden or article.status == status.DRAFT:
            hidden.append(address)
        elif article.status == status.WITHDRAWN:
            withdrawn.append((address, now))
        else:
            public.append((address, max(now, article.published_at)))
    for engine in found:
        queue(engine, public + (withdrawn if engine.takes_gone else []))
        recall(engine, hidden + ([] if engine.takes_gone else [address for address, _ in withdrawn]))


def queue_former(address: str) -> None:
    """Queue a former address of an article, if an engine was told of it: it answers 301 now."""
    for engine in engines():
        recall(engine, [address])


def queue(engine: Engine, due: list[tuple[str, datetime]]) -> None:
    """Have the addresses pushed, each at its moment, whatever became of them before."""
    rows = [LinkPush(target=engine.target, url=absolute(address), next_attempt_at=at) for address, at in due]
    fresh = ["next_attempt_at", "attempts", "last_error"]
    if rows:
        LinkPush.objects.bulk_create(
            rows, batch_size=CHUNK, update_conflicts=True, unique_fields=["target", "url"], update_fields=fresh
        )


def recall(engine: Engine, addresses: list[str]) -> None:
    """Take addresses out of the queue that were never delivered; tell of the others, if the engine wants to hear it."""
    if addresses:
        rows = LinkPush.objects.filter(target=engine.target, url__in=[absolute(address) for address in addresses])
        rows.filter(delivered_at=None).delete()
        rows.update(next_attempt_at=timezone.now() if engine.takes_gone else None, attempts=0, last_error="")


# --- Delivering -------------------------------------------------------------------------------------------------------


def deliver_due() -> int:
    """Push what is due, a batch for each engine. Returns how many addresses were taken, refused or put off.

    Safe in several processes: each takes rows of its own. What a killed process had taken is due again after LEASE.
    """
    return sum(deliver(engine) for engine in engines())


def deliver(engine: Engine) -> int:
    lease = timezone.now() + LEASE
    rows = claim(engine, until=lease)
    if rows:
        settle(rows, engine.send([row.url for row in rows]), lease=lease)
    return len(rows)


@transaction.atomic
def claim(engine: Engine, *, until: datetime) -> list[LinkPush]:
    """Take due rows for this process alone, by moving their next attempt to the end of the lease."""
    due = LinkPush.objects.filter(target=engine.target, next_attempt_at__lte=timezone.now())
    # The latest first: news must not wait behind an archive that was imported.
    due = due.order_by("-next_attempt_at")
    if connection.features.has_select_for_update_skip_locked:
        # Against other processes that deliver. SQLite has one writer, who has the whole database by now.
        due = due.select_for_update(skip_locked=True)
    rows = list(due[: engine.batch])
    for chunk in in_chunks([row.pk for row in rows]):
        LinkPush.objects.filter(pk__in=chunk).update(next_attempt_at=until, attempts=F("attempts") + 1)
    return rows


@transaction.atomic
def settle(rows: list[LinkPush], outcome: Outcome, *, lease: datetime) -> None:
    """Record what became of a batch. A row that was queued anew meanwhile keeps its place: its lease is another."""
    taken = set(outcome.taken)
    update(lease, [row for row in rows if row.url in taken], delivered=True)
    for reason in set(outcome.refused.values()):
        refused = [row for row in rows if outcome.refused.get(row.url) == reason]
        update(lease, refused, error=reason)
    if not outcome.error:
        return
    now, wait = timezone.now(), timedelta(seconds=outcome.wait)
    for attempts in {row.attempts for row in rows}:
        again = now + max(wait, pause_after(attempts)) if attempts + 1 < MOST_ATTEMPTS else None
        update(lease, [row for row in rows if row.attempts == attempts], error=outcome.error, again=again)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts before the one that failed now: twice as long each time."""
    return min(FIRST_WAIT * 2**attempts, LONGEST_WAIT)


def update(
    lease: datetime, rows: list[LinkPush], *, delivered: bool = False, error: str = "", again: datetime | None = None
) -> None:
    values = {"next_attempt_at": again, "last_error": error[:300]}
    if delivered:
        values["delivered_at"] = timezone.now()
    for chunk in in_chunks([row.pk for row in rows]):
        LinkPush.objects.filter(pk__in=chunk, next_attempt_at=lease).update(**values)


def in_chunks(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]


def try_again(rows) -> int:
    """Queue the rows of a queryset anew, whatever became of them. Returns how many."""
    return rows.update(next_attempt_at=timezone.now(), attempts=0, last_error="")

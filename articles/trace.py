"""What happened to an article before readers' eyes (留痕): an append-only chain that readers see and a command checks.

Each event carries the hash of the text as it then was, the hash of the event before, and a hash of itself over both:
who changes or takes out a row must change all rows after it, and the last must still name the text that is online.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import batched, groupby
from operator import attrgetter
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from .models import Article, ArticleEvent

Kind = ArticleEvent.Kind
Status = Article.Status
# What the text of an article is: all that was written for it.
TEXT = ["kicker", "title", "subtitle", "original_title", "lead", "body", "source_url", "duty_editor"]
# What the newsroom plans, which readers are not told.
PLANS = {Kind.SCHEDULED, Kind.RECALLED}
NOT_PUBLIC_YET = PLANS | {Kind.CHANGED, Kind.CORRECTED}
BATCH = 500


@dataclass(frozen=True)
class PublicEvent:
    """One event as readers are told of it."""

    label: str
    at: datetime
    reason: str
    text_digest: str
    digest: str
    is_correction: bool

    @classmethod
    def of(cls, event: ArticleEvent) -> Self:
        is_correction = event.kind == Kind.CORRECTED
        return cls(event.get_kind_display(), event.at, event.reason, event.text_digest, event.digest, is_correction)


def text_digest(article: Article) -> str:
    """SHA-256 of the article's text, in hexadecimal."""
    return sha256([getattr(article, name) for name in TEXT])


def event_digest(event: ArticleEvent) -> str:
    """SHA-256 of the event and of all before it, in hexadecimal. Not of the user: accounts are deleted."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    own = [event.article_id, event.number, str(event.kind), event.reason, at]
    return sha256([*own, event.text_digest, event.previous])


def sha256(values: Any) -> str:
    """SHA-256 of what JSON can hold, in hexadecimal; the order of an object's keys is nothing to it."""
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


# --- Writing ---


def record_save(
    article: Article,
    before: Article | None,
    *,
    user: AbstractBaseUser | None = None,
    reason: str = "",
    is_correction: bool = False,
    at: datetime | None = None,
) -> None:
    """Add what a save did to an article, `before` being its row as it was. Nothing when readers cannot tell."""
    kind = kind_of(article, before, is_correction=is_correction)
    if kind is not None:
        record(article, kind, before=before, user=user, reason=reason, at=at)


def kind_of(article: Article, before: Article | None, *, is_correction: bool = False) -> Kind | None:
    """What happened between two states of an article, as far as the chain tells it."""
    was, now = stage(before), stage(article)
    if now == Status.DRAFT:
        return Kind.RECALLED if was == "scheduled" else None
    if now != was:
        published = Kind.RESTORED if was == Status.WITHDRAWN else Kind.PUBLISHED
        return {"public": published, "scheduled": Kind.SCHEDULED}.get(now)
    if now == "scheduled" and article.published_at != before.published_at:
        return Kind.SCHEDULED
    if now == "public" and is_correction:
        return Kind.CORRECTED
    return Kind.CHANGED if text_digest(article) != text_digest(before) else None


def stage(article: Article | None) -> str:
    """Either "public" or "scheduled" for what is published, by the clock; else its status, a draft for none at all."""
    if article is None or article.status != Status.PUBLISHED:
        return article.status if article else Status.DRAFT
    return "public" if article.published_at <= timezone.now() else "scheduled"


def record(
    article: Article,
    kind: Kind,
    *,
    before: Article | None = None,
    user: AbstractBaseUser | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> ArticleEvent:
    """Add an event to the chain of a saved article; `before` is None for a new one. One query, two for a former one.

    Call it after the article's row was written in the same transaction: that row is the lock that keeps two events from
    taking one number. What was published before there were chains gets its first link now, of the text `before`.
    """
    if before is None:
        return append(article, kind, None, user=user, reason=reason, at=at)
    last = ArticleEvent.objects.filter(article=article).order_by("-number").first()
    if last is None and before.status != Status.DRAFT:
        last = append(before, Kind.ADOPTED, None, at=at)
    return append(article, kind, last, user=user, reason=reason, at=at)


def append(
    article: Article,
    kind: Kind,
    last: ArticleEvent | None,
    *,
    user: AbstractBaseUser | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> ArticleEvent:
    event = ArticleEvent(
        article=article,
        number=last.number + 1 if last else 1,
        kind=kind,
        reason=reason,
        at=at or timezone.now(),
        user=user,
        text_digest=text_digest(article),
        previous=last.digest if last else "",
    )
    event.digest = event_digest(event)
    event.save(force_insert=True)
    return event


# --- Reading ---


def public_history(article: Article, events: Sequence[ArticleEvent]) -> list[PublicEvent]:
    """What readers of a published article are told of its events, given in order: oldest first.

    What was planned and changed before the clock published it is one event to them: the publication, of the text that
    stood last.
    """
    moment = article.published_at
    planned = [event for event in events if event.kind in NOT_PUBLIC_YET and event.at < moment]
    told = [event for event in events if event.kind not in PLANS and event not in planned]
    shown = [PublicEvent.of(event) for event in told]
    if planned and not any(event.kind == Kind.PUBLISHED and event.at >= moment for event in told):
        last = PublicEvent.of(planned[-1])
        shown.append(replace(last, label=Kind.PUBLISHED.label, at=moment, reason="", is_correction=False))
    return sorted(shown, key=attrgetter("at"))


# --- Checking ---


def faults() -> Iterator[tuple[int, str]]:
    """(article, what is wrong in Chinese) of every chain that is not what it was. Reads all events and their texts."""
    events = ArticleEvent.objects.order_by("article_id", "number").iterator(chunk_size=BATCH)
    chains = ((pk, list(chain)) for pk, chain in groupby(events, key=attrgetter("article_id")))
    for batch in batched(chains, BATCH, strict=False):
        articles = Article.objects.only(*TEXT, "status").in_bulk([pk for pk, _ in batch])
        for pk, chain in batch:
            if fault := fault_of(articles.get(pk), chain):
                yield pk, fault


def fault_of(article: Article | None, chain: Sequence[ArticleEvent]) -> str:
    """What is wrong with one chain; empty when all is well."""
    before: ArticleEvent | None = None
    for number, event in enumerate(chain, start=1):
        if event.number != number:
            return f"缺第 {number} 条"
        if event.previous != (before.digest if before else ""):
            return f"第 {number} 条接不上前一条"
        if event.digest != event_digest(event):
            return f"第 {number} 条被改过"
        before = event
    if article is None:
        return "稿件不在了"
    if article.status != Status.DRAFT and chain[-1].text_digest != text_digest(article):
        return "现在的文本与最后一条不符"
    return ""

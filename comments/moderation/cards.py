"""What a moderator has before her of each comment: its text with what was found in it, its author's record, its past.

The same number of queries for one card as for twenty.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from comments.models import Appeal, Comment, CommentStep, Decision, Report, Sanction
from comments.pipeline import STEP_NAMES

from . import judging
from .judging import ACTS, Act

State = Comment.State
LEVELS = {"block": "禁止", "hold": "待审", "warn": "提示"}
CONTACTS = {"links": "链接", "phones": "电话", "qq": "QQ 号", "wechat": "微信号"}
SHOWN = 8  # decisions and reports of one card
SANCTIONS_SHOWN = 3
ACCOUNT_DAYS, NETWORK_DAYS = 30, 7


@dataclass(frozen=True)
class Piece:
    """A part of a text; `why` says what was found there, empty where nothing was."""

    text: str
    why: str = ""


@dataclass
class Record:
    """What is known of whoever wrote: an account, or a network of visitors."""

    name: str
    days: int
    approved: int = 0
    refused: int = 0
    waiting: int = 0
    since: datetime | None = None
    sanctions: list[Sanction] = field(default_factory=list)

    @property
    def in_force(self) -> list[Sanction]:
        return [sanction for sanction in self.sanctions if sanction.is_in_force]


@dataclass
class Card:
    """One comment in the queue. `acts` are what its reader may do with it."""

    comment: Comment
    pieces: list[Piece]
    steps: list[tuple[str, str, str]]
    decisions: list[Decision]
    reports: list[Report]
    record: Record
    acts: list[Act]
    appeal: Appeal | None = None
    is_own_decision: bool = False
    undoable: Decision | None = None
    taken_by: str = ""

    @property
    def sight(self) -> str:
        """How forms name the comment as it stands here."""
        return f"{self.comment.pk}:{self.decisions[0].pk if self.decisions else 0}"

    @property
    def offers(self) -> set[str]:
        return {act.name for act in self.acts}

    @property
    def main_acts(self) -> list[Act]:
        """Those of one click; to refuse asks for a reason."""
        return [act for act in self.acts if act.name != "reject"]


def cards_of(pks: Sequence[int], *, user: AbstractBaseUser) -> list[Card]:
    """The cards of these comments, in this order. Eight queries."""
    comments = {comment.pk: comment for comment in loaded(pks)}
    found = [comments[pk] for pk in pks if pk in comments]
    appeals = {appeal.decision.comment_id: appeal for appeal in appeals_of(found)}
    records = records_of(found)
    now = timezone.now()
    return [card_of(comment, user=user, record=records[key_of(comment)], appeals=appeals, at=now) for comment in found]


def loaded(pks: Sequence[int]) -> Iterable[Comment]:
    decisions = Decision.objects.order_by("-id").select_related("undone_by")[:SHOWN]
    reports = Report.objects.order_by("-id").select_related("reporter")[:SHOWN]
    rows = Comment.objects.filter(pk__in=pks).select_related("article__channel", "author", "parent", "claimed_by")
    return rows.defer("article__body", "article__pages").prefetch_related(
        Prefetch("decisions", decisions, to_attr="last_decisions"),
        Prefetch("reports", reports, to_attr="last_reports"),
        Prefetch("steps", CommentStep.objects.order_by("-run", "position"), to_attr="all_steps"),
    )


def appeals_of(comments: Sequence[Comment]) -> Iterable[Appeal]:
    rows = Appeal.objects.filter(decision__comment__in=comments, state=Appeal.State.OPEN)
    return rows.select_related("decision", "user")


def card_of(
    comment: Comment, *, user: AbstractBaseUser, record: Record, appeals: dict[int, Appeal], at: datetime
) -> Card:
    appeal = appeals.get(comment.pk)
    taken = comment.claimed_by_id not in {None, user.pk} and comment.claimed_until and comment.claimed_until > at
    may = not appeal and not taken
    last = comment.last_decisions[0] if comment.last_decisions else None
    run = [step for step in comment.all_steps if step.run == comment.all_steps[0].run] if comment.all_steps else []
    return Card(
        comment,
        pieces=pieces_of(comment.body, run),
        # That it waits because all do, the head says.
        steps=[told(step) for step in run if step.outcome != CommentStep.Outcome.PASS and step.step != "default"],
        decisions=comment.last_decisions,
        reports=comment.last_reports,
        record=record,
        acts=[act for act in ACTS.values() if may and judging.can(act, comment, user)],
        appeal=appeal,
        is_own_decision=bool(appeal and appeal.decision.actor_id == user.pk),
        undoable=last if last and is_undoable(last, user, at) else None,
        taken_by=str(comment.claimed_by) if taken else "",
    )


def is_undoable(decision: Decision, user: AbstractBaseUser, at: datetime) -> bool:
    return (
        decision.actor_id == user.pk
        and decision.act == Decision.Act.STATE
        and decision.to_state != State.DELETED
        and decision.undo_of_id is None
        and decision.reason != "appeal"
        and decision.at + judging.decisions.UNDO_WITHIN > at
        and user.has_perm(judging.queues.MODERATE)
    )


# --- The text ---


def pieces_of(body: str, steps: Sequence[CommentStep]) -> list[Piece]:
    """The text, parted where the pipeline found something."""
    pieces, end = [], 0
    for start, stop, why in sorted(set(marks_of(body, steps))):
        if start < end or stop > len(body):
            continue
        pieces += [Piece(body[end:start]), Piece(body[start:stop], why)]
        end = stop
    return [piece for piece in [*pieces, Piece(body[end:])] if piece.text]


def marks_of(body: str, steps: Sequence[CommentStep]) -> Iterable[tuple[int, int, str]]:
    """(from, to, why) of everything that was found."""
    for step in steps:
        for hit in hits_of(step):
            if hit.get("field", "body") == "body":
                yield hit["start"], hit["end"], f"{LEVELS.get(hit['level'], '')}词“{hit['word']}”"
        if step.step == "contacts":
            for kind, name in CONTACTS.items():
                for text in step.detail.get(kind, []):
                    at = body.find(text)
                    if at >= 0:
                        yield at, at + len(text), name


def hits_of(step: CommentStep) -> list[dict[str, Any]]:
    """The listed words that a step found."""
    if step.step != "words":
        return []
    return step.detail.get("hits", []) if isinstance(step.detail, dict) else step.detail


def told(step: CommentStep) -> tuple[str, str, str]:
    """(step, outcome, what it found), in words."""
    return STEP_NAMES.get(step.step, step.step), step.get_outcome_display(), in_words(step)


def in_words(step: CommentStep) -> str:
    detail = step.detail if isinstance(step.detail, dict) else {}
    match step.step:
        case "words":
            return "、".join(dict.fromkeys(f"{LEVELS.get(h['level'], '')}词“{h['word']}”" for h in hits_of(step)))
        case "contacts":
            kinds = [(name, detail[kind]) for kind, name in CONTACTS.items() if detail.get(kind)]
            return "；".join(f"{name} {'、'.join(found)}" for name, found in kinds)
        case "history":
            return f"近期 {detail.get('decided', 0)} 条里 {detail.get('refused', 0)} 条未通过"
        case "phone":
            return "编辑部的账号，不用验证" if detail.get("staff") else "已验证"
        case "duplicate":
            return f"一天内另有 {detail.get('others', 0)} 条同样的话"
    return ""


# --- Whoever wrote ---


def key_of(comment: Comment) -> tuple[str, Any]:
    """What the record of a comment's author is kept under: her account; a visitor's network; the comment alone."""
    if comment.author_id:
        return "author", comment.author_id
    return ("network", comment.network) if comment.network else ("", comment.pk)


def records_of(comments: Sequence[Comment]) -> dict[tuple[str, Any], Record]:
    """Of each author what became of her last comments, and her sanctions. Three queries."""
    records: dict[tuple[str, Any], Record] = {}
    for comment in comments:
        key = key_of(comment)
        is_account = key[0] == "author"
        record = records.setdefault(
            key,
            Record(
                str(comment.author) if is_account else f"游客（{comment.network or '网络未知'}）",
                ACCOUNT_DAYS if is_account else NETWORK_DAYS,
            ),
        )
        record.since = getattr(comment.author, "date_joined", None)
    for kind, days in (("author", ACCOUNT_DAYS), ("network", NETWORK_DAYS)):
        count_states(records, kind, timezone.now() - timedelta(days=days))
    add_sanctions(records)
    return records


def count_states(records: dict[tuple[str, Any], Record], kind: str, since: datetime) -> None:
    """Add up the states of what each wrote since then. The limits of the rules bound how much that is."""
    keys = [key for name, key in records if name == kind]
    if not keys:
        return
    rows = Comment.objects.filter(**{f"{kind}__in": keys, "created_at__gt": since})
    rows = rows.filter(author=None) if kind == "network" else rows
    for key, state, number in rows.order_by().values_list(kind, "state").annotate(Count("pk")):
        record = records[kind, key]
        if state == State.APPROVED:
            record.approved += number
        elif state in judging.REFUSED_STATES:
            record.refused += number
        elif state in judging.WAITS:
            record.waiting += number


def add_sanctions(records: dict[tuple[str, Any], Record]) -> None:
    """The newest of each. One query."""
    by: dict[str, list] = defaultdict(list)
    for kind, key in records:
        by[kind].append(key)
    if not by["author"] and not by["network"]:
        return
    rows = Sanction.objects.filter(Q(user__in=by["author"]) | Q(network__in=by["network"]))
    for sanction in rows.select_related("channel", "by").order_by("-id")[:200]:
        record = records["author", sanction.user_id] if sanction.user_id else records["network", sanction.network]
        if len(record.sanctions) < SANCTIONS_SHOWN:
            record.sanctions.append(sanction)

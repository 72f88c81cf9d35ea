"""What a moderator does with comments: each row asked for its rights and for what it has become, and written down.

`judge` is the one way from the back office to `comments.decisions`, for one comment as for two hundred.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from comments import decisions, reporting
from comments.appeals import answer
from comments.models import PEOPLES_REASONS, Appeal, Comment, Decision, Reason
from comments.refusals import Refused

from . import claims, queues

State = Comment.State
WAITS, REFUSED_STATES = {State.WAITING, State.WITHHELD}, {State.REJECTED, State.SPAM}
MOST_AT_ONCE = 200
LONGEST_NOTE = 300
NO_RIGHT, ELSEWHERE = "你没有审核评论的权限。", "这条评论不在你的分管范围。"


@dataclass(frozen=True)
class Act:
    """Something that can be done with a comment: in which states, with which right, and how it is told."""

    name: str
    label: str
    done: str
    key: str
    right: str
    states: frozenset[State]
    to: State | None = None


def act(name: str, label: str, done: str, key: str, states: Iterable[State], to=None, right=queues.MODERATE) -> Act:
    return Act(name, label, done, key, right, frozenset(states), to)


ACTS = {
    one.name: one
    for one in (
        act("approve", "通过", "已通过", "a", WAITS, State.APPROVED),
        act("keep", "保留（举报不成立）", "已保留，举报不成立", "a", {State.APPROVED}),
        act("restore", "恢复公开", "已恢复公开", "a", REFUSED_STATES, State.APPROVED),
        act("reject", "不通过", "未通过", "r", {*WAITS, State.APPROVED, State.SPAM}, State.REJECTED),
        act("spam", "垃圾", "已判为垃圾评论", "s", {*WAITS, State.APPROVED, State.REJECTED}, State.SPAM),
        act("feature", "精选", "已设为精选", "f", {State.APPROVED}, right=queues.FEATURE),
        act("unfeature", "取消精选", "已取消精选", "f", {State.APPROVED}, right=queues.FEATURE),
    )
}


@dataclass(frozen=True)
class Order:
    """What is to be done, and why."""

    act: Act
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class Sight:
    """A comment as somebody saw it: `seen` is the number of the last line of its record then, 0 for none."""

    pk: int
    seen: int

    @classmethod
    def read(cls, text: str) -> "Sight | None":
        """From "12:345", as forms carry it; None for anything else."""
        pk, _, seen = text.partition(":")
        is_number = all(part.isascii() and part.isdecimal() and len(part) <= 18 for part in (pk, seen))
        return cls(int(pk), int(seen)) if is_number else None


def can(one: Act, comment: Comment, user: AbstractBaseUser) -> bool:
    """Whether an act makes sense for a comment as it is, and the user has the right. Queries rights alone."""
    if comment.state not in one.states or not user.has_perm(one.right) or comment.author_id == user.pk:
        return False
    if one.name == "keep":
        return comment.reports_open > 0
    if one.name in {"feature", "unfeature"}:
        return comment.is_featured == (one.name == "unfeature")
    return True


# --- One comment ---


@transaction.atomic
def judge(
    sight: Sight, order: Order, *, user: AbstractBaseUser, batch: UUID | None = None, at: datetime | None = None
) -> Comment:
    """Do what is ordered with one comment. Raises Refused, with the reason in words, when it is not done.

    Asked here: the right, the beat, that nobody else has it on her screen, that it is as it was seen, that it is not
    one's own, that no appeal waits, and of a refusal that none of hers was overruled here.
    Side effects: those of `decisions.decide`; reports of what stays are dismissed.
    """
    at = at or timezone.now()
    comment = lock_seen(sight, user=user, right=order.act.right, at=at)
    if not can(order.act, comment, user):
        raise Refused(f"“{comment.get_state_display()}”的评论不能再“{order.act.label}”。", code="state")
    if Appeal.objects.filter(decision__comment=comment, state=Appeal.State.OPEN).exists():
        raise Refused("作者的申诉还没有答复：请在“申诉”里处理。", code="appeal")
    if order.act.to in REFUSED_STATES and was_overruled(comment, user):
        raise Refused("你对这条评论的决定在申诉中被改判过：要再处理，请由别人来。", code="overruled")
    if order.act.name in {"feature", "unfeature"}:
        decisions.feature(comment, is_featured=order.act.name == "feature", actor=user, at=at)
        return comment
    if order.act.to is not None:
        reason = reason_of(order)
        values = {"actor": user, "reason": reason, "note": order.note, "batch": batch, "at": at}
        decisions.decide(comment, order.act.to, **values)
    if order.act.to not in REFUSED_STATES and comment.reports_open:
        reporting.settle(comment, is_upheld=False, actor=user, answer=order.note, at=at)
    return comment


def was_overruled(comment: Comment, user: AbstractBaseUser) -> bool:
    """Whether an appeal against what the user decided about this comment was upheld: she does not refuse it again."""
    upheld = Appeal.objects.filter(decision__comment=comment, decision__actor=user, state=Appeal.State.UPHELD)
    return upheld.exists()


def lock_seen(sight: Sight, *, user: AbstractBaseUser, right: str, at: datetime) -> Comment:
    """The comment, held, when the user may decide about it and it is as it was seen. Raises Refused."""
    if not user.has_perm(right):
        raise Refused(NO_RIGHT, code="right")
    if not queues.seen_by(user).filter(pk=sight.pk).exists():
        raise Refused(ELSEWHERE, code="beat")
    comment = decisions.lock(sight.pk)
    if comment.author_id == user.pk:
        raise Refused("这是你自己的评论：要由别人审。", code="own")
    claims.refuse_if_taken(comment, user, at)
    last = Decision.objects.filter(comment=comment).order_by("-id").first()
    if (last.pk if last else 0) != sight.seen:
        who = f"{last.actor_name or '系统或作者'}" if last else ""
        raise Refused(f"你看过以后，{who}已经改动，现在是“{comment.get_state_display()}”。请重新看。", code="changed")
    return comment


def reason_of(order: Order) -> str:
    """The reason that goes into the record. Raises Refused when a refusal has none that people may give."""
    if order.act.name == "spam":
        return order.reason or Reason.AD
    if order.act.name == "reject" and order.reason not in PEOPLES_REASONS:
        raise Refused("请选择不通过的原因。", code="reason")
    if order.act.name == "reject" and order.reason == Reason.OTHER and not order.note:
        raise Refused("选“其他”时请写明原因：作者会看到。", code="note")
    return order.reason if order.act.name == "reject" else ""


# --- Many ---


@dataclass(frozen=True)
class Failure:
    """A row that was not done, and why."""

    pk: int
    why: str


@dataclass(frozen=True)
class Outcome:
    """What became of many: how many were done, which were not."""

    done: list[int]
    failures: list[Failure]
    batch: UUID | None = None


def judge_many(sights: Iterable[Sight], order: Order, *, user: AbstractBaseUser) -> Outcome:
    """The same with each of many, MOST_AT_ONCE at most, each in a transaction of its own, under one batch."""
    batch, done, failures = uuid4(), [], []
    for sight in list(sights)[:MOST_AT_ONCE]:
        try:
            judge(sight, order, user=user, batch=batch)
        except Refused as refusal:
            failures.append(Failure(sight.pk, refusal.message))
        else:
            done.append(sight.pk)
    return Outcome(done, failures, batch)


# --- Taking back ---


def last_of(user: AbstractBaseUser, at: datetime | None = None) -> Decision | None:
    """What the user decided last and can still take back, within ten minutes. Two queries.

    Looked for among her newest, however many she has: of the old ones there may be hundreds of thousands.
    """
    since = (at or timezone.now()) - decisions.UNDO_WITHIN
    newest = Decision.objects.filter(actor=user).order_by("-id").values_list("pk", flat=True)[:MOST_AT_ONCE]
    rows = Decision.objects.filter(pk__in=list(newest), at__gt=since, act=Decision.Act.STATE)
    rows = queues.not_undone(queues.by_moderators(rows)).filter(~Exists(Appeal.objects.filter(decision=OuterRef("pk"))))
    return rows.exclude(reason=Reason.APPEAL).select_related("comment").order_by("-id").first()


def take_back(decision: Decision, *, user: AbstractBaseUser) -> Outcome:
    """Undo a decision of the user's, with all that was done by the same click."""
    rows = Decision.objects.filter(pk=decision.pk)
    if decision.batch:
        rows = Decision.objects.filter(batch=decision.batch, act=Decision.Act.STATE)
    done, failures = [], []
    for row in queues.no_undoing(rows).select_related("comment").order_by("-id")[:MOST_AT_ONCE]:
        try:
            take_one_back(row, user=user)
        except Refused as refusal:
            failures.append(Failure(row.comment_id, refusal.message))
        else:
            done.append(row.comment_id)
    return Outcome(done, failures)


@transaction.atomic
def take_one_back(decision: Decision, *, user: AbstractBaseUser) -> Decision:
    """Undo one; the comment waits since when it waited, on the user's screen. Raises Refused."""
    if not user.has_perm(queues.MODERATE):
        raise Refused(NO_RIGHT, code="right")
    if decision.actor_id != user.pk:
        raise Refused("只能撤销自己的决定。", code="own")
    if not queues.seen_by(user).filter(pk=decision.comment_id).exists():
        raise Refused(ELSEWHERE, code="beat")
    if decision.reason == Reason.APPEAL:
        raise Refused("申诉的结果不能撤销。", code="kind")
    now = timezone.now()
    undone = decisions.undo(decision, actor=user, at=now)
    if undone.to_state in WAITS:
        lease = {"claimed_by": user, "claimed_until": now + claims.LEASE}
        Comment.objects.filter(pk=decision.comment_id).update(**lease)
    return undone


# --- Appeals ---


@transaction.atomic
def answer_appeal(appeal: Appeal, *, user: AbstractBaseUser, is_upheld: bool, text: str) -> Appeal:
    """Answer an appeal, as another moderator than whoever decided. Raises Refused."""
    comment = appeal.decision.comment
    if not user.has_perm(queues.MODERATE):
        raise Refused(NO_RIGHT, code="right")
    if not queues.seen_by(user).filter(pk=comment.pk).exists():
        raise Refused(ELSEWHERE, code="beat")
    if comment.author_id == user.pk:
        raise Refused("这是你自己的评论：要由别人处理。", code="own")
    locked = decisions.lock(comment)
    claims.refuse_if_taken(locked, user, timezone.now())
    return answer(appeal, actor=user, is_upheld=is_upheld, text=text)


def days_from(days: int, at: datetime | None = None) -> datetime:
    return (at or timezone.now()) + timedelta(days=days)

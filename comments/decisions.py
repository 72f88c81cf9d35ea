"""The one place where the state of a comment changes, with all that follows: numbers, record, notices, reports."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from newsportal.lib.chinese import shorten

from . import reporting
from .counting import add_to_count
from .models import Comment, Decision, Notice, Reason
from .notices import notify
from .refusals import Refused

State, Act = Comment.State, Decision.Act
WAITING = {State.WAITING, State.WITHHELD}
REFUSED = {State.REJECTED, State.SPAM}
UNDO_WITHIN = timedelta(minutes=10)
MINE = "/comments/mine/"
# What whoever reported hears when there is nothing left for a moderator to decide.
TAKEN_BACK = "作者已删除这条评论。"


def lock(comment: Comment | int) -> Comment:
    """The comment as it stands now, its thread held against whoever else decides there. Two queries for a reply.

    The top of the thread first, always: its state says whether what stands below counts.
    """
    pk = comment if isinstance(comment, int) else comment.pk
    rows = Comment.objects.select_for_update(no_key=True)
    root_id = Comment.objects.filter(pk=pk).values_list("root_id", flat=True).get()
    root = rows.get(pk=root_id) if root_id else None
    locked = rows.get(pk=pk)
    if root:
        locked.root = root
    return locked


@transaction.atomic
def decide(
    comment: Comment,
    to: State | str,
    *,
    actor=None,
    reason: Reason | str = "",
    note: str = "",
    rule: str = "",
    batch: UUID | None = None,
    undo_of: Decision | None = None,
    at: datetime | None = None,
    is_told: bool = True,
) -> Decision:
    """Bring a comment into another state. `actor` is None when a rule does it, whose name is `rule`.

    Who may do it is the caller's to ask. Raises Refused when it is in that state already (somebody else was quicker),
    or was deleted by its author, or when a refusal lacks its reason.

    Side effects: the numbers of the article and of the thread; no longer 精选 when it is not public; the claim ends;
    open reports are upheld by a refusal, and when the author takes her words back; a line of the record; the author is
    told unless `is_told` is off, and so is whoever was answered when the comment becomes public.
    """
    at = at or timezone.now()
    locked = lock(comment)
    check(locked, to, reason)
    before = locked.state
    waited = at - locked.waiting_since if locked.waiting_since else None
    move(locked, State(to), reason=reason, at=at)
    decision = record(
        locked, before=before, actor=actor, reason=reason, note=note, rule=rule, waited=waited, batch=batch,
        undo_of=undo_of, at=at,
    )  # fmt: skip
    if to in REFUSED:
        reporting.settle(locked, is_upheld=True, actor=actor, at=at)
    elif to == State.DELETED:
        reporting.settle(locked, is_upheld=True, actor=None, answer=TAKEN_BACK, at=at)
    if is_told and actor is not None and actor.pk != locked.author_id:
        tell_author(locked, decision)
    if to == State.APPROVED:
        tell_answered(locked)
    refresh(comment, locked)
    return decision


def check(comment: Comment, to: str, reason: str) -> None:
    if comment.state == State.DELETED:
        raise Refused("这条评论已被作者删除。", code="deleted")
    if comment.state == to:
        raise Refused(f"这条评论已经是“{comment.get_state_display()}”：可能别人刚处理过。", code="same")
    if to in REFUSED | {State.WITHHELD} and not reason:
        raise Refused("请选择原因。", code="reason")


def move(comment: Comment, to: State, *, reason: str, at: datetime) -> None:
    """Write the new state of a locked comment, and the numbers that follow from it."""
    before = comment.state
    comment.state, comment.reason = to, reason
    comment.waiting_since = (comment.waiting_since or at) if to in WAITING else None
    comment.decided_at = None if to in WAITING else at
    comment.is_featured = comment.is_featured and to == State.APPROVED
    comment.claimed_by = comment.claimed_until = None
    columns = ["state", "reason", "waiting_since", "decided_at", "is_featured", "claimed_by", "claimed_until"]
    comment.save(update_fields=columns)
    change = (to == State.APPROVED) - (before == State.APPROVED)
    if change:
        count(comment, change)


def count(comment: Comment, change: int) -> None:
    """Add what a comment that appears (1) or goes (-1) makes of the numbers. Its thread is locked."""
    if comment.root_id is None:
        # What stands below appears and goes with it.
        add_to_count(comment.article_id, approved=change * (1 + comment.replies), threads=change)
        return
    Comment.objects.filter(pk=comment.root_id).update(replies=F("replies") + change)
    if comment.root.state == State.APPROVED:
        add_to_count(comment.article_id, approved=change, threads=0)


def record(comment: Comment, *, before: str, actor, act: Act = Act.STATE, **values) -> Decision:
    return Decision.objects.create(
        comment=comment,
        act=act,
        from_state=before,
        to_state=comment.state,
        actor=actor,
        actor_name=str(actor)[:150] if actor else "",
        **values,
    )


def refresh(comment: Comment, locked: Comment) -> None:
    """Let the caller's own copy say what was written."""
    for field in ("state", "reason", "waiting_since", "decided_at", "is_featured", "claimed_by", "claimed_until"):
        setattr(comment, field, getattr(locked, field))


# --- Who is told ---


def quote(comment: Comment) -> str:
    return f"“{shorten(comment.body, 40)}”" if comment.body else "（内容已删除）"


def tell_author(comment: Comment, decision: Decision) -> None:
    """The author hears what became of her comment, why, and what she can do."""
    why = f"原因：{decision.get_reason_display()}。" if decision.reason else ""
    note = f"{decision.note}。" if decision.note else ""
    said = {
        State.APPROVED: f"您的评论{quote(comment)}已通过审核，读者可以看到了。",
        State.REJECTED: f"您的评论{quote(comment)}没有通过。{why}{note}如有异议，七天内可以申诉一次。",
        State.SPAM: f"您的评论{quote(comment)}被判为垃圾评论。{why}{note}如有异议，七天内可以申诉一次。",
        State.WAITING: f"您的评论{quote(comment)}重新等待审核。{why}{note}",
        State.WITHHELD: f"您的评论{quote(comment)}重新等待审核。{why}{note}",
    }
    if text := said.get(State(comment.state)):
        link = comment.get_absolute_url() if comment.state == State.APPROVED else MINE
        notify(comment.author, kind=Notice.Kind.DECISION, text=text, link=link)


def tell_answered(comment: Comment) -> None:
    """Whoever is answered hears of the answer once readers can read it, and once only."""
    if comment.parent_id is None:
        return
    parent = Comment.objects.select_related("author").get(pk=comment.parent_id)
    if parent.author is None or parent.author_id == comment.author_id:
        return
    if not comment.is_approved or parent.state != State.APPROVED:
        return
    appeared = Decision.objects.filter(comment=comment, act=Act.STATE, to_state=State.APPROVED)
    if appeared[:2].count() == 1:
        text = f"{comment.nickname} 回复了您的评论{quote(parent)}：{shorten(comment.body, 60)}"
        notify(parent.author, kind=Notice.Kind.REPLY, text=text, link=comment.get_absolute_url())


# --- Other acts ---


@transaction.atomic
def feature(comment: Comment, *, is_featured: bool, actor, at: datetime | None = None) -> Decision:
    """Make a public comment 精选, or no more. Raises Refused when it is not public, or is so already.

    Side effect: a line of the record.
    """
    locked = lock(comment)
    if not locked.is_approved:
        raise Refused("只有公开的评论才能精选。", code="state")
    if locked.is_featured == is_featured:
        raise Refused("已经是精选。" if is_featured else "本来就不是精选。", code="same")
    locked.is_featured = comment.is_featured = is_featured
    locked.save(update_fields=["is_featured"])
    act = Act.FEATURE if is_featured else Act.UNFEATURE
    return record(locked, before=locked.state, actor=actor, act=act, at=at or timezone.now())


@transaction.atomic
def undo(decision: Decision, *, actor, at: datetime | None = None) -> Decision:
    """Take back what was decided within the last ten minutes, as long as nothing was decided since.

    Raises Refused otherwise. Side effects: those of `decide`; reports that the decision settled are open again; the
    author, who may have read the notice, is told.
    """
    at = at or timezone.now()
    locked = lock(decision.comment)
    last = Decision.objects.filter(comment=locked).order_by("-id").first()
    if last is None or last.pk != decision.pk or decision.act != Act.STATE or not decision.from_state:
        raise Refused("这个决定之后又有了新的处理，不能撤销。", code="late")
    if decision.undo_of_id or decision.actor_id is None or hasattr(decision, "appeal"):
        raise Refused("这个决定不能撤销。", code="kind")
    if decision.at + UNDO_WITHIN < at:
        raise Refused("超过十分钟，不能撤销：请重新处理这条评论。", code="late")
    back = decision.from_state
    reason = Reason.UNDO if back in REFUSED | WAITING else ""
    undone = decide(locked, back, actor=actor, reason=reason, undo_of=decision, at=at)
    reporting.reopen(locked, handled_at=decision.at)
    if decision.waited is not None and back in WAITING:
        # To its old place in the queue, not to the end.
        locked.waiting_since = decision.at - decision.waited
        locked.save(update_fields=["waiting_since"])
    refresh(decision.comment, locked)
    return undone

"""Appeals (申诉): once for each decision, within seven days, and another moderator answers."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from .decisions import MINE, REFUSED, decide, lock
from .models import Appeal, Comment, Decision, Notice, Reason
from .models.decisions import LONGEST_APPEAL
from .notices import notify
from .refusals import Refused
from .texts import clean
from .writers import Writer

WITHIN = timedelta(days=7)


def last_decision(comment: Comment) -> Decision | None:
    """The decision that stands. One query."""
    rows = Decision.objects.filter(comment=comment, act=Decision.Act.STATE).select_related("appeal")
    return rows.order_by("-id").first()


def hindrance(decision: Decision, *, at: datetime | None = None) -> str:
    """Why nobody can appeal against a decision, in words; empty when its author can. Queries the appeal unless loaded.

    Whether it is the last one about its comment is asked by `appeal`.
    """
    if decision.act != Decision.Act.STATE or decision.to_state not in REFUSED:
        return "只有没有通过的评论才能申诉。"
    if hasattr(decision, "appeal"):
        return "对这个决定已经申诉过一次。"
    if decision.reason == Reason.APPEAL:
        return "这是申诉的结果，不能再申诉。"
    if decision.at + WITHIN < (at or timezone.now()):
        return "已经超过七天，不能再申诉。"
    return ""


@transaction.atomic
def appeal(decision: Decision, *, writer: Writer, text: str, at: datetime | None = None) -> Appeal:
    """Appeal against a decision about one's own comment. Raises Refused where that is not possible, and says why."""
    text = clean(text)
    if not text:
        raise Refused("请写下申诉的理由。", code="text")
    if len(text) > LONGEST_APPEAL:
        raise Refused(f"申诉最多 {LONGEST_APPEAL} 个字，现在有 {len(text)} 个。", code="text")
    comment = lock(decision.comment_id)
    if not writer.owns(comment):
        raise Refused("只能为自己的评论申诉。", code="owner")
    last = last_decision(comment)
    if last is None or last.pk != decision.pk:
        raise Refused("这个决定已经有了新的结果，不用申诉。", code="late")
    if why := hindrance(last, at=at):
        raise Refused(why, code="hindered")
    try:
        with transaction.atomic():
            return Appeal.objects.create(decision=last, user=writer.user, text=text, created_at=at or timezone.now())
    except IntegrityError:
        raise Refused("对这个决定已经申诉过一次。", code="hindered") from None


@transaction.atomic
def answer(appeal: Appeal, *, actor, is_upheld: bool, text: str, at: datetime | None = None) -> Appeal:
    """Decide an appeal. Raises Refused for whoever decided before, without an answer, and when it is decided already.

    Side effects: an upheld one makes the comment public, unless its author deleted it since; the author is told either
    way.
    """
    at = at or timezone.now()
    row = Appeal.objects.select_for_update(of=("self",), no_key=True)
    row = row.select_related("decision__comment", "user").get(pk=appeal.pk)
    if row.state != Appeal.State.OPEN:
        raise Refused("这个申诉已经处理过。", code="same")
    if row.decision.actor_id is not None and row.decision.actor_id == actor.pk:
        raise Refused("申诉要由另一位审核员处理。", code="actor")
    if not text.strip():
        raise Refused("请写答复：申诉人会看到。", code="text")
    row.state = Appeal.State.UPHELD if is_upheld else Appeal.State.REFUSED
    row.decided_by, row.answer, row.decided_at = actor, text.strip(), at
    row.save(update_fields=["state", "decided_by", "answer", "decided_at"])
    comment = row.decision.comment
    if is_upheld and comment.state in REFUSED:
        values = {"actor": actor, "reason": Reason.APPEAL, "note": text.strip(), "at": at, "is_told": False}
        decide(comment, Comment.State.APPROVED, **values)
    is_back = comment.state == Comment.State.APPROVED
    said = ("成立，评论已恢复公开。" if is_back else "成立。") if is_upheld else "不成立，维持原决定。"
    link = comment.get_absolute_url() if is_back else MINE
    notify(row.user, kind=Notice.Kind.APPEAL, text=f"您的申诉{said}{text.strip()}", link=link)
    return row

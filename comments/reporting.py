"""Readers' reports (举报): taken in with a receipt number, settled by a moderator, told to whoever made them."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from newsportal.lib import receipts

from .models import PEOPLES_REASONS, Comment, Notice, Report
from .notices import notify
from .refusals import Refused
from .texts import clean_line
from .writers import Writer

LONGEST_NOTE = 300


def new_receipt() -> str:
    """JB-XXXXX-XXXXX: ten random signs, fifty bits, which nobody guesses."""
    return f"JB-{receipts.draw(5, 5)}"


@transaction.atomic
def report(comment: Comment, *, writer: Writer, reason: str, note: str = "", at: datetime | None = None) -> Report:
    """Take in a report of a public comment; of somebody who reported it already, her first one.

    Raises Refused for a comment that is not public, an unknown reason, or 其他 without a word. Side effect: the
    comment's number of open reports.
    """
    note = clean_line(note)
    if reason not in PEOPLES_REASONS:
        raise Refused("请选择举报的理由。", code="reason")
    if reason == Report._meta.get_field("reason").choices[-1][0] and not note:
        raise Refused("选“其他”时请写明理由。", code="note")
    if len(note) > LONGEST_NOTE:
        raise Refused(f"说明最多 {LONGEST_NOTE} 个字。", code="note")
    row = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    if not row.is_public:
        raise Refused("这条评论已经不公开了。", code="gone")
    made = Report(comment=row, reason=reason, note=note, network=writer.network, receipt=new_receipt())
    made.reporter, made.visitor, made.created_at = writer.user, writer.visitor, at or timezone.now()
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return Report.objects.get(writer.own(user="reporter"), comment=row)
    Comment.objects.filter(pk=row.pk).update(reports_open=F("reports_open") + 1)
    return made


@transaction.atomic
def settle(comment: Comment, *, is_upheld: bool, actor, answer: str = "", at: datetime | None = None) -> list[Report]:
    """Settle all open reports of a comment: upheld when it went, dismissed when it stays. `decide` does it for those
    that it takes off; a moderator who keeps a comment calls it.

    Side effects: the comment's number of open reports; members who reported are told.
    """
    rows = Report.objects.select_for_update(no_key=True, of=("self",)).select_related("reporter")
    rows = list(rows.filter(comment=comment, state=Report.State.OPEN))
    state = Report.State.UPHELD if is_upheld else Report.State.DISMISSED
    for row in rows:
        row.state, row.handled_by, row.handled_at, row.answer = state, actor, at or timezone.now(), answer
        row.save(update_fields=["state", "handled_by", "handled_at", "answer"])
        said = "已处理，举报成立，谢谢您。" if is_upheld else "已核查，没有发现违规，评论保留。"
        text = f"您对评论的举报（{row.receipt}）{said}{answer}"
        notify(row.reporter, kind=Notice.Kind.REPORT, text=text, link=row.get_absolute_url())
    if rows:
        Comment.objects.filter(pk=comment.pk).update(reports_open=F("reports_open") - len(rows))
    return rows


def reopen(comment: Comment, *, handled_at: datetime) -> int:
    """Open again what was settled at that moment: its decision was undone. How many."""
    rows = Report.objects.filter(comment=comment, handled_at=handled_at)
    count = rows.update(state=Report.State.OPEN, handled_by=None, handled_at=None, answer="")
    if count:
        Comment.objects.filter(pk=comment.pk).update(reports_open=F("reports_open") + count)
    return count

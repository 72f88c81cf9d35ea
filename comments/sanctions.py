"""What is imposed on accounts and networks: told to whom it meets, lifted with a reason, never in secret."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from articles.beats import beats_of, channels_of
from articles.models import Channel

from .models import Comment, Notice, Sanction
from .notices import notify
from .refusals import Refused

MINE = "/comments/mine/"


@transaction.atomic
def impose(
    *,
    kind: Sanction.Kind | str,
    reason: str,
    by,
    user=None,
    network: str = "",
    until: datetime | None = None,
    channel: Channel | None = None,
    comment: Comment | None = None,
) -> Sanction:
    """Impose a sanction on an account or a network. Raises ValidationError where the rules of the table forbid it.

    Side effect: the account is told what, why and until when; a network's people read it when they want to comment.
    """
    values = {"user": user, "network": network, "until": until, "channel": channel, "comment": comment}
    sanction = Sanction(kind=kind, reason=reason, by=by, **values)
    sanction.full_clean()
    sanction.save()
    until_when = f"，到 {timezone.localtime(until):%Y-%m-%d %H:%M} 为止" if until else ""
    where = f"（只限“{channel}”栏目）" if channel else ""
    text = f"评论处罚：{sanction.get_kind_display()}{where}{until_when}。原因：{reason}"
    notify(user, kind=Notice.Kind.SANCTION, text=text, link=MINE)
    return sanction


def lift_hindrance(sanction: Sanction, user) -> str:
    """Why somebody may not end a sanction before its time, in words; empty when she may. Queries her beats.

    Nobody frees herself. Whoever answers for a part of the site ends what she imposed, and what holds in her channels.
    """
    if not sanction.is_in_force:
        return "这项处罚已经结束。"
    if sanction.user_id == user.pk:
        return "不能解除对自己的处罚：要由别人解除。"
    if beats_of(user) and sanction.by_id != user.pk and sanction.channel_id not in channels_of(user):
        return "这项处罚不只管你分管的栏目：请找处罚人或分管全站的人解除。"
    return ""


@transaction.atomic
def lift(sanction: Sanction, *, by, reason: str) -> Sanction:
    """End a sanction before its time. Raises Refused where `lift_hindrance` says why not, and without a reason.

    Side effect: the account is told.
    """
    row = Sanction.objects.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=sanction.pk)
    if why := lift_hindrance(row, by):
        raise Refused(why, code="hindered")
    if not reason:
        raise Refused("请写明解除的原因。", code="reason")
    row.lifted_by, row.lifted_at, row.lifted_reason = by, timezone.now(), reason
    row.save(update_fields=["lifted_by", "lifted_at", "lifted_reason"])
    text = f"评论处罚已解除：{row.get_kind_display()}。{reason}"
    notify(row.user, kind=Notice.Kind.SANCTION, text=text, link=MINE)
    return row


def acknowledge(sanction: Sanction, *, user) -> bool:
    """Note that the account has read its sanction; whether it had not before. After a warning it may comment again."""
    rows = Sanction.objects.filter(pk=sanction.pk, user=user, acknowledged_at=None)
    return bool(rows.update(acknowledged_at=timezone.now()))

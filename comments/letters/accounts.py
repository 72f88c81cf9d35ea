"""What the account of a member has to do with letters: taken along, and left behind."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from comments.models import Letter

from . import rules


def export(user: AbstractBaseUser) -> list[dict[str, Any]]:
    """All letters of a member as she wrote them, with what she was told, as JSON takes it. Three queries."""
    letters = Letter.objects.filter(user=user).select_related("region").prefetch_related("events", "files")
    return [exported(letter) for letter in letters.order_by("pk")]


def exported(letter: Letter) -> dict[str, Any]:
    moments = {"收到": letter.received_at, "答复时间": letter.answered_at, "公开时间": letter.published_at}
    told = [event for event in letter.events.all() if event.message]
    return {
        "受理编号": letter.receipt,
        "姓名": letter.name,
        "电话": letter.phone,
        "邮箱": letter.email,
        "地区": letter.region.full_name,
        "标题": letter.subject,
        "正文": letter.text,
        "同意公开": letter.consent,
        "状态": letter.get_state_display(),
        "答复": letter.answer,
        "答复单位": letter.answered_by,
        **{name: moment.isoformat() if moment else "" for name, moment in moments.items()},
        "附件": [file.name for file in letter.files.all()],
        "告知": [{"时间": row.at.isoformat(), "事项": row.get_kind_display(), "内容": row.message} for row in told],
    }


def forget(user: AbstractBaseUser) -> int:
    """Take a member's letters off her account; how many there are. For whoever leaves.

    Of matters that have ended, name, contacts and files are deleted at once; of those under way when they end, for the
    desk still has to answer them. What readers have was without personal data already, and stays.
    """
    with transaction.atomic():
        letters = list(Letter.objects.filter(user=user).select_for_update().order_by("pk"))
        for letter in letters:
            letter.user, letter.is_forgotten = None, True
            if letter.state in {Letter.State.PUBLISHED, Letter.State.WITHHELD}:
                rules.forget_if_asked(letter)
            letter.save(update_fields=["user", "is_forgotten", "name", "phone", "email"])
    return len(letters)

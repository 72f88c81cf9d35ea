"""Telling an account what happened (通知): on the site, and by mail where it is wanted."""

import logging
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from .models import Notice, NoticeSettings

logger = logging.getLogger(__name__)
MAIL = """{text}

{link}

这封邮件由“{site}”自动发出。不想再收：登录后打开 {settings_link}，取消“也发邮件”。
"""


def notify(user, *, kind: Notice.Kind | str, text: str, link: str = "") -> Notice | None:
    """Tell an account something, with a path of this site that leads to it. Nobody, for None.

    Side effects: a row; a mail once the running transaction is committed, if the account wants one and has an address.
    """
    if user is None:
        return None
    notice = Notice.objects.create(user=user, kind=kind, text=text[:500], link=link[:200])
    if settings.MAIL_WORKS and user.email and NoticeSettings.objects.filter(user=user, by_mail=True).exists():
        transaction.on_commit(partial(send, user.email, notice))
    return notice


def send(address: str, notice: Notice) -> None:
    """Mail it. A mail that cannot be sent is told to the operator: the notice itself stands on the site."""
    text = MAIL.format(
        text=notice.text,
        link=f"{settings.SITE_URL}{notice.link}" if notice.link else settings.SITE_URL,
        site=settings.SITE_HOST,
        settings_link=f"{settings.SITE_URL}/comments/notices/",
    )
    try:
        send_mail(f"{notice.get_kind_display()}通知", text, None, [address])
    except OSError:
        logger.exception("A notice could not be mailed.")


def unread(user) -> int:
    """How many notices of an account are unread, counted up to a hundred. One query."""
    return Notice.objects.filter(user=user, read_at=None).order_by()[:100].count()


def mark_read(user, *, notice: Notice | None = None) -> int:
    """Mark one notice of an account as read, or all; how many were not."""
    rows = Notice.objects.filter(user=user, read_at=None)
    rows = rows.filter(pk=notice.pk) if notice else rows
    return rows.update(read_at=timezone.now())


def wants_mail(user) -> bool:
    return NoticeSettings.objects.filter(user=user, by_mail=True).exists()


def set_mail(user, *, by_mail: bool) -> None:
    """Whether an account wants its notices by mail too."""
    NoticeSettings.objects.update_or_create(user=user, defaults={"by_mail": by_mail})

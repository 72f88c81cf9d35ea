"""What the sender is told by mail: that something happened, and where to read it. Never what it says."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from comments.models import Letter, LetterEvent

logger = logging.getLogger(__name__)
Kind = LetterEvent.Kind
TOLD = {
    Kind.RECEIVED: "已收到",
    Kind.FORWARDED: "已转办",
    Kind.ANSWERED: "有了答复",
    Kind.SHOWN: "已在网站上公开，等待答复",
    Kind.PUBLISHED: "和答复已在网站上公开",
    Kind.WITHHELD: "已办结，不公开",
    Kind.REOPENED: "重新办理",
    Kind.MESSAGE: "有一条给您的留言",
}
BODY = """{name}，您好：

您的来信（受理编号 {receipt}）{told}。

请打开下面的地址查看。这个地址只有您知道，请不要转给别人：
{address}

这封邮件由系统发出，请不要直接回复。
"""


def tell(letter: Letter, event: LetterEvent) -> None:
    """Send a mail when the running transaction commits, where mail works and there is an address to tell this to."""
    told = TOLD.get(Kind(event.kind))
    if told and letter.email and settings.MAIL_WORKS:
        words = {"name": letter.name, "receipt": letter.receipt, "told": told}
        words["address"] = f"{settings.SITE_URL}{letter.follow_url}"
        transaction.on_commit(lambda: send(letter.email, f"您的来信{told}", BODY.format(**words)), robust=True)


def send(address: str, subject: str, body: str) -> None:
    """A mail server that is down changes nothing of what was done."""
    try:
        send_mail(subject, body, None, [address])
    except Exception:
        logger.exception("The mail about a letter was not sent.")

"""What the sender is told by notice and by mail: that something happened, and where to read it. Never what it says."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from comments.models import Letter, LetterEvent, Notice
from comments.notices import notify, wants_mail

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
# Without the name: whoever types an address that is not hers writes nothing into the mail.
BODY = """您好：

您的来信（受理编号 {receipt}）{told}。

请打开下面的地址查看。这个地址只有您知道，请不要转给别人：
{address}

这封邮件由系统发出，请不要直接回复。
"""


def tell(letter: Letter, event: LetterEvent) -> None:
    """Tell a member by a notice; and the address that the letter gave by mail, where mail works.

    The mail goes out when the running transaction commits: one of the two, where both would go to the same address.
    """
    told = TOLD.get(Kind(event.kind))
    if told is None:
        return
    text = f"您的来信（受理编号 {letter.receipt}）{told}。"
    notify(letter.user, kind=Notice.Kind.LETTER, text=text, link=letter.follow_url)
    if letter.email and settings.MAIL_WORKS and not is_mailed_its_notices(letter):
        words = {"receipt": letter.receipt, "told": told}
        words["address"] = f"{settings.SITE_URL}{letter.follow_url}"
        transaction.on_commit(lambda: send(letter.email, f"您的来信{told}", BODY.format(**words)), robust=True)


def is_mailed_its_notices(letter: Letter) -> bool:
    """Whether the notices of the member who wrote the letter go to the letter's own address."""
    return letter.user is not None and letter.user.email == letter.email and wants_mail(letter.user)


def send(address: str, subject: str, body: str) -> None:
    """A mail server that is down changes nothing of what was done."""
    try:
        send_mail(subject, body, None, [address])
    except Exception:
        logger.exception("The mail about a letter was not sent.")

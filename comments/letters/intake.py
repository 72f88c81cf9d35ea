"""A letter comes in: written down before the sender is told so, once however often the button was pressed."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from articles import words
from comments.models import Letter, LetterEvent
from newsportal.lib.clients import client_address, network

from . import figures, files, holding, rules
from .files import Judged

SALT = "letters.write"
# A form that is sent back sooner was filled in by a machine; one that is older is asked for once more.
LEAST_SECONDS, MOST_SECONDS = 3, holding.MOST_SECONDS
MOST_LETTERS, PERIOD = 10, timedelta(hours=1)


@dataclass(frozen=True)
class FormKey:
    """What a form carries: a number used once, and when it was handed out."""

    once: str
    fault: str = ""  # why the form must be sent again, in Chinese


def new_key() -> str:
    return signing.TimestampSigner(salt=SALT).sign(secrets.token_urlsafe(12))


def read_key(text: str) -> FormKey:
    """The key of a form that came back; with a fault when it is not ours, too old or too fast."""
    signer = signing.TimestampSigner(salt=SALT)
    try:
        once = signer.unsign(text, max_age=MOST_SECONDS)
    except signing.SignatureExpired:
        return FormKey("", "页面打开得太久了，内容都还在：请核对后再按一次“寄出”。")
    except signing.BadSignature:
        return FormKey("", "表单不完整，内容都还在：请再按一次“寄出”。")
    try:
        signer.unsign(text, max_age=LEAST_SECONDS)
    except signing.SignatureExpired:
        return FormKey(once)
    return FormKey(once, f"寄得太快了：请核对一遍，{LEAST_SECONDS} 秒以后再按“寄出”。")


def network_of(request: HttpRequest) -> str:
    """A keyed hash of the sender's network: enough to count its letters, not to find her."""
    named = network(client_address(request)).encode()
    return hmac.new(settings.SECRET_KEY.encode(), b"letters:" + named, sha256).hexdigest()[:32]


def minutes_to_wait(sender_network: str, *, at: datetime | None = None) -> int:
    """In how many minutes this network may send another letter; 0 for now. One query.

    Asked of the letters themselves, so it holds for all processes and servers, whatever becomes of a cache.
    """
    now = at or timezone.now()
    recent = Letter.objects.filter(network=sender_network, received_at__gt=now - PERIOD).order_by("-received_at")
    received = list(recent.values_list("received_at", flat=True)[:MOST_LETTERS])
    if len(received) < MOST_LETTERS:
        return 0
    return max(1, ceil((received[-1] + PERIOD - now) / timedelta(minutes=1)))


def sent_before(once: str) -> Letter | None:
    return Letter.objects.filter(once=once).first() if once else None


def receive(
    *,
    values: dict,
    judged: Sequence[Judged] = (),
    once: str = "",
    sender_network: str = "",
    user: AbstractBaseUser | None = None,
    at: datetime | None = None,
) -> Letter:
    """Keep a letter with its files, its first event and its place in the figures; the same form twice is one letter.

    `values` are name, phone, email, region, subject, text and consent. Returns once all of it is committed.
    """
    moment = at or timezone.now()
    letter = Letter(
        **values,
        **({"once": once} if once else {}),
        network=sender_network,
        user=user,
        received_at=moment,
        changed_at=moment,
        due_on=rules.due_day(moment),
        is_flagged=has_listed_words(values["subject"], values["text"]),
    )
    letter.settle()
    try:
        with transaction.atomic():
            letter.save()
            with files.kept(letter, judged):
                rules.record(letter, LetterEvent.Kind.RECEIVED, at=moment)
                # Should it fail, what is left goes within the day.
                transaction.on_commit(lambda: holding.release(judged), robust=True)
                figures.move(set(), figures.keys_of(letter))
    except IntegrityError:
        # The other press of the button was faster.
        if (found := sent_before(once)) is None:
            raise
        return found
    return letter


def has_listed_words(subject: str, text: str) -> bool:
    """Whether the desk is to look twice: a listed word refuses no letter, for a complaint may well quote it."""
    return bool(words.search([("subject", "标题", subject), ("text", "正文", text)], words.Scope.COMMENT))

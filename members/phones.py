"""Phone numbers of members: how one is typed, kept, found again, and proved by a code. Off without SMS_SENDER.

A number is kept sealed, and found by a keyed hash, both under SECRET_KEY: a copy of the database tells nobody's. What
was kept under one of SECRET_KEY_FALLBACKS is found as well; `seal_anew` brings it under the present one.
"""

import json
import logging
import re
import unicodedata
from typing import Any

from allauth.account.internal.flows import phone_verification
from django.conf import settings
from django.core.cache import caches
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from newsportal.lib.clients import counts_over, too_often
from newsportal.lib.locks import one_at_a_time
from newsportal.lib.sealing import UnsealError, is_fresh, seal, unseal

from .models import Member, PhoneNumber

logger = logging.getLogger(__name__)
SALT = "members.phones"
COUNTRY = "+86"
MOBILE = re.compile(r"(?:\+86|0086|86)?(1[3-9][0-9]{9})")
# What people put between the digits, and what telephone books put around them, seen or not.
BETWEEN = {"Zs", "Cc", "Cf", "Pd", "Ps", "Pe"}
SOON_SECONDS, HOUR, DAY = 60, 3600, 24 * 3600
# Codes within a period: to one number, for one account, asked for from one network.
MOST_TO_NUMBER, MOST_OF_ACCOUNT, MOST_OF_NETWORK = 5, 10, 30
# Codes that one account may try in an hour, however many it was sent, from however many places at once.
MOST_TRIED = 30

NOT_SENT = "短信没有发出去，请稍后再试。"
SOON = "刚刚给这个号码发过验证码，请一分钟后再试。"
TOO_MANY_TODAY = "今天获取验证码的次数太多了，请明天再试。"
TOO_MANY_HERE = "您所在的网络获取验证码太频繁了，请一小时后再试。"


class NotSentError(Exception):
    """No code was sent. The message is for the member; `wait` is in how many seconds it might be, if she must wait."""

    def __init__(self, message: str, *, wait: int = 0) -> None:
        super().__init__(message)
        self.message, self.wait = message, wait

    @property
    def status(self) -> int:
        return 429 if self.wait else 503


class NumberTakenError(Exception):
    """The number belongs to another account."""


def are_on() -> bool:
    return bool(settings.SMS_SENDER)


# --- How a number is typed and shown ---


def number_in(typed: str) -> str:
    """The mainland mobile number that was typed, in any width, with anything between, as +8613800138000; or ""."""
    plain = unicodedata.normalize("NFKC", typed)
    kept = "".join(char for char in plain if unicodedata.category(char) not in BETWEEN)
    found = MOBILE.fullmatch(kept)
    return f"{COUNTRY}{found[1]}" if found else ""


def masked(phone: str) -> str:
    """138****8000, as its owner recognises it and nobody else can dial it."""
    own = phone.removeprefix(COUNTRY)
    return f"{own[:3]}****{own[-4:]}" if own else ""


# --- How it is kept ---


def mark_of(phone: str, secret: str | None = None) -> str:
    return salted_hmac(SALT, phone, secret=secret or settings.SECRET_KEY, algorithm="sha256").hexdigest()


def marks_of(phone: str) -> list[str]:
    """What it may be kept under: the present secret, and those before."""
    return [mark_of(phone, secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def kept_by(member: Member) -> PhoneNumber | None:
    """Her row with the number opened (`phone`); None without one, or when its secret is gone. One query."""
    row = PhoneNumber.objects.filter(member=member).first()
    if row is None:
        return None
    try:
        row.phone = unseal(row.sealed)
    except UnsealError:
        logger.error("Phone number %s was sealed under a secret that is gone: it must be proved anew.", row.pk)
        return None
    return row


def number_of(member: Member) -> str:
    """Her number, or "". One query."""
    row = kept_by(member)
    return row.phone if row else ""


def owner_of(phone: str) -> Member | None:
    """One query."""
    return Member.objects.filter(phone_number__mark__in=marks_of(phone)).first()


@transaction.atomic
def keep(member: Member, phone: str) -> None:
    """Give her a number that she proved, in place of any other. Raises NumberTakenError."""
    one_at_a_time(f"phone:{mark_of(phone)}")
    if owner_of(phone) not in (None, member):
        raise NumberTakenError
    values = {"sealed": seal(phone), "mark": mark_of(phone), "verified_at": timezone.now()}
    PhoneNumber.objects.update_or_create(member=member, defaults=values)


def take_off(member: Member) -> str:
    """Take her number off the account; which it was, masked, or "" where there was none."""
    row = kept_by(member)
    deleted, _ = PhoneNumber.objects.filter(member=member).delete()
    return (masked(row.phone) if row else "（无法读出）") if deleted else ""


def exported(member: Member) -> dict[str, Any]:
    """What her copy of her data says of it: nothing where there is none."""
    row = kept_by(member)
    return {"手机号": {"号码": row.phone, "验证时间": row.verified_at.isoformat()}} if row else {}


def seal_anew() -> int:
    """Bring under the present secret what was kept under an older one; how many. What does not open is left."""
    kept = PhoneNumber.objects.values_list("pk", "sealed").order_by("pk")
    stale = [pk for pk, sealed in kept.iterator(chunk_size=1000) if not is_fresh(sealed)]
    return sum(map(seal_one_anew, stale))


def seal_one_anew(pk: int) -> bool:
    try:
        with transaction.atomic():
            # Its owner may prove another, or take it off, meanwhile.
            row = PhoneNumber.objects.select_for_update().filter(pk=pk).first()
            if row is None:
                return False
            phone = unseal(row.sealed)
            row.sealed, row.mark = seal(phone), mark_of(phone)
            row.save(update_fields=["sealed", "mark"])
    except UnsealError:
        logger.error("Phone number %s was sealed under a secret that is gone: it must be proved anew.", pk)
        return False
    except IntegrityError:
        logger.error("Phone number %s belongs to another account by now.", pk)
        return False
    return True


# --- How it is proved ---


def send(request: HttpRequest, *, member: Member, phone: str, code: str) -> None:
    """Send a code, unless there were too many. Raises NotSentError, or whatever the sender raises.

    The same for a number that another account has: who holds the phone learns it, and nobody else.
    """
    if not caches["shared"].add(f"sms-soon:{mark_of(phone)}", 1, timeout=SOON_SECONDS):
        raise NotSentError(SOON, wait=SOON_SECONDS)
    if too_often(request, "sms", most=MOST_OF_NETWORK, seconds=HOUR):
        raise NotSentError(TOO_MANY_HERE, wait=HOUR)
    if counts_over(f"sms-of:{member.pk}", most=MOST_OF_ACCOUNT, seconds=DAY):
        raise NotSentError(TOO_MANY_TODAY, wait=DAY)
    if counts_over(f"sms-to:{mark_of(phone)}", most=MOST_TO_NUMBER, seconds=DAY):
        raise NotSentError(TOO_MANY_TODAY, wait=DAY)
    if counts_over("sms", most=settings.SMS_MOST_PER_HOUR, seconds=HOUR):
        logger.error("No more text messages this hour: SMS_MOST_PER_HOUR is reached.")
        raise NotSentError(NOT_SENT)
    import_string(settings.SMS_SENDER)(phone, code)


class Verification(phone_verification.ChangePhoneVerificationProcess):
    """allauth's: a code in the session, good for a while and some tries. Sealed, so that no table tells a number."""

    KEY = phone_verification.PHONE_VERIFICATION_SESSION_KEY

    @classmethod
    def begin(cls, request: HttpRequest, phone: str, *, back: str) -> "Verification":
        """Send a code to the number; what was begun before is over. `back`: where she goes on. Raises NotSentError."""
        process = cls(request, state=cls.initial_state(user=request.user, phone=phone) | {"back": back})
        process.send()
        return process

    def send(self, skip_enumeration_sms: bool = False) -> None:
        try:
            super().send(skip_enumeration_sms)
        except NotSentError:
            raise
        except Exception as error:
            # Whatever a sender raises, and a cache that does not count: no message without a limit.
            logger.exception("A code was not sent.")
            raise NotSentError(NOT_SENT) from error

    def persist(self) -> None:
        self.request.session[self.KEY] = seal(json.dumps(self.state))

    @classmethod
    def resume(cls, request: HttpRequest) -> "Verification | None":
        """What was begun and is still good; None otherwise."""
        try:
            state = json.loads(unseal(request.session.get(cls.KEY) or "null"))
        except UnsealError:
            state = None
        return cls(request, state=state).abort_if_invalid() if state else None

    def may_try(self) -> bool:
        """Whether one more code may be tried. Counts it."""
        return not counts_over(f"sms-tried:{self.user.pk}", most=MOST_TRIED, seconds=HOUR)

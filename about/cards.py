"""Cards that prove themselves: the signed, dated address in the QR code of a printed card, and what it proves now.

The signature says that this newsroom issued the card, on that day, until that day. Whether its holder still works here
is asked of the database each time, so that a card printed years ago tells of a departure at once.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from .models import StaffMember

DAY = "%Y%m%d"


class Verdict(Enum):
    VALID = "valid"  # issued by us, in time, held by somebody employed
    LEFT = "left"  # its holder works here no more
    EXPIRED = "expired"  # past the date printed on it, or past what the newsroom shortened it to
    VOID = "void"  # issued by us, but its holder's cards were replaced since
    FORGED = "forged"  # not issued by us, or changed since


@dataclass(frozen=True)
class Check:
    """What a card proves at the moment of the check. The person and the dates only where the signature is ours."""

    verdict: Verdict
    member: StaffMember | None = None
    issued_on: date | None = None
    valid_until: date | None = None

    @property
    def is_valid(self) -> bool:
        return self.verdict is Verdict.VALID


def card_url(member: StaffMember, *, issued_on: date) -> str:
    """The whole address that the QR code of a card issued on that day leads to. It lets nobody guess another's."""
    token = signer().sign(f"{member.public_id}.{issued_on:{DAY}}.{member.valid_until:{DAY}}")
    return settings.SITE_URL + reverse("about:card_check", args=[token])


def check_card(token: str) -> Check:
    """What the card with this address proves today. One query, none for a signature that is not ours."""
    try:
        public_id, *days = signer().unsign(token).split(".")
        issued_on, printed = map(date.fromisoformat, days)
    except (signing.BadSignature, ValueError):
        return Check(Verdict.FORGED)
    member = StaffMember.objects.select_related("region").filter(public_id=public_id).first()
    if member is None:
        return Check(Verdict.VOID)
    valid_until = min(printed, member.valid_until)
    if member.status != StaffMember.Status.ACTIVE:
        verdict = Verdict.LEFT
    else:
        verdict = Verdict.VALID if valid_until >= timezone.localdate() else Verdict.EXPIRED
    return Check(verdict, member, issued_on, valid_until)


def signer() -> signing.Signer:
    # Made anew, so that SECRET_KEY and SECRET_KEY_FALLBACKS are those of now; old cards live by the fallbacks.
    return signing.Signer(salt="about.staff-card")

"""The second factor of an account: whether there is one, whether it was used, and what helps when it is lost."""

import logging

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import HttpRequest

from newsportal.lib.sealing import UnsealError, is_fresh, seal, unseal

from . import operations
from .models import Member, Operation
from .sessions import end_sessions

logger = logging.getLogger(__name__)
SET_UP_KEY = "second_factor_set_up"
# Recovery codes come with these, and are worth nothing without.
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Where allauth keeps what the adapter sealed: an app's key, what recovery codes are made of. A passkey's is public.
SEALED = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}


def has_second_factor(user: Member) -> bool:
    """One query."""
    return Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists()


def has_used_second_factor(request: HttpRequest) -> bool:
    """Whether this session was confirmed by it, or set it up."""
    records = get_authentication_records(request, request.user)
    is_set_up_here = request.session.get(SET_UP_KEY) == request.user.pk
    return is_set_up_here or any(record["method"] == "mfa" for record in records)


def remember_set_up(request: HttpRequest) -> None:
    request.session[SET_UP_KEY] = request.user.pk


@transaction.atomic
def reset_second_factor(member: Member, *, request: HttpRequest | None = None) -> None:
    """Take off all that somebody lost, recovery codes included, end her sign-ins, and write it down.

    Without a request it is done on the server's command line, by nobody that has an account.
    """
    Authenticator.objects.filter(user=member).delete()
    by = "由站长重置" if request else "在服务器上重置"
    operations.write(Operation.Action.SECURITY, request, row=member, changes={"两步验证": ["已设置", by]})
    signed_in = UserSession.objects.filter(user=member).select_related("user")
    end_sessions(signed_in, request=request, reason="重置两步验证后结束")


def seal_anew() -> int:
    """Seal under the present secret what an older one sealed, or nothing; how many. What does not open is left."""
    kept = Authenticator.objects.filter(type__in=SEALED).values_list("pk", "type", "data").order_by("pk")
    stale = [pk for pk, kind, data in kept.iterator(1000) if not is_fresh(data.get(SEALED[kind], ""))]
    return sum(map(seal_one_anew, stale))


@transaction.atomic
def seal_one_anew(pk: int) -> bool:
    # A recovery code may be used up meanwhile, in the same column.
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if row is None or (name := SEALED[row.type]) not in row.data:
        return False
    try:
        row.data[name] = seal(unseal(row.data[name]))
    except UnsealError:
        logger.error("Second factor %s was sealed under a secret that is gone: reset it.", pk)
        return False
    row.save(update_fields=["data"])
    return True

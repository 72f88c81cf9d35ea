"""The second factor of an account: whether there is one, whether it was used, and what helps when it is lost."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import HttpRequest

from . import operations
from .models import Member, Operation
from .sessions import end_sessions

SET_UP_KEY = "second_factor_set_up"
# Recovery codes come with these, and are worth nothing without.
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


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

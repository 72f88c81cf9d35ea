"""Nothing of the back office answers before the sign-in is whole: own password, second factor, and both used.

A middleware, and not a check of the AdminSite: it stands before the addresses are resolved, so that no view below them
gets around it, whoever wrote it and whatever it forgets to ask: pages, actions, JSON, downloads, addresses of nothing.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .operations import is_private
from .second_factor import has_second_factor, has_used_second_factor


class Step(NamedTuple):
    """What must be done first: the page where it is done, and those that it needs, by the names of their routes."""

    page: str
    others: tuple[str, ...]
    leads_on: bool  # whether the page takes the reader on to the address she wanted


CHANGE_PASSWORD = Step("account_change_password", (), True)
SET_UP = Step(
    "mfa_index",
    ("mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "account_change_password"),
    False,
)
CONFIRM = Step("mfa_reauthenticate", ("mfa_reauthenticate_webauthn",), True)
# Open at every step: the way in and the way out, and what stands in the header of public pages.
ALWAYS = (
    *("account_login", "mfa_login_webauthn", "mfa_authenticate", "account_logout", "admin:logout"),
    *("members:state", "members:strip"),
)


def required_step(request: HttpRequest) -> Step | None:
    """What this member of the staff must do before the back office answers; None when nothing is left.

    One query where the second factor is required and no password is to be changed.
    """
    user = request.user
    if not (user.is_authenticated and (user.is_staff or user.is_superuser)):
        return None
    if settings.ENFORCE_PASSWORD_CHANGE and user.must_change_password and user.has_usable_password():
        return CHANGE_PASSWORD
    if not settings.STAFF_SECOND_FACTOR:
        return None
    if not has_second_factor(user):
        return SET_UP
    # A session may be older than the factor, and whoever made it may know no more than the password.
    return None if has_used_second_factor(request) else CONFIRM


def keep_out(get_response: Callable[[HttpRequest], HttpResponse]):
    """Middleware: lead members of the staff whose sign-in is not whole to what is missing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        step = request.required_step = required_step(request) if is_private(request) else None
        if step is None or request.path in map(reverse, (step.page, *step.others, *ALWAYS)):
            return get_response(request)
        wanted = request.get_full_path() if step.leads_on and request.method == "GET" else None
        answer = redirect(reverse(step.page, query={"next": wanted} if wanted else None))
        answer["Cache-Control"] = "private, no-store"
        return answer

    return middleware

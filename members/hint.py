"""The hint that somebody is signed in: a cookie that a script may read, and that proves nothing.

Public pages are the same bytes for everybody. Their script asks who is signed in only where this cookie stands, so
readers without an account cost nothing.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from . import operations

COOKIE = "member"


def keep_hint(get_response: Callable[[HttpRequest], HttpResponse]):
    """Middleware: on every private page the hint is made to say what is true."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if operations.is_private(request):
            is_told = request.COOKIES.get(COOKIE) == "1"
            if request.user.is_authenticated and not is_told:
                age, secure = settings.SESSION_COOKIE_AGE, settings.HTTPS
                response.set_cookie(COOKIE, "1", max_age=age, samesite="Lax", secure=secure)
            elif not request.user.is_authenticated and COOKIE in request.COOKIES:
                response.delete_cookie(COOKIE, samesite="Lax")
        return response

    return middleware

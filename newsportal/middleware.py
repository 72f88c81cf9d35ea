"""Middleware of our own: small functions, their positions explained in the settings."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from newsportal.errors import bad_request

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def permissions_policy(get_response: GetResponse) -> GetResponse:
    """Say in every answer that the portal asks for no device of the reader's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def refuse_malformed(get_response: GetResponse) -> GetResponse:
    """Answer 400 to what no browser sends and no page can mean: NUL or broken UTF-8 in path or query.

    PostgreSQL refuses NUL in any text, so one let through would become a server error in whichever query met it first.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_malformed(request.path_info) or is_malformed_query(request.META.get("QUERY_STRING", "")):
            return bad_request(request)
        return get_response(request)

    return middleware


def is_malformed(text: str) -> bool:
    return "\x00" in text or "\ufffd" in text or any("\ud800" <= char <= "\udfff" for char in text)


def is_malformed_query(query: str) -> bool:
    return "%00" in query or "\x00" in query

"""Middleware of our own: small functions, their positions explained in the settings."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

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
        if is_malformed_path(request.path_info) or is_malformed_query(request.META.get("QUERY_STRING", "")):
            return bad_request(request)
        return get_response(request)

    return middleware


def is_malformed_path(path: str) -> bool:
    # Django has unquoted the path, except for bytes that are no UTF-8: those stand in it with their percent signs.
    return "\x00" in path or not is_utf8(unquote_to_bytes(path))


def is_malformed_query(query: str) -> bool:
    # WSGI hands each byte over as the character of the same number.
    sent = unquote_to_bytes(query.encode("latin-1", errors="replace"))
    return b"\x00" in sent or not is_utf8(sent)


def is_utf8(sent: bytes) -> bool:
    try:
        sent.decode()
    except UnicodeDecodeError:
        return False
    return True

"""What a reader sees when an address leads nowhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from articles.addresses import redirect_to_new

# Their view has looked for a former address already; what serves files never had one.
WITHOUT_OLD_ADDRESSES = {"articles:article_detail", "articles:article_part", "media"}
CACHE_CONTROL = {404: "public, max-age=1", 400: "no-store", 403: "no-store", 429: "no-store", 500: "no-store"}
# About as long as the limits of the accounts count back.
WAIT_SECONDS = 900


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return plain("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return plain("403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form was sent without its token: mostly a page left open too long, or cookies switched off."""
    return plain("403.html", 403, reason="表单已过期，或浏览器不接受 Cookie。请返回上一页，刷新后再提交。")


def too_many_attempts(request: HttpRequest) -> HttpResponse:
    """Somebody guesses, or mistook a password too often. Tells nothing about the account."""
    response = plain("429.html", 429)
    response.headers["Retry-After"] = str(WAIT_SECONDS)
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 in the site's look, with ways on; 301 where the address is an old one. Says why where the view said so.

    One query more than the view's, by an index, and only here: an address that answers never asks for old ones.
    """
    if request.resolver_match is None or request.resolver_match.view_name not in WITHOUT_OLD_ADDRESSES:
        moved = redirect_to_new(request)
        if moved is not None:
            return moved
    said = str(exception) if exception is not None else ""
    reason = said if said.isprintable() and said[:1] > "\u2e80" else ""
    response = render(request, "404.html", {"reason": reason}, status=404)
    response.headers["Cache-Control"] = CACHE_CONTROL[404]
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    return plain("500.html", 500)


def plain(template: str, status: int, **context: str) -> HttpResponse:
    """A page that needs neither database nor request: it must come out when those are what failed."""
    response = HttpResponse(get_template(template).render(context), status=status)
    response.headers["Cache-Control"] = CACHE_CONTROL[status]
    return response

"""Every public page in Traditional characters, below /hant/: the same views, their answers converted."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from newsportal.errors import not_found
from newsportal.lib import hant, hanzi
from newsportal.lib.pagecache import Variant, is_html, refuse_method

GetResponse = Callable[[HttpRequest], HttpResponse]


def rewrite(page: bytes) -> bytes:
    return hant.traditional_html(page.decode()).encode()


TRADITIONAL = Variant("hant", rewrite)


def pages(get_response: GetResponse) -> GetResponse:
    """Answer /hant/… with what the rest answers without the prefix, in Traditional characters.

    Only pages have this form. Files, feeds, the back office and what is one visitor's own answer 404 below it.
    """
    hanzi.traditional("")  # reads the tables while the server starts, before it forks, not at the first page

    def middleware(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path == hant.PREFIX:
            return HttpResponsePermanentRedirect(f"{hant.PREFIX}/")
        if not path.startswith(f"{hant.PREFIX}/"):
            return get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return refuse_method()
        request.path = request.path_info = path.removeprefix(hant.PREFIX)
        request.variant = TRADITIONAL
        if hant.is_plain_only(request.path):
            return in_traditional(not_found(request))
        response = get_response(request)
        if response.status_code == 200 and not is_html(response):
            response = not_found(request, Http404("这里没有繁体版。"))
        return in_traditional(response)

    return middleware


def in_traditional(response: HttpResponse) -> HttpResponse:
    """The answer with its page converted, unless the page cache did that, and its redirect below /hant/ too."""
    if "Location" in response.headers:
        response.headers["Location"] = hant.traditional_url(response.headers["Location"])
    if is_html(response) and not hasattr(response, "is_rewritten"):
        response.content = rewrite(response.content)
        if "Content-Length" in response.headers:
            response.headers["Content-Length"] = str(len(response.content))
    return response

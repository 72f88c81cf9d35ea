"""Old addresses: which path of former times leads where now. Asked only when nothing answers at the path itself."""

import re
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from .models import Article, OldAddress

MOST = OldAddress._meta.get_field("path").max_length
# How WordPress names a post without its permalink; the same names mean nothing to the portal's own pages.
QUERY = re.compile(r"(?:^|&)(p|page_id|cat|tag)=([A-Za-z0-9_-]{1,60})(?=&|$)")
QUERY_PAGE = re.compile(r"(?:^|&)page=([1-9][0-9]{0,2})(?=&|$)")
# What WordPress appends to the address of a post: a page of it, and other forms of the same text.
APPENDED = re.compile(r"(?<=.)/(?:([1-9][0-9]{0,2})|amp|feed|embed|trackback|comment-page-[0-9]{1,5})/?$")


def is_known(article: Article) -> bool:
    """Whether readers may hear of the article at all: it is public, or was. A hidden channel tells nothing."""
    return not article.channel.is_hidden and (article.is_published or article.is_gone)


def new_address(path: str, query: str = "") -> str:
    """Where an old path (decoded) leads now, with the query that it came with; "" when it never was one. One query."""
    wanted = candidates(path, query)
    rows = OldAddress.objects.filter(path__in=wanted).select_related("article__channel")
    found = {row.path: row for row in rows.defer("article__body", "article__pages")} if wanted else {}
    for candidate, number in wanted.items():
        row = found.get(candidate)
        if row is None:
            continue
        if row.article is None:
            return row.target
        if is_known(row.article):
            return row.article.page_url(number if number <= row.article.page_count else 1)
    return ""


def candidates(path: str, query: str) -> dict[str, int]:
    """The paths to look for, best first, each with the page of the article that it means. At most five."""
    paths = {}
    if named := QUERY.search(query):
        page = QUERY_PAGE.search(query)
        paths[f"{path}?{named[1]}={named[2]}"] = int(page[1]) if page else 1
    paths |= dict.fromkeys(both_ways(path), 1)
    if appended := APPENDED.search(path):
        paths |= dict.fromkeys(both_ways(path[: appended.start()]), int(appended[1] or 1))
    return {candidate: page for candidate, page in paths.items() if 1 < len(candidate) <= MOST}


def both_ways(path: str) -> list[str]:
    """The path as it is and with its last slash put or taken, which WordPress does by itself."""
    return [path, path.rstrip("/") if path.endswith("/") else f"{path}/"]


def redirect_to_new(request: HttpRequest) -> HttpResponse | None:
    """301 when a reader asks for an old address, else None."""
    if request.method not in {"GET", "HEAD"}:
        return None
    address = new_address(request.path, request.META.get("QUERY_STRING", ""))
    if not address or address == request.path:
        return None
    response = HttpResponsePermanentRedirect(address)
    response.headers["Cache-Control"] = f"public, max-age={settings.PAGE_MAX_AGE}"
    return response


def answers_old_queries(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a page answer 301 to the query by which WordPress named a post: `/?p=12`.

    Stands outside `public_page`, whose pages know nothing of the query. Costs one query when there is such a one.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        moved = redirect_to_new(request) if QUERY.search(request.META.get("QUERY_STRING", "")) else None
        return view(request, *args, **kwargs) if moved is None else moved

    return wrapper

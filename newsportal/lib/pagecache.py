"""The cache of public pages: rendered once, the same bytes for everybody, fresh within a second of any publication.

Every page kept carries the generation under which it was rendered. Publishing raises the generation (`bump`), which
makes every page of every process old at once; a process asks for the current generation at most every
PAGE_CACHE_CHECK_SECONDS. What changes by the clock alone (a scheduled article, the end of a placement) is foretold by
the function given to `configure`: no page is kept beyond it. A cache that is down makes pages slower, never wrong.
"""

import gzip
import hashlib
import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial, wraps
from typing import Any
from urllib.parse import urlencode

import brotli
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_http_date_safe

logger = logging.getLogger(__name__)

GENERATION_KEY = "page-generation"
UNKNOWN = -1  # the generation while the shared cache is down; not 0, where a process begins: it must still foretell
SETTLED = 2  # seconds after a change until its time may be told: HTTP dates have whole seconds, so two fit into one
COMPRESSED_FROM = 600  # bytes; below, compression costs more than it saves
COMPRESSED_ALREADY = frozenset({"image/jpeg", "image/png", "image/webp"})
# By the names of HTTP, the one we would rather send first.
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=5, mode=brotli.MODE_TEXT),
    "gzip": partial(gzip.compress, compresslevel=6, mtime=0),
}
View = Callable[..., HttpResponse]


@dataclass
class Clock:
    """What this process believes about the generation, and until when it may."""

    generation: int = 0
    checked_at: float = 0.0
    changed_at: float = 0.0  # epoch seconds when this process last learned of a change; never before the change
    next_change: datetime | None = None
    foretell: Callable[[], datetime | None] = field(default=lambda: None)
    lock: threading.Lock = field(default_factory=threading.Lock)


clock = Clock()


@dataclass(frozen=True)
class Kept:
    """A rendered page: its body in each encoding, what to say about it, and until when (epoch seconds) it is right."""

    bodies: dict[str, bytes]
    etag: str
    content_type: str
    status: int
    until: float


@dataclass(frozen=True)
class Variant:
    """Another form in which every page exists, asked for by `request.variant`: pages of one name are kept apart.

    `rewrite` makes the variant's HTML of the rendered HTML, once for each page kept.
    """

    name: str
    rewrite: Callable[[bytes], bytes]


def configure(*, foretell: Callable[[], datetime | None]) -> None:
    """Set the function that tells when the next thing appears or goes by the clock alone."""
    clock.foretell = foretell


def bump() -> None:
    """Make every kept page old as soon as the running transaction commits."""
    transaction.on_commit(raise_generation)


def raise_generation() -> None:
    try:
        # Nanoseconds grow by themselves: two servers that bump at once need not agree on a counter.
        caches["shared"].set(GENERATION_KEY, time.time_ns(), timeout=None)
    except Exception:
        # The page is then at most PAGE_CACHE_SECONDS old; refusing to publish would be worse.
        logger.exception("The shared cache did not take the new page generation.")
    forget_checks()


def forget_checks() -> None:
    """Ask for the generation anew at the next page."""
    clock.checked_at = 0.0


def current_generation() -> int:
    """The generation of pages now. Queries the shared cache at most every PAGE_CACHE_CHECK_SECONDS per process."""
    now = time.monotonic()
    if now - clock.checked_at < settings.PAGE_CACHE_CHECK_SECONDS and clock.checked_at:
        return clock.generation
    with clock.lock:
        if now - clock.checked_at < settings.PAGE_CACHE_CHECK_SECONDS and clock.checked_at:
            return clock.generation
        try:
            generation = caches["shared"].get(GENERATION_KEY) or 1
        except Exception:
            logger.exception("The shared cache did not tell the page generation.")
            generation = UNKNOWN
        passed = clock.next_change is not None and clock.next_change <= timezone.now()
        if generation != clock.generation or passed:
            clock.next_change, clock.changed_at = clock.foretell(), time.time()
        clock.generation, clock.checked_at = generation, now
    return clock.generation


def public_page(
    view: View | None = None,
    *,
    params: Sequence[str] = (),
    keep: bool = True,
    max_age: int | None = None,
    dated: bool = False,
    seconds: float | None = None,
) -> View:
    """Make a view a public page: GET and HEAD only, the same bytes for all, ETag, 304, explicit Cache-Control.

    `params` names the query parameters that the view reads; others (what messengers append to shared links) change
    neither the page nor its key. `request.page_query` is the query of those alone, for the page to name itself by.
    `keep=False` renders anew each time (an unbounded number of addresses); `max_age` in seconds replaces PAGE_MAX_AGE.
    `dated` adds Last-Modified and heeds If-Modified-Since: for what changes by publication and by the clock only, not
    by the number of reads. Only answers 200 are kept.
    `seconds` is the most that an answer is kept, for what changes without a publication: as fresh as that, and yet not
    rendered more often, however many ask.
    """
    if view is None:
        own = {"params": params, "keep": keep, "max_age": max_age, "dated": dated, "seconds": seconds}
        return lambda decorated: public_page(decorated, **own)

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return refuse_method()
        # A public page reads neither cookie; a broken one would make their middlewares answer with a new one.
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
        request.page_query = urlencode(read_params(request, params), doseq=True)
        variant = getattr(request, "variant", None)
        generation = current_generation() if keep or dated else UNKNOWN
        since = changed_since() if dated else None  # before rendering: a change meanwhile is not in this page
        if not keep:
            response = view(request, *args, **kwargs)
            kept = make_kept(response, variant, until=0, encodings=accepted_encodings(request)[:1])
            return answer(request, kept, response, max_age=max_age, modified=since)
        key = cache_key(request, generation, params)
        kept = fetch(key)
        response = None
        if kept is None or kept.until <= time.time():
            response = view(request, *args, **kwargs)
            kept = make_kept(response, variant, until=keep_until(seconds))
            if response.status_code == 200:
                store(key, kept)
        return answer(request, kept, response, max_age=max_age, modified=since)

    return wrapper


def changed_since() -> int | None:
    """When anything on the site last changed, in whole epoch seconds; None while that is too fresh to be told apart.

    What is known since `current_generation` was asked last; queries nothing.

    Processes learn of a change at different moments, all of them after it, so each one's time is safe to hand out.
    """
    changed = int(clock.changed_at)
    return changed if time.time() - changed >= SETTLED else None


def refuse_method() -> HttpResponse:
    response = HttpResponse("本页只能读取。", status=405, content_type="text/plain; charset=utf-8")
    response.headers["Allow"] = "GET, HEAD"
    response.headers["Cache-Control"] = "no-store"
    return response


def read_params(request: HttpRequest, params: Sequence[str]) -> list[tuple[str, list[str]]]:
    return [(name, request.GET.getlist(name)) for name in params if name in request.GET]


def cache_key(request: HttpRequest, generation: int, params: Sequence[str]) -> str:
    variant = getattr(request, "variant", None)
    # Not the host: a page names the site by SITE_URL alone, so a client cannot fill the cache with hosts and ports.
    identity = repr((variant and variant.name, request.path, read_params(request, params)))
    return f"{generation}:{hashlib.sha256(identity.encode()).hexdigest()}"


def keep_until(seconds: float | None = None) -> float:
    """Until when a page rendered now is right, in epoch seconds."""
    until = time.time() + min(settings.PAGE_CACHE_SECONDS, seconds or settings.PAGE_CACHE_SECONDS)
    return min(until, clock.next_change.timestamp()) if clock.next_change else until


def fetch(key: str) -> Kept | None:
    try:
        return caches["pages"].get(key)
    except Exception:
        logger.exception("The page cache did not answer.")
        return None


def store(key: str, kept: Kept) -> None:
    try:
        caches["pages"].set(key, kept, timeout=settings.PAGE_CACHE_SECONDS)
    except Exception:
        logger.exception("The page cache did not take a page.")


def make_kept(
    response: HttpResponse, variant: Variant | None, *, until: float, encodings: Iterable[str] = ENCODERS
) -> Kept:
    """The rendered page in these encodings, where compressing is worth it, and as it is."""
    if hasattr(response, "render"):
        response.render()
    body = response.content
    if variant and response.status_code == 200 and is_html(response):
        body = variant.rewrite(body)
    bodies = {"": body}
    content_type = response.headers.get("Content-Type", "")
    if len(body) >= COMPRESSED_FROM and response.status_code == 200 and content_type not in COMPRESSED_ALREADY:
        bodies |= {name: ENCODERS[name](body) for name in encodings}
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
    return Kept(bodies, etag, content_type, response.status_code, until)


def is_html(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


def answer(
    request: HttpRequest, kept: Kept, response: HttpResponse | None, *, max_age: int | None, modified: int | None = None
) -> HttpResponse:
    """The HTTP answer that `kept` makes to this request; redirects and refusals pass through as they are."""
    if kept.status != 200 and response is not None:
        response.headers.setdefault("Cache-Control", f"public, max-age={settings.PAGE_MAX_AGE}")
        return response
    if is_known(request, kept.etag, modified):
        result: HttpResponse = HttpResponseNotModified()
    else:
        encoding = next((name for name in accepted_encodings(request) if name in kept.bodies), "")
        result = HttpResponse(kept.bodies[encoding], content_type=kept.content_type)
        if encoding:
            result.headers["Content-Encoding"] = encoding
        result.headers["Content-Length"] = str(len(kept.bodies[encoding]))
    seconds = settings.PAGE_MAX_AGE if max_age is None else max_age
    result.headers["Cache-Control"] = f"public, max-age={seconds}, stale-if-error=300"
    result.headers["ETag"] = kept.etag
    if modified is not None:
        result.headers["Last-Modified"] = http_date(modified)
    patch_vary_headers(result, ["Accept-Encoding"])
    result.is_rewritten = True  # what else a variant answers, its middleware rewrites
    return result


def is_known(request: HttpRequest, etag: str, modified: int | None) -> bool:
    """Whether the client has the page already. Its ETag decides; its date only where it sent no ETag (RFC 9110, 13)."""
    if (tags := request.headers.get("If-None-Match")) is not None:
        return etag in {tag.strip() for tag in tags.split(",")}
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", "")) if modified is not None else None
    return since is not None and modified is not None and since >= modified


def accepted_encodings(request: HttpRequest) -> list[str]:
    """Those of ENCODERS that the client takes, the one we would rather send first."""
    accepted = request.headers.get("Accept-Encoding", "")
    offered = {
        name.strip().lower()
        for name, _, quality in (part.partition(";") for part in accepted.split(","))
        if not re.fullmatch(r"\s*q=0(\.0*)?\s*", quality.lower())
    }
    return [name for name in ENCODERS if name in offered]

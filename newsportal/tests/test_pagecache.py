"""The cache of public pages, with views of its own: a page that says how often it was rendered."""

import gzip
from datetime import timedelta

import brotli
import pytest
from django.core.cache import caches
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.template.response import TemplateResponse
from django.test import RequestFactory
from django.utils import timezone

from articles.tests.clock import START, StoppedClock
from newsportal.lib import pagecache
from newsportal.lib.pagecache import ENCODERS, Kept, Variant, answer, bump, public_page

pytestmark = pytest.mark.django_db
FILLING = "报" * 400
BR, GZIP = {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br"}, {"HTTP_ACCEPT_ENCODING": "gzip"}


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr(pagecache.clock, "foretell", lambda: None)
    return StoppedClock(monkeypatch)


class Page:
    """A public page whose body tells the count of its renderings and the query parameters it read."""

    def __init__(self, *, filling: str = "", status: int = 200, **options) -> None:
        self.rendered = 0
        self.filling, self.status, self.params = filling, status, options.get("params", ())
        self.view = public_page(self.render, **options)

    def render(self, request, **kwargs):
        self.rendered += 1
        read = "".join(f" {name}={'+'.join(request.GET.getlist(name))}" for name in self.params)
        return HttpResponse(f"第{self.rendered}次{read}{self.filling}", status=self.status)

    def get(self, path: str = "/page/", **headers) -> HttpResponse:
        return self.view(RequestFactory().get(path, **headers))

    def text(self, path: str = "/page/", **headers) -> str:
        return self.get(path, **headers).content.decode()


@pytest.fixture
def stored(monkeypatch) -> list[str]:
    """The keys under which pages were stored."""
    keys, store = [], pagecache.store

    def record(key, kept):
        keys.append(key)
        store(key, kept)

    monkeypatch.setattr(pagecache, "store", record)
    return keys


class BrokenCache:
    """A cache whose server is gone."""

    def __getattr__(self, name):
        raise ConnectionError(name)


@pytest.fixture
def break_cache(monkeypatch, caplog):
    """Take caches away by name, until the test ends."""
    original = type(caches).__getitem__

    def take_away(*names):
        broken = BrokenCache()
        monkeypatch.setattr(
            type(caches), "__getitem__", lambda self, name: broken if name in names else original(self, name)
        )

    return take_away


# --- Rendered once ----------------------------------------------------------------------------------------------------


def test_a_page_is_rendered_once_and_the_same_for_all(clock):
    page = Page()

    assert [page.text(), page.text(HTTP_COOKIE="session=abc", REMOTE_ADDR="198.51.100.9")] == ["第1次", "第1次"]


def test_a_page_says_who_may_keep_it(clock, settings):
    settings.PAGE_MAX_AGE = 1
    response = Page().get()

    assert response.status_code == 200
    assert response.headers == {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len("第1次".encode())),
        "Cache-Control": "public, max-age=1, stale-if-error=300",
        "ETag": response.headers["ETag"],
        "Vary": "Accept-Encoding",
    }


def test_max_age_of_a_page_replaces_the_common_one(clock):
    assert Page(max_age=86400).get().headers["Cache-Control"] == "public, max-age=86400, stale-if-error=300"
    assert Page(max_age=0).get().headers["Cache-Control"] == "public, max-age=0, stale-if-error=300"


def test_a_page_sets_no_cookie_even_if_its_view_does(clock):
    def view(request):
        response = HttpResponse("甲")
        response.set_cookie("visitor", "1")
        assert response.cookies
        return response

    assert not public_page(view)(RequestFactory().get("/")).cookies


def test_a_view_keeps_its_name():
    @public_page(params=["page"])
    def channel_detail(request):
        """A channel."""

    assert (channel_detail.__name__, channel_detail.__doc__) == ("channel_detail", "A channel.")


def test_the_arguments_of_the_address_reach_the_view(clock):
    view = public_page(lambda request, slug: HttpResponse(slug))

    assert view(RequestFactory().get("/a/"), slug="a").content == b"a"


def test_a_template_response_is_rendered(clock):
    template = engines["django"].from_string("{{ word }}")
    view = public_page(lambda request: TemplateResponse(request, template, {"word": "甲"}))

    assert [view(RequestFactory().get("/")).content.decode() for _ in range(2)] == ["甲", "甲"]


# --- Asked again, asked briefly, asked wrongly ------------------------------------------------------------------------


def test_who_has_the_page_hears_304(clock):
    page = Page()
    first = page.get()

    again = page.get(HTTP_IF_NONE_MATCH=f'"other", {first.headers["ETag"]}')

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert again.headers["Vary"] == "Accept-Encoding"
    assert page.get(HTTP_IF_NONE_MATCH='W/"other"').status_code == 200


def test_the_etag_follows_the_body(clock):
    page, other = Page(), Page(filling="乙")

    assert page.get().headers["ETag"] == Page().get("/else/").headers["ETag"]
    assert page.get().headers["ETag"] != other.get("/other/").headers["ETag"]


def test_head_is_answered_like_get_and_shares_its_page(clock):
    page = Page()

    head = page.view(RequestFactory().head("/page/"))

    assert (head.status_code, head.headers) == (200, page.get().headers)
    assert page.rendered == 1


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(clock, method):
    page = Page()

    response = page.view(getattr(RequestFactory(), method)("/page/"))

    assert (response.status_code, response.content.decode()) == (405, "本页只能读取。")
    assert (response.headers["Allow"], response.headers["Cache-Control"]) == ("GET, HEAD", "no-store")
    assert page.rendered == 0


# --- Compressed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("BR;q=1.0, gzip;q=0.8", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.000,gzip;q=0.001", "gzip"),
        ("br; q=0, gzip; Q=0", ""),
        ("identity", ""),
        ("deflate, brotli", ""),
        ("*", ""),
    ],
)
def test_the_encoding_is_the_best_that_the_browser_takes(clock, accepted, encoding):
    page = Page(filling=FILLING)
    decode = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding]

    response = page.get(HTTP_ACCEPT_ENCODING=accepted)

    assert response.headers.get("Content-Encoding", "") == encoding
    assert response.headers["Content-Length"] == str(len(response.content))
    assert decode(response.content).decode() == f"第1次{FILLING}"


def test_all_encodings_are_of_one_rendering_and_one_etag(clock):
    page = Page(filling=FILLING)

    responses = [page.get(**BR), page.get(**GZIP), page.get()]

    assert page.rendered == 1
    assert len({response.content for response in responses}) == 3
    assert len({response.headers["ETag"] for response in responses}) == 1


def test_a_short_page_is_not_compressed(clock):
    assert "Content-Encoding" not in Page(filling="x" * 500).get(**BR).headers
    assert Page(filling="x" * 600).get("/long/", **BR).headers["Content-Encoding"] == "br"


def test_an_encoding_that_was_not_made_is_not_chosen():
    kept = Kept({"": b"x", "gzip": b"y"}, "", "", 200, 0)

    sent = [answer(RequestFactory().get("/", **headers), kept, None, max_age=None).content for headers in (BR, {})]
    assert sent == [b"y", b"x"]


@pytest.mark.parametrize(("accepted", "made"), [("br, gzip", ["br"]), ("gzip", ["gzip"]), ("", [])])
def test_a_page_that_is_not_kept_is_compressed_for_its_reader_alone(clock, monkeypatch, accepted, made):
    compressed = []
    for name in ENCODERS:
        monkeypatch.setitem(ENCODERS, name, lambda body, name=name: compressed.append(name) or body)

    Page(filling=FILLING, keep=False).get(HTTP_ACCEPT_ENCODING=accepted)

    assert compressed == made


# --- What is a page of its own ----------------------------------------------------------------------------------------


def test_unknown_parameters_neither_split_nor_fill_the_cache(clock, stored):
    page = Page(params=["page"])

    texts = {page.text(f"/page/?from=wechat&n={number}") for number in range(20)} | {page.text()}

    assert texts == {"第1次 page="}
    assert len(stored) == 1


def test_declared_parameters_make_pages_of_their_own(clock):
    page = Page(params=["page", "channel"])

    texts = [page.text(f"/page/{query}") for query in ("?page=2", "?page=3", "?channel=a&page=2", "?page=2&page=3", "")]

    assert texts == [
        "第1次 page=2 channel=",
        "第2次 page=3 channel=",
        "第3次 page=2 channel=a",
        "第4次 page=2+3 channel=",
        "第5次 page= channel=",
    ]
    assert page.text("/page/?x=1&page=2&channel=a") == "第3次 page=2 channel=a"
    assert page.text("/page/?page=") == "第6次 page= channel="


def test_the_path_separates_pages_and_the_host_does_not(clock, settings):
    settings.ALLOWED_HOSTS = ["a.example.com", "b.example.com"]
    page = Page()
    a, b = {"HTTP_HOST": "a.example.com"}, {"HTTP_HOST": "b.example.com:8123"}

    texts = [page.text(**a), page.text(**b), page.text("/other/", **a), page.text(**a, secure=True)]

    assert texts == ["第1次", "第1次", "第2次", "第1次"]


def test_keep_false_renders_each_time_and_answers_like_the_rest(clock, stored):
    page = Page(keep=False, filling=FILLING)

    assert [page.text()[:3], page.text()[:3]] == ["第1次", "第2次"]
    assert not stored
    response = page.get(**BR)
    assert response.headers["Content-Encoding"] == "br"
    assert response.headers["Cache-Control"] == "public, max-age=1, stale-if-error=300"


@pytest.mark.parametrize("status", [404, 410, 500, 201])
def test_only_answers_200_are_kept(clock, stored, status):
    page = Page(status=status, filling=FILLING)

    responses = [page.get(**BR), page.get(**BR)]

    assert [response.content.decode()[:3] for response in responses] == ["第1次", "第2次"]
    assert responses[0].status_code == status
    assert responses[0].headers["Cache-Control"] == "public, max-age=1"
    assert "Content-Encoding" not in responses[0].headers
    assert not stored


def test_a_redirect_is_not_kept_and_keeps_what_it_says_itself(clock):
    targets = iter(["/a/", "/b/"])

    def view(request):
        response = HttpResponseRedirect(next(targets))
        response.headers["Cache-Control"] = "no-store"
        return response

    page = public_page(view)

    responses = [page(RequestFactory().get("/")) for _ in range(2)]
    assert [(response.status_code, response.url) for response in responses] == [(302, "/a/"), (302, "/b/")]
    assert responses[0].headers["Cache-Control"] == "no-store"


def test_a_404_raised_is_not_kept(clock):
    def view(request):
        if not found:
            raise Http404
        return HttpResponse("甲")

    page, found = public_page(view), []
    with pytest.raises(Http404):
        page(RequestFactory().get("/"))
    found.append(True)

    assert page(RequestFactory().get("/")).status_code == 200


# --- Variants ---------------------------------------------------------------------------------------------------------


def in_capitals(path: str = "/page/", **headers):
    """A request for the page's other form, which is in capitals."""
    request = RequestFactory().get(path, **headers)
    request.variant = Variant("capitals", bytes.upper)
    return request


def test_variants_are_kept_apart_and_rewritten_once(clock):
    page = Page(filling="abc")

    responses = [page.view(in_capitals()), page.get(), page.view(in_capitals()), page.get()]

    assert [response.content.decode() for response in responses] == ["第1次ABC", "第2次abc", "第1次ABC", "第2次abc"]
    assert len({response.headers["ETag"] for response in responses}) == 2
    assert page.rendered == 2


def test_a_variant_is_compressed_as_it_was_rewritten(clock):
    page = Page(filling="a" * 600)
    assert brotli.decompress(page.view(in_capitals(**BR)).content).decode() == f"第1次{'A' * 600}"


def test_a_page_that_is_not_kept_is_rewritten_each_time(clock):
    page = Page(filling="abc", keep=False)
    assert [page.view(in_capitals()).content.decode() for _ in range(2)] == ["第1次ABC", "第2次ABC"]


def test_what_is_no_page_is_not_rewritten(clock):
    def view(request):
        return HttpResponse("abc", content_type=request.GET["type"], status=int(request.GET["status"]))

    answers = [
        public_page(view, params=["type", "status"])(in_capitals(f"/?type={kind}&status={status}")).content
        for kind, status in (("text/html", 200), ("image/svg%2Bxml", 200), ("text/html", 404))
    ]
    assert answers == [b"ABC", b"abc", b"abc"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("", ""),
        ("?utm=x", ""),
        ("?utm=x&page=2", "page=2"),
        ("?page=2&channel=a&page=%E4%B8%AD", "channel=a&page=2&page=%E4%B8%AD"),
        ("?page=", "page="),
    ],
)
def test_a_page_knows_the_query_that_it_may_name(clock, query, named):
    view = public_page(lambda request: HttpResponse(request.page_query), params=["channel", "page"])
    assert view(RequestFactory().get(f"/{query}")).content.decode() == named


# --- Fresh ------------------------------------------------------------------------------------------------------------


def test_a_page_is_kept_for_its_seconds_and_no_longer(clock, settings):
    settings.PAGE_CACHE_SECONDS = 45
    page = Page()
    assert page.text() == "第1次"

    clock.move(seconds=44)
    assert page.text() == "第1次"
    clock.move(seconds=2)
    assert page.text() == "第2次"


def test_publishing_makes_pages_fresh_at_once_in_this_process(clock, django_capture_on_commit_callbacks):
    page = Page()
    assert page.text() == "第1次"

    with django_capture_on_commit_callbacks(execute=True):
        bump()
        assert page.text() == "第1次"

    assert [page.text(), page.text()] == ["第2次", "第2次"]


def test_what_is_rolled_back_makes_nothing_fresh(clock, django_capture_on_commit_callbacks):
    page = Page()
    assert page.text() == "第1次"

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        try:
            with transaction.atomic():
                bump()
                raise ValueError
        except ValueError:
            pass

    assert callbacks == []
    assert page.text() == "第1次"


def test_publishing_in_another_process_is_seen_at_the_next_check(clock):
    page = Page()
    assert page.text() == "第1次"
    caches["shared"].set(pagecache.GENERATION_KEY, 12345, timeout=None)

    clock.move(seconds=0.4)
    assert page.text() == "第1次"
    clock.move(seconds=0.2)
    assert page.text() == "第2次"


def test_the_generation_is_asked_for_once_between_checks(clock, monkeypatch):
    asked, original = [], type(caches).__getitem__
    monkeypatch.setattr(type(caches), "__getitem__", lambda self, name: asked.append(name) or original(self, name))
    page = Page()
    page.get()
    assert asked.count("shared") == 1

    page.get("/other/")
    clock.move(seconds=0.4)
    page.get()
    assert asked.count("shared") == 1
    clock.move(seconds=0.2)
    page.get()
    page.get("/other/")
    assert asked.count("shared") == 2


def test_no_page_is_kept_beyond_what_is_foretold(clock):
    """An article goes out in ten seconds: a page rendered now is right for ten seconds, not for 45."""
    page, other = Page(), Page()
    pagecache.configure(foretell=lambda: START + timedelta(seconds=10))
    assert [page.text(), other.text("/other/")] == ["第1次", "第1次"]

    clock.move(seconds=9)
    assert page.text() == "第1次"
    pagecache.configure(foretell=lambda: None)
    clock.move(seconds=2)
    assert [page.text(), other.text("/other/")] == ["第2次", "第2次"]
    clock.move(seconds=44)
    assert page.text() == "第2次"


def test_the_next_change_is_foretold_again_only_when_the_last_has_passed(clock):
    asked = []
    page = Page()

    def foretell():
        asked.append(timezone.now())
        return timezone.now() + timedelta(seconds=10)

    pagecache.configure(foretell=foretell)
    for _ in range(13):
        page.get()
        clock.move(seconds=1)

    assert asked == [START, START + timedelta(seconds=10)]


# --- A cache that is down ---------------------------------------------------------------------------------------------


def test_without_the_cache_of_pages_every_page_is_rendered_and_right(clock, break_cache, caplog):
    page = Page()
    break_cache("pages")

    assert [page.text(), page.text()] == ["第1次", "第2次"]
    assert {record.getMessage() for record in caplog.records} == {
        "The page cache did not answer.",
        "The page cache did not take a page.",
    }


def test_without_the_shared_cache_pages_are_kept_for_their_seconds(clock, break_cache, caplog):
    page = Page()
    break_cache("shared")

    assert [page.text(), page.text()] == ["第1次", "第1次"]
    clock.move(seconds=46)
    assert page.text() == "第2次"
    assert caplog.records[0].getMessage() == "The shared cache did not tell the page generation."


def test_without_the_shared_cache_no_page_is_kept_beyond_what_is_foretold(clock, break_cache):
    page = Page()
    pagecache.configure(foretell=lambda: START + timedelta(seconds=10))
    break_cache("shared")
    assert page.text() == "第1次"

    clock.move(seconds=11)
    assert page.text() == "第2次"


def test_without_any_cache_pages_are_served_and_publishing_succeeds(
    clock, break_cache, caplog, django_capture_on_commit_callbacks
):
    page = Page()
    break_cache("pages", "shared", "default")

    with django_capture_on_commit_callbacks(execute=True):
        bump()

    assert "The shared cache did not take the new page generation." in caplog.messages
    assert [page.get().status_code, page.text()] == [200, "第2次"]


# --- Through the public door ------------------------------------------------------------------------------------------


def test_public_pages_neither_set_cookies_nor_read_the_session(client, site):
    for path in ("/", "/staff/", "/preferences/", "/qr.svg", "/rolling/"):
        client.cookies["session"] = "a-key-that-no-session-has-1234567"
        response = client.get(path)
        assert response.status_code == 200
        assert not response.cookies
        assert response.headers["Vary"] == "Accept-Encoding"
        assert response.headers["Cache-Control"].startswith("public, max-age=")

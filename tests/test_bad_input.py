"""Odd requests on every public route: refused with the exact code where they mean nothing, and never a server error.

The test client raises what a view raises, so a server error fails loudly with its traceback. Requests are made by
rules, not by chance: the same each time.
"""

import io
import logging

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory

from newsportal.wsgi import application

from .odd_requests import CATEGORIES, Odd, odd_methods
from .samples import NOT_PUBLIC_PAGES, Sample, fill_site, public_routes


@pytest.fixture
def sample(db) -> Sample:
    return fill_site()


@pytest.fixture(autouse=True)
def quiet():
    """Refusals are logged, which is right and would fill the screen."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def ask(request: Odd) -> int:
    """The code that the whole portal answers with to a request as a server would put it."""
    client = Client(raise_request_exception=True)
    headers = {name: as_sent(value) for name, value in request.headers.items()}
    content_type = headers.pop("Content-Type", as_sent(request.content_type))
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    # Said of an empty body too, which the test client would keep to itself.
    environ |= {"CONTENT_TYPE": content_type, "HTTP_USER_AGENT": "Mozilla/5.0"}
    response = client.generic(request.method, request.path, request.body, **environ)
    if response.streaming:
        b"".join(response)
    return response.status_code


def as_sent(value: str) -> str:
    """A header as servers hand it over: each byte as the character of the same number."""
    return value.encode("utf-8", "surrogateescape").decode("latin-1")


@pytest.mark.parametrize("category", CATEGORIES)
def test_odd_requests_are_answered(category, sample):
    requests = list(CATEGORIES[category](sample))
    assert requests

    wrong = {}
    for request in requests:
        code = ask(request)
        if code not in request.codes:
            wrong[f"{request.method} {request.path[:80]} {str(request.headers)[:80]} {request.body[:40]}"] = code

    assert wrong == {}


def test_there_are_enough_of_them(sample):
    requests = [request for category in CATEGORIES.values() for request in category(sample)]
    assert len(requests) >= 500
    assert len({(request.method, request.path) for request in requests}) >= 500


def test_every_route_is_tried(sample):
    """Each public route is met by an odd method at least; those that are no public pages, by name."""
    tried = {request.path for request in odd_methods(sample)}
    for route in public_routes() - {"articles:read_count"}:
        assert set(sample.addresses[route]) & tried, route
    assert "articles:read_count" in NOT_PUBLIC_PAGES


@pytest.fixture
def serve():
    """The WSGI application without a client's help: the code with which it answers."""

    def serve(**environ) -> int:
        environ = RequestFactory()._base_environ() | {"REQUEST_METHOD": "GET", "wsgi.input": io.BytesIO()} | environ
        status: list[str] = []
        body = application(environ, lambda line, headers, exc_info=None: status.append(line))
        getattr(body, "close", list)()
        return int(status[0].split()[0])

    # As Django's own test client: between requests the connection stays, for it holds the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield serve
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize(
    "charset", ["hex", "base64", "rot13", "zlib", "idna", "utf-7", "utf-16", "nonsense", "", '"', "\xff"]
)
def test_an_encoding_that_is_none_of_text(sample, serve, charset):
    """Django reads the query as it makes the request, before any middleware: newsportal/wsgi.py is the place."""
    content_type = f"text/plain; charset={charset}"
    assert serve(PATH_INFO="/", QUERY_STRING="x=%E5%BC%A0", CONTENT_TYPE=content_type) == 200


def test_the_server_s_way_in_refuses_what_no_client_library_would_send(sample, serve):
    """Straight at the WSGI application, with what a server hands over undecoded."""
    for path in (
        "/\x00",
        "/\xff\xfe/",
        "/tags/\xe6/",
        "/media/\xff",
        "/\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ):
        assert serve(PATH_INFO=path) == 400, path


def test_too_many_searches_are_refused_politely(sample, one_period):
    client = Client(REMOTE_ADDR="203.0.113.77")
    codes = [client.get("/staff/", {"q": "员工0"}).status_code for _ in range(32)]
    assert codes == [200] * 30 + [429] * 2
    assert client.get("/staff/").status_code == 200
    assert Client(REMOTE_ADDR="198.51.100.1").get("/staff/", {"q": "员工0"}).status_code == 200


def test_a_refusal_is_in_the_site_s_look_and_not_kept(sample):
    for path in ("/%00/", "/?x=%00"):
        answer = Client().get(path)
        assert answer.status_code == 400
        assert answer["Cache-Control"] == "no-store"
        assert '<html lang="zh-CN">' in answer.content.decode()


def test_nothing_that_was_sent_comes_back_as_markup(sample):
    for path in ("/tags/%3Cscript%3Ealert(1)%3C%2Fscript%3E/", "/staff/?q=%3Cscript%3Ealert(1)%3C/script%3E"):
        assert "<script>alert" not in Client().get(path).content.decode()

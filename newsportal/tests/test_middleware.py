"""What is refused before any view, and what every answer says."""

import pytest
from django.test import RequestFactory

from newsportal.errors import bad_request
from newsportal.middleware import PERMISSIONS, permissions_policy, refuse_malformed

MALFORMED_PATHS = ["/%00/", "/a%00b/", "/%ff/", "/%C0%AF/", "/%ED%A0%80/", "/%D6%D0%B9%FA/", "/a/%e4%b8/", "/x%FFFD/"]
MALFORMED_QUERIES = ["q=%00", "a=1&q=a%00b", "%00=1", "q=%ff", "q=%ED%A0%80", "q=%D6%D0", "q=%e4%b8", "q=%C0%80"]
WELL_FORMED = ["/news/", "/tags/%E6%96%B0%E9%97%BB/", "/%F0%9F%98%80/", "/%2500/", "/100%25/", "/%EF%BF%BD/"]


def answer(path: str, query: str = ""):
    """What the middleware makes of a request whose path has been unquoted by the server, as WSGI wants it."""
    request = RequestFactory().get(path, QUERY_STRING=query)
    passed = []
    response = refuse_malformed(lambda request: passed.append(request) or "passed")(request)
    assert bool(passed) is (response == "passed")
    return response


@pytest.mark.parametrize("path", MALFORMED_PATHS)
def test_a_path_that_means_nothing_is_refused(path):
    response = answer(path)

    assert (response.status_code, response.content) == (400, bad_request(None).content)


@pytest.mark.parametrize("query", MALFORMED_QUERIES)
def test_a_query_that_means_nothing_is_refused(query):
    assert answer("/search/", query).status_code == 400


def test_a_query_that_was_not_quoted_is_read_as_bytes():
    """WSGI hands bytes over as Latin-1: proper UTF-8 passes, half a character does not."""
    assert answer("/", "q=" + "新闻".encode().decode("latin-1")) == "passed"
    assert answer("/", "q=\xd6\xd0").status_code == 400
    assert answer("/", "q=a\x00b").status_code == 400


@pytest.mark.parametrize("path", WELL_FORMED)
def test_what_can_be_read_passes(path):
    assert answer(path) == "passed"


@pytest.mark.parametrize(
    "query", ["", "q=%E6%96%B0", "q=%F0%9F%98%80", "q=%2500", "q=100%", "q=%zz", "q=a+b&&=", "q=%EF%BF%BD"]
)
def test_a_query_that_can_be_read_passes(query):
    assert answer("/search/", query) == "passed"


@pytest.mark.parametrize("address", ["/%00/", "/%ff/", "/staff/?q=%00", "/?x=%ff", "/media/a%00.jpg"])
def test_refusals_reach_the_client_without_the_database(client, address):
    response = client.get(address)

    assert response.status_code == 400
    assert "请求无法识别" in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Permissions-Policy"] == PERMISSIONS
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_an_unknown_host_is_refused(client):
    response = client.get("/healthz", HTTP_HOST="evil.example.com")

    assert response.status_code == 400
    assert "请求无法识别" in response.content.decode()


def test_every_answer_asks_for_no_device_and_stays_on_this_site(client):
    response = client.get("/healthz")

    assert response.headers["Permissions-Policy"] == (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
    )
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]


def test_a_view_may_say_otherwise(client):
    response = permissions_policy(lambda request: bad_request(request))(RequestFactory().get("/"))
    assert response.headers["Permissions-Policy"] == PERMISSIONS

    def open_view(request):
        answer = bad_request(request)
        answer.headers["Permissions-Policy"] = "camera=(self)"
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return answer

    response = permissions_policy(open_view)(RequestFactory().get("/"))
    assert response.headers["Permissions-Policy"] == "camera=(self)"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"

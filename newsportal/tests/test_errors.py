"""The pages for what went wrong. All but 404 come out without a database: these tests have none."""

import pytest
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path, resolve

from articles.tests.pages import text_of_main
from newsportal import errors


def fail(request):
    raise RuntimeError("a secret detail")


def secret(request):
    raise Http404("article 17 is hidden")


def explained(request):
    raise Http404("这位作者没有发布的稿件。")


def form(request):
    return HttpResponse("sent")


class BrokenUrls:
    """The site's addresses and some that fail."""

    urlpatterns = [
        path("fail/", fail),
        path("secret/", secret),
        path("explained/", explained),
        path("form/", form),
        path("", include("newsportal.urls")),
    ]
    handler400, handler403 = errors.bad_request, errors.forbidden
    handler404, handler500 = errors.not_found, errors.server_error


broken_urls = override_settings(ROOT_URLCONF=BrokenUrls)


@pytest.mark.parametrize(
    ("view", "status", "heading"),
    [
        (errors.bad_request, 400, "请求无法识别"),
        (errors.forbidden, 403, "不能打开这一页"),
        (errors.csrf_failure, 403, "不能打开这一页"),
        (errors.server_error, 500, "本站暂时出了问题"),
    ],
)
def test_a_failure_has_a_page_that_needs_no_database(view, status, heading):
    response = view(RequestFactory().get("/"))

    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


def test_an_error_in_a_view_says_nothing_of_itself(caplog):
    client = Client(raise_request_exception=False)

    with broken_urls:
        response = client.get("/fail/")

    assert response.status_code == 500
    assert "本站暂时出了问题" in text_of_main(response)
    assert "secret detail" not in response.content.decode()
    assert "secret detail" in caplog.text


def test_a_form_without_its_token_is_explained():
    client = Client(enforce_csrf_checks=True)

    with broken_urls:
        response = client.post("/form/", {"a": "1"})

    assert response.status_code == 403
    assert "表单已过期，或浏览器不接受 Cookie。请返回上一页，刷新后再提交。" in text_of_main(response)


def test_the_form_itself_is_taken_from_whoever_has_the_token():
    with broken_urls:
        assert Client().post("/form/", {"a": "1"}).content == b"sent"


@pytest.mark.parametrize("address", ["/no-such-channel/", "/no/such/address", "/about/none/", "/staff/AAAAAAAAAAAA/"])
def test_an_address_that_leads_nowhere_offers_ways_on(client, site, address):
    response = client.get(address)

    assert response.status_code == 404
    assert text_of_main(response).startswith("404 没有找到这一页")
    assert 'href="/rolling/"' in response.content.decode()
    assert "试刊" in response.content.decode()
    assert response.headers["Cache-Control"] == "public, max-age=1"
    assert not response.cookies


def test_a_404_gives_the_reason_that_was_meant_for_readers_and_no_other(client, site):
    with broken_urls:
        explained, secret = client.get("/explained/"), client.get("/secret/")

    assert "这位作者没有发布的稿件。" in text_of_main(explained)
    assert "article 17" not in secret.content.decode()
    assert "地址可能写错了，或者这一页已经搬走。" in text_of_main(secret)


def test_the_reason_cannot_carry_markup(client, site):
    request = RequestFactory().get("/")

    response = errors.not_found(request, Http404("没有<script>这一页"))

    assert "没有&lt;script&gt;这一页" in response.content.decode()


def test_the_handlers_are_installed():
    import newsportal.urls as urls  # named so that the strings are seen beside each other

    handlers = {name: getattr(urls, name) for name in ("handler400", "handler403", "handler404", "handler500")}
    assert handlers == {
        "handler400": "newsportal.errors.bad_request",
        "handler403": "newsportal.errors.forbidden",
        "handler404": "newsportal.errors.not_found",
        "handler500": "newsportal.errors.server_error",
    }
    assert resolve("/healthz").func.__name__ == "healthz"

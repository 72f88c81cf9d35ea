"""Static pages as readers open them."""

import pytest
from django.core.cache import caches

from about.models import Page
from articles.tests.clock import StoppedClock
from articles.tests.factories import make_profile
from articles.tests.pages import text_of_main

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(site):
    body = '<h2>一、来信</h2><p>写信来 &lt;b&gt;</p><p><a href="https://e.example/">地址</a></p>'
    return Page.objects.create(title="联系我们", slug="contact", lead="怎样找到我们", body=body)


def test_a_page_shows_its_body_as_it_was_cleaned(client, page):
    response = client.get("/about/contact/")

    assert response.status_code == 200
    html = response.content.decode()
    assert (
        '<h2>一、来信</h2>\n<p>写信来 &lt;b&gt;</p>\n<p><a href="https://e.example/" rel="noopener">地址</a></p>'
        in html
    )
    assert "<title>联系我们_试刊</title>" in html
    assert '<meta name="description" content="怎样找到我们">' in html
    assert "怎样找到我们" in text_of_main(response)


def test_a_page_that_is_not_public_is_not_found(client, page):
    assert client.get("/about/contact/").status_code == 200
    Page.objects.update(is_published=False)
    caches["pages"].clear()  # an update in bulk makes no page fresh
    hidden = client.get("/about/contact/")

    assert hidden.status_code == 404
    assert "写信来" not in hidden.content.decode()


@pytest.mark.parametrize("address", ["/about/none/", "/about/CONTACT/", "/about/", "/about/contact/x/"])
def test_no_other_address_leads_to_it(client, page, address):
    assert client.get(address).status_code == 404


def test_a_page_is_public_and_only_read(client, page):
    response = client.get("/about/contact/")

    assert response.headers["Cache-Control"] == "public, max-age=1, stale-if-error=300"
    assert not response.cookies
    assert client.post("/about/contact/").status_code == 405
    assert client.get("/about/contact/", HTTP_IF_NONE_MATCH=response.headers["ETag"]).status_code == 304


@pytest.mark.parametrize("others", [0, 2])
def test_a_page_takes_one_query_however_many_there_are(client, page, monkeypatch, django_assert_num_queries, others):
    StoppedClock(monkeypatch)  # the generation of the pages is not asked for again meanwhile
    for number in range(others):
        Page.objects.create(title=f"说明{number}", slug=f"more-{number}", body="甲")
    client.get("/about/none/")  # reads what stands around every page

    # 1 the page
    with django_assert_num_queries(1):
        assert client.get("/about/contact/").status_code == 200


def test_the_name_of_the_site_is_data(client):
    make_profile(name="另一家报纸")
    Page.objects.create(title="联系我们", slug="contact", body="甲")

    assert "<title>联系我们_另一家报纸</title>" in client.get("/about/contact/").content.decode()

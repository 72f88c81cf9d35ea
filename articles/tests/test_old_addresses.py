"""Addresses of an imported site: 301 wherever nothing answers, and nothing told of what is not public."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.addresses import candidates
from articles.models import Channel, OldAddress
from articles.publishing import withdraw

from .factories import make_article, make_channel

pytestmark = pytest.mark.django_db

TWO_PAGES = '<p>第一页。</p><hr class="page-break"><p>第二页。</p>'


@pytest.fixture
def article(site):
    article = make_article(channel=make_channel("news"), body=TWO_PAGES)
    for path in ("/2015/03/标题/", "/?p=12", "/archives/12.html", "/one-part/", "/blog/?p=12"):
        OldAddress.objects.create(path=path, article=article)
    return article


@pytest.mark.parametrize(
    "path",
    [
        "/2015/03/标题/",
        "/2015/03/%E6%A0%87%E9%A2%98/",
        "/2015/03/%e6%a0%87%e9%a2%98",
        "/2015/03/标题/?utm_source=wechat",
        "/2015/03/标题/amp/",
        "/2015/03/标题/feed",
        "/2015/03/标题/comment-page-2/",
        "/2015/03/标题/9/",
        "/archives/12.html",
        "/one-part/",
        "/?p=12",
        "/?p=12&utm_source=wechat",
        "/?from=singlemessage&p=12",
        "/blog/?p=12",
    ],
)
def test_an_old_address_leads_to_the_article(client, article, path):
    for ask in (client.get, client.head):
        answer = ask(path)
        assert (answer.status_code, answer["Location"]) == (301, article.get_absolute_url())
        assert answer["Cache-Control"] == "public, max-age=1"
        assert not answer.cookies


@pytest.mark.parametrize("path", ["/2015/03/标题/2/", "/2015/03/标题/2", "/?p=12&page=2"])
def test_an_old_page_leads_to_the_page(client, article, path):
    assert client.get(path)["Location"] == article.page_url(2)


@pytest.mark.parametrize(
    "path",
    [
        "/2015/03/",
        "/2015/03/别的/",
        "/2015/03/标题/x/",
        "/2015/03/标题/2/2/",
        "/archives/12.htm",
        "/blog/",
        "/blog/?p=13",
        "/2/",
        f"/{'a' * 400}/b/",
    ],
)
def test_what_never_was_an_address_is_not_found(client, article, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "query", ["", "?p=13", "?p=", "?p=abc%00"[:6], "?page=2", "?xp=12", "?p[]=12", "?utm_source=p"]
)
def test_the_home_page_stays_itself(client, article, query):
    home = client.get("/")
    assert home.status_code == 200
    answer = client.get(f"/{query}")
    assert (answer.status_code, answer.content) == (200, home.content)


def test_only_reading_is_led_on(client, article):
    assert client.post("/2015/03/标题/").status_code == 404
    assert client.post("/?p=12").status_code == 405


def test_a_page_that_is_no_article(client, site):
    OldAddress.objects.create(path="/category/huanjing/", target="/about/环境/")
    answer = client.get("/category/huanjing")
    assert (answer.status_code, answer["Location"]) == (301, "/about/%E7%8E%AF%E5%A2%83/")


def test_an_old_address_that_leads_to_itself_is_not_found(client, site):
    OldAddress.objects.create(path="/x/y/", target="/x/y/")
    assert client.get("/x/y/").status_code == 404


@pytest.mark.parametrize("state", ["draft", "scheduled", "hidden"])
def test_nothing_is_told_of_what_is_not_public(client, article, state):
    if state == "hidden":
        Channel.objects.update(is_hidden=True)
    elif state == "scheduled":
        article.published_at = timezone.now() + timedelta(hours=1)
        article.save()
    else:
        article.status = "draft"
        article.save()
    for path in ("/2015/03/标题/", "/archives/12.html"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert article.title not in answer.content.decode()
    assert client.get("/?p=12").status_code == 200


def test_a_withdrawn_article_says_so_at_its_new_address(client, article):
    withdraw(article, reason="作者要求")
    answer = client.get("/archives/12.html", follow=True)
    assert (answer.status_code, answer.redirect_chain) == (410, [(article.get_absolute_url(), 301)])


def test_asking_costs_one_query_and_only_where_nothing_answers(client, article):
    client.get("/")
    for path, queries in {"/": 0, "/?p=13": 1, "/media/none.jpg": 0}.items():
        with CaptureQueriesContext(connection) as counted:
            client.get(path)
        assert len([query for query in counted if "oldaddress" in query["sql"]]) == queries, path


def test_few_paths_are_looked_for():
    assert candidates("/a/b/2/", "p=7&page=3&cat=1") == {
        "/a/b/2/?p=7": 3,
        "/a/b/2/": 1,
        "/a/b/2": 1,
        "/a/b": 2,
        "/a/b/": 2,
    }
    assert candidates("/", "") == {}
    assert candidates("/", "p=7") == {"/?p=7": 1}
    assert candidates(f"/{'a' * 299}", "") == {f"/{'a' * 299}": 1}


@pytest.mark.parametrize("target", ["", "//evil.example/", "https://evil.example/", "about/"])
def test_an_address_leads_somewhere_on_this_site(article, target):
    with pytest.raises(IntegrityError), transaction.atomic():
        OldAddress.objects.create(path="/x/", target=target)
    with pytest.raises(IntegrityError), transaction.atomic():
        OldAddress.objects.create(path="/x/", target="/y/", article=article)

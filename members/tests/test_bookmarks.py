"""Bookmarks: with and without a script, what became of the articles, and what strangers cannot do."""

import json

import pytest
from django.test import Client

from articles.publishing import withdraw
from articles.tests.factories import make_article
from members import bookmarks
from members.models import Bookmark

from .accounts import make_reader

pytestmark = pytest.mark.django_db
LIST, ADD, STATE = "/members/bookmarks/", "/members/bookmarks/add/", "/members/bookmarks/state/"
JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture(autouse=True)
def _site(site):
    pass


@pytest.fixture
def reader(db):
    return make_reader("reader")


@pytest.fixture
def own(reader) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def kept(reader) -> list[int]:
    return list(Bookmark.objects.filter(member=reader).values_list("article_id", flat=True))


def test_by_the_page_without_a_script(own, reader):
    article = make_article()
    page = own.get(f"{ADD}?article={article.pk}")
    assert "<title>收藏稿件_试刊</title>" in page.text
    assert 'value="收藏"' in page.text
    answer = own.post(LIST, {"article": article.pk, "next": article.get_absolute_url()})
    assert (answer.status_code, answer["Location"]) == (302, article.get_absolute_url())
    assert kept(reader) == [article.pk]
    own.post(LIST, {"article": article.pk})
    assert kept(reader) == [article.pk], "twice is once"
    assert 'value="取消收藏"' in own.get(f"{ADD}?article={article.pk}").text
    assert own.post(LIST, {"article": article.pk, "action": "remove"})["Location"] == LIST
    assert kept(reader) == []
    assert "已取消收藏" in own.get(LIST).text


def test_who_is_not_signed_in_is_led_through_the_sign_in(client):
    article = make_article()
    answer = client.get(f"{ADD}?article={article.pk}")
    assert answer["Location"] == f"/accounts/login/?next=/members/bookmarks/add/%3Farticle%3D{article.pk}"
    assert client.post(LIST, {"article": article.pk}).status_code == 302
    assert not Bookmark.objects.exists()


def test_by_a_script(own, reader):
    article, other = make_article(), make_article()
    Bookmark.objects.create(member=reader, article=other)
    Bookmark.objects.create(member=make_reader("second"), article=article)
    state = own.get(f"{STATE}?articles={article.pk},{other.pk},x,,-1,{'9' * 30}")
    assert state.json()["marked"] == [other.pk]
    assert "no-store" in state["Cache-Control"]
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = own.cookies
    assert strict.post(LIST, {"article": article.pk}, **JSON).status_code == 403
    token = {"headers": {"accept": "application/json", "x-csrftoken": state.json()["token"]}}
    assert strict.post(LIST, {"article": article.pk}, **token).json() == {"marked": True}
    assert kept(reader) == [article.pk, other.pk]
    assert strict.post(LIST, {"article": other.pk, "action": "remove"}, **token).json() == {"marked": False}
    assert kept(reader) == [article.pk]


def test_a_script_of_nobody(client):
    answer = client.get(f"{STATE}?articles=1")
    assert (answer.status_code, answer.json()) == (403, {"marked": [], "token": ""})
    assert not client.cookies


@pytest.mark.parametrize("value", ["", "x", "-1", "0", "9" * 19, "1.5", "１", "1 ", "\x00"])
def test_what_is_no_article_is_not_there(own, reader, value):
    assert own.post(LIST, {"article": value}).status_code == 404
    assert own.post(LIST, {"article": value}, **JSON).status_code == 404
    if value != "\x00":
        assert own.get(ADD, {"article": value}).status_code == 404
    assert kept(reader) == []


def test_what_readers_cannot_open_cannot_be_kept(own, reader):
    gone = make_article()
    withdraw(gone, reason="撤")
    for article in (make_article(status="draft", published_at=None), gone):
        assert own.post(LIST, {"article": article.pk}).status_code == 404
        assert own.get(f"{ADD}?article={article.pk}").status_code == 404
    assert kept(reader) == []


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "evil", "javascript:x", "/a\nb", ""]
)
def test_it_leads_back_to_this_site_only(own, target):
    article = make_article()
    assert own.post(LIST, {"article": article.pk, "next": target})["Location"] == LIST


def test_withdrawn_articles_are_shown_as_such_without_text(own, reader):
    article = make_article(title="一个已经撤下的标题")
    own.post(LIST, {"article": article.pk})
    own.get(LIST)  # so that the message is gone
    assert "一个已经撤下的标题" in own.get(LIST).text
    withdraw(article, reason="撤")
    page = own.get(LIST).text
    assert "一个已经撤下的标题" not in page
    assert article.get_absolute_url() not in page
    assert "这篇稿件已经撤下" in page
    own.post(LIST, {"article": article.pk, "action": "remove"})
    assert kept(reader) == []


def test_the_list_is_paged_newest_first(own, reader):
    articles = [make_article() for _ in range(25)]
    for article in articles:
        Bookmark.objects.create(member=reader, article=article)
    first, second = own.get(LIST).text, own.get(f"{LIST}?page=2").text
    assert articles[24].get_absolute_url() in first
    assert articles[5].get_absolute_url() in first
    assert articles[4].get_absolute_url() not in first
    assert articles[0].get_absolute_url() in second
    assert 'href="/members/bookmarks/?page=2"' in first
    for page in ("0", "3", "x", "1&page=2"):
        assert own.get(f"{LIST}?page={page}").status_code == 404


def test_taking_off_the_last_one_of_a_page_leads_to_the_page_before(own, reader):
    articles = [make_article() for _ in range(22)]
    for article in articles:
        Bookmark.objects.create(member=reader, article=article)
    forms = '<input type="hidden" name="next" value="/members/bookmarks/?page={}">'
    for article, page in ((articles[1], 2), (articles[0], 1)):
        assert own.get(f"{LIST}?page=2").text.count(forms.format(page)) == page
        back = f"{LIST}?page={page}"
        answer = own.post(LIST, {"article": article.pk, "action": "remove", "next": back}, follow=True)
        assert (answer.redirect_chain, answer.status_code) == ([(back, 302)], 200)
    assert len(kept(reader)) == 20


def test_there_is_an_end(own, reader, monkeypatch):
    monkeypatch.setattr(bookmarks, "MOST", 1)
    first, second = make_article(), make_article()
    own.post(LIST, {"article": first.pk})
    answer = own.post(LIST, {"article": second.pk}, **JSON)
    assert (answer.status_code, answer.json()["marked"]) == (422, False)
    assert "收藏已满" in own.post(LIST, {"article": second.pk}, follow=True).text
    assert kept(reader) == [first.pk]


def test_changes_are_throttled(own, one_period):
    for _ in range(300):
        own.post(LIST, {"article": "1", "action": "remove"}, **JSON)
    assert own.post(LIST, {"article": "1", "action": "remove"}, **JSON).status_code == 429


def test_others_bookmarks_are_nobodys_business(own, reader):
    article = make_article()
    other = make_reader("second")
    Bookmark.objects.create(member=other, article=article)
    assert article.get_absolute_url() not in own.get(LIST).text
    own.post(LIST, {"article": article.pk, "action": "remove"})
    assert kept(other) == [article.pk]


def test_the_article_carries_the_link_and_nothing_of_the_reader(own, reader):
    article = make_article()
    Bookmark.objects.create(member=reader, article=article)
    seen, by_reader = Client().get(article.get_absolute_url()), own.get(article.get_absolute_url())
    assert seen.content == by_reader.content
    assert f'href="/members/bookmarks/add/?article={article.pk}"' in seen.text
    assert "Cookie" not in seen["Vary"]
    assert json.dumps("reader") not in seen.text

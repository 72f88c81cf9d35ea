"""What public pages' script fetches for one reader, and the hint that tells it to."""

from types import SimpleNamespace

import pytest
from django.test import Client

from articles.tests.factories import make_article, make_channel
from newsportal import accounts
from regions.models import Region

from .accounts import PASSWORD, make_reader, sign_in

pytestmark = pytest.mark.django_db
STATE, STRIP = "/members/state/", "/members/strip/"


@pytest.fixture(autouse=True)
def _site(site):
    pass


@pytest.fixture
def own() -> Client:
    client = Client()
    client.force_login(make_reader("reader", display_name="听雨楼里的人"))
    return client


def test_the_state_of_nobody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(STATE)
    assert answer.status_code == 200
    assert 'href="/accounts/login/"' in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert not client.cookies


def test_the_state_of_a_reader(own, monkeypatch):
    answer = own.get(STATE)
    assert "听雨楼里的人" in answer.text
    assert "未读" not in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert len(answer.content) < 1000
    monkeypatch.setattr(accounts, "keepers", lambda: [SimpleNamespace(unread=lambda user: 3)] * 2)
    assert "，6 条未读通知" in own.get(STATE).text
    assert "6 条未读</span>" in own.get("/members/").text


def test_a_name_is_no_markup(client):
    client.force_login(make_reader("reader", display_name="<b>甲</b>"))
    assert "&lt;b&gt;甲&lt;/b&gt;" in client.get(STATE).text


def test_the_strip(own, client):
    assert (client.get(STRIP).status_code, client.get(STRIP).content) == (200, b"")
    assert own.get(STRIP).content == b""
    law, hunan = make_channel("law", name="就案说法"), Region.objects.get(slug="hunan")
    reader = own.get(STRIP).wsgi_request.user
    reader.channels.add(law)
    reader.regions.add(hunan)
    make_article(title="别处的一篇")
    both = make_article(channel=law, regions=[hunan], title="两边都有的一篇")
    make_article(channel=law, status="draft", published_at=None, title="还没发布的一篇")
    text = own.get(STRIP).text
    assert text.count(both.get_absolute_url()) == 1
    assert "别处的一篇" not in text
    assert "还没发布" not in text
    for number in range(9):
        make_article(channel=law, title=f"新的一篇{number}")
    assert own.get(STRIP).text.count("<li>") == 6


def test_fragments_in_traditional_characters(own):
    reader = own.get(STATE).wsgi_request.user
    reader.channels.add(law := make_channel("law", name="就案说法"))
    make_article(channel=law, title="关于乡村")
    assert "會員中心" in own.get(f"{STATE}?script=hant").text
    assert "听雨楼里的人</span>" in own.get(f"{STATE}?script=hant").text, "a name stays as it is"
    assert "關於鄉村" in own.get(f"{STRIP}?script=hant").text


def test_the_hint_comes_and_goes(client):
    make_reader("reader")
    assert "member" not in client.get("/accounts/login/").cookies
    client = sign_in("reader")
    hint = client.cookies["member"]
    assert (hint.value, hint["httponly"], hint["samesite"], hint["path"]) == ("1", "", "Lax", "/")
    assert "member" not in client.get("/members/").cookies, "it is there already"
    client.post("/accounts/logout/")
    assert client.cookies["member"].value == ""


def test_the_hint_goes_when_the_sign_in_has_ended(client):
    client.cookies["member"] = "1"
    answer = client.get(STATE)
    assert answer.cookies["member"]["max-age"] == 0
    client.cookies["member"] = "x"
    make_reader("reader")
    client.post("/accounts/login/", {"login": "reader", "password": PASSWORD})
    assert client.cookies["member"].value == "1"


def test_public_pages_know_nothing_of_it(own):
    own.cookies["member"] = "1"
    make_article(channel=make_channel("law"))
    for path in ("/", "/law/"):
        seen, by_reader = Client().get(path), own.get(path)
        assert seen.content == by_reader.content
        assert not by_reader.cookies
        assert f'data-member-state="{STATE}"' in seen.text
        assert 'href="/members/"' in seen.text


def test_other_methods_are_refused(own):
    for path in (STATE, STRIP, "/members/bookmarks/state/"):
        assert own.post(path).status_code == 405

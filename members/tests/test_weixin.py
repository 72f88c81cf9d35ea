"""Signing in by WeChat: a newcomer's whole way, coming back, and the name she takes."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from about.models import SiteProfile
from articles.tests.factories import make_member
from members import names
from members.models import Operation, TakenName
from newsportal import chrome

from .accounts import GUESSING, LOGIN, make_reader
from .fake_weixin import (
    BEGIN,
    CALLBACK,
    JOIN,
    PROFILE,
    TOKEN,
    begin,
    comes_in,
    is_in,
    join,
    member,
    newcomer,
    scan,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(site):
    pass


# --- The whole way ---


def test_from_the_button_to_a_member(client, weixin):
    page = client.get(LOGIN + "?next=/members/bookmarks/")
    form = re.search(rf'(?s)<form method="post" action="{BEGIN}".*?</form>', page.text)[0]
    assert "用微信登录" in form
    assert 'name="next" value="/members/bookmarks/"' in form
    answer = client.post(BEGIN, {"next": "/members/bookmarks/"})
    asked = urlsplit(answer["Location"])
    assert (asked.scheme, asked.netloc, asked.path) == ("https", "open.weixin.qq.com", "/connect/qrconnect")
    query = {name: value for name, [value] in parse_qs(asked.query).items()}
    state = query.pop("state")
    assert query == {
        "appid": "wx0123456789abcdef",
        "redirect_uri": f"http://127.0.0.1:8000{CALLBACK}",
        "response_type": "code",
        "scope": "snsapi_login",
    }
    answer = client.get(CALLBACK, {"code": "c1", "state": state})
    assert (answer.status_code, answer["Location"]) == (302, JOIN)
    assert not is_in(client)
    form = client.get(JOIN)
    assert "<title>成为会员_试刊</title>" in form.text
    assert "no-store" in form["Cache-Control"]
    assert 'name="username" value="河边的人"' in form.text
    assert 'name="email"' not in form.text
    assert not get_user_model().objects.exists()
    answer = join(client)
    assert (answer.status_code, answer["Location"]) == (302, "/members/bookmarks/")
    home = client.get("/members/")
    assert home.status_code == 200
    assert "填写邮箱" in home.text
    made = member()
    assert (made.email, made.has_usable_password(), made.is_staff) == ("", False, False)
    assert list(TakenName.objects.values_list("member", "key")) == [(made.pk, names.key("河边的人"))]
    assert mail.outbox == []
    assert weixin.asked == [
        (
            "POST",
            TOKEN,
            {
                "appid": "wx0123456789abcdef",
                "secret": "weixin-app-secret",
                "code": "c1",
                "grant_type": "authorization_code",
            },
        ),
        ("GET", PROFILE, {"access_token": "TOKEN-SECRET", "openid": "o-river-1", "lang": "zh_CN"}),
    ]


def test_what_is_kept_of_it(weixin):
    newcomer()
    [account] = SocialAccount.objects.all()
    assert (account.user, account.provider, account.uid) == (member(), "weixin", "o-river-1")
    assert account.extra_data == {"nickname": "河边的人"}
    assert not SocialToken.objects.exists()
    assert not SocialApp.objects.exists()
    assert not any("TOKEN-SECRET" in str(row.get_decoded()) for row in Session.objects.all())


def test_nothing_secret_waits_in_the_session(client, weixin):
    scan(client)
    assert "o-river-1" in str(dict(client.session))
    assert "TOKEN-SECRET" not in str(dict(client.session))


def test_what_the_log_says_of_it(client, weixin):
    scan(client)
    join(client, REMOTE_ADDR="198.51.100.7")
    [line] = Operation.objects.all()
    assert (line.action, line.object_id, line.object_name) == ("sign_up", str(member().pk), "河边的人")
    assert (line.username, line.address, line.changes) == ("", "198.51.100.7", {})


def test_coming_back(weixin):
    newcomer()
    weixin.person |= {"nickname": "换了昵称"}
    client = Client()
    answer = scan(client, next="/members/bookmarks/")
    assert (answer.status_code, answer["Location"]) == (302, "/members/bookmarks/")
    assert client.session["_auth_user_id"] == str(member().pk)
    assert client.cookies["member"].value == "1"
    assert UserSession.objects.filter(user=member()).count() == 2
    assert str(member()) == "河边的人", "her name here stays hers"
    assert SocialAccount.objects.get().extra_data == {"nickname": "换了昵称"}


def test_only_to_pages_of_this_site(client, weixin):
    newcomer()
    assert scan(client, next="https://evil.example/")["Location"] == "/members/"


def test_a_request_names_nothing_of_the_address_at_weixin(client, weixin):
    answer = client.post(BEGIN + "?auth_params=redirect_uri%3Dhttps://evil.example&scope=snsapi_base&process=redirect")
    query = parse_qs(urlsplit(answer["Location"]).query)
    assert query["redirect_uri"] == [f"http://127.0.0.1:8000{CALLBACK}"]
    assert query["scope"] == ["snsapi_login"]


def test_the_way_begins_with_a_form(client, weixin):
    for method in (client.get, client.head, client.put):
        answer = method(BEGIN)
        assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(BEGIN).status_code == 403
    assert client.post(CALLBACK).status_code == 405


def test_a_network_begins_so_often(client, weixin, one_period):
    for _ in range(30):
        begin(client, REMOTE_ADDR="198.51.100.1")
    answer = client.post(BEGIN, REMOTE_ADDR="127.0.0.1")
    assert answer.status_code == 429
    assert GUESSING in answer.text
    assert client.post(BEGIN, REMOTE_ADDR="203.0.113.1").status_code == 302


# --- Names ---


@pytest.mark.parametrize(
    ("nickname", "suggested"),
    [
        ("River", "River"),
        ("试刊官方", ""),
        ("🌊", ""),
        ("x" * 300, ""),
        ("", ""),
        ("河\u0000边\n的\ud800人", "河边的人"),
    ],
)
def test_a_nickname_that_keeps_our_rules_is_suggested(client, weixin, nickname, suggested):
    weixin.says(PROFILE, json.dumps({"openid": "o-river-1", "nickname": nickname}).encode())
    assert scan(client).status_code == 302
    page = client.get(JOIN)
    assert page.context["form"].initial == {"username": suggested}


def test_a_nickname_is_read_as_it_was_written_whatever_the_answer_calls_itself(client, weixin):
    for kind in ("text/plain", "application/json", "text/html; charset=latin-1"):
        weixin.says(PROFILE, {"nickname": "é河边"}, kind=kind)
        scan(client)
        assert client.get(JOIN).context["form"].initial == {"username": "é河边"}, kind


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "必填"), ("a", "2 到 20 个字"), ("试刊官方", names.OF_THE_NEWSROOM), ("Reader", names.TAKEN)],
)
def test_a_refused_name_comes_back_and_costs_no_new_scan(client, weixin, name, said):
    make_reader("reader")
    scan(client)
    answer = join(client, name)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{name}"' in answer.text or not name
    assert get_user_model().objects.count() == 1
    assert join(client).status_code == 302
    assert is_in(client)


def test_two_who_take_a_name_at_the_same_moment(client, weixin, monkeypatch):
    """Both forms found it free; the table lets one have it."""
    scan(client)
    other = make_member("other")
    TakenName.objects.create(member=other, key=names.key("河边的人"))
    monkeypatch.setattr(names, "check", lambda name, member=None: name)
    answer = join(client)
    assert answer.status_code == 422
    assert names.TAKEN in answer.text
    assert [user.username for user in get_user_model().objects.all()] == ["other"]
    assert not SocialAccount.objects.exists()
    TakenName.objects.all().delete()
    assert join(client).status_code == 302


def test_one_who_joins_twice_at_the_same_moment(weixin):
    one, two = Client(), Client()
    scan(one)
    scan(two)
    assert join(one).status_code == 302
    answer = join(two, "另一个名字")
    assert answer.status_code == 400
    assert "这个微信号刚刚被用过" in answer.text
    assert [user.username for user in get_user_model().objects.all()] == ["河边的人"]
    assert comes_in(two)


def test_without_having_scanned_there_is_no_form(client, weixin):
    for answer in (client.get(JOIN), join(client)):
        assert (answer.status_code, answer["Location"]) == (302, LOGIN)


def test_a_network_opens_so_many_accounts(client, weixin, one_period, monkeypatch):
    monkeypatch.setattr("members.weixin_pages.MOST_ACCOUNTS", 1)
    newcomer()
    weixin.person = {"openid": "o-second", "nickname": "另一个人"}
    scan(client)
    assert join(client, "另一个人").status_code == 429
    assert get_user_model().objects.count() == 1


@pytest.mark.parametrize("has_mail", [True, False])
def test_a_closed_site_lets_nobody_join_and_members_in(client, weixin, settings, has_mail):
    newcomer()
    waiting = Client()
    weixin.person = {"openid": "o-second", "nickname": "另一个人"}
    scan(waiting)
    SiteProfile.objects.update(is_sign_up_open=not has_mail)
    chrome.keeper.forget()
    settings.MAIL_WORKS = has_mail
    for answer in (scan(client), waiting.get(JOIN), join(waiting, "另一个人")):
        assert answer.status_code == 200
        assert "现在不开放注册" in answer.text
    assert get_user_model().objects.count() == 1
    weixin.person = {"openid": "o-river-1", "nickname": "河边的人"}
    assert comes_in(Client())

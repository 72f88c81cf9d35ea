"""WeChat down, slow, refusing, talking nonsense; ways that nobody began or that were gone before: never a 500."""

import logging

import pytest
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client

from members import weixin_rules

from .accounts import LOGIN, make_reader, sign_in
from .fake_weixin import CALLBACK, JOIN, PROFILE, TOKEN, begin, is_in, join, scan

pytestmark = pytest.mark.django_db
EXPIRED, USED, DOWN, DENIED = "这次登录已经过期", "二维码已经用过或者过期", "微信暂时没有响应", "没有用微信登录"
NESTED = b"[" * 100_000


@pytest.fixture(autouse=True)
def _site(site):
    pass


def assert_told(answer, heading: str) -> None:
    assert answer.status_code == 400
    assert f"<h1>{heading}</h1>" in answer.text
    assert f"<title>{heading}_试刊</title>" in answer.text
    assert f'href="{LOGIN}"' in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert not is_in(answer.client)
    assert not get_user_model().objects.exists()


# --- Ways that nobody began ---


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"code": "c"},
        {"state": "forged", "code": "c"},
        {"state": "", "code": "c"},
        {"state": "河\ud7ff" * 50, "code": "c"},
        {"error": "access_denied"},
    ],
)
def test_without_a_state_of_this_browser_nothing_is_asked(client, weixin, sent):
    begin(Client())
    assert_told(client.get(CALLBACK, sent), EXPIRED)
    assert weixin.asked == []


def test_another_browser_s_state_is_none(client, weixin):
    """Else somebody's WeChat could be pushed into a reader's browser, or hers into his."""
    state = begin(Client())
    assert_told(client.get(CALLBACK, {"state": state, "code": "c"}), EXPIRED)
    assert weixin.asked == []


def test_a_state_is_good_once_and_for_ten_minutes(client, weixin, monkeypatch):
    state = begin(client)
    assert client.get(CALLBACK, {"state": state, "code": "c1"})["Location"] == JOIN
    assert_told(client.get(CALLBACK, {"state": state, "code": "c2"}), EXPIRED)
    state = begin(client)
    monkeypatch.setattr(statekit, "STATE_TTL", -1)
    assert_told(client.get(CALLBACK, {"state": state, "code": "c3"}), EXPIRED)


@pytest.mark.parametrize("sent", [{}, {"error": "access_denied"}, {"error": "server_error"}])
def test_who_does_not_agree_is_left_in_peace(client, weixin, sent):
    assert_told(client.get(CALLBACK, {"state": begin(client), **sent}), DENIED)
    assert weixin.asked == []


# --- What WeChat says ---


def test_a_code_is_good_once(client, weixin):
    assert scan(client, "c1").status_code == 302
    assert_told(scan(Client(), "c1"), USED)


@pytest.mark.parametrize("code", [40029, 40163, 42003])
def test_a_stale_code_is_told_as_such(client, weixin, code):
    weixin.says(TOKEN, {"errcode": code, "errmsg": "invalid code, rid: 1"})
    assert_told(scan(client), USED)


REFUSALS = [
    (200, {"errcode": 40125, "errmsg": "invalid appsecret"}),
    (200, {"errcode": -1, "errmsg": "system error"}),
    (200, {"errcode": "40125", "errmsg": None}),
    (200, {"errcode": {"a": [1]}}),
    (500, {"errcode": 1}),
    (502, b"<html>Bad Gateway</html>"),
    (503, {}),
    (302, b""),
    (200, b""),
    (200, b"\xff\xfe\x00garbage"),
    (200, b"null"),
    (200, b'["access_token"]'),
    (200, b'"text"'),
    (200, NESTED),
]
TOKENS = [
    {"access_token": "T"},
    {"openid": "o"},
    {"access_token": "", "openid": "o"},
    {"access_token": ["T"], "openid": "o"},
    {"access_token": "T", "openid": 7},
    {"access_token": "T", "openid": ""},
    {"access_token": "T", "openid": "o" * 129},
    {"access_token": "T", "openid": "o\n"},
    {"access_token": "T", "openid": "河边"},
]


@pytest.mark.parametrize("path", [TOKEN, PROFILE])
@pytest.mark.parametrize("answer", REFUSALS, ids=range(len(REFUSALS)))
def test_whatever_weixin_answers_is_told_in_words(client, weixin, path, answer, caplog):
    status, told = answer
    weixin.says(path, told, status=status)
    assert_told(scan(client), DOWN)
    assert [record.levelno for record in caplog.records if record.name == weixin_rules.logger.name] == [logging.ERROR]
    assert "TOKEN-SECRET" not in caplog.text
    assert "weixin-app-secret" not in caplog.text


@pytest.mark.parametrize("told", TOKENS, ids=range(len(TOKENS)))
def test_a_token_that_is_none(client, weixin, told):
    weixin.says(TOKEN, told)
    assert_told(scan(client), DOWN)


@pytest.mark.parametrize("nickname", [None, 7, ["x"], {"a": 1}, "\u0000", "\ud800"])
def test_a_person_without_a_name_may_join(client, weixin, nickname):
    weixin.person["nickname"] = nickname if nickname != "\ud800" else "\u200b"
    if nickname == "\ud800":
        weixin.says(PROFILE, b'{"nickname": "\\ud800"}')
    assert scan(client)["Location"] == JOIN
    assert client.get(JOIN).context["form"].initial == {"username": ""}
    assert join(client).status_code == 302
    assert SocialAccount.objects.get().extra_data["nickname"] in {"", "\u200b"}


def test_a_server_that_is_down(client, weixin, monkeypatch, caplog):
    monkeypatch.setattr("members.weixin.OAuthAdapter.access_token_url", "http://127.0.0.1:9/token")
    assert_told(scan(client), DOWN)
    assert "WeChat could not be asked: ConnectionError" in caplog.text
    assert "http" not in caplog.text.replace("http_", "")


def test_a_server_that_does_not_answer(client, weixin, settings, caplog):
    assert settings.SOCIALACCOUNT_REQUESTS_TIMEOUT == 5
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.1
    weixin.speaks.clear()
    assert_told(scan(client), DOWN)
    assert "WeChat could not be asked: ReadTimeout" in caplog.text


def test_a_member_whose_way_failed_stays_signed_in(weixin):
    make_reader("reader")
    client = sign_in("reader")
    weixin.says(TOKEN, {"errcode": -1})
    answer = scan(client, process="connect")
    assert answer.status_code == 400
    assert 'href="/accounts/"' in answer.text
    assert is_in(client)


@pytest.mark.django_db(transaction=True)
def test_one_weixin_for_two_accounts_at_the_same_moment(weixin, monkeypatch):
    """Both ways found it free; the table lets one have it."""
    cache.clear()
    first, second = make_reader("first"), make_reader("second")
    client = sign_in(second.username)
    plain = weixin_rules.SocialAdapter.pre_social_login

    def overtaken(self, request, sociallogin):
        plain(self, request, sociallogin)
        SocialAccount.objects.create(user=first, provider="weixin", uid="o-river-1")

    monkeypatch.setattr(weixin_rules.SocialAdapter, "pre_social_login", overtaken)
    answer = scan(client, process="connect")
    assert answer.status_code == 400
    assert "这个微信号刚刚被用过" in answer.text
    assert SocialAccount.objects.get().user == first


def test_an_application_that_was_changed_meanwhile(client, weixin, settings):
    scan(client)
    settings.WEIXIN_APP_ID = "wxffffffffffffffff"
    assert client.get(JOIN).status_code == 200
    settings.WEIXIN_APP_ID = ""
    assert client.get(JOIN).status_code == 404

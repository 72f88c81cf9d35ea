"""Where one is signed in: listed, ended one by one or all others, kept up to date at most once a minute."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from members.models import Operation
from members.sessions import NOTED_KEY, device_name

from .accounts import PASSWORD, sign_in

pytestmark = pytest.mark.django_db
SESSIONS, PASSWORD_PAGE = "/accounts/sessions/", "/accounts/password/"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
NEW = "quiet-river-crossing-9"


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


@pytest.fixture
def devices(reporter) -> tuple[Client, Client, Client]:
    """Three browsers of the reporter: at her desk, on her phone, and somewhere else."""
    return (
        sign_in("reporter", HTTP_USER_AGENT=WINDOWS, REMOTE_ADDR="203.0.113.5"),
        sign_in("reporter", HTTP_USER_AGENT=PHONE, REMOTE_ADDR="198.51.100.7"),
        sign_in("reporter", HTTP_USER_AGENT="curl/8", REMOTE_ADDR="2001:db8::1"),
    )


def number_of(client: Client) -> int:
    return UserSession.objects.get(session_key=client.session.session_key).pk


def test_each_device_is_listed_with_when_and_where_from(devices, editor):
    desk, _, _ = devices
    sign_in("editor", HTTP_USER_AGENT="Firefox/130 (Android)", REMOTE_ADDR="192.0.2.44")
    page = desk.get(SESSIONS)
    assert page.context["sessions"][0].is_this
    assert [row.device for row in page.context["sessions"]].count("Chrome（Windows）") == 1
    for told in ("这台设备", "Safari（iPhone）", "其他浏览器", "203.0.113.5", "198.51.100.7", "2001:db8::1"):
        assert told in page.text
    assert f"{timezone.localtime():%Y-%m-%d}" in page.text
    assert "192.0.2.44" not in page.text
    assert desk.get("/admin/").text.count(SESSIONS) == 1


def test_one_is_ended(devices):
    desk, phone, other = devices
    answer = desk.post(SESSIONS, {"session": number_of(phone)}, follow=True)
    assert "已结束这处登录" in answer.text
    assert [is_in(client) for client in (desk, phone, other)] == [True, False, True]
    line = Operation.objects.get(action="security")
    assert (line.username, line.address) == ("reporter", "127.0.0.1")
    assert line.changes == {"登录的设备": ["Safari（iPhone）", "本人结束"], "网络地址": ["198.51.100.7", ""]}


def test_all_others_are_ended(devices, editor):
    desk, phone, other = devices
    colleague = sign_in("editor")
    assert "已结束其他 2 处登录。" in desk.post(SESSIONS, follow=True).text
    assert [is_in(client) for client in (desk, phone, other, colleague)] == [True, False, False, True]
    assert "没有其他登录。" in desk.post(SESSIONS, follow=True).text


def test_this_one_is_ended_by_signing_out(devices):
    desk, phone, _ = devices
    assert desk.post(SESSIONS, {"session": number_of(desk)})["Location"] == "/accounts/login/"
    assert [is_in(client) for client in (desk, phone)] == [False, True]


def test_nobody_ends_what_is_not_hers(devices, editor):
    colleague = sign_in("editor")
    for number in (number_of(devices[0]), "0", "-1", "x", "9" * 40, ""):
        assert "这处登录已经结束。" in colleague.post(SESSIONS, {"session": number}, follow=True).text
    assert is_in(devices[0])
    assert Client().post(SESSIONS, {"session": number_of(devices[0])})["Location"].startswith("/accounts/login/")
    assert UserSession.objects.count() == 4


def test_activity_is_noted_once_a_minute(devices):
    desk, _, _ = devices
    row = UserSession.objects.get(pk=number_of(desk))
    desk.get("/admin/", REMOTE_ADDR="203.0.113.99")
    row.refresh_from_db()
    assert row.ip == "203.0.113.5"
    session = desk.session
    session[NOTED_KEY] -= 61
    session.save()
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=2))
    desk.get("/admin/", REMOTE_ADDR="203.0.113.99")
    row.refresh_from_db()
    assert row.ip == "203.0.113.99"
    assert timezone.now() - row.last_seen_at < timedelta(minutes=1)
    assert desk.session[NOTED_KEY] > session[NOTED_KEY]


def test_a_session_under_another_key_is_listed_again(devices, settings):
    """A change of the secret gives every session a new key."""
    desk, _, _ = devices
    session = desk.session
    session.cycle_key()
    session[NOTED_KEY] -= 61
    session.save()
    desk.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    assert desk.get("/admin/", REMOTE_ADDR="203.0.113.5").status_code == 200
    assert ("203.0.113.5", session.session_key) in UserSession.objects.values_list("ip", "session_key")


def test_within_the_minute_it_costs_nothing(devices, django_assert_num_queries):
    with django_assert_num_queries(2):  # session, account
        devices[0].get("/accounts/")


def test_public_pages_note_nothing(devices, site):
    desk, _, _ = devices
    session = desk.session
    session[NOTED_KEY] -= 3600
    session.save()
    before = list(UserSession.objects.values_list("pk", "last_seen_at"))
    answer = desk.get("/")
    assert not answer.cookies
    assert not answer.wsgi_request.session.accessed
    assert list(UserSession.objects.values_list("pk", "last_seen_at")) == before


def test_another_password_ends_the_others(devices):
    desk, phone, other = devices
    words = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    answer = desk.post(PASSWORD_PAGE, words, follow=True)
    assert "密码已修改，其他设备上的登录都已结束。" in answer.text
    assert [is_in(client) for client in (desk, phone, other)] == [True, False, False]
    assert len(desk.get(SESSIONS).context["sessions"]) == 1
    assert NEW not in str(list(Operation.objects.values()))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (WINDOWS, "Chrome（Windows）"),
        (f"{WINDOWS} Edg/130.0", "Edge（Windows）"),
        (PHONE, "Safari（iPhone）"),
        (f"{PHONE} MicroMessenger/8.0", "微信（iPhone）"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox（Linux）"),
        ("Mozilla/5.0 (Linux; Android 14; HUAWEI) Chrome/114 HuaweiBrowser/15 Safari/537", "华为浏览器（安卓）"),
        ("", "其他浏览器"),
    ],
)
def test_devices_have_names(said, name):
    assert device_name(said) == name

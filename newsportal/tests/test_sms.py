"""Text messages: what a gateway is asked, when a message counts as taken, and settings that make no sense."""

import json
import stat
from urllib.parse import parse_qs

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from articles.tests.servers import Answer, search_engine
from newsportal import sms

PHONE, CODE = "+8613800138000", "012345"


@pytest.fixture
def gateway(settings):
    """A provider on this machine, to which the settings lead."""
    with search_engine() as server:
        settings.SMS_SENDER, settings.SMS_URL = "newsportal.sms.post", f"{server.url}?key=k1"
        yield server


def test_json_with_a_token(gateway, settings):
    settings.SMS_TOKEN = "s3cret"
    sms.post(PHONE, CODE)
    [(path, headers, body)] = gateway.asked
    assert path == "/submit?key=k1"
    assert json.loads(body) == {"phone": PHONE, "code": CODE}
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Authorization"] == "Bearer s3cret"


def test_a_form_in_the_providers_own_words(gateway, settings):
    settings.SMS_BODY = "apikey=a%2Bb&mobile={number}&full={phone}&text=【试刊】您的验证码是{code}"
    sms.post(PHONE, CODE)
    [(_, headers, body)] = gateway.asked
    assert parse_qs(body.decode()) == {
        "apikey": ["a+b"],
        "mobile": ["13800138000"],
        "full": [PHONE],
        "text": ["【试刊】您的验证码是012345"],
    }
    assert headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    ("says", "accepted", "error"),
    [
        (Answer(202, b""), "", ""),
        (Answer(200, '{"error_code":0,"reason":"操作成功"}'.encode()), '"error_code":0', ""),
        (Answer(200, b'{"error_code":205402}'), '"error_code":0', "The gateway's answer does not hold SMS_ACCEPTED."),
        (Answer(200, b"\xff\xfe"), "ok", "The gateway's answer does not hold SMS_ACCEPTED."),
        (Answer(302, b"", {"Location": "http://127.0.0.1:1/"}), "", "The gateway answered 302."),
        (Answer(400, b""), "", "The gateway answered 400."),
        (Answer(500, b""), "", "The gateway answered 500."),
    ],
)
def test_when_a_message_was_taken(gateway, settings, says, accepted, error):
    gateway.answer(says)
    settings.SMS_ACCEPTED = accepted
    if error:
        with pytest.raises(sms.SmsError) as raised:
            sms.post(PHONE, CODE)
        assert str(raised.value) == error
    else:
        sms.post(PHONE, CODE)
    assert len(gateway.asked) == 1, "never twice: each may be another message"


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/send?key=k1", "http://[::bad/?key=k1"])
def test_nobody_answers_and_the_log_gets_no_address(settings, address):
    settings.SMS_URL = address
    with pytest.raises(sms.SmsError) as raised:
        sms.post(PHONE, CODE)
    assert str(raised.value).startswith("The gateway did not answer: ")
    assert "k1" not in str(raised.value)
    assert raised.value.__suppress_context__


def test_a_trial_has_files_that_its_user_alone_reads(settings, tmp_path):
    settings.SMS_FOLDER = tmp_path / "sms"
    sms.write(PHONE, CODE)
    sms.write("+8613900139000", "999999")
    first, second = sorted(settings.SMS_FOLDER.iterdir())
    assert first.read_text(encoding="utf-8") == "+8613800138000\n验证码 012345，十分钟内有效。\n"
    assert second.read_text(encoding="utf-8").startswith("+8613900139000")
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.SMS_FOLDER.stat().st_mode) == 0o700


# --- The check ---


def said() -> list[tuple[str, str]]:
    return [(found.id.rpartition(".")[2], found.msg) for found in run_checks(tags=["newsportal"])]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"SMS_SENDER": "newsportal.sms.post", "SMS_URL": "https://sms.example.com/send"}, []),
        ({"SMS_SENDER": "members.tests.sms.keep"}, []),
        ({"SMS_SENDER": "newsportal.sms.write"}, []),
        (
            {"SMS_SENDER": "newsportal.sms.pots"},
            [("E001", "SMS_SENDER 指的函数不存在：newsportal.sms.pots。")],
        ),
        ({"SMS_SENDER": "no.such.module"}, [("E001", "SMS_SENDER 指的函数不存在：no.such.module。")]),
        ({"SMS_SENDER": "nonsense"}, [("E001", "SMS_SENDER 指的函数不存在：nonsense。")]),
        ({"SMS_SENDER": "newsportal.sms.JSON"}, [("E002", "SMS_SENDER 指的不是函数：newsportal.sms.JSON。")]),
        (
            {"SMS_SENDER": "newsportal.sms.post", "SMS_BODY": "mobile=1"},
            [
                ("E003", "SMS_URL 必须是完整网址，例如 https://sms.example.com/send。"),
                ("E004", "SMS_BODY 里要有 {code}，还要有 {phone} 或 {number}。"),
            ],
        ),
        (
            {"SMS_SENDER": "newsportal.sms.post", "SMS_URL": "http://[::bad"},
            [("E003", "SMS_URL 必须是完整网址，例如 https://sms.example.com/send。")],
        ),
        (
            {"SMS_SENDER": "newsportal.sms.post", "SMS_URL": "http://a.cn/", "SMS_BODY": '{"a": {phone}, "b": {code}'},
            [("E005", "SMS_BODY 以 { 开头，但不是 JSON。")],
        ),
        (
            {"SMS_SENDER": "newsportal.sms.write", "IS_LOCAL": False},
            [("E006", "SMS_SENDER=newsportal.sms.write 只能用于本机试用：会员收不到短信。")],
        ),
    ],
)
def test_the_check_says_what_is_wrong(settings, values, expected):
    for name, value in values.items():
        setattr(settings, name, value)
    assert said() == expected


@pytest.mark.django_db
def test_a_wrong_path_stops_commands(settings):
    settings.SMS_SENDER = "newsportal.sms.pots"
    with pytest.raises(SystemCheckError, match="指的函数不存在"):
        call_command("check")

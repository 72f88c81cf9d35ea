"""What search engines answer, and what that means for the addresses pushed to them."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import urllib3

from articles.tests.servers import Answer, search_engine
from newsportal.lib import searchengines
from newsportal.lib.searchengines import Outcome, push_to_baidu, push_to_indexnow, until_tomorrow, wait_of

URLS = ["https://news.example.com/a/1.html", "https://news.example.com/a/2.html"]


@pytest.fixture
def engine():
    with search_engine() as engine:
        yield engine


def indexnow(engine) -> Outcome:
    location = "https://news.example.com/0123456789abcdef.txt"
    return push_to_indexnow(URLS, endpoint=engine.url, key="0123456789abcdef", key_location=location)


def baidu(engine) -> Outcome:
    return push_to_baidu(URLS, endpoint=engine.url, site="https://news.example.com", token="t0ken&")


def test_indexnow_gets_what_its_protocol_asks_for(engine):
    assert indexnow(engine) == Outcome(taken=URLS)
    ((path, headers, body),) = engine.asked
    assert (path, headers["Content-Type"]) == ("/submit", "application/json; charset=utf-8")
    assert json.loads(body) == {
        "host": "news.example.com",
        "key": "0123456789abcdef",
        "keyLocation": "https://news.example.com/0123456789abcdef.txt",
        "urlList": URLS,
    }


def test_baidu_gets_what_its_interface_asks_for(engine):
    engine.answer(Answer(body=b'{"remain": 4998, "success": 2}'))
    assert baidu(engine) == Outcome(taken=URLS)
    ((path, headers, body),) = engine.asked
    assert path == "/submit?site=https%3A%2F%2Fnews.example.com&token=t0ken%26"
    assert (headers["Content-Type"], body.decode()) == ("text/plain", "\n".join(URLS))


def test_baidu_may_refuse_some(engine):
    engine.answer(Answer(body=json.dumps({"remain": 1, "success": 1, "not_valid": URLS[:1]}).encode()))
    assert baidu(engine) == Outcome(taken=URLS[1:], refused={URLS[0]: "网址无效"})


def test_baidu_over_quota_waits_for_tomorrow(engine):
    engine.answer(Answer(400, b'{"error": 400, "message": "over quota"}'))
    outcome = baidu(engine)
    assert outcome.error == "超过当天的推送配额"
    assert 60 <= outcome.wait <= 24 * 3600 + 60


def test_tomorrow_begins_in_beijing(monkeypatch):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 11, 3, 15, 30, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(searchengines, "datetime", Clock)
    assert until_tomorrow() == 31 * 60


@pytest.mark.parametrize("status", [202])
def test_accepted_is_taken(engine, status):
    engine.answer(Answer(status))
    assert indexnow(engine).taken == URLS


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_refusal_is_for_good(engine, status):
    engine.answer(Answer(status))
    assert indexnow(engine) == Outcome(refused=dict.fromkeys(URLS, f"HTTP {status}"))


@pytest.mark.parametrize("status", [302, 401, 403, 408, 429, 500, 503])
def test_trouble_may_pass(engine, status):
    engine.answer(Answer(status, headers={"Location": "/elsewhere"}))
    assert indexnow(engine) == Outcome(error=f"HTTP {status}")
    assert len(engine.asked) == 1


def test_a_wrong_token_may_be_put_right(engine):
    engine.answer(Answer(401, b'{"error": 401, "message": "token is not valid"}'))
    assert baidu(engine) == Outcome(error="HTTP 401 token is not valid")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"\xff"])
def test_an_answer_that_is_not_understood_is_trouble(engine, body):
    engine.answer(Answer(200, body))
    assert baidu(engine) == Outcome(error="HTTP 200")


def test_retry_after_is_heeded(engine):
    engine.answer(Answer(429, headers={"Retry-After": "120"}))
    assert indexnow(engine) == Outcome(error="HTTP 429", wait=120)


def test_how_long_retry_after_means():
    assert [wait_of(text) for text in ("120", "0", "", "soon", "-5", "９", "9" * 30)] == [120, 0, 0, 0, 0, 0, 86400]
    now = datetime.now(UTC)
    assert 3590 <= wait_of(format_datetime(now + timedelta(hours=1), usegmt=True)) <= 3600
    assert wait_of(format_datetime(now - timedelta(hours=1), usegmt=True)) == 0
    assert wait_of(format_datetime(now + timedelta(days=9), usegmt=True)) == 86400


def test_a_timeout_is_trouble(engine, monkeypatch):
    monkeypatch.setattr(searchengines, "TIMEOUT", urllib3.Timeout(connect=0.2, read=0.2))
    engine.answer(Answer(delay=0.6))
    assert indexnow(engine) == Outcome(error="连接失败（ReadTimeoutError）")


def test_nobody_there_is_trouble_and_names_no_token():
    outcome = push_to_baidu(URLS, endpoint="http://127.0.0.1:9/urls", site="https://news.example.com", token="t0ken")
    assert outcome.error == "连接失败（NewConnectionError）"
    assert "t0ken" not in repr(outcome)

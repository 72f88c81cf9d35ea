"""A member's number on her own pages: added, proved, changed, taken off; and what a stranger may not do with it."""

import json
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.core.cache.backends import db as database_cache
from django.test import Client

from articles.tests.clock import StoppedClock
from members import own_urls, phones
from members.forms import username_of
from members.models import Operation, PhoneNumber

from . import sms
from .accounts import LOGIN, PASSWORD, REFUSED, give_totp, make_reader, sign_in

pytestmark = pytest.mark.django_db
PHONE, CODE = "/members/phone/", "/members/phone/code/"
NUMBER, OTHER = "+8613800138000", "+8613900139000"


@pytest.fixture(autouse=True)
def _texts(site, settings):
    settings.SMS_SENDER = "members.tests.sms.keep"
    sms.sent.clear()
    caches["shared"].clear()
    caches["default"].clear()


@pytest.fixture
def reader(db):
    return make_reader("reader", display_name="听雨")


@pytest.fixture
def own(reader) -> Client:
    return sign_in("reader")


@pytest.fixture
def clock(monkeypatch):
    """A stopped clock, for the counts that lie in the database as well."""
    stopped = StoppedClock(monkeypatch)
    monkeypatch.setattr(database_cache, "tz_now", lambda: stopped.now)
    return stopped


def later(clock: StoppedClock, **step: float) -> None:
    """Let time pass. Redis has a clock of its own, which lets no key go by ours."""
    clock.move(**step)
    if settings.CACHE_URL:
        caches["shared"].delete_many([f"sms-soon:{phones.mark_of(phone)}" for phone, _ in sms.sent])


def ask(client: Client, typed: str = "13800138000", **values):
    return client.post(PHONE, {"phone": typed, **values})


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def prove(client: Client, typed: str = "13800138000", **values):
    """The answer to the right code."""
    assert ask(client, typed, **values)["Location"] == CODE
    return client.post(CODE, {"code": sms.sent[-1][1]})


# --- Not set up ---


def test_without_a_sender_there_is_nothing(own, reader, settings):
    phones.keep(reader, NUMBER)
    settings.SMS_SENDER = ""
    for path in (PHONE, CODE):
        assert own.get(path).status_code == 404
        assert own.post(path, {"phone": "13800138000"}).status_code == 404
        assert Client().get(path).status_code == 404
    assert "手机号" not in own.get("/members/").text
    assert "手机号" not in Client().get(LOGIN).text
    assert sign_in("13800138000").session.get("_auth_user_id") is None
    assert Operation.objects.get().username == "13800138000"
    assert sms.sent == []


# --- The way ---


def test_adding_a_number(own, reader):
    assert "验证以后可以用它登录" in own.get("/members/").text
    page = own.get(PHONE)
    assert (page.status_code, "还没有手机号" in page.text) == (200, True)
    assert ask(own, "１３８　００１３　８０００")["Location"] == CODE
    [(phone, code)] = sms.sent
    assert phone == NUMBER
    assert (len(code), code.isdecimal()) == (6, True)
    page = own.get(CODE)
    assert "138****8000" in page.text
    assert "13800138000" not in page.text
    assert not PhoneNumber.objects.exists()
    full_width = code.translate({ord(str(digit)): ord("０") + digit for digit in range(10)})
    answer = own.post(CODE, {"code": f" {full_width[:3]} {full_width[3:]} "})
    assert (answer.status_code, answer["Location"]) == (302, PHONE)
    page = own.get(PHONE)
    assert "手机号已经验证。" in page.text
    assert "138****8000" in page.text
    assert "13800138000" not in page.text
    assert phones.number_of(reader) == NUMBER
    assert "138****8000，不会显示给别人。" in own.get("/members/").text
    [told] = mail.outbox
    assert (told.to, told.subject) == (["reader@example.com"], "【试刊】您的手机号有了变动")
    assert "现在使用手机号 138****8000。" in told.body


def test_nothing_of_it_is_plain_in_the_session(own):
    ask(own)
    kept = json.dumps(dict(own.session.items()))
    assert "13800138000" not in kept
    assert sms.sent[0][1] not in kept


def test_it_leads_back_to_where_it_was_asked_for(own):
    page = own.get(PHONE, {"next": "/comments/write/7/?reply=3"})
    assert 'name="next" value="/comments/write/7/?reply=3"' in page.text
    assert prove(own, next="/comments/write/7/?reply=3")["Location"] == "/comments/write/7/?reply=3"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:x", "/\\evil.example"])
def test_it_leads_nowhere_else(own, target):
    assert prove(own, next=target)["Location"] == PHONE


def test_changing_and_taking_off(own, reader):
    prove(own)
    answer = ask(own)
    assert (answer.status_code, "这就是现在的手机号。" in answer.text) == (422, True)
    assert prove(own, "13900139000")["Location"] == PHONE
    assert phones.number_of(reader) == OTHER
    assert "现在使用手机号 139****9000，不再使用 138****8000。" in mail.outbox[-1].body
    answer = own.post(PHONE, {"action": "remove"}, follow=True)
    assert "手机号已经去掉。" in answer.text
    assert "不再使用手机号 139****9000。" in mail.outbox[-1].body
    assert not PhoneNumber.objects.exists()
    own.post(PHONE, {"action": "remove"})
    assert len(mail.outbox) == 3
    assert not Operation.objects.exists(), "what readers do with their accounts is theirs"


@pytest.mark.parametrize("typed", ["", "12345", "+44 7911 123456", "x" * 5000])
def test_what_is_no_number_comes_back_with_the_reason(own, typed):
    answer = ask(own, typed)
    assert answer.status_code == 422
    assert "请填写 11 位的中国大陆手机号" in answer.text
    assert sms.sent == []
    assert ask(own, "13800138000\x00").status_code == 422


def test_a_mail_server_that_is_down_does_not_stand_in_the_way(own, reader, settings):
    settings.MAILERS = {"default": {"BACKEND": "members.tests.broken_mail.EmailBackend"}}
    assert prove(own)["Location"] == PHONE
    assert phones.number_of(reader) == NUMBER


# --- Who may ---


def test_every_page_is_for_whoever_is_signed_in():
    assert {"phone/", "phone/code/"} <= {str(route.pattern) for route in own_urls.urlpatterns}
    for path in (PHONE, CODE):
        answer = Client().get(path)
        assert answer["Location"] == f"{LOGIN}?next={path}"
        assert "no-store" in answer["Cache-Control"]


def test_pages_are_private_and_take_no_other_method(own):
    ask(own)
    for path in (PHONE, CODE):
        page = own.get(path)
        assert "no-store" in page["Cache-Control"]
        assert own.get(f"/hant{path}").status_code == 404
        for method in ("put", "patch", "delete"):
            assert getattr(own, method)(path).status_code == 405


def test_a_browser_left_open_does_not_change_it(clock, own):
    later(clock, seconds=1000)
    for answer in (own.get(PHONE), ask(own), own.post(PHONE, {"action": "remove"})):
        assert answer["Location"].startswith("/accounts/reauthenticate/?next=%2Fmembers%2Fphone%2F")
    assert sms.sent == []
    own.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert own.get(PHONE).status_code == 200


def test_who_has_no_password_is_not_asked_for_it(clock, reader):
    reader.set_unusable_password()
    reader.save()
    client = Client()
    client.force_login(reader)
    later(clock, seconds=1000)
    assert prove(client)["Location"] == PHONE
    assert phones.number_of(reader) == NUMBER
    assert "可以用它和密码登录" not in client.get(PHONE).text


def test_the_gate_of_the_newsroom_stands_before_these_pages_too(settings, reporter):
    settings.STAFF_SECOND_FACTOR = True
    client = sign_in("reporter")
    assert client.get(PHONE)["Location"].startswith("/accounts/2fa/")
    give_totp(reporter)
    assert client.post(PHONE, {"phone": "13800138000"})["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_of_the_newsroom_the_log_says_it_masked(reporter):
    client = sign_in("reporter")
    prove(client)
    client.post(PHONE, {"action": "remove"})
    added, removed = Operation.objects.filter(action="security").order_by("id")
    assert (added.changes, added.object_name) == ({"手机号": ["", "138****8000"]}, "reporter")
    assert removed.changes == {"手机号": ["138****8000", ""]}


# --- Codes ---


def test_wrong_codes_use_up_the_code(own, reader):
    ask(own)
    code = sms.sent[0][1]
    for _ in range(4):
        answer = own.post(CODE, {"code": wrong(code)})
        assert (answer.status_code, "验证码不对" in answer.text) == (422, True)
    answer = own.post(CODE, {"code": wrong(code)}, follow=True)
    assert "验证码输错的次数太多了，请重新获取。" in answer.text
    answer = own.post(CODE, {"code": code}, follow=True)
    assert "验证码已经过期或者用过了" in answer.text
    assert not PhoneNumber.objects.exists()


@pytest.mark.parametrize("code", ["", "٠٠٠٠٠٠", "x" * 5000, "12345\x00"])
def test_odd_codes_are_wrong(own, code):
    ask(own)
    assert own.post(CODE, {"code": code}).status_code == 422


def test_a_code_is_good_for_ten_minutes(clock, own):
    ask(own)
    later(clock, seconds=601)
    own.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = own.post(CODE, {"code": sms.sent[0][1]}, follow=True)
    assert "验证码已经过期或者用过了" in answer.text
    assert not PhoneNumber.objects.exists()


def test_a_code_is_used_once(own, reader):
    prove(own)
    own.post(PHONE, {"action": "remove"})
    answer = own.post(CODE, {"code": sms.sent[0][1]}, follow=True)
    assert "验证码已经过期或者用过了" in answer.text
    assert not PhoneNumber.objects.exists()
    assert own.get(CODE)["Location"] == PHONE


def test_a_code_is_for_the_browser_that_asked(own, reader):
    ask(own)
    elsewhere = sign_in("reader")
    assert elsewhere.post(CODE, {"code": sms.sent[0][1]})["Location"] == PHONE
    assert not PhoneNumber.objects.exists()


def test_the_newest_code_counts(clock, own, reader):
    ask(own)
    later(clock, seconds=61)
    assert "新的验证码已经发出" in own.post(CODE, {"action": "resend"}, follow=True).text
    (_, first), (_, second) = sms.sent
    if first != second:
        assert own.post(CODE, {"code": first}).status_code == 422
    assert own.post(CODE, {"code": second}).status_code == 302
    assert phones.number_of(reader) == NUMBER


def test_another_number_instead(own):
    ask(own)
    assert own.post(CODE, {"action": "cancel"})["Location"] == PHONE
    assert own.get(CODE)["Location"] == PHONE


def test_nobody_guesses_from_many_places_at_once(own, reader, monkeypatch, one_period):
    monkeypatch.setattr(phones, "MOST_TRIED", 2)
    ask(own)
    code = sms.sent[0][1]
    assert [own.post(CODE, {"code": wrong(code)}).status_code for _ in range(3)] == [422, 422, 429]
    assert own.post(CODE, {"code": code}).status_code == 429


# --- A number that somebody has ---


def test_only_its_holder_learns_that_a_number_is_taken(own, reader):
    other = make_reader("other")
    phones.keep(other, OTHER)
    answers = [ask(own, typed) for typed in ("13800138000", "13900139000")]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, CODE)}
    assert [phone for phone, _ in sms.sent] == [NUMBER, OTHER], "the same message, whether it is known or not"
    answer = own.post(CODE, {"code": sms.sent[-1][1]})
    assert (answer.status_code, "已经用在另一个账号上" in answer.text) == (422, True)
    assert phones.owner_of(OTHER) == other


def test_two_who_prove_one_number_at_the_same_moment(own, reader, monkeypatch):
    other = make_reader("other")
    ask(own)
    monkeypatch.setattr("allauth.account.forms.phone_already_exists", lambda *args, **kwargs: False)
    phones.keep(other, NUMBER)
    answer = own.post(CODE, {"code": sms.sent[0][1]})
    assert (answer.status_code, "已经用在另一个账号上" in answer.text) == (422, True)
    assert phones.owner_of(NUMBER) == other


# --- Messages cost money ---


def refused(answer) -> tuple[int, str, bool]:
    """Status, when to come back, and whether the number stands in the form."""
    return answer.status_code, answer.headers.get("Retry-After", ""), 'value="139' in answer.text


def again(client: Client, clock: StoppedClock, typed: str = "13900139000"):
    """Ask once more, as soon as the number may have another and she has shown that it is she."""
    later(clock, seconds=61)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return ask(client, typed)


def test_one_message_a_minute_to_a_number(clock, own):
    ask(own, "13900139000")
    assert refused(ask(own, "13900139000")) == (429, "60", True)
    answer = own.post(CODE, {"action": "resend"})
    assert (answer.status_code, "请一分钟后再试" in answer.text) == (429, True)
    assert own.post(CODE, {"code": sms.sent[0][1]}).status_code == 302, "the one before stays good"
    assert len(sms.sent) == 1


def test_five_messages_a_day_to_a_number_whoever_asks(clock, monkeypatch):
    monkeypatch.setattr(phones, "MOST_TO_NUMBER", 2)
    statuses = []
    for number in range(3):
        make_reader(f"reader{number}")
        client = sign_in(f"reader{number}", REMOTE_ADDR=f"192.0.{number}.1")
        client.defaults["REMOTE_ADDR"] = f"192.0.{number}.1"
        statuses.append(refused(again(client, clock)))
    assert statuses == [(302, "", False), (302, "", False), (429, "86400", True)]
    later(clock, days=1)
    assert again(client, clock).status_code == 302
    assert len(sms.sent) == 3


def test_ten_messages_a_day_for_an_account_wherever_from(clock, own, monkeypatch):
    monkeypatch.setattr(phones, "MOST_OF_ACCOUNT", 2)
    statuses = []
    for number in range(3):
        own.defaults["REMOTE_ADDR"] = f"192.0.{number}.1"
        statuses.append(refused(again(own, clock, f"1390013900{number}")))
    assert statuses == [(302, "", False), (302, "", False), (429, "86400", True)]


def test_thirty_messages_an_hour_for_a_network(clock, own, monkeypatch):
    monkeypatch.setattr(phones, "MOST_OF_NETWORK", 2)
    make_reader("other")
    other = sign_in("other")
    answers = [again(own, clock, "13900139001"), again(other, clock, "13900139002"), again(own, clock, "13900139003")]
    assert list(map(refused, answers)) == [(302, "", False), (302, "", False), (429, "3600", True)]
    assert "您所在的网络" in answers[-1].text


def test_so_many_of_the_whole_site_within_an_hour(clock, own, settings, caplog):
    settings.SMS_MOST_PER_HOUR = 2
    answers = [again(own, clock, f"1390013900{number}") for number in range(3)]
    assert list(map(refused, answers)) == [(302, "", False), (302, "", False), (503, "", True)]
    assert "短信没有发出去，请稍后再试。" in answers[-1].text
    assert "SMS_MOST_PER_HOUR is reached" in caplog.text
    later(clock, hours=1)
    assert again(own, clock).status_code == 302


def test_a_form_is_sent_so_often_and_no_more(own, one_period):
    assert {ask(own, "").status_code for _ in range(40)} == {422}
    assert ask(own, "").status_code == 429


@pytest.mark.parametrize("sender", ["members.tests.sms.fail", "members.tests.sms.none", "no.such.module", "nonsense"])
def test_a_sender_that_fails_loses_nothing(own, settings, sender, caplog):
    settings.SMS_SENDER = sender
    answer = ask(own, "13900139000", next="/comments/mine/")
    assert refused(answer) == (503, "", True)
    assert "短信没有发出去，请稍后再试。" in answer.text
    assert 'name="next" value="/comments/mine/"' in answer.text
    assert "A code was not sent." in caplog.text
    assert "13900139000" not in caplog.text
    assert own.get(CODE)["Location"] == PHONE


def test_without_a_count_there_is_no_message(own, monkeypatch, caplog):
    """The shared cache is down."""
    broken = SimpleNamespace(add=lambda *args, **kwargs: 1 / 0)
    monkeypatch.setattr(phones, "too_often", lambda *args, **kwargs: broken.add())
    answer = ask(own)
    assert (answer.status_code, "短信没有发出去，请稍后再试。" in answer.text) == (503, True)
    assert sms.sent == []


def test_a_trial_says_where_the_message_lies(own, settings, tmp_path):
    settings.SMS_SENDER, settings.SMS_FOLDER = "newsportal.sms.write", tmp_path / "sms"
    ask(own)
    [file] = (tmp_path / "sms").iterdir()
    assert str(tmp_path / "sms") in own.get(CODE).text
    code = file.read_text(encoding="utf-8").split("验证码 ")[1][:6]
    assert own.post(CODE, {"code": code}).status_code == 302


# --- Signing in by it ---


@pytest.mark.parametrize("typed", ["13800138000", "+86 138 0013 8000", "１３８００１３８０００"])
def test_signing_in_by_the_number(reader, typed):
    phones.keep(reader, NUMBER)
    assert "用户名、邮箱或手机号" in Client().get(LOGIN).text
    assert sign_in(typed).session.get("_auth_user_id") == str(reader.pk)
    assert sign_in(typed, password="wrong").session.get("_auth_user_id") is None


def test_the_answer_does_not_tell_whether_a_number_is_known(reader, django_assert_num_queries):
    phones.keep(reader, NUMBER)
    for typed, name in (("13800138000", "reader"), ("13900139000", OTHER)):
        with django_assert_num_queries(2):
            assert username_of(typed) == name
    for typed in ("13800138000", "13900139000"):
        answer = Client().post(LOGIN, {"login": typed, "password": "wrong"})
        assert (answer.status_code, REFUSED in answer.text) == (200, True)


def test_all_ways_of_writing_a_number_are_counted_as_one(reader):
    """Known or not: else the eleventh guess would tell."""
    phones.keep(reader, NUMBER)
    for number in ("13800138000", "13900139000"):
        caches["default"].clear()
        client = Client()
        ways = [number, f"+86{number}", f"86 {number}"] * 4
        statuses = [client.post(LOGIN, {"login": typed, "password": "wrong"}).status_code for typed in ways]
        assert statuses == [200] * 10 + [429] * 2


def test_who_proved_a_number_comes_before_who_is_called_by_it(reader):
    squatter = make_reader("13800138000")
    assert sign_in("13800138000").session.get("_auth_user_id") == str(squatter.pk)
    phones.keep(reader, NUMBER)
    assert sign_in("13800138000").session.get("_auth_user_id") == str(reader.pk)


def test_a_number_is_no_name(own, settings):
    values = {"nickname": "13800138000"}
    answer = own.post("/members/profile/", values)
    assert (answer.status_code, "手机号不能当名字" in answer.text) == (422, True)
    settings.SMS_SENDER = ""
    assert own.post("/members/profile/", values).status_code == 302


def test_the_log_of_refused_sign_ins_does_not_hold_the_number(reader):
    Client().post(LOGIN, {"login": "13900139000", "password": "wrong"})
    assert Operation.objects.get(action="refused").username == "139****9000"


# --- Taking it along, and leaving ---


def test_the_export_has_it_and_leaving_deletes_it(own, reader, django_capture_on_commit_callbacks):
    assert "手机号" not in json.loads(own.post("/members/export/").text)
    prove(own)
    kept = json.loads(own.post("/members/export/").text)["手机号"]
    assert kept == {"号码": NUMBER, "验证时间": PhoneNumber.objects.get().verified_at.isoformat()}
    with django_capture_on_commit_callbacks(execute=True):
        own.post("/members/close/", {"comments": "keep", "proof": PASSWORD})
    assert not PhoneNumber.objects.exists()
    assert "138" not in json.dumps([row.changes for row in Operation.objects.all()])
    phones.keep(make_reader("other"), NUMBER)

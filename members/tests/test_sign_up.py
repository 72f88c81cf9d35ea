"""Signing up by oneself: the form, the mail, what it tells nobody, and what programs meet."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model, hashers
from django.core import mail, signing
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from about.models import SiteProfile
from articles.tests.factories import make_member
from members import names
from members.models import Operation, TakenName
from members.sign_up import SALT

from .accounts import GUESSING, LOGIN, NEW, PASSWORD, SIGN_UP, link_in, make_reader, opened, sign_in, sign_up

pytestmark = pytest.mark.django_db
SENT = "/accounts/confirm-email/"
VARYING = re.compile(r'name="(csrfmiddlewaretoken|opened)" value="[^"]+"')


@pytest.fixture(autouse=True)
def _site(site):
    pass


def member(username: str = "河边的人"):
    return get_user_model().objects.get(username=username)


def test_signing_up_confirming_and_signing_in(client):
    page = client.get(SIGN_UP)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "<title>成为会员_试刊</title>" in page.text
    answer = sign_up(client)
    assert (answer.status_code, answer["Location"]) == (302, SENT)
    assert "三天之内" in client.get(SENT).text
    assert not client.get("/members/state/").wsgi_request.user.is_authenticated
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["river@example.com"], "【试刊】请确认您的邮箱，完成注册")
    assert sent.from_email == "=?utf-8?b?6K+V5YiK?= <noreply@127.0.0.1>"
    assert "河边的人" in sent.body
    asked = client.get(link_in(sent))
    assert "river@example.com" in asked.text
    assert not EmailAddress.objects.get().verified, "opening a link is not pressing the button"
    answer = client.post(link_in(sent))
    assert (answer.status_code, answer["Location"]) == (302, "/members/")
    assert EmailAddress.objects.get().verified
    assert client.get("/members/").status_code == 200
    assert "河边的人" in client.get("/members/").text
    # Pressed in the mail once more.
    assert "这个链接已经用过，或者过期了。您已经登录" in client.get(link_in(sent)).text
    assert "直接登录就行" in Client().get(link_in(sent)).text


def test_the_link_is_good_on_another_device_and_without_being_signed_in_there(client):
    sign_up(client)
    phone = Client()
    answer = phone.post(link_in(mail.outbox[0]))
    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    assert "_auth_user_id" not in phone.session
    signed_in = sign_in("river@example.com", password=NEW)
    assert signed_in.get("/members/").status_code == 200
    assert "_auth_user_id" in sign_in("河边的人", password=NEW).session


def test_who_has_not_confirmed_is_sent_another_mail(client):
    sign_up()
    cache.clear()  # three minutes later
    answer = client.post(LOGIN, {"login": "河边的人", "password": NEW})
    assert (answer.status_code, answer["Location"]) == (302, SENT)
    assert "_auth_user_id" not in client.session
    assert [sent.subject for sent in mail.outbox] == ["【试刊】请确认您的邮箱，完成注册", "【试刊】请确认您的邮箱"]


def test_a_user_name_is_kept_in_small_letters_and_shown_as_typed():
    sign_up(username="ＲiverMan")
    assert (member("riverman").username, str(member("riverman"))) == ("riverman", "RiverMan")
    EmailAddress.objects.update(verified=True)
    for login in ("RiverMan", "riverman", "RIVERMAN", "River@Example.com"):
        assert "_auth_user_id" in sign_in(login, password=NEW).session, login


def test_what_the_log_says_of_it():
    sign_up(REMOTE_ADDR="198.51.100.7")
    [line] = Operation.objects.all()
    assert (line.action, line.object_id, line.object_name) == ("sign_up", str(member().pk), "河边的人")
    assert (line.username, line.address, line.changes) == ("", "198.51.100.7", {})


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"username": ""}, "username", "必填"),
        ({"username": "a"}, "username", "名字要有 2 到 20 个字"),
        ({"email": "river"}, "email", "请填写完整的邮箱"),
        ({"email": ""}, "email", "必填"),
        ({"password1": "short", "password2": "short"}, "password1", "至少|太短"),
        ({"password1": "river@example", "password2": "river@example"}, "password1", "相似|相像"),
        ({"password2": "another-one-1937"}, "password2", "相同|一致|一样"),
    ],
)
def test_a_refused_form_comes_back_filled_in(client, values, field, said):
    answer = sign_up(client, **values)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert re.search(said, str(form.errors[field])), form.errors[field]
    if field != "username":
        assert 'value="河边的人"' in answer.text
    assert not get_user_model().objects.exists()
    assert mail.outbox == []
    assert not re.search(r">[^<>]*\b(Sign|Login|Password|Username|This)\b", answer.text)


def test_nobody_learns_whether_an_address_is_registered(client):
    make_reader("known")
    answers = [sign_up(email="known@example.com"), sign_up(email="new@example.com", username="另一个人")]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, SENT)] * 2
    pages = []
    make_reader("older")
    for address, name in (("older@example.com", "第三个人"), ("newer@example.com", "第四个人")):
        client = Client()
        sign_up(client, email=address, username=name)
        pages.append(VARYING.sub("", client.get(SENT).text).replace(address, ""))
    assert pages[0] == pages[1]
    assert get_user_model().objects.filter(email="known@example.com").count() == 1
    told = {sent.to[0]: sent.subject for sent in mail.outbox}
    assert told["known@example.com"] == "【试刊】您已经是会员了"
    assert told["new@example.com"] == "【试刊】请确认您的邮箱，完成注册"


def test_it_costs_as_many_passwords_hashed_either_way(monkeypatch):
    """A hash takes longer than all the rest, and would tell."""
    make_reader("known")
    counts = []
    plain = hashers.get_hasher().__class__.encode
    monkeypatch.setattr(hashers.get_hasher().__class__, "encode", lambda *args: counts.append(1) or plain(*args))
    for values in (
        {"email": "known@example.com", "username": "第三个人"},
        {"email": "new@example.com", "username": "第四个人"},
        {"email": "bot@example.com", "username": "第五个人", "homepage": "https://spam.example/"},
    ):
        counts.clear()
        sign_up(**values)
        assert len(counts) == 1, values
    for login in ("known", "known@example.com", "nobody", "nobody@example.com"):
        counts.clear()
        sign_in(login, password="wrong-password")
        assert len(counts) == 1, login


def test_programs_that_fill_in_everything_get_nothing(client):
    answer = sign_up(client, homepage="https://spam.example/")
    assert (answer.status_code, answer["Location"]) == (302, SENT)
    assert not get_user_model().objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (lambda: opened(0), "提交得太快了"),
        (lambda: opened(-3600), "提交得太快了"),
        (lambda: opened(25 * 3600), "打开得太久了"),
        (lambda: "", "打开得太久了"),
        (lambda: "forged:value", "打开得太久了"),
    ],
)
def test_a_form_has_its_time(client, value, said):
    answer = sign_up(client, opened=value())
    assert answer.status_code == 422
    assert said in answer.text
    assert not get_user_model().objects.exists()
    # It comes back with a time that will do, at once or as soon as somebody could have read it.
    again = signing.loads(re.search(r'name="opened" value="([^"]+)"', answer.text)[1], salt=SALT)
    assert abs(time.time() - again) < 24 * 3600


def test_a_network_opens_so_many_accounts_and_an_address_fewer(one_period):
    for number in range(20):
        values = {"username": f"邻居{number:02}", "email": f"n{number}@example.com"}
        assert sign_up(REMOTE_ADDR="203.0.113.9", **values).status_code in {302, 422}
    refused = sign_up(username="邻居们", email="many@example.com", REMOTE_ADDR="203.0.113.9")
    assert refused.status_code == 429
    assert GUESSING in refused.text
    for number in range(12):
        values = {"username": f"同楼{'甲乙丙丁戊己庚辛壬癸子丑'[number]}", "email": f"m{number}@example.com"}
        last = sign_up(REMOTE_ADDR=f"203.0.113.{number + 20}", **values)
    assert last.status_code == 429
    assert sign_up(username="远处的人", email="far@example.com", REMOTE_ADDR="198.51.100.1").status_code == 302


def test_a_closed_site_says_so(client):
    SiteProfile.objects.update(is_sign_up_open=False)
    for answer in (client.get(SIGN_UP), sign_up(client)):
        assert "现在不开放注册" in answer.text
        assert 'name="username"' not in answer.text
    assert "成为会员</a>" not in re.sub(r"(?s)<header.*?</header>|<footer.*", "", client.get(LOGIN).text)
    assert not get_user_model().objects.exists()


def test_a_site_without_mail_is_closed(client, settings):
    settings.MAIL_WORKS = False
    assert "还没有设置发信" in client.get(SIGN_UP).text
    assert "忘了密码" not in client.get(LOGIN).text
    assert client.get("/accounts/password/reset/").status_code == 503


def test_a_mail_server_that_is_down_is_told_in_words(client, settings, caplog):
    settings.MAILERS = {"default": {"BACKEND": "members.tests.broken_mail.EmailBackend"}}
    answer = sign_up(client)
    assert answer.status_code == 503
    assert "邮件暂时发不出去" in answer.text
    assert member().username == "河边的人", "signing in sends another mail"


def test_whoever_is_signed_in_has_an_account(client):
    make_reader()
    client = sign_in("reader")
    assert client.get(SIGN_UP)["Location"] == "/members/"


@pytest.mark.parametrize("key", ["x", "MTI:1abc:def", "a" * 300, "MTI:%E4%BD%A0:x"])
def test_a_wrong_link_says_what_to_do(client, key):
    page = client.get(f"/accounts/confirm-email/{key}/")
    assert page.status_code in {200, 404}
    if page.status_code == 200:
        assert "链接不对" in page.text
    assert client.post(f"/accounts/confirm-email/{key}/").status_code == 404


def test_two_who_take_a_name_at_the_same_moment(client, monkeypatch):
    """Both forms found it free; the table lets one have it."""
    other = make_member("other")
    TakenName.objects.create(member=other, key=names.key("河边的人"))
    monkeypatch.setattr(names, "check", lambda name, member=None: name)
    answer = sign_up(client)
    assert answer.status_code == 422
    assert names.TAKEN in answer.text
    assert [user.username for user in get_user_model().objects.all()] == ["other"]
    assert mail.outbox == []


def test_accounts_of_the_back_office_need_no_address(chief):
    made = make_member("bangong", email="noted@example.com")
    assert "_auth_user_id" in sign_in("bangong").session
    assert "_auth_user_id" in sign_in("noted@example.com").session
    assert "_auth_user_id" in sign_in("chief").session
    assert made.check_password(PASSWORD)
    assert mail.outbox == []


def test_names_are_checked():
    answer = sign_up(username="试刊官方")
    assert names.OF_THE_NEWSROOM in answer.text
    with pytest.raises(ValidationError):
        names.check("试刊官方")

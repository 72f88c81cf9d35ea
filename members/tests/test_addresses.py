"""A new password by mail, and another address: who gets which mail, and what nobody learns."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from articles.tests.factories import make_member
from members.models import Operation

from .accounts import GUESSING, LOGIN, NEW, PASSWORD, RESET, link_in, make_reader, sign_in

pytestmark = pytest.mark.django_db
DONE, EMAIL = "/accounts/password/reset/done/", "/accounts/email/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture(autouse=True)
def _site(site):
    pass


@pytest.fixture
def reader(db):
    return make_reader("reader")


def ask(address: str, client: Client | None = None, **extra):
    return (client or Client()).post(RESET, {"email": address}, **extra)


def test_a_new_password_by_mail(client, reader):
    old = sign_in("reader")
    answer = ask("Reader@Example.com", client)
    assert (answer.status_code, answer["Location"]) == (302, DONE)
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["reader@example.com"], "【试刊】设置新密码")
    assert "“reader”" in sent.body
    form = client.get(link_in(sent), follow=True)
    address = form.redirect_chain[-1][0]
    assert "set-password" in address
    assert client.post(address, {"password1": "short", "password2": "short"}).status_code == 422
    answer = client.post(address, {"password1": NEW, "password2": NEW})
    assert answer.status_code == 302
    assert "新密码已经保存" in client.get(answer["Location"]).text
    assert [one.subject for one in mail.outbox[1:]] == ["【试刊】您的密码已经重设"]
    assert old.get("/members/").status_code == 302, "signed out elsewhere"
    assert "_auth_user_id" in sign_in("reader", password=NEW).session
    assert "_auth_user_id" not in sign_in("reader").session
    again = Client().get(link_in(sent), follow=True)
    assert "已经用过，或者过期了" in again.text


def test_nobody_learns_whether_an_address_is_registered(reader):
    make_reader("left", is_active=False)
    pages = []
    for address in ("reader@example.com", "nobody@example.com", "left@example.com"):
        client = Client()
        assert ask(address, client)["Location"] == DONE
        pages.append(TOKEN.sub("", client.get(DONE).text))
    assert len(set(pages)) == 1
    assert {sent.to[0]: sent.subject for sent in mail.outbox} == {
        "reader@example.com": "【试刊】设置新密码",
        "nobody@example.com": "【试刊】这个邮箱没有账号",
        "left@example.com": "【试刊】这个邮箱没有账号",
    }


def test_it_leads_to_the_sites_own_address_whatever_was_asked_for(reader, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    ask("reader@example.com", HTTP_HOST="other.example")
    body = mail.outbox[0].body
    assert f"{settings.SITE_URL}/accounts/password/reset/key/" in body
    assert "other.example" not in body


def test_mails_to_one_address_are_few(reader):
    for number in range(3):
        assert ask("reader@example.com", REMOTE_ADDR=f"198.51.{number}.7").status_code == 302
    refused = ask("READER@example.com", REMOTE_ADDR="192.0.2.1")
    assert refused.status_code == 429
    assert GUESSING in refused.text
    assert len(mail.outbox) == 3


@pytest.mark.parametrize("address", ["", "x", "a@", "a\x00@example.com", "长" * 300 + "@example.com"])
def test_what_is_no_address_is_refused(address):
    assert ask(address).status_code == 422
    assert mail.outbox == []


@pytest.mark.parametrize("key", ["0-x", "1-set-password", "zzzzzzzzzzzzz-1", "1-" + "a" * 100, "%00-x"])
def test_a_wrong_link_says_what_to_do(client, reader, key):
    answer = client.get(f"/accounts/password/reset/key/{key}/")
    assert answer.status_code in {200, 400, 404}
    if answer.status_code == 200:
        assert "已经用过，或者过期了" in answer.text


def test_people_of_the_newsroom_keep_their_second_factor(settings, client):
    settings.STAFF_SECOND_FACTOR = True
    make_member("laoli", email="laoli@example.com", is_staff=True, must_change_password=True)
    ask("laoli@example.com", client)
    address = client.get(link_in(mail.outbox[0]), follow=True).redirect_chain[-1][0]
    client.post(address, {"password1": NEW, "password2": NEW})
    signed_in = sign_in("laoli", password=NEW)
    assert signed_in.get("/admin/")["Location"] == "/accounts/2fa/"


# --- Another address ---


def test_another_address_takes_the_place_of_the_old_once_confirmed(reader):
    client = sign_in("reader")
    assert "reader@example.com" in client.get(EMAIL).text
    assert client.post(EMAIL, {"email": "New@Example.com", "action_add": ""})["Location"] == EMAIL
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["new@example.com"], "【试刊】请确认您的邮箱")
    assert "还没有确认" in client.get(EMAIL).text
    reader.refresh_from_db()
    assert reader.email == "reader@example.com"
    assert "_auth_user_id" in sign_in("reader@example.com").session
    assert client.post(link_in(sent))["Location"] == EMAIL
    reader.refresh_from_db()
    assert reader.email == "new@example.com"
    assert [(row.email, row.verified, row.primary) for row in EmailAddress.objects.all()] == [
        ("new@example.com", True, True)
    ]
    told = mail.outbox[1]
    assert (told.to, told.subject) == (["reader@example.com"], "【试刊】您的邮箱已经更换")
    assert "_auth_user_id" in sign_in("new@example.com").session
    assert "_auth_user_id" not in sign_in("reader@example.com").session


def test_an_old_sign_in_is_asked_for_the_password(reader):
    client = sign_in("reader")
    session = client.session
    session["account_authentication_methods"] = [
        record | {"at": record["at"] - 3600} for record in session["account_authentication_methods"]
    ]
    session.save()
    answer = client.post(EMAIL, {"email": "new@example.com", "action_add": ""})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert "再输一次密码" in client.get(answer["Location"]).text
    assert mail.outbox == []


def test_an_address_of_somebody_else_is_not_given_away(reader):
    make_reader("second")
    client = sign_in("reader")
    answers = [
        client.post(EMAIL, {"email": address, "action_add": ""})
        for address in ("second@example.com", "free@example.com")
    ]
    assert [answer["Location"] for answer in answers] == [EMAIL] * 2
    assert {sent.to[0] for sent in mail.outbox} == {"second@example.com", "free@example.com"}
    reader.refresh_from_db()
    assert reader.email == "reader@example.com"


def test_changing_ones_mind(reader):
    client = sign_in("reader")
    client.post(EMAIL, {"email": "new@example.com", "action_add": ""})
    client.post(EMAIL, {"email": "new@example.com", "action_remove": "1"})
    assert [row.email for row in EmailAddress.objects.all()] == ["reader@example.com"]
    assert client.post(EMAIL, {"email": "x", "action_add": ""}).status_code == 422


def test_a_changed_password_is_told_by_mail(reader):
    client = sign_in("reader")
    client.post("/accounts/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["reader@example.com"], "【试刊】您的密码已经修改")
    assert "127.0.0.1" in sent.body


def test_guesses_by_name_and_by_address_are_counted_together(reader):
    for number in range(10):
        login = ("reader", "reader@example.com", "Reader@Example.com", "READER")[number % 4]
        values = {"login": login, "password": "wrong-password"}
        assert Client().post(LOGIN, values, REMOTE_ADDR=f"198.51.{number}.7").status_code == 200
    assert Client().post(LOGIN, {"login": "reader", "password": PASSWORD}).status_code == 429


def test_what_the_log_keeps_of_a_wrong_address(reader):
    Client().post(LOGIN, {"login": "somebody@example.com", "password": "wrong-password"})
    assert Operation.objects.get().username == "s***@example.com"

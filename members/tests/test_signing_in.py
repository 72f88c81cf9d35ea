"""One way in: the sign-in page, what it refuses, where it leads, and when it has heard enough."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from articles.tests.factories import make_member
from members.models import Operation

from .accounts import GUESSING, LOGIN, PASSWORD, REFUSED, sign_in

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def attempt(username: str, password: str = "", **environ):
    """The answer to a new browser; without a password, a wrong one is sent."""
    return Client().post(LOGIN, {"login": username, "password": password or "wrong-password"}, **environ)


def test_the_right_password_leads_where_one_wanted_to_go(client, reporter):
    wanted = "/admin/articles/article/?q=%E6%B8%A1%E5%8F%A3&p=0"
    page = client.get(wanted, follow=True)
    assert page.redirect_chain[-1][0].startswith(LOGIN)
    target = page.context["redirect_field_value"]
    answer = client.post(LOGIN, {"login": "reporter", "password": PASSWORD, "next": target})
    assert (answer.status_code, answer["Location"]) == (302, wanted)
    assert client.get(wanted).status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        *["https://evil.example/", "//evil.example/admin/", "https:evil.example", "/\\evil.example", "javascript:x"],
        *["http://testserver.evil.example/", "https://testserver@evil.example/", "\t//evil.example"],
    ],
)
def test_it_leads_nowhere_else(client, reporter, target):
    for request in (client.post, client.get):
        answer = request(LOGIN, {"login": "reporter", "password": PASSWORD, "next": target})
        assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_the_answer_does_not_tell_whether_an_account_exists(reporter):
    make_member("left", is_staff=True, is_active=False)
    answers = [
        attempt("reporter"),
        attempt("nobody"),
        attempt("left"),
        attempt("left", PASSWORD),
    ]
    assert {answer.status_code for answer in answers} == {200}
    texts = {TOKEN.sub("", answer.text).replace(name, "") for answer in answers for name in ("reporter",)}
    assert len({re.sub(r'value="(nobody|left)?"', "", text) for text in texts}) == 1
    assert REFUSED in answers[0].text
    assert not any(answer.wsgi_request.user.is_authenticated for answer in answers)


def test_whoever_is_made_inactive_is_out_at_once(reporter):
    client = sign_in("reporter")
    assert client.get("/admin/").status_code == 200
    reporter.is_active = False
    reporter.save()
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert client.post("/admin/articles/article/add/", {}).status_code == 302


def test_there_is_no_other_way_in(client, reporter):
    """The admin's own form would count nothing and ask for no code."""
    answer = client.post("/admin/login/?next=/admin/", {"username": "reporter", "password": PASSWORD})
    assert answer["Location"] == "/accounts/login/?next=%2Fadmin%2F"
    assert "_auth_user_id" not in client.session
    assert sign_in("reporter", client=client).get("/admin/login/?next=/admin/")["Location"] == "/admin/"


@pytest.mark.parametrize(
    "path",
    [
        *["password/set/", "social/signup/", "inactive/", "signup/passkey/", "email/verify/", "phone/change/"],
        *["login/code/", "2fa/recovery-codes/download/", "2fa/webauthn/signup/", "2fa/trust/", "none/"],
    ],
)
def test_what_is_not_used_is_not_there(client, site, path):
    for request in (client.get, client.post):
        answer = request(f"/accounts/{path}")
        assert answer.status_code == 404
        assert "<title>没有找到" in answer.text or 'lang="zh-CN"' in answer.text


def test_readers_do_not_come_into_the_back_office(member):
    client = sign_in("member")
    assert client.get("/accounts/").status_code == 302
    assert client.get(LOGIN)["Location"] == "/members/"
    for path in ("/admin/", "/admin/articles/article/", "/admin/login/?next=/admin/"):
        refused = client.get(path, follow=True)
        assert refused.status_code == 403
        assert "您现在登录的是读者账号" in refused.text
        assert "no-store" in refused["Cache-Control"]


def test_signing_out_by_the_link_of_the_admin_and_by_the_page(reporter):
    for path in ("/admin/logout/", "/accounts/logout/"):
        client = sign_in("reporter")
        asked = client.get(path, follow=True).text
        assert "要在这台设备上退出吗" in asked
        assert "编辑后台</a>" in asked
        assert client.get("/admin/").status_code == 200
        assert client.post(path)["Location"] == LOGIN
        assert "_auth_user_id" not in client.session
    assert Operation.objects.filter(action="logout", username="reporter").count() == 2


def test_the_page_is_private_and_plain(client, db):
    answer = client.get(LOGIN)
    assert "no-store" in answer["Cache-Control"]
    assert 'autocomplete="current-password"' in answer.text
    assert "<title>登录_新闻网</title>" in answer.text
    for inline in ("<style", "style=", "onclick", "<script>", "data:"):
        assert inline not in answer.text
    assert not re.search(r">[^<>]*\b(Sign|Login|Password|Username|Forgot)\b", answer.text)


# --- Guessing ---


def test_guessing_at_an_account_ends_whatever_address_it_comes_from(reporter, editor):
    for name in ("reporter", "nobody"):
        for number in range(10):
            assert attempt(name, REMOTE_ADDR=f"198.51.{number}.7").status_code == 200
        refused = attempt(name, PASSWORD, REMOTE_ADDR="192.0.2.1")
        assert refused.status_code == 429
        assert GUESSING in refused.text
        assert (refused["Cache-Control"], refused["Retry-After"]) == ("no-store", "900")
    assert attempt("editor", PASSWORD).status_code == 302


def test_another_port_or_spelling_is_no_other_account(reporter, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    for number in range(10):
        name = "Reporter" if number % 2 else " reporter "
        attempt(name, REMOTE_ADDR=f"198.51.{number}.7", HTTP_HOST=f"testserver:{8000 + number}")
    assert attempt("reporter", PASSWORD, REMOTE_ADDR="192.0.2.1").status_code == 429


def test_guessing_from_one_address_ends_whatever_the_account(reporter):
    for number in range(20):
        assert attempt(f"name-{number}", REMOTE_ADDR="::ffff:203.0.113.9").status_code == 200
    assert attempt("reporter", PASSWORD, REMOTE_ADDR="203.0.113.9").status_code == 429
    assert attempt("reporter", PASSWORD, REMOTE_ADDR="::ffff:203.0.113.10").status_code == 302


def test_the_address_is_what_our_own_proxy_saw(reporter, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(20):
        claimed = f"192.0.2.{number}, 203.0.113.9"
        attempt(f"name-{number}", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=claimed)
    guess = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.99, 203.0.113.9"}
    assert attempt("reporter", PASSWORD, **guess).status_code == 429
    other = guess | {"HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.4"}
    assert attempt("reporter", PASSWORD, **other).status_code == 302


def test_a_name_for_no_address_signs_in_as_well(reporter):
    """gunicorn behind a socket of the system tells no address."""
    assert attempt("reporter", PASSWORD, REMOTE_ADDR="").status_code == 302


def test_right_passwords_are_not_counted(reporter):
    for _ in range(12):
        assert attempt("reporter", PASSWORD).status_code == 302
    assert not EmailAddress.objects.exists()

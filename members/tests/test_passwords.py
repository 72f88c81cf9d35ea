"""Passwords: the rules, and that those which somebody else knows are changed before the back office answers."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from articles.tests.test_admin_forms import fill
from members.models import Member, Operation
from newsportal.demo.accounts import create_accounts

from .accounts import PASSWORD, give_totp, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/accounts/password/"
NEW = "quiet-river-crossing-9"


@pytest.fixture
def enforced(settings):
    settings.ENFORCE_PASSWORD_CHANGE = True


def change(client: Client, new: str, *, old: str = PASSWORD, again: str | None = None, **words):
    return client.post(PAGE, {"oldpassword": old, "password1": new, "password2": again or new, **words})


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("short-9", "此密码太短，至少要包含 10 个字符。"),
        ("password1234", "这个密码太常见了。"),
        ("reporter-1", "密码跟 用户名 太相似了。"),
        ("linxiaozhou-1", "密码跟 显示名 太相似了。"),
        ("8675309217", "密码只包含数字"),
        (PASSWORD, "新密码不能与当前密码相同。"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(reporter, new, told):
    Member.objects.update(display_name="LinXiaozhou")
    answer = change(sign_in("reporter"), new)
    assert answer.status_code == 200
    assert told in "".join(error for errors in answer.context["form"].errors.values() for error in errors)
    reporter.refresh_from_db()
    assert reporter.check_password(PASSWORD)


def test_the_present_one_and_twice_the_new_one_are_asked_for(reporter):
    client = sign_in("reporter")
    assert "当前密码不对。" in change(client, NEW, old="wrong-password").text
    assert change(client, NEW, again="another-river-9").status_code == 200
    assert change(client, NEW)["Location"] == "/admin/"
    assert sign_in("reporter", password=NEW).get("/admin/").status_code == 200
    assert client.get("/admin/password_change/")["Location"] == PAGE


def test_whose_password_others_know_changes_it_first(enforced, settings, reporter):
    settings.STAFF_SECOND_FACTOR = True
    Member.objects.filter(pk=reporter.pk).update(must_change_password=True)
    client = sign_in("reporter")
    for path in ("/admin/", "/admin/articles/article/add/", "/admin/jsi18n/", "/admin/none/", "/accounts/sessions/"):
        assert client.get(path)["Location"].startswith(f"{PAGE}?next=%2F"), path
        assert client.post(path, {"title": "x"})["Location"] == PAGE, path
    asked = client.get("/admin/articles/article/?p=0")["Location"]
    assert "现在的密码不只你一个人知道" in client.get(asked).text
    assert change(client, NEW, next="/admin/articles/article/?p=0")["Location"] == "/admin/articles/article/?p=0"
    reporter.refresh_from_db()
    assert not reporter.must_change_password
    # The next step follows.
    assert client.get("/admin/")["Location"] == "/accounts/2fa/"
    told = Operation.objects.filter(action="change").get().changes
    assert told == {"密码": ["（不显示）", "（已改）"], "须修改密码": ["是", "否"]}


def test_the_trial_on_this_machine_stays_as_it_is(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    accounts = create_accounts()
    assert {account.must_change_password for account in accounts.values()} == {True}
    line = next(line.split() for line in (tmp_path / "demo-accounts").read_text().splitlines() if " editor " in line)
    client = sign_in("editor", password=line[-1])
    assert client.get("/admin/").status_code == 200
    settings.ENFORCE_PASSWORD_CHANGE = True
    assert client.get("/admin/")["Location"] == f"{PAGE}?next=%2Fadmin%2F"


def test_the_first_operator_changes_hers(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, username="first", email="", verbosity=0)
    assert Member.objects.get(username="first").must_change_password


def test_so_does_whoever_got_an_account_or_a_password_in_the_admin(enforced, chief):
    client = sign_in("chief")
    add = "/admin/members/member/add/"
    words = {"username": "new", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(add, fill(client.get(add), **words)).status_code == 302
    new = get_user_model().objects.get(username="new")
    assert new.must_change_password
    new.set_password(NEW)
    new.must_change_password, new.is_staff = False, True
    new.save()
    given = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(f"/admin/members/member/{new.pk}/password/", given).status_code == 302
    new.refresh_from_db()
    assert new.must_change_password
    assert sign_in("new").get("/admin/")["Location"].startswith(PAGE)


@pytest.mark.parametrize("number", ["{}", "0{}"])
def test_one_s_own_is_changed_on_one_s_own_page(chief, number):
    client, path = sign_in("chief"), f"/admin/members/member/{number.format(chief.pk)}/password/"
    given = {"usable_password": "true", "password1": NEW, "password2": NEW}
    assert client.get(path)["Location"] == client.post(path, given)["Location"] == PAGE
    chief.refresh_from_db()
    assert chief.check_password(PASSWORD)


@pytest.mark.parametrize("is_given", [False, True])
def test_without_a_password_there_is_none_to_change(reporter, settings, is_given):
    settings.ENFORCE_PASSWORD_CHANGE = True
    give_totp(reporter)
    reporter.must_change_password = is_given
    reporter.set_unusable_password()
    reporter.save()
    client = Client()
    client.force_login(reporter)
    assert "这个账号没有密码，请联系站长设置。" in client.get(PAGE, follow=True).text


def test_too_many_attempts_at_the_present_one_end(reporter):
    client = sign_in("reporter")
    codes = [change(client, NEW, old=f"wrong-{number}").status_code for number in range(11)]
    assert codes == [200] * 10 + [429]

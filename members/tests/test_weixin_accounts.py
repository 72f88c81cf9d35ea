"""WeChat at accounts: connecting, taking off, leaving; the newsroom, which it never lets in; where it is not set up."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.cache import cache
from django.test import Client

from articles.tests.factories import make_member
from members.models import Operation

from .accounts import (
    CODE,
    LOGIN,
    NEW,
    PASSWORD,
    RESET,
    SECRET,
    SIGN_UP,
    code_of,
    give_totp,
    link_in,
    make_reader,
    sign_in,
)
from .fake_weixin import AGAIN, BEGIN, CALLBACK, JOIN, OWN, begin, comes_in, is_in, join, member, newcomer, scan

pytestmark = pytest.mark.django_db
PAGES = (BEGIN, CALLBACK, JOIN, OWN, AGAIN)
EMAIL = "/accounts/email/"


@pytest.fixture(autouse=True)
def _site(site):
    pass


# --- The newsroom ---


def refused_by_weixin(answer) -> bool:
    return answer.status_code == 403 and "工作账号不能用微信登录" in answer.text


def test_staff_neither_connect_nor_sign_in(weixin, editor):
    client = sign_in("editor")
    assert refused_by_weixin(client.get(OWN))
    assert refused_by_weixin(client.post(BEGIN, {"process": "connect"}))
    assert "微信登录" not in client.get("/accounts/2fa/").text
    assert "微信登录" not in client.get("/members/").text
    SocialAccount.objects.create(user=editor, provider="weixin", uid="o-river-1")
    before = Operation.objects.count()
    stranger = Client()
    assert refused_by_weixin(scan(stranger))
    assert not is_in(stranger)
    [line] = Operation.objects.order_by("pk")[before:]
    assert (line.action, line.username, line.changes) == ("refused", "editor", {"微信": ["", "想登录，已拒绝"]})


def test_who_joined_the_newsroom_on_the_way_is_not_connected(weixin):
    """The way was begun as a reader; what counts is who comes back."""
    reader = make_reader("reader")
    client = sign_in("reader")
    state = begin(client, process="connect")
    reader.is_staff = True
    reader.save()
    assert refused_by_weixin(client.get(CALLBACK, {"code": "c", "state": state}))
    assert not SocialAccount.objects.exists()
    assert Operation.objects.get(action="refused").changes == {"微信": ["", "想连接，已拒绝"]}


def test_a_reader_who_joins_the_newsroom_comes_in_by_password_and_factor_alone(weixin, settings):
    """Neither does her session that WeChat opened set up a second factor without the password."""
    settings.STAFF_SECOND_FACTOR = True
    client = newcomer()
    joined = member()
    joined.is_staff = True
    joined.save()
    assert client.get("/admin/")["Location"] == "/accounts/2fa/"
    assert client.get("/accounts/2fa/totp/activate/").status_code == 403
    assert refused_by_weixin(scan(Client()))


def test_a_reader_s_second_factor_is_asked_for(weixin):
    newcomer()
    give_totp(member())
    client = Client()
    answer = scan(client)
    assert (answer.status_code, answer["Location"]) == (302, CODE)
    assert not is_in(client)
    client.post(CODE, {"code": code_of(SECRET)})
    assert is_in(client)


def test_a_stopped_account_stays_out(weixin):
    newcomer()
    get_user_model().objects.update(is_active=False)
    client = Client()
    answer = scan(client)
    assert answer["Location"] == LOGIN
    assert "已经停用" in client.get(LOGIN).text
    assert not is_in(client)


# --- Connecting, and taking off ---


def test_connecting_and_taking_off(weixin):
    reader = make_reader("reader")
    client = sign_in("reader")
    assert "现在没有连接微信" in client.get(OWN).text
    assert f'href="{OWN}"' in client.get("/members/").text
    answer = scan(client, process="connect")
    assert (answer.status_code, answer["Location"]) == (302, OWN)
    page = client.get(OWN).text
    assert "微信已经连接" in page
    assert "<strong>河边的人</strong>" in page
    [account] = SocialAccount.objects.all()
    assert account.user == reader
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [(["reader@example.com"], "【试刊】您的账号连接了微信")]
    assert comes_in(Client())
    assert "早已连接" in client.get(scan(client, process="connect")["Location"]).text
    answer = client.post(OWN, {"account": account.pk})
    assert (answer.status_code, answer["Location"]) == (302, OWN)
    assert "微信已经解除" in client.get(OWN).text
    assert not SocialAccount.objects.exists()
    assert mail.outbox[-1].subject == "【试刊】您的账号解除了微信"
    assert "现在没有连接微信" in client.get(OWN).text


def test_the_list_costs_the_same_for_one_and_for_three(weixin, django_assert_num_queries):
    reader = make_reader("reader")
    client = sign_in("reader")
    client.get(OWN)
    for number in range(3):
        SocialAccount.objects.create(user=reader, provider="weixin", uid=f"o-{number}")
        if number != 1:
            # Session, member, WeChat accounts.
            with django_assert_num_queries(3):
                page = client.get(OWN).text
            assert page.count("没有昵称</strong>") == number + 1


def test_another_s_weixin_is_not_taken_away(weixin):
    newcomer()
    make_reader("reader")
    client = sign_in("reader")
    answer = scan(client, process="connect")
    assert "已经连接了另一个账号" in client.get(answer["Location"]).text
    assert SocialAccount.objects.get().user == member()


def test_what_is_not_connected_cannot_be_taken_off(weixin):
    newcomer()
    make_reader("reader")
    client = sign_in("reader")
    for number in (SocialAccount.objects.get().pk, "9" * 18, "9" * 30, "x", "", "-1", "\u0661"):
        answer = client.post(OWN, {"account": number})
        assert answer.status_code == 422, number
        assert "没有连接这个微信号" in answer.text
    assert SocialAccount.objects.exists()


def test_the_only_way_in_stays(weixin):
    client = newcomer()
    account = SocialAccount.objects.get()
    answer = client.post(OWN, {"account": account.pk})
    assert answer.status_code == 422
    assert "没有密码，解除以后就进不来了" in answer.text
    joined = member()
    joined.set_password(PASSWORD)
    joined.save()
    client = sign_in("河边的人")
    answer = client.post(OWN, {"account": account.pk})
    assert "没有确认的邮箱" in answer.text
    EmailAddress.objects.create(user=joined, email="river@example.com", primary=True, verified=True)
    assert client.post(OWN, {"account": account.pk}).status_code == 302
    assert not SocialAccount.objects.exists()


def test_an_address_and_a_password_later(weixin):
    """What the pages tell a member without either to do leads there."""
    client = newcomer()
    answer = client.get("/accounts/password/")
    assert answer["Location"] == EMAIL
    assert "用微信登录，没有密码" in client.get(EMAIL).text
    client.post(EMAIL, {"email": "river@example.com", "action_add": "1"})
    assert comes_in(Client()), "an address that waits to be confirmed locks nobody out"
    client.post(link_in(mail.outbox[-1]))
    assert (member().email, EmailAddress.objects.get().verified) == ("river@example.com", True)
    client.post("/accounts/logout/")
    cache.clear()
    client.post(RESET, {"email": "river@example.com"})
    form = client.get(link_in(mail.outbox[-1]), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    client = sign_in("河边的人", password=NEW)
    assert is_in(client)
    assert client.post(OWN, {"account": SocialAccount.objects.get().pk}).status_code == 302
    assert not SocialAccount.objects.exists()


def test_without_an_address_mails_are_said_not_to_come(weixin):
    told = "您还没有邮箱"
    assert told in newcomer().get("/comments/notices/").text
    make_reader("reader")
    assert told not in sign_in("reader").get("/comments/notices/").text


def test_without_a_password_weixin_proves_again_who_it_is(weixin, monkeypatch):
    client = newcomer()
    monkeypatch.setattr("members.adapters.FRESH_SECONDS", -1)
    answer = client.post(EMAIL, {"email": "river@example.com", "action_add": "1"})
    assert (answer.status_code, answer["Location"]) == (302, f"{AGAIN}?next=%2Faccounts%2Femail%2F")
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert 'name="next" value="/accounts/email/"' in page.text
    monkeypatch.setattr("members.adapters.FRESH_SECONDS", 300)
    assert scan(client, next=EMAIL)["Location"] == EMAIL
    assert is_in(client)
    client.post(EMAIL, {"email": "river@example.com", "action_add": "1"})
    assert EmailAddress.objects.get().email == "river@example.com"


def test_with_a_password_the_password_does(weixin, monkeypatch):
    make_reader("reader")
    client = sign_in("reader")
    monkeypatch.setattr("members.adapters.FRESH_SECONDS", -1)
    answer = scan(client, process="connect")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/reauthenticate/")
    assert not SocialAccount.objects.exists()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert SocialAccount.objects.exists()


def test_whoever_is_not_signed_in_connects_nothing(client, weixin):
    assert client.post(BEGIN, {"process": "connect"})["Location"] == LOGIN
    for page in (OWN, AGAIN):
        assert client.get(page)["Location"] == f"{LOGIN}?next={page}"


# --- Taking along, and leaving ---


def test_the_copy_of_one_s_data_has_it(weixin):
    client = newcomer()
    [account] = SocialAccount.objects.all()
    data = json.loads(client.post("/members/export/").content)
    assert data["微信"] == [
        {
            "微信昵称": "河边的人",
            "微信给本站的编号": "o-river-1",
            "连接时间": account.date_joined.isoformat(),
            "最近登录": account.last_login.isoformat(),
        }
    ]


def test_who_leaves_is_forgotten_and_may_join_anew(weixin):
    client = newcomer()
    assert client.post("/members/close/", {"comments": "keep", "proof": "注销"}).status_code == 302
    assert not SocialAccount.objects.exists()
    assert scan(client)["Location"] == JOIN
    assert join(client).status_code == 302


def test_stands_on_no_page_of_the_admin(chief):
    assert "socialaccount" not in {model._meta.app_label for model in admin.site._registry}
    page = sign_in("chief").get(f"/admin/members/member/{chief.pk}/change/")
    labels = {str(label) for _, label in page.context["adminform"].form.fields["user_permissions"].choices}
    assert not any("社交" in label or "social" in label.lower() for label in labels)


# --- The button, and where it may lead ---


def test_the_policy_lets_only_pages_with_the_button_lead_there(weixin):
    make_reader("reader")
    client = sign_in("reader")
    with_button = [(Client(), LOGIN), (Client(), SIGN_UP), (client, OWN), (client, AGAIN)]
    for browser, address in with_button:
        assert "form-action 'self' https://open.weixin.qq.com;" in browser.get(address)["Content-Security-Policy"]
    for browser, address in [(Client(), "/"), (Client(), RESET), (client, "/members/"), (client, EMAIL)]:
        assert "form-action 'self';" in browser.get(address)["Content-Security-Policy"]


def test_without_an_application_there_is_nothing(client):
    make_reader("reader")
    own = sign_in("reader")
    for browser in (client, own):
        for address in PAGES:
            assert browser.get(address).status_code == browser.post(address).status_code == 404, address
    for browser, address in [(client, LOGIN), (client, SIGN_UP), (own, "/members/"), (own, "/accounts/2fa/")]:
        page = browser.get(address)
        assert page.status_code == 200
        assert "微信登录" not in page.text
        assert "form-action 'self';" in page["Content-Security-Policy"]
    assert "联系站长设置" in passwordless_page()


def passwordless_page() -> str:
    """What a member without a password, and without WeChat, is told where she would change it."""
    other = make_member("other")
    other.set_unusable_password()
    other.save()
    client = Client()
    client.force_login(other)
    return client.get("/accounts/password/", follow=True).text

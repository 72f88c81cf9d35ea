"""The second factor: required everywhere in the back office, set up once, asked for ever after, reset when lost."""

import base64
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from articles.tests.factories import make_member
from members.models import Operation

from .accounts import CODE, GUESSING, PASSWORD, SECRET, code_of, give_passkey, give_totp, sign_in

pytestmark = pytest.mark.django_db
SET_UP, CONFIRM = "/accounts/2fa/", "/accounts/2fa/reauthenticate/"
ACTIVATE, CODES = "/accounts/2fa/totp/activate/", "/accounts/2fa/recovery-codes/"
ASSERTION = (
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30",'
    ' "authenticatorData": "AAAA", "signature": "AA", "userHandle": "////"}}'
)
WRONG = "验证没有通过，请再试一次。"


def assertion(data: bytes) -> str:
    """A passkey's answer whose data of the authenticator is this."""
    return ASSERTION.replace("AAAA", base64.urlsafe_b64encode(data).decode().rstrip("="))


# Data that ends in the middle of a number of CBOR, and lists in lists.
CUT_SHORT = assertion(bytes(32) + b"\x80" + bytes(4) + b"\x19")
TOO_DEEP = assertion(bytes(32) + b"\x80" + bytes(4) + b"\x81" * 5000)


@pytest.fixture
def required(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """What waits for the commit happens, as in a request of a real browser."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def admin_paths(patterns=None, prefix: str = "/admin/") -> Iterator[tuple[str, str]]:
    """Name and an address of every route of the back office."""
    for entry in patterns if patterns is not None else admin.site.urls[0]:
        route = str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from admin_paths(entry.url_patterns, prefix + route)
        elif isinstance(entry, URLPattern) and entry.name:
            named = {"app_label": "articles"} if entry.name == "app_list" else {}
            numbers = dict.fromkeys(entry.pattern.converters, 1)
            yield entry.name, reverse(f"admin:{entry.name}", kwargs=numbers | named)


def security() -> list[tuple[str, dict]]:
    rows = Operation.objects.filter(action="security").order_by("pk")
    return [(row.username, row.changes) for row in rows]


def with_code(username: str) -> Client:
    client = sign_in(username)
    assert client.post(CODE, {"code": code_of(SECRET)}).status_code == 302
    return client


# --- Required ---


def test_nothing_of_the_back_office_answers_without_it(required, chief):
    client = sign_in("chief")
    paths = [path for name, path in admin_paths() if name not in {"logout"}]
    assert len(paths) > 100
    for path in [*paths, "/admin/", "/admin/none/", "/admin/articles/article/1/change/none/", "/admin/jsi18n"]:
        for answer in (
            client.get(path),
            client.post(path, {"action": "delete_selected", "_selected_action": ["1"], "post": "yes"}),
            client.get(path, headers={"accept": "application/json", "x-requested-with": "XMLHttpRequest"}),
        ):
            assert (answer.status_code, answer["Location"]) == (302, SET_UP), path
            assert "no-store" in answer["Cache-Control"]


def test_nor_do_the_pages_that_could_weaken_the_account(required, chief):
    give_totp(chief)
    client = Client()
    client.force_login(chief)
    for path in ("/accounts/2fa/totp/deactivate/", "/accounts/2fa/passkeys/add/", CODES, "/accounts/sessions/"):
        assert client.get(path)["Location"].startswith(f"{CONFIRM}?next="), path
        assert client.post(path)["Location"] == CONFIRM, path
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD})["Location"] == CONFIRM


def test_only_the_staff_is_asked_and_only_where_it_is_required(required, member, reporter, settings):
    assert sign_in("member").get("/accounts/sessions/").status_code == 200
    client = sign_in("reporter")
    assert client.get("/admin/")["Location"] == SET_UP
    settings.STAFF_SECOND_FACTOR = False
    assert client.get("/admin/").status_code == 200


def test_one_query_is_what_the_question_costs(required, reporter, django_assert_num_queries):
    client = sign_in("reporter")
    with django_assert_num_queries(3):  # session, account, second factor
        client.get("/admin/")


def test_whoever_must_set_it_up_can_leave(required, reporter):
    client = sign_in("reporter")
    page = client.get(SET_UP)
    assert "按本站规定，进入后台之前要先设置两步验证" in page.text
    assert "待我审" not in page.text
    assert client.post("/admin/logout/")["Location"] == "/accounts/login/"


def test_public_pages_never_ask(required, site, reporter):
    client = sign_in("reporter")
    for path in ("/", "/preferences/", "/healthz"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert not answer.cookies
        assert not answer.wsgi_request.session.accessed


# --- Set up and used ---


def test_the_app_is_set_up_and_asked_for_from_then_on(required, reporter, commit):
    client, other = sign_in("reporter"), sign_in("reporter")
    page = client.get(ACTIVATE)
    secret = page.context["form"].secret
    assert page.text.count("<svg") == 2  # the code, and the icons of the admin
    assert secret in page.text
    assert WRONG in client.post(ACTIVATE, {"code": "000000"}).text
    with commit():
        assert client.post(ACTIVATE, {"code": code_of(secret)})["Location"] == CODES
    codes = client.get(CODES).context["unused_codes"]
    assert len(codes) == len(set(codes)) == 10
    assert client.get("/admin/").status_code == 200
    # What was signed in with the password alone is out, although the factor is set up now.
    assert other.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    again = sign_in("reporter")
    assert again.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert again.post(CODE, {"code": code_of(secret, steps=1)})["Location"] == "/admin/"
    assert again.get("/admin/").status_code == 200
    assert security() == [
        ("reporter", {"登录的设备": ["其他浏览器", "设置两步验证后结束"], "网络地址": ["127.0.0.1", ""]}),
        ("reporter", {"动态口令": ["", "已设置"]}),
        ("reporter", {"恢复码": ["", "已设置"]}),
    ]


def test_a_session_that_is_older_than_the_factor_is_confirmed_by_it(required, reporter):
    give_totp(reporter)
    client = Client()
    client.force_login(reporter)
    asked = client.get("/admin/articles/article/?p=1")["Location"]
    assert asked == f"{CONFIRM}?next=%2Fadmin%2Farticles%2Farticle%2F%3Fp%3D1"
    assert "这次登录还没有做过两步验证" in client.get(asked).text
    answer = client.post(asked, {"code": code_of(SECRET), "next": "/admin/articles/article/?p=1"})
    assert answer["Location"] == "/admin/articles/article/?p=1"
    assert client.get("/admin/").status_code == 200


def test_a_code_works_once(reporter):
    give_totp(reporter)
    code = code_of(SECRET)
    assert sign_in("reporter").post(CODE, {"code": code})["Location"] == "/admin/"
    again = sign_in("reporter").post(CODE, {"code": code})
    assert again.status_code == 200
    assert WRONG in again.text


def test_where_one_wanted_to_go_is_kept_over_the_code(reporter):
    give_totp(reporter)
    client = Client()
    wanted = "/admin/articles/article/"
    assert client.post("/accounts/login/", {"login": "reporter", "password": PASSWORD, "next": wanted}).url == CODE
    assert client.post(CODE, {"code": code_of(SECRET)})["Location"] == wanted


def test_a_recovery_code_works_once(required, reporter):
    codes = give_totp(reporter)
    for code in codes[:2]:
        client = sign_in("reporter")
        assert client.post(CODE, {"code": code})["Location"] == "/admin/"
        assert client.get("/admin/").status_code == 200
    assert WRONG in sign_in("reporter").post(CODE, {"code": codes[0]}).text
    assert "还剩 8 个" in client.get(SET_UP).text


def test_recovery_codes_are_shown_once_and_made_anew(reporter, commit):
    give_totp(reporter)
    client = with_code("reporter")
    first = client.get(CODES).context["unused_codes"]
    again = client.get(CODES)
    assert "恢复码只在生成的时候显示一次" in again.text
    assert not any(code in again.text for code in first)
    with commit():
        assert client.post(f"{CODES}generate/")["Location"] == CODES
    second = client.get(CODES).context["unused_codes"]
    assert not set(first) & set(second)
    assert security() == [("reporter", {"恢复码": ["", "重新生成"]})]
    assert WRONG in sign_in("reporter").post(CODE, {"code": first[0]}).text


def test_codes_come_with_a_second_factor_only(reporter):
    client = sign_in("reporter")
    assert "请先设置动态口令或通行密钥" in client.post(f"{CODES}generate/").text
    assert client.get(CODES).status_code == 404


def test_guessing_codes_ends_and_is_told(reporter):
    codes = give_totp(reporter)
    for number in range(10):
        client = sign_in("reporter", REMOTE_ADDR=f"198.51.{number}.7")
        answer = client.post(CODE, {"code": "000000"}, REMOTE_ADDR=f"198.51.{number}.7")
        assert answer.status_code == 200
    for code in (code_of(SECRET), codes[0]):
        refused = sign_in("reporter").post(CODE, {"code": code})
        assert refused.status_code == 429
        assert GUESSING in refused.text
    assert Operation.objects.filter(action="refused", changes={"两步验证": ["", "验证码不对"]}).count() == 10


def test_the_second_step_alone_opens_nothing(client, reporter):
    give_totp(reporter)
    assert client.post(CODE, {"code": code_of(SECRET)})["Location"] == "/accounts/login/"
    sign_in("reporter", client=client)
    assert "_auth_user_id" not in client.session
    assert client.get("/accounts/sessions/")["Location"].startswith("/accounts/login/")


# --- Given up, changed, lost ---


def test_giving_it_up_leads_back_to_setting_it_up(required, reporter):
    give_totp(reporter)
    client = with_code("reporter")
    assert "要重新设置一种" in client.get("/accounts/2fa/totp/deactivate/").text
    assert client.post("/accounts/2fa/totp/deactivate/")["Location"] == SET_UP
    assert not Authenticator.objects.exists()
    assert client.get("/admin/")["Location"] == SET_UP
    assert security() == [
        ("reporter", {"动态口令": ["已设置", "已删除"]}),
        ("reporter", {"恢复码": ["已设置", "已删除"]}),
    ]


def test_an_old_sign_in_confirms_again_before_it_changes_anything(reporter):
    give_totp(reporter)
    client = with_code("reporter")
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session["account_authentication_methods"] = session["account_authentication_methods"]
    session.save()
    asked = client.get("/accounts/2fa/totp/deactivate/")["Location"]
    assert asked == "/accounts/reauthenticate/?next=%2Faccounts%2F2fa%2Ftotp%2Fdeactivate%2F"
    assert "密码不对。" in client.post(asked, {"password": "wrong"}).text
    assert client.post(asked, {"password": PASSWORD})["Location"] == "/accounts/2fa/totp/deactivate/"
    assert client.get("/accounts/2fa/totp/deactivate/").status_code == 200


def test_passkeys_are_named_and_removed_by_their_owner_alone(reporter, editor):
    key = give_passkey(reporter)
    stranger, client = sign_in("editor"), Client()
    client.force_login(reporter)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    edit, remove = f"/accounts/2fa/passkeys/{key.pk}/edit/", f"/accounts/2fa/passkeys/{key.pk}/remove/"
    for path in (edit, remove):
        assert stranger.get(path).status_code == stranger.post(path, {"name": "x"}).status_code == 404
    assert client.post(edit, {"name": "我的手机" + "长" * 60}).status_code == 302
    key.refresh_from_db()
    assert key.data["name"] == ("我的手机" + "长" * 60)[:40]
    assert key.data["name"] in client.get(SET_UP).text
    assert client.post(remove).status_code == 302
    assert not Authenticator.objects.exists()
    assert security() == [("reporter", {f"通行密钥“{key.data['name']}”": ["已设置", "已删除"]})]


@pytest.mark.parametrize(
    "sent",
    [
        *["", "{", "[]", "1", "null", '"x"', "{}", '{"response": 1}', '{"response": {"userHandle": 1}}'],
        *[ASSERTION, CUT_SHORT, TOO_DEEP, "[" * 100_000],
    ],
    ids=str.__len__,
)
def test_what_is_no_passkey_is_refused(reporter, sent):
    anybody = Client()
    options = anybody.get("/accounts/2fa/passkeys/login/", headers={"accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["userVerification"] == "required"
    assert anybody.post("/accounts/2fa/passkeys/login/", {"credential": sent})["Location"] == "/accounts/login/"
    client = sign_in("reporter")
    page = client.get("/accounts/2fa/passkeys/add/")
    chosen = page.context["js_data"]["creation_options"]["publicKey"]["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    refused = client.post("/accounts/2fa/passkeys/add/", {"name": "手机", "credential": sent})
    assert (refused.status_code, 'value="手机"' in refused.text) == (200, True)
    assert not Authenticator.objects.exists()


def test_a_lost_phone_is_reset_by_the_operator(required, chief, reporter):
    give_totp(reporter)
    give_totp(chief)
    hers, client = with_code("reporter"), with_code("chief")
    address = f"/admin/members/member/{reporter.pk}/second-factor/"
    page = client.get(f"/admin/members/member/{reporter.pk}/change/")
    assert address in page.text
    assert "动态口令、恢复码" in page.text
    assert "请先当面或打电话确认是本人" in client.get(address).text
    assert client.post(address)["Location"] == f"/admin/members/member/{reporter.pk}/change/"
    assert list(Authenticator.objects.values_list("user__username", flat=True).distinct()) == ["chief"]
    assert not UserSession.objects.filter(user=reporter).exists()
    assert hers.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert sign_in("reporter").get("/admin/")["Location"] == SET_UP
    assert security()[0] == ("chief", {"两步验证": ["已设置", "由站长重置"]})
    row = Operation.objects.filter(action="security").order_by("pk").first()
    assert (row.model, row.object_id) == ("members.member", str(reporter.pk))


def test_or_on_the_server_when_it_is_the_operator_s_own(required, chief, capsys):
    give_totp(chief)
    client = with_code("chief")
    call_command("reset_second_factor", "chief")
    assert "已重置 chief 的两步验证" in capsys.readouterr().out
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert sign_in("chief").get("/admin/")["Location"] == SET_UP
    assert security()[0] == ("", {"两步验证": ["已设置", "在服务器上重置"]})
    with pytest.raises(CommandError, match="没有用户名为“nobody”的账号。"):
        call_command("reset_second_factor", "nobody")


def test_only_by_whoever_may_change_the_account_and_not_one_s_own(chief, reporter):
    clerk = make_member("clerk", is_staff=True, permissions=["view_member", "change_member"])
    give_totp(reporter)
    for user, target in ((clerk, reporter), (chief, chief), (reporter, reporter)):
        client = sign_in(user.username) if user != reporter else with_code("reporter")
        path = f"/admin/members/member/{target.pk}/second-factor/"
        assert client.get(path).status_code == client.post(path).status_code == 403
    assert Authenticator.objects.filter(user=reporter).count() == 2
    assert sign_in("chief").post("/admin/members/member/99999/second-factor/").status_code == 404


def test_secrets_stand_on_no_page_of_the_admin(chief):
    assert not {model._meta.app_label for model in admin.site._registry} & {"account", "mfa", "usersessions"}
    page = sign_in("chief").get(f"/admin/members/member/{chief.pk}/change/")
    labels = {str(label) for _, label in page.context["adminform"].form.fields["user_permissions"].choices}
    assert any("稿件" in label for label in labels)
    assert not any("uthenticator" in label or "mfa" in label.lower() for label in labels)

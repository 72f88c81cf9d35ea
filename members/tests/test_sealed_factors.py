"""Second factors as the database keeps them: sealed, under the secret that stands, and worth nothing under another."""

import io

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import call_command

from newsportal.lib.sealing import MARK, is_fresh

from .accounts import CODE, SECRET, code_of, give_passkey, give_totp, sign_in

pytestmark = pytest.mark.django_db
WRONG = "验证没有通过，请再试一次。"


def kept() -> dict[str, str]:
    """What stands in the database of the secrets."""
    names = {"totp": "secret", "recovery_codes": "seed"}
    rows = Authenticator.objects.filter(type__in=names).order_by("pk")
    return {row.type: row.data[names[row.type]] for row in rows}


def in_the_clear(**values: str) -> None:
    """As it was written before anything was sealed."""
    for row in Authenticator.objects.filter(type__in=["totp", "recovery_codes"]):
        name = "secret" if row.type == "totp" else "seed"
        row.data[name] = values[name]
        row.save()


def tidied() -> str:
    out = io.StringIO()
    call_command("tidy_members", stdout=out)
    return out.getvalue().partition("\n")[2]


def test_a_copy_of_the_database_has_no_secret(reporter):
    codes = give_totp(reporter)
    assert all(text.startswith(MARK) and SECRET not in text for text in kept().values())
    assert sign_in("reporter").post(CODE, {"code": code_of(SECRET)}).status_code == 302
    assert sign_in("reporter").post(CODE, {"code": codes[0]}).status_code == 302
    assert sign_in("reporter").post(CODE, {"code": codes[0]}).status_code == 200, "it is used up"
    give_passkey(reporter)  # whose key is public
    assert tidied() == ""


def test_what_was_set_up_before_still_opens_and_is_sealed_by_the_daily_command(reporter):
    give_totp(reporter)
    in_the_clear(secret=SECRET, seed="0123456789abcdef" * 5)
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    assert sign_in("reporter").post(CODE, {"code": codes[0]}).status_code == 302
    assert tidied() == "重新加密了 2 个两步验证的密钥。\n"
    assert all(map(is_fresh, kept().values()))
    assert sign_in("reporter").post(CODE, {"code": code_of(SECRET)}).status_code == 302
    assert sign_in("reporter").post(CODE, {"code": codes[0]}).status_code == 200, "it stays used up"
    assert sign_in("reporter").post(CODE, {"code": codes[1]}).status_code == 302
    assert tidied() == ""


def test_a_change_of_the_secret_costs_nobody_her_phone(reporter, settings):
    codes = give_totp(reporter)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-secret-" * 4
    settings.SECRET_KEY_FALLBACKS = [old]
    assert sign_in("reporter").post(CODE, {"code": codes[0]}).status_code == 302
    assert tidied() == "重新加密了 2 个两步验证的密钥。\n"
    settings.SECRET_KEY_FALLBACKS = []
    assert sign_in("reporter").post(CODE, {"code": code_of(SECRET)}).status_code == 302
    assert sign_in("reporter").post(CODE, {"code": codes[1]}).status_code == 302


def test_what_does_not_open_lets_nobody_in_and_is_told(reporter, settings, caplog):
    codes = give_totp(reporter)
    before = kept()
    settings.SECRET_KEY = "another-secret-" * 4
    for code in (code_of(SECRET), codes[0], code_of("")):
        answer = sign_in("reporter").post(CODE, {"code": code})
        assert (answer.status_code, WRONG in answer.text) == (200, True)
    assert "sealed under a secret that is gone" in caplog.text
    assert (tidied(), kept()) == ("", before), "it opens again when the secret is back"
    call_command("reset_second_factor", "reporter", stdout=io.StringIO())
    assert "_auth_user_id" in sign_in("reporter").session

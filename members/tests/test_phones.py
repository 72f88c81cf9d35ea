"""Numbers themselves: how they are typed, kept, found and sealed anew."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.tests.factories import make_member
from members import phones
from members.models import Operation, PhoneNumber
from newsportal.lib.sealing import MARK

pytestmark = pytest.mark.django_db
NUMBER = "+8613800138000"


@pytest.mark.parametrize(
    "typed",
    [
        *["13800138000", "138 0013 8000", "138-0013-8000", "+8613800138000", "+86 138 0013 8000", "8613800138000"],
        *["008613800138000", "(+86) 13800138000", "１３８００１３８０００", "＋８６　１３８－００１３－８０００"],
        *["\u202d13800138000\u202c", " 138\u00a00013\u200b8000\t"],
    ],
)
def test_a_number_in_any_writing_is_one(typed):
    assert phones.number_in(typed) == NUMBER


@pytest.mark.parametrize(
    "typed",
    [
        *["", "1380013800", "138001380000", "12800138000", "+4413800138000", "010-12345678", "13800138000x"],
        *["١٣٨٠٠١٣٨٠٠٠", "+86+8613800138000", "13800138000\x00", "reader", "1" * 5000],
    ],
)
def test_what_is_no_mainland_mobile_is_none(typed):
    expected = NUMBER if typed == "13800138000\x00" else ""  # a NUL is not seen, so it is no part of it
    assert phones.number_in(typed) == expected


def test_shown_it_is_masked():
    assert phones.masked(NUMBER) == "138****8000"
    assert phones.masked("") == ""


def test_a_copy_of_the_database_has_no_number(member):
    phones.keep(member, NUMBER)
    row = PhoneNumber.objects.get()
    assert row.sealed.startswith(MARK)
    assert "13800138000" not in f"{row.sealed}{row.mark}{row}"
    assert phones.number_of(member) == NUMBER
    assert phones.owner_of(NUMBER) == member
    assert phones.owner_of("+8613900139000") is None


def test_a_number_belongs_to_one_account(member):
    other = make_member("other")
    phones.keep(member, NUMBER)
    with pytest.raises(phones.NumberTakenError):
        phones.keep(other, NUMBER)
    phones.keep(member, NUMBER)
    phones.keep(member, "+8613900139000")
    phones.keep(other, NUMBER)
    assert (phones.number_of(member), phones.number_of(other)) == ("+8613900139000", NUMBER)
    assert PhoneNumber.objects.count() == 2


def tidied() -> str:
    out = io.StringIO()
    call_command("tidy_members", stdout=out)
    return out.getvalue().partition("\n")[2]


def test_a_change_of_the_secret_costs_nobody_her_number(member, settings):
    other = make_member("other")
    phones.keep(member, NUMBER)
    assert tidied() == ""
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-secret-" * 4
    settings.SECRET_KEY_FALLBACKS = [old]
    assert phones.number_of(member) == NUMBER
    assert phones.owner_of(NUMBER) == member
    with pytest.raises(phones.NumberTakenError):
        phones.keep(other, NUMBER)
    assert tidied() == "重新加密了 1 个手机号。\n"
    assert tidied() == ""
    settings.SECRET_KEY_FALLBACKS = []
    assert phones.number_of(member) == NUMBER
    assert phones.owner_of(NUMBER) == member


def test_what_does_not_open_is_no_number_and_may_be_proved_anew(member, settings, caplog):
    phones.keep(member, NUMBER)
    settings.SECRET_KEY = "another-secret-" * 4
    assert phones.number_of(member) == ""
    assert not member.has_proved_phone
    assert "must be proved anew" in caplog.text
    assert tidied() == ""
    assert phones.exported(member) == {}
    phones.keep(member, NUMBER)
    assert phones.number_of(member) == NUMBER
    assert PhoneNumber.objects.count() == 1


def test_of_two_that_prove_to_be_one_the_later_stays(member, settings, caplog):
    """While the old secret was missing, somebody else proved the number; now it is back."""
    other = make_member("other")
    phones.keep(member, NUMBER)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-secret-" * 4
    phones.keep(other, NUMBER)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert tidied() == ""
    assert "belongs to another account by now" in caplog.text
    assert not phones.seal_one_anew(0), "it was taken off meanwhile"


def test_taking_it_off(member, settings):
    assert phones.take_off(member) == ""
    phones.keep(member, NUMBER)
    assert phones.take_off(member) == "138****8000"
    assert phones.owner_of(NUMBER) is None
    phones.keep(member, NUMBER)
    settings.SECRET_KEY = "another-secret-" * 4
    assert phones.take_off(member) == "（无法读出）"
    assert not PhoneNumber.objects.exists()


def test_the_operator_reads_a_number_and_the_log_says_so(member, settings):
    with pytest.raises(CommandError, match="没有用户名为 nobody 的账号"):
        call_command("show_phone", "nobody")
    with pytest.raises(CommandError, match="member 没有手机号"):
        call_command("show_phone", "member")
    phones.keep(member, NUMBER)
    out = io.StringIO()
    call_command("show_phone", "member", stdout=out)
    moment = f"{timezone.localtime(PhoneNumber.objects.get().verified_at):%Y-%m-%d %H:%M:%S}"
    assert out.getvalue() == f"{NUMBER}，{moment} 验证\n"
    [line] = Operation.objects.all()
    assert (line.action, line.object_name, line.changes) == ("security", "member", {"手机号": ["", "在服务器上查看"]})

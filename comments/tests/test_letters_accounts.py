"""A member's letters: taken along, and left behind."""

import json

import pytest
from django.core.files.storage import storages
from django.core.management import call_command

from articles.tests.factories import make_member
from comments.letters import accounts, figures, files, publication, rules
from comments.letters.rules import LetterError
from comments.models import Letter, LetterTally

from .letters import answered, make_chief, make_letter, picture, published

pytestmark = pytest.mark.django_db


def test_a_member_takes_all_of_her_letters_along():
    chief, member = make_chief(), make_member("reader")
    letter = make_letter(user=member, files=files.judge_all([picture("路灯.jpg")]))
    rules.note(letter, user=chief, text="内部备注")
    rules.answer(letter, user=chief, text="已经修好。", answered_by="市政工程处")
    make_letter()
    (taken,) = json.loads(json.dumps(accounts.export(member), ensure_ascii=False))
    assert (taken["受理编号"], taken["正文"], taken["状态"]) == (letter.receipt, letter.text, "答复")
    assert taken["附件"] == ["路灯.jpg"]
    assert [message["内容"] for message in taken["告知"]] == ["已经修好。"]
    assert "内部备注" not in str(taken)


def test_an_account_that_goes_takes_its_contacts_along(django_capture_on_commit_callbacks):
    chief, member = make_chief(), make_member("reader")
    ended = published(chief, user=member, files=files.judge_all([picture()]))
    open_one = answered(chief, user=member)
    stored = ended.files.get().stored
    with django_capture_on_commit_callbacks(execute=True):
        assert accounts.forget(member) == 2
    ended.refresh_from_db()
    assert (ended.user, ended.name, ended.phone, ended.is_public) == (None, "已注销", "", True)
    assert not ended.files.exists()
    assert not storages["originals"].exists(stored)
    open_one.refresh_from_db()
    assert (open_one.user, open_one.phone) == (None, "13800138000")
    # Its end comes later, and with it the rest.
    publication.publish(open_one, user=chief, values=publication.proposed(open_one))
    open_one.refresh_from_db()
    assert (open_one.name, open_one.phone, open_one.signature) == ("已注销", "", "浙江读者 邱**")
    gone = rules.withhold(open_one, user=chief, closing="private", text="撤下。")
    with pytest.raises(LetterError, match="已经删除"):
        rules.reopen(gone, user=chief)
    assert accounts.forget(member) == 0


def test_an_account_that_is_deleted_leaves_its_letters():
    member = make_member("reader")
    letter = make_letter(user=member)
    member.delete()
    letter.refresh_from_db()
    assert letter.user is None


def test_a_city_counts_for_its_province_and_all_is_counted_anew(capsys):
    chief = make_chief()
    published(chief)
    rules.withhold(make_letter(), user=chief, closing="void")
    LetterTally.objects.all().delete()
    LetterTally.objects.create(province=Letter.objects.first().province, kind="received", value=7, number=5)
    call_command("recount_letters")
    assert "改正 4 项" in capsys.readouterr().out
    total, _ = figures.by_province()
    assert (total.received, total.answered, total.rate, total.shown[True], total.shown[False]) == (1, 1, 100, 1, 0)
    call_command("recount_letters")
    assert "数字都对" in capsys.readouterr().out

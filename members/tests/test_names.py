"""Nicknames: what may be taken, what passes for the newsroom, and who had it first."""

import pytest
from django.core.exceptions import ValidationError

from about.models import StaffMember
from articles.models import ListedWord
from articles.tests.factories import make_member
from members import names
from members.models import TakenName

from .accounts import make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(site):
    site.name = "每日新闻网"
    site.save()


def refusal(name: str, **values) -> str:
    try:
        names.check(name, **values)
    except ValidationError as error:
        return error.message
    return ""


@pytest.mark.parametrize(
    "name",
    [
        *["河边的人", "李雷", "Anna", "anna_2026", "买买提·艾力", "𠮷野家常客", "ياسمىن", "བཀྲ་ཤིས"[:3], "Élodie"],
        *["班主任老李", "小游客", "生态系统研究", "a-b", "图书室的猫"],
    ],
)
def test_good_names(name):
    assert refusal(name) == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a", "2 到 20"),
        ("", "2 到 20"),
        ("长" * 21, "2 到 20"),
        ("张 三", "不能用的字符"),
        ("<b>张三</b>", "不能用的字符"),
        ("张三\x00", ""),
        ("张三\n李四", ""),
        ("张三😀", "不能用的字符"),
        ("·张三", "不能用的字符"),
        ("张三-", "不能用的字符"),
        ("аdam", "不能用的字符"),  # the first letter is Cyrillic
        ("ɑnna", "不能用的字符"),
        ("__", "不能用的字符"),
        ("river@example.com", "不能用的字符"),
    ],
)
def test_length_and_characters(name, said):
    assert said in refusal(name)


@pytest.mark.parametrize(
    "name",
    [
        *"本报记者 官方小号 责任编辑 網站管理員 站长本人 每日新闻网 每日新聞網浙江 每日新闻 已注销用户".split(),
        *"admin Admin1 ＡＤＭＩＮ a_d_m_i_n adm1n 0fficial root r00t 编\u200b辑 chief Chief ch1ef chief2".split(),
        *"林晓舟 林曉舟 林·晓·舟 林晓舟本人 沈若谷 沈若谷a".split(),
    ],
)
def test_who_would_pass_for_the_newsroom(name, chief):
    chief.display_name = "林晓舟"
    chief.save()
    StaffMember.objects.create(name="沈若谷", title="编辑", card_number="C-1", valid_until="2999-12-31")
    assert refusal(name) == names.OF_THE_NEWSROOM


def test_a_short_name_of_staff_stands_in_nobody_elses_way(chief):
    chief.display_name = "张伟"
    chief.save()
    assert refusal("张伟") == names.OF_THE_NEWSROOM
    assert refusal("张伟杰") == ""


@pytest.mark.parametrize("name", ["听雨", "聽雨", "听_雨", "ＴＩＮＧyu", "tingyu", "T1NGYU", "tíngyu"])
def test_no_two_names_look_alike(name):
    reader = make_reader("tingyu", display_name="听雨")
    assert refusal(name) == names.TAKEN
    assert refusal(name, member=reader) == ""


def test_an_account_of_the_back_office_keeps_its_name():
    make_member("bangong")
    assert refusal("Bangong") == names.TAKEN


@pytest.mark.parametrize(("level", "is_refused"), [("block", True), ("hold", True), ("warn", False)])
def test_the_word_desk(level, is_refused):
    ListedWord.objects.create(word="卖药", level=level, in_names=True, reason="广告")
    assert refusal("老张卖_药") == (names.REFUSED if is_refused else "")


def test_words_for_other_texts_are_no_matter():
    ListedWord.objects.create(word="卖药", level="block", in_names=False, reason="广告")
    assert refusal("老张卖药") == ""


def test_a_name_is_tidied():
    assert names.check(" 河边\u200b的人\u2066 ") == "河边的人"
    assert names.check("Ａｎｎａ") == "Anna"


def test_renaming_lets_go_of_the_old_name():
    reader, other = make_reader("reader"), make_reader("second")
    names.rename(reader, "听雨")
    assert set(TakenName.objects.filter(member=reader).values_list("key", flat=True)) == {"reader", "听雨"}
    with pytest.raises(names.NameTakenError):
        names.rename(other, "听 雨")
    other.refresh_from_db()
    assert other.display_name == ""
    names.rename(reader, "")
    names.rename(other, "听雨")
    assert str(other) == "听雨"


def test_what_a_check_costs(chief, django_assert_num_queries):
    refusal("河边的人")
    # the newsroom's accounts, its people, the words of the desk, names taken, accounts
    with django_assert_num_queries(5):
        assert refusal("河边的另一个人") == ""

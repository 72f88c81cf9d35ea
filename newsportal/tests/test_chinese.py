"""Chinese text: counted, cut, and searched for what it is about."""

import pytest

from newsportal.lib.chinese import (
    COMMON_WORDS,
    count_characters,
    keywords,
    plain_digits,
    reading_minutes,
    shorten,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("　，。！\n", 0),
        ("今天立冬", 4),
        ("今天，立冬。", 4),
        ("GDP增长5%", 4),
        ("全长1024米的G60高速", 8),
        ("㐀𠀀龥", 3),
        ("one two three", 3),
        ("〇", 0),
    ],
)
def test_a_han_character_counts_one_and_so_does_a_latin_word(text, expected):
    assert count_characters(text) == expected


@pytest.mark.parametrize(("characters", "minutes"), [(0, 1), (1, 1), (599, 1), (601, 2), (1000, 2), (4000, 10)])
def test_reading_takes_a_minute_for_400_characters(characters, minutes):
    assert reading_minutes(characters) == minutes


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("", 5, ""),
        ("一二三四五", 5, "一二三四五"),
        ("一二三四五六", 5, "一二三四…"),
        ("一二三四五六七，九十一二", 10, "一二三四五六七…"),
        ("一，三四五六七八九十一二", 10, "一，三四五六七八九…"),
        ("  一\n二　三 ", 10, "一 二 三"),
    ],
)
def test_a_text_is_cut_at_a_mark_near_the_end(text, length, expected):
    assert shorten(text, length) == expected


@pytest.mark.parametrize("length", range(1, 30))
def test_a_text_cut_is_never_longer_than_asked(length):
    assert len(shorten("水涨了，两岸的人都来看；看水的人，从早站到晚。没有人说话！", length)) <= length


def test_the_words_of_the_title_weigh_most():
    found = keywords("渔港开海", "渔民出海，渔民归来。渔船进了渔港，码头热闹。渔民说今年好。")

    assert found[0] == "渔港"
    assert found.index("渔民") < found.index("渔港") + 4


def test_common_words_single_characters_and_foreign_words_are_left_out():
    text = "记者表示，目前 GDP 2026 水 水 水 水 没有没有没有没有，桥梁桥梁桥梁。"

    assert keywords("", text) == ["桥梁"]
    assert {"记者", "表示", "目前", "没有"} <= COMMON_WORDS


def test_a_word_that_comes_once_in_the_text_is_too_light():
    assert keywords("", "桥梁") == []
    assert keywords("", "桥梁，桥梁") == ["桥梁"]
    assert keywords("桥梁", "") == ["桥梁"]


def test_words_of_equal_weight_have_one_order():
    assert keywords("水库桥梁", "") == keywords("桥梁水库", "") == sorted(["水库", "桥梁"])


def test_no_more_words_than_asked_for():
    title = "桥梁水库码头灯塔铁路公路机场"

    assert len(keywords(title, "")) > 3
    assert keywords(title, "", most=3) == keywords(title, "")[:3]


def test_full_width_letters_do_not_disturb():
    assert keywords("ＡＢＣ桥梁", "") == ["桥梁"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("一三八〇零○", "138000"),
        ("壹贰叁肆伍陆柒捌玖，幺两兩貳參陸", "123456789，122236"),
        ("①⓪１٣𝟖²", "101382"),
        ("⑩十百千万½字😀", "⑩十百千万½字😀"),
    ],
)
def test_digits_stay_where_they_were(text, plain):
    assert plain_digits(text) == plain
    assert len(plain) == len(text)

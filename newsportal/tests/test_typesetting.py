"""Lines of Chinese text: where they break, what they leave out, and that nothing gets lost."""

import pytest

from newsportal.lib.typesetting import CLOSING, OPENING, break_lines, spaced, units

TITLES = [
    "委员林晓舟：“让每一个孩子都能在家门口上好学”，这是我们的承诺！",
    "GDP同比增长5.2%，RCEP成员国贸易占比达32.8%（数据来源：海关总署）",
    "《人民的名义》《狂飙》之后，“反腐剧”还能怎么拍？",
    "从1949到2026：China’s long march, in 12 maps",
    "“一带一路”十年：3000多个项目、2万亿美元与42万个岗位……",
]


def ems(text: str) -> float:
    """Width in ems: a Chinese character or mark is one, a Latin letter or space a half."""
    return sum(1 if character > "\u2000" else 0.5 for character in text)


@pytest.mark.parametrize("even", [True, False])
@pytest.mark.parametrize("width", [6, 8, 11, 20])
@pytest.mark.parametrize("title", TITLES)
def test_no_line_begins_or_ends_with_the_wrong_mark(title, width, even):
    lines = break_lines(title, ems, width, most=99, even=even)

    assert len(lines) > 1
    assert "".join("".join(lines).split()) == "".join(title.split())
    assert all(ems(line) <= width for line in lines)
    for line in lines[1:]:
        assert line[0] not in CLOSING, lines
    for line in lines[:-1]:
        assert line[-1] not in OPENING, lines


def test_words_numbers_and_what_belongs_to_them_stay_whole():
    assert units("增长5.2%，RCEP，三年 China’s up") == ["增", "长", "5.2%，", "RCEP，", "三", "年 ", "China’s ", "up"]
    assert units("（一）“好”") == ["（一）", "“好”"]
    assert units("  \n ") == []


def test_lines_are_full_or_even():
    title = "老城区最后一家修表铺的四十年了"

    assert break_lines(title, ems, 13, most=3) == ["老城区最后一家修表铺的四十", "年了"]
    assert break_lines(title, ems, 13, most=3, even=True) == ["老城区最后一家", "修表铺的四十年了"]


def test_a_title_breaks_no_chinese_word():
    title = "冬储菜上市一周：白菜便宜，买的人却只抱走两棵"

    assert break_lines(title, ems, 13, most=3) == ["冬储菜上市一周：白菜便宜，", "买的人却只抱走两棵"]
    assert break_lines(title, ems, 12, most=3) == ["冬储菜上市一周：白菜便", "宜，买的人却只抱走两棵"]
    assert break_lines(title, ems, 12, most=3, even=True) == ["冬储菜上市一周：白菜", "便宜，买的人却只抱走两棵"]


def test_the_last_line_is_no_lone_character():
    text = "老城区最后一家修表铺的四十年。"

    assert break_lines(text, ems, 20, most=3) == [text]
    assert break_lines(text[:-1] * 3 + "的。", ems, 42, most=3) == [text[:-1] * 2 + text[:12], "十年的。"]


def test_what_does_not_fit_ends_in_an_ellipsis():
    lines = break_lines("国务院新闻办举行发布会，介绍前三季度国民经济运行情况", ems, 8, most=2)

    assert lines == ["国务院新闻办举行", "发布会，介绍前…"]
    # Marks before the ellipsis go: “，…” is no ending.
    assert break_lines("国务院新闻办公室，举行发布会", ems, 9, most=1) == ["国务院新闻办公室…"]


def test_a_text_that_fits_has_no_ellipsis():
    assert break_lines("雪来了", ems, 3, most=1) == ["雪来了"]
    assert break_lines("", ems, 3, most=1) == []


def test_a_word_longer_than_a_line_is_broken():
    lines = break_lines("supercalifragilistic很长", ems, 5, most=9)

    assert lines == ["supercalif", "ragilistic", "很长"]


def test_a_space_ends_no_line_and_begins_none():
    lines = break_lines("news of the whole wide world today", ems, 6, most=9)

    assert lines == ["news of the", "whole wide", "world today"]


def test_chinese_and_latin_are_set_apart():
    assert spaced("GDP增长5.2%的3个原因，AI、云") == "GDP\u2009增长\u20095.2%\u2009的\u20093\u2009个原因，AI、云"
    assert spaced("没有西文") == "没有西文"

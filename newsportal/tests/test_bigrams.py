"""The normal form of texts, its tokens, and the patterns that find terms in the original."""

import re

import opencc
import pytest

from newsportal.lib import bigrams
from newsportal.lib.bigrams import key_tokens, marked, marked_fields, needle, pattern, tokens_of


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("沪A股，5G手机", "沪|a|股 |5g|手机"),
        ("ＧＤＰ增长３.５％", "|gdp|增长|3| |5|"),
        ("發後著乾裡麼臺灣峯會", "发后着干里么台湾峰会"),
        ("张　三、李四", "张三 李四"),
        ("张 三", "张 三"),
        ("第一行\n第二行", "第一行 第二行"),
        ("snake_case C++ a-b", "|snake| |case| |c| |a| |b|"),
        ("二〇二六年", "二〇二六年"),
        ("㎡①Ⅲ", "|m21iii|"),
        ("𠮷野家", "𠮷野家"),
        ("《“—…！》", ""),
        ("a|b‖c", "|a| |b| |c|"),
        ("\ud800半", "半"),
        ("", ""),
    ],
)
def test_the_normal_form(text, form):
    assert marked(text) == form


def test_no_term_crosses_fields():
    assert marked_fields(["标题", "", "。", "导语A"]) == "标题\n导语|a|"


def test_tokens_are_units_and_neighbours():
    assert tokens_of("沪|a|股 |5g|手机") == {"沪", "a", "股", "5g", "手", "机", "沪a", "a股", "5g手", "手机"}
    assert tokens_of("标题\n甲") == {"标", "题", "标题", "甲"}
    assert tokens_of("") == set()


@pytest.mark.parametrize(
    ("form", "tokens"),
    [
        ("雪", ["雪"]),
        ("大雪", ["大雪"]),
        ("大雪纷", ["大雪", "雪纷"]),
        ("|a|股", ["a股"]),
        ("|ai|", ["ai"]),
        ("大 雪花", ["大", "雪花"]),
        ("人人人", ["人人"]),
    ],
)
def test_a_term_asks_for_the_fewest_tokens(form, tokens):
    assert key_tokens(form) == tokens
    assert set(tokens) <= tokens_of(form)


@pytest.mark.parametrize(
    ("form", "in_text"),
    [
        ("|inf|", "|inf"),
        ("见|inf|", "见|inf"),
        ("|ai|", "|ai|"),
        ("|2026|", "|2026|"),
        ("|5g|手", "|5g|手"),
        ("手", "手"),
        ("|new| |york|", "|new| |york"),
    ],
)
def test_only_a_longer_word_at_the_end_may_go_on(form, in_text):
    assert needle(form) == in_text


def test_very_long_words_are_indexed_by_their_beginning():
    word = "a" * 3000
    assert max(map(len, tokens_of(marked(word)))) == bigrams.LONGEST_WORD
    assert key_tokens(marked(word)) == ["a" * bigrams.LONGEST_WORD]


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("张三", "编辑张　三说", ["张　三"]),
        ("张三", "编辑张\n三说", []),
        ("鄉村", "乡村与鄉村", ["乡村", "鄉村"]),
        ("ai", "AI、ＡＩ、air、openai", ["AI", "ＡＩ"]),
        ("info", "Information, 见info", ["Info", "info"]),
        ("a股", "沪A股与BA股", ["A股"]),
        ("3.5", "3.5、3 5、35", ["3.5", "3 5"]),
        ("上海，北京", "上海、北京；上海北京", ["上海、北京"]),
        ("5元", "35元，5元", ["5元"]),
    ],
)
def test_patterns_find_terms_in_the_original(term, text, found):
    folded = text.translate(bigrams.SAME_LENGTH)
    assert len(folded) == len(text)
    matches = re.finditer(pattern(marked(term)), folded)
    assert [text[match.start() : match.end()] for match in matches] == found
    assert bool(found) is (needle(marked(term)) in marked(text.replace("\n", " ")))


@pytest.mark.parametrize("form", ["s2t", "s2tw", "s2hk"])
def test_every_common_character_is_found_by_its_traditional_form(form):
    """All of GB 2312, but for a few whose traditional form is another character's too."""
    convert = opencc.OpenCC(form).convert
    common = [bytes([high, low]).decode("gb2312", "ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)]
    differing = {char for char in common if char and marked(convert(char)) != marked(char)}
    assert len(common) > 6700
    assert differing <= set("渖镟稆幺腭")

"""Two versions of a text side by side."""

from newsportal.lib.comparison import BREAK, Part, Row, compare, sentences


def told(rows: list[Row]) -> list[tuple[str, str]]:
    """Both sides of each row, what changed in brackets."""

    def side(parts: tuple[Part, ...]) -> str:
        return "".join(f"[{part.text}]" if part.is_changed else part.text for part in parts)

    return [(side(row.old), side(row.new)) for row in rows]


def test_sentences_end_where_a_reader_would_say():
    text = "他问：“走不走？”没人答。\n\n3.5万人……都走了！！末句没有句号"
    assert sentences(text) == ["他问：“走不走？”", "没人答。", BREAK, BREAK, "3.5万人……", "都走了！！", "末句没有句号"]


def test_equal_texts_have_no_changes():
    rows = compare("一句。两句。\n三句。", "一句。两句。\n三句。")
    assert [row.is_changed for row in rows] == [False] * 4
    assert [row.is_break for row in rows] == [False, False, True, False]


def test_a_changed_word_is_marked_within_its_sentence():
    rows = compare("第一句不变。渡口在东岸。末句不变。", "第一句不变。渡口在西岸。末句不变。")
    assert told(rows) == [("第一句不变。",) * 2, ("渡口在[东岸]。", "渡口在[西岸]。"), ("末句不变。",) * 2]


def test_sentences_put_in_and_taken_out_stand_alone():
    rows = compare("渡口还在。\n桥没有通。", "渡口还在。昨天下了一场大雨。\n桥没有通。")
    assert told(rows)[1] == ("", "[昨天下了一场大雨。]")
    assert told(compare("旧的一段。", "完全是另外的事情，谁也没想到")) == [
        ("[旧的一段。]", ""),
        ("", "[完全是另外的事情，谁也没想到]"),
    ]


def test_a_sentence_is_beside_the_one_it_became_and_not_beside_its_neighbour():
    old = "船工老陈守着渡口三十年。"
    new = "昨天落了雪。船工老陈守着这个渡口四十年。"
    rows = compare(old, new)
    assert told(rows) == [("", "[昨天落了雪。]"), ("船工老陈守着渡口[三十年]。", "船工老陈守着[这个]渡口[四十年]。")]


def test_paragraphs_put_together_or_parted_are_told():
    (first, gap, last) = compare("甲句。\n乙句。", "甲句。乙句。")
    assert (gap.is_break, gap.is_changed) == (True, True)
    assert gap.old == (Part(BREAK, True),)
    assert gap.new == ()
    assert not first.is_changed
    assert not last.is_changed


def test_nothing_is_lost_on_either_side():
    old = "甲乙丙丁。戊己庚辛，壬癸。\n子丑寅卯！辰巳\n午未"
    new = "甲乙丙丁。戊己辛，壬壬癸。子丑寅卯？\n\n午未申酉"
    rows = compare(old, new)
    for side, text in (("old", old), ("new", new)):
        kept = "".join(part.text for row in rows for part in getattr(row, side))
        assert kept == text


def test_long_texts_that_share_nothing_are_compared_all_the_same():
    old = "".join(f"旧稿第{number}句各不相同。" for number in range(400))
    new = "".join(f"新文字里面的{number}号句子！" for number in range(390))
    rows = compare(old, new)
    assert len(rows) == 400
    assert "".join(part.text for row in rows for part in row.old) == old

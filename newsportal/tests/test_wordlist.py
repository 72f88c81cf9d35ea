"""Listed words in the texts of people who do not want them found, and of people who mean something else."""

import pytest

from newsportal.lib.wordlist import Entry, Hit, WordList, form_of


def found(text: str, *words: str, exceptions: tuple[str, ...] = ()) -> list[str]:
    entries = [Entry(number, word, exceptions if number == 0 else ()) for number, word in enumerate(words)]
    return [text[hit.start : hit.end] for hit in WordList(entries).find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "他在赌场里",
        "他在赌 场里",
        "他在赌\u200b场里",
        "他在赌*场里",
        "他在赌·-_ 场里",
        "他在賭場里",
        "他在賭\u3000場里",
        "他在赌\U0001f600\ufe0f场里",
    ],
)
def test_a_word_is_found_however_it_is_written(text):
    (hit,) = found(text, "赌场")
    assert form_of(hit) == "赌场"
    assert hit in text


@pytest.mark.parametrize(
    "text", ["打赌。场外", "打赌，场外", "打赌\n场外", "《打赌》场外", "打赌………………场外", "赌             场"]
)
def test_what_parts_sentences_parts_words(text):
    assert found(text, "赌场") == []


def test_latin_words_and_numbers_are_found_whole():
    assert found("An AV，ＡＶ、a.v. have avail AV8", "av") == ["AV", "ＡＶ", "a.v"]
    assert found("1989年，89年，第89号，2.89", "89") == ["89", "89", "89"]
    assert found("加微信vx群，加QQ群，BBQ群", "vx群", "qq群") == ["vx群", "QQ群"]


def test_the_longer_word_counts():
    assert found("网络赌博", "赌博", "网络赌博") == ["网络赌博"]
    assert found("网络赌博与赌博", "赌博", "网络赌博") == ["网络赌博", "赌博"]


def test_words_that_overlap_are_both_found():
    assert found("最好看", "最好", "好看") == ["最好", "好看"]


def test_in_an_exception_a_word_is_innocent():
    assert found("路口交通与口交", "口交", exceptions=("路口交通",)) == ["口交"]
    assert WordList([Entry(7, "口交", ("路口交通",))]).find("路口交通与口交") == [Hit(7, 5, 7)]
    assert found("路口 交\u200b通", "口交", exceptions=("路口交通",)) == []


def test_an_exception_is_of_its_own_word_only():
    """An exception hides neither another word in it nor one that it merely touches."""
    assert found("路口交通", "口交", "交通", exceptions=("路口交通",)) == ["交通"]
    assert found("甲乙丙丁", "丙丁", exceptions=("甲乙丙",)) == ["丙丁"]


def test_positions_are_of_the_text_itself():
    """㎏ becomes two letters and İ two characters; what follows is still found where it stands."""
    text = "㎏İ…㍿赌 场"
    (hit,) = WordList([Entry(1, "赌场")]).find(text)
    assert text[hit.start : hit.end] == "赌 场"


@pytest.mark.parametrize("text", ["", "\ud800赌场", "赌" * 5000, "\u0301" * 5000, "赌场" * 50_000])
def test_odd_texts(text):
    assert len(found(text, "赌场")) == text.count("赌场")


def test_an_empty_list_and_words_of_signs_find_nothing():
    assert WordList([]).find("任何文字") == []
    assert WordList([Entry(1, "——"), Entry(2, "**")]).find("任何——文字**") == []


@pytest.mark.parametrize("between", ["\u200b" * 50, "\u2060\u00ad\ufeff", "\u200b*" * 6, "\u0301" * 20, "\ufe0f" * 9])
def test_what_is_not_seen_parts_nothing(between):
    """Of invisible characters there may be any number; of visible ones, six."""
    assert found(f"在赌{between}场里", "赌场") == [f"赌{between}场"]
    assert found("在赌" + "*" * 7 + "场里", "赌场") == []


def test_zero_width_makes_no_word_of_its_own():
    assert found("x\u200bav", "av") == []
    assert found("x av", "av") == ["av"]


@pytest.mark.parametrize("text", ["caf\u00e9", "cafe\u0301", "CAFÉ", "ＣＡＦＥ"])
def test_accents_make_no_difference_however_they_are_written(text):
    """NFKC of the whole text would make one character of two; here both become the bare letter."""
    assert form_of(text) == "cafe"
    (hit,) = found(f"在 {text} 里", "café")
    assert text.startswith(hit)


def test_hangul_and_kana_stay_whole():
    assert found("한국", "하") == []
    assert form_of("한국") == "한국"


@pytest.mark.parametrize(
    ("text", "form"), [("Ⅻ", "xii"), ("①", "1"), ("㈱", "株"), ("ﬁ", "fi"), ("賭場", "赌场"), ("麪包", "面包")]
)
def test_compatibility_forms_and_traditional_characters_are_folded(text, form):
    assert form_of(text) == form

"""The language of the search box."""

import pytest

from articles import search

from .factories import make_article, make_channel, make_source
from .test_search_index import found

pytestmark = pytest.mark.django_db


FINDS = {
    "大桥": "bridge ferry",
    "大桥 渡口": "bridge ferry",
    "大桥　两岸": "bridge",
    "大桥渡口": "",
    '"一座大桥"': "bridge",
    "“大桥，两岸”": "bridge",
    "“大桥两岸”": "",
    "大桥，两岸": "bridge",
    "「渡口还在」 大桥": "ferry",
    "“渡口还在": "ferry",
    "大桥 -两岸": "ferry",
    "大桥 －两岸": "ferry",
    "渡口 -“一座大桥”": "ferry",
    "渡口 -大桥": "",
    "5G-手机": "",
    "A股": "bridge",
    "a股与5g手机": "bridge",
    "Ａ股": "bridge",
    "股": "bridge",
    "5g": "bridge",
    "g手机": "",
    "openai": "ferry",
    "open": "ferry",
    "ope": "ferry",
    "op": "",
    "ai": "",
    "AI发布": "",
    "info": "rain",
    "information age": "rain",
    "“information age”": "rain",
    "“age information”": "",
    "12": "rain",
    "1": "",
    "第12届": "rain",
    "第12": "rain",
    "2届": "",
    "3.5万": "rain",
    "“3 5”": "rain",
    "5万": "rain",
    "渡ロ": "",
    "兩岸": "bridge",
    "運動會": "rain",
    "欧阳菁": "name",
    "欧阳 菁": "name",
    "菁撰稿": "",
    "大桥 大桥": "bridge ferry",
}

ODD = [
    *['"', "“”", "“", '"""', "''", "-", "--", "- -", "-“", "*", "(", ")", "NEAR(", "NEAR(大桥 渡口, 5)", "^大桥*"],
    *["title:大桥", "大桥 OR 渡口", "大桥 AND", "NOT 大桥", '大桥" OR "1', "'); DROP TABLE articles_article;--"],
    *["大桥:*", "!大桥", "大桥 & | !", "a:b:c", "\\", "\\'", "%", "_", "<b>", "&amp;", "{{7*7}}", "😀", "\u202e", "§"],
    *[
        "§channel1",
        "\x01",
        "\t\n",
        "٣٤",
        "ﬁ",
        "ア",
        "ไทย",
        "가",
        "é",
        "ß",
        "İ",
        "ǅ",
        "𝟜𝟚",
        "|",
        "||大||",
        "a|b",
        "x" * 100,
    ],
    *["大" * 100, "大桥 " * 25, "-大桥 " * 25, "“大” " * 25, "＂大桥＂", "　　", "\u200b", "\ufeff大桥", "大\u00ad桥"],
]


@pytest.fixture
def cast(db) -> dict[str, int]:
    """Articles by a name each; the words of one are never another's by accident."""
    bodies = {
        "bridge": "沪A股与5G手机：一座大桥，两岸渡口。",
        "ferry": "渡口还在，大桥未通。OpenAI发布了新模型。",
        "rain": "Information Age，第12届运动会，3.5万人冒雨到场。",
        "name": "摄影　欧阳　菁；撰稿：司马光",
    }
    same = {"source": make_source(name="某报"), "channel": make_channel(), "lead": "导语"}
    return {name: make_article(title="稿", body=f"<p>{body}</p>", **same).pk for name, body in bodies.items()}


def test_what_is_found(cast):
    names = {pk: name for name, pk in cast.items()}
    assert len(names) == 4
    assert {words: " ".join(sorted(names[pk] for pk in found(words))) for words in FINDS} == FINDS


def test_what_repeats_itself_is_told_from_what_does_so_less(db):
    """Both have the same pairs."""
    laughs, coos = make_article(title="他哈哈一笑"), make_article(title="她哈哈哈大笑，咕咕，咕咕咕咕")
    assert [set(found("哈" * times)) for times in (2, 3, 4)] == [{laughs.pk, coos.pk}, {coos.pk}, set()]
    assert set(found("哈哈 -哈哈哈")) == {laughs.pk}
    assert set(found("咕咕咕咕 -咕咕咕咕咕")) == {coos.pk}
    assert set(found("“ab ab”")) == set()
    same = make_article(title="ab ab ab，cd").pk
    assert (set(found("“ab ab”")), set(found("“cd cd”"))) == ({same}, set())


def test_nothing_breaks_the_index(cast):
    """Whatever the index's own language means by it, here it is text."""
    for words in ODD:
        terms, _ = search.parse(words)
        if terms:
            assert set(found(words)) <= set(cast.values()), words
    asking = [words for words in ODD if search.parse(words)[0]]
    assert len(asking) > 30
    assert {words for words in asking if found(words)} == {
        *["^大桥*", "大桥:*", "!大桥", "大桥 & | !", "＂大桥＂", "\ufeff大桥", "||大||", "大桥 " * 25, "“大” " * 25],
    }


def test_words_and_exclusions_are_read_once_each():
    terms, excluded = search.parse("大桥 渡口 大橋 -雨 “一座 大桥” -“两 岸”")
    assert [term.form for term in terms] == ["大桥", "渡口", "一座 大桥"]
    assert [term.form for term in excluded] == ["雨", "两 岸"]


def test_a_minus_within_a_word_excludes_nothing():
    terms, excluded = search.parse("COVID-19 2020-2021")
    assert [term.form for term in terms] == ["|covid| |19|", "|2020| |2021|"]
    assert excluded == ()


def test_title_hits_come_first_and_fresh_ones_before_old():
    in_body = make_article(title="新", body="<p>堰沟又走水。</p>")
    in_title = make_article(title="堰沟", body="<p>无</p>")
    both = make_article(title="堰沟走水", body="<p>无</p>")
    newer = make_article(title="堰沟", body="<p>无</p>")

    def ranked(words: str, **options) -> list[int]:
        return [hit.article_id for hit in search.find(search.Query(search.parse(words)[0]), **options).hits]

    assert ranked("堰沟") == [newer.pk, both.pk, in_title.pk, in_body.pk]
    assert ranked("走水 堰沟") == [both.pk, in_body.pk]
    assert ranked("堰沟", by_time=True) == [newer.pk, both.pk, in_title.pk, in_body.pk]
    latest = make_article(title="最新", body="<p>堰沟</p>")
    assert ranked("堰沟", by_time=True)[0] == latest.pk
    assert ranked("堰沟")[-2:] == [latest.pk, in_body.pk]


def test_hits_are_capped(monkeypatch):
    for module in ("sqlite", "postgres", "results"):
        monkeypatch.setattr(f"articles.search.{module}.MOST_HITS", 3)
    pks = [make_article(title="堰沟").pk for _ in range(3)]
    complete = search.find(search.Query(search.parse("堰沟")[0]))
    assert ([hit.article_id for hit in complete.hits], complete.is_capped) == (pks[::-1], False)
    pks.append(make_article(title="堰沟").pk)
    capped = search.find(search.Query(search.parse("堰沟")[0]))
    assert ([hit.article_id for hit in capped.hits], capped.is_capped) == (pks[:0:-1], True)


def test_of_common_pairs_so_many_are_looked_at(monkeypatch):
    for module in ("sqlite", "postgres"):
        monkeypatch.setattr(f"articles.search.{module}.MOST_LOOKED_AT", 2)
    whole = make_article(title="堰沟水")
    make_article(title="堰沟与沟水")
    assert found("堰沟水") == [whole.pk]
    make_article(title="沟水与堰沟")
    assert found("堰沟水") == []
    assert len(found("堰沟")) <= 3

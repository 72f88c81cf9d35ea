"""What is taken out of a reader's text, when two are the same, and what becomes of it as HTML."""

import pytest

from comments.texts import addresses_in, clean, clean_line, digest_of, to_html


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  好。 \r\n\r\n\r\n\r\n再见 ", "好。\n\n再见"),
        ("a\x00b\x07c\x1bd", "abcd"),
        ("甲\t乙", "甲 乙"),
        ("普通\u202eRLO\u202c\u2066x\u2069\u200f", "普通RLOx"),
        ("敏\u200b感\u2060词\ufeff\u00ad\u180e", "敏感词"),
        ("\u2028分行\u2029", "分行"),
        ("𠮷野家 㐂 𪚥", "𠮷野家 㐂 𪚥"),
        ("👨‍👩‍👧 ❤️ 🏳️‍🌈 👍🏽", "👨‍👩‍👧 ❤️ 🏳️‍🌈 👍🏽"),
        (
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        ),
        ("字\U000e0041字", "字字"),
        ("a\u200db", "ab"),
        ("\u200d", ""),
        ("e\u0301", "é"),
        ("z" + "\u0335" * 40, "z" + "\u0335" * 3),
        ("\ud800", ""),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("", ""),
    ],
)
def test_what_is_kept_of_a_text(text, kept):
    assert clean(text) == kept
    assert clean(kept) == kept


def test_a_line_is_one_line():
    assert clean_line(" 林\n远\t\u200b之 ") == "林 远 之"


def test_texts_are_the_same_whatever_parts_their_letters():
    same = digest_of("加油，北京！")
    assert {digest_of(text) for text in ("加油 北京", "加·油北*京", "加油\n北京。。。")} == {same}
    assert digest_of("加油，上海！") != same
    assert digest_of("👍") != digest_of("👎")
    assert len(digest_of("")) == 32


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("一\n二\n\n三", "<p>一<br>二</p><p>三</p>"),
        ("<b>&\"'", "<p>&lt;b&gt;&amp;&quot;&#x27;</p>"),
        (
            "见https://a.example/x?y=1&z=2。好",
            '<p>见<a href="https://a.example/x?y=1&amp;z=2" rel="nofollow ugc noopener">https://a.example/x?y=1&amp;z=2</a>。好</p>',
        ),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
        (
            'https://a.example/"onclick=x',
            '<p><a href="https://a.example/" rel="nofollow ugc noopener">https://a.example/</a>&quot;onclick=x</p>',
        ),
        ("", ""),
    ],
)
def test_a_text_as_html(text, html):
    assert to_html(text) == html


def test_links_to_this_site_are_vouched_for(settings):
    ours = f"{settings.SITE_URL}/rolling/"
    assert to_html(ours) == f'<p><a href="{ours}">{ours}</a></p>'
    assert addresses_in(f"{ours} http://b.example {settings.SITE_URL}.evil.example/x") == [
        "http://b.example",
        f"{settings.SITE_URL}.evil.example/x",
    ]


def test_a_long_address_is_shown_short():
    address = "https://a.example/" + "x" * 200
    html = to_html(address)
    assert f'href="{address}"' in html
    assert f">{address[:57]}…</a>" in html

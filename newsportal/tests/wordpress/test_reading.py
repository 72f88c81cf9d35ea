"""Reading an export: its parts, its oddities, and what an evil file must not do."""

import tracemalloc
from pathlib import Path

import pytest

from newsportal.wordpress.reading import Item, SiteHead, Term, Writer, WxrError, read_wxr

SAMPLE = Path(__file__).parent / "sample.xml"
HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:excerpt="http://wordpress.org/export/1.1/excerpt/" xmlns:wp="http://wordpress.org/export/1.1/"><channel>
<wp:wxr_version>1.1</wp:wxr_version><wp:base_blog_url>http://old.example.com</wp:base_blog_url>
"""
FOOT = "</channel></rss>"


@pytest.fixture
def wxr(tmp_path):
    """Read a file of these items (or of these bytes)."""

    def read(source: str | bytes, *, head=HEAD, foot=FOOT) -> list:
        file = tmp_path / "export.xml"
        file.write_bytes(source if isinstance(source, bytes) else f"{head}{source}{foot}".encode())
        return list(read_wxr(file))

    return read


def test_the_sample_has_all_its_parts():
    entries = list(read_wxr(SAMPLE))

    assert entries[0] == SiteHead("https://www.old.example.com/news")
    assert entries[0].host == "old.example.com"
    assert [entry for entry in entries if isinstance(entry, Writer)] == [
        Writer("admin", "admin"),
        Writer("jianghe", "江禾"),
    ]
    terms = [entry for entry in entries if isinstance(entry, Term)]
    assert terms[2] == Term("category", "hehu", "河湖", "huanjing", "4")
    assert [term.nicename for term in terms if term.domain == "post_tag"] == ["%e6%a1%a5", "unused"]
    items = [entry for entry in entries if isinstance(entry, Item)]
    assert [item.number for item in items] == [*range(11, 25), 30, 31, 32, 40, 41, 42, 43]
    first = items[0]
    assert (first.line, first.post_type, first.status) == (37, "post", "publish")
    assert [(each.number, each.parent, each.approved) for each in first.comments] == [
        ("1", "0", "1"),
        ("2", "1", "1"),
        ("3", "0", "spam"),
        ("5", "2", "0"),
    ]
    assert first.excerpt == "入春第一天，老桥换上了<b>新护栏</b>。"
    assert first.content.startswith("老桥的护栏<strong>全部</strong>换新。\n桥上的灯也亮了。")
    assert first.meta == {"_edit_last": "2", "_thumbnail_id": "21"}
    assert first.terms[1] == Term("category", "huanjing", "环境")
    assert first.nothing_of_this_name == ""


def test_what_xml_cannot_hold_is_dropped(wxr):
    source = (
        HEAD.encode() + "<item><title>字".encode() + b"\x08\x0b\xff\x1f<![CDATA[]]]]><![CDATA[>&amp;]]></title></item>"
    )
    [_, item] = wxr(source + FOOT.encode())

    assert item.title == "字�]]>&amp;"


def test_a_byte_order_mark_and_comments_may_come_first(wxr):
    source = b"\xef\xbb\xbf" + HEAD.replace("<rss", "<!-- a -- > -->\n<!-- b --><rss").replace("a -- >", "a").encode()
    assert len(wxr(source + b"<item/>" + FOOT.encode())) == 2


def test_a_character_may_be_cut_by_the_edge_of_a_chunk(wxr, monkeypatch):
    monkeypatch.setattr("newsportal.wordpress.reading.CHUNK", 7)
    [_, item] = wxr("<item><title>一二三四五六七八九十</title></item>")
    assert item.title == "一二三四五六七八九十"


BOMB = (
    '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1/evil.dtd">',
        "<!doctype rss>",
        BOMB,
        "<!-- before it --><?pi?>\n<!DOCTYPE rss>",
    ],
)
def test_a_document_type_is_refused(wxr, doctype):
    with pytest.raises(WxrError, match="DOCTYPE"):
        wxr("<item><title>&x;&j;</title></item>", head=HEAD.replace("<rss", f"{doctype}<rss"))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"", "不是 XML 文件"),
        (b"PK\x03\x04", "不是 XML 文件"),
        (b"+ADw-!DOCTYPE", "不是 XML 文件"),
        ('<?xml version="1.0"?>'.encode("utf-16"), "不是 XML 文件"),
        (b'<?xml version="1.0" encoding="GBK"?><rss/>', "文件编码是 GBK"),
        (b'<?xml version="1.0" encoding="UTF-7"?>+ADw-rss/+AD4-', "文件编码是 UTF-7"),
        (b"<rss><channel><item/></channel></rss>", "不是 WordPress 导出文件"),
        (b"<html><body></body></html>", "不是 WordPress 导出文件"),
        (b"<rss>&undeclared;</rss>", "中断或损坏"),
    ],
)
def test_what_is_no_export_is_refused(wxr, source, message):
    with pytest.raises(WxrError, match=message):
        wxr(source)


def test_a_file_that_breaks_off_gives_what_came_before(tmp_path):
    file = tmp_path / "half.xml"
    file.write_text(f"{HEAD}<item><title>一</title></item>\n<item><title>二", encoding="utf-8")
    entries = read_wxr(file)

    assert [next(entries), next(entries).title] == [SiteHead("http://old.example.com"), "一"]
    with pytest.raises(WxrError, match="文件在第 6 行中断"):
        next(entries)


def test_elements_of_other_kinds_are_passed_over(wxr):
    [_, item] = wxr(
        "<image><url>x</url></image><category>x</category><atom:link xmlns:atom='http://www.w3.org/2005/Atom'/>"
        "<item><!-- a comment --><wp:post_id>abc</wp:post_id><wp:post_parent/></item>"
    )
    assert (item.number, item.post_parent) == (0, "")


def test_memory_does_not_grow_with_the_file(tmp_path):
    """Two thousand items of ten kilobytes, and never more than a few of them at once."""
    file = tmp_path / "large.xml"
    item = f"<item><title>标题</title><content:encoded><![CDATA[{'文字' * 1700}]]></content:encoded></item>\n"
    with file.open("w", encoding="utf-8") as stream:
        stream.write(HEAD)
        for _ in range(2000):
            stream.write(item)
        stream.write(FOOT)
    tracemalloc.start()
    try:
        count = sum(isinstance(entry, Item) for entry in read_wxr(file))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert file.stat().st_size > 20_000_000
    assert count == 2000
    assert peak < 4_000_000

"""Pages in Traditional characters: what of a page's source is converted, and what stays sign for sign."""

import json

import pytest

from newsportal.lib.hant import has_traditional, traditional_html, traditional_url

SITE = "https://news.example.com"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = SITE


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("<p>理发</p>", "<p>理髮</p>"),
        # A word may be marked inside; a paragraph ends it.
        ("理<mark>发</mark>店", "理<mark>髮</mark>店"),
        ("<b>头</b><em>发</em>", "<b>頭</b><em>髮</em>"),
        ("<p>理</p><p>发</p>", "<p>理</p><p>發</p>"),
        ("<li>理<li>发", "<li>理<li>發"),
        ("理 <mark>发</mark>", "理 <mark>發</mark>"),
        ("理<wbr>发&nbsp;&amp;&lt;干杯&#x27;", "理<wbr>髮&nbsp;&amp;&lt;乾杯&#x27;"),
        # What no person reads.
        ("<!-- 发 --><!doctype html>", "<!-- 发 --><!doctype html>"),
        ('<p id="发" class="头发" data-x>a</p>', '<p id="发" class="头发" data-x>a</p>'),
        ("<script>let a = '发' < 1;</script>发", "<script>let a = '发' < 1;</script>發"),
        # What they do.
        ('<img src="/发.jpg" alt="头发" title=\'干杯\'>', '<img src="/发.jpg" alt="頭髮" title=\'乾杯\'>'),
        ('<a aria-label="里面" data-said="后面">x</a>', '<a aria-label="裡面" data-said="後面">x</a>'),
        ('<meta name="description" content="发展">', '<meta name="description" content="發展">'),
        ('<input placeholder="查询" value="头发">', '<input placeholder="查詢" value="头发">'),
        ('<input type="submit" value="查询">', '<input type="submit" value="查詢">'),
        ('<option value="头发">头发</option>', '<option value="头发">頭髮</option>'),
        ("<textarea>头发</textarea><title>头发</title>", "<textarea>頭髮</textarea><title>頭髮</title>"),
        # Language.
        ('<html lang="zh-CN"><p>发</p></html>', '<html lang="zh-Hant"><p>發</p></html>'),
        ('<p lang="ja">発展发<b>发</b></p>发', '<p lang="ja">発展发<b>发</b></p>發'),
        ('<i translate="no">发<i>发</i>发</i>发', '<i translate="no">发<i>发</i>发</i>發'),
        ('<img translate="no" alt="发">发', '<img translate="no" alt="发">發'),
        ('<p lang="ja">发', '<p lang="ja">发'),
        ('<meta property="og:locale" content="zh_CN">', '<meta property="og:locale" content="zh_TW">'),
        # A name.
        ('<a href="/authors/5/">余小明</a>余下', '<a href="/hant/authors/5/">余小明</a>餘下'),
        # Source that is no good HTML comes out again.
        ("a < b 发 <", "a < b 發 <"),
        ('<p title="发', '<p title="發'),
        ("发\x1f发", "发\x1f发"),
        ("", ""),
    ],
)
def test_what_is_converted(source, wanted):
    assert traditional_html(source) == wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ('<a href="/">', '<a href="/hant/">'),
        ('<a href="/society/?page=2&amp;x=1#a">', '<a href="/hant/society/?page=2&amp;x=1#a">'),
        ('<a href="/society/2026/1103/12_2.html">', '<a href="/hant/society/2026/1103/12_2.html">'),
        (f'<link rel="canonical" href="{SITE}/a/">', f'<link rel="canonical" href="{SITE}/hant/a/">'),
        (f'<meta property="og:url" content="{SITE}/a/">', f'<meta property="og:url" content="{SITE}/hant/a/">'),
        (f'<meta property="og:image" content="{SITE}/media/a.jpg">', None),
        ('<form action="/search/">', '<form action="/hant/search/">'),
        ('<form method="get" action="/staff/">', '<form method="get" action="/hant/staff/">'),
        ('<form method="post" action="/preferences/">', None),
        ('<input type="hidden" name="next" value="/a/">', '<input type="hidden" name="next" value="/hant/a/">'),
        # What stays: relative, elsewhere, files, what has one form only, and links that name their language.
        ('<a href="?page=2">', None),
        ('<a href="#main">', None),
        ('<a href="">', None),
        ('<a href="//evil.example.com/">', None),
        ('<a href="https://other.example.com/a/">', None),
        (f'<a href="{SITE}.evil.example.com/a/">', None),
        ('<a href="mailto:a@example.com">', None),
        ('<img src="/media/a.webp" srcset="/media/a.webp 1x">', None),
        ('<link rel="stylesheet" href="/preferences.css">', None),
        ('<link rel="manifest" href="/manifest.webmanifest">', None),
        ('<a href="/qr.svg">', None),
        ('<link rel="alternate" type="application/rss+xml" href="/feeds/rss.xml">', None),
        ('<form action="/search/suggest/">', None),
        ('<a href="/admin/">', None),
        ('<p data-reads-url="/reads/12/">', None),
        ('<a href="/hant/a/">', None),
        ('<a hreflang="zh-Hans" lang="zh-Hans" href="/a/">简体</a>', None),
        (f'<link rel="alternate" hreflang="zh-Hans" href="{SITE}/a/">', None),
    ],
)
def test_links_lead_to_traditional_pages(source, wanted):
    assert traditional_html(source) == (wanted or source)


def test_a_phrase_that_changes_its_length_is_not_cut(monkeypatch):
    monkeypatch.setattr("newsportal.lib.hant.traditional", lambda text: text.replace("理发", "剪頭髮"))
    assert traditional_html("理发<b>理</b>发") == "剪頭髮<b>理</b>发"


def test_data_for_machines_stays_valid():
    data = {
        "@id": f"{SITE}/#organization",
        "headline": "头发</script>",
        "url": f"{SITE}/a/",
        "inLanguage": "zh-CN",
        "image": [f"{SITE}/media/a.jpg", {"caption": "里面", "width": 1200, "x": None}],
    }
    source = json.dumps(data).replace("<", "\\u003c")
    page = traditional_html(f'<script type="application/ld+json">{source}</script><p>发</p>')

    start, _, rest = page.partition('<script type="application/ld+json">')
    block, _, after = rest.partition("</script>")
    assert (start, after) == ("", "<p>發</p>")
    assert json.loads(block) == {
        "@id": f"{SITE}/#organization",
        "headline": "頭髮</script>",
        "url": f"{SITE}/hant/a/",
        "inLanguage": "zh-Hant",
        "image": [f"{SITE}/media/a.jpg", {"caption": "裡面", "width": 1200, "x": None}],
    }


def test_data_that_is_broken_stays():
    source = '<script type="application/ld+json">{"头发": </script>'
    assert traditional_html(source) == source


@pytest.mark.parametrize("path", ["/", "/a/", "/a/?b=/c.svg", "/a/2026/1103/1.html#x", "/offline/"])
def test_pages_have_a_traditional_form(path):
    assert has_traditional(path)
    assert traditional_url(path) == f"/hant{path}"


@pytest.mark.parametrize("path", ["/sw.js", "/a", "/healthz", "/hant/", "/admin/", "/accounts/login/", "/media/a/"])
def test_all_else_has_none(path):
    assert not has_traditional(path)
    assert traditional_url(path) == path

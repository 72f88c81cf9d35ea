"""The cleaner of rich text: what goes in and exactly what comes out."""

import pytest

from newsportal.lib.html import clean_html, media_ids, replace_figures, split_pages, text_of

CLEANED = {
    "nothing": ("", ""),
    "white space alone": (" \n\t　\u00a0", ""),
    # Plain text
    "plain line": ("甲", "<p>甲</p>"),
    "plain lines": ("甲\n\n 乙\r\n丙\n", "<p>甲</p>\n<p>乙</p>\n<p>丙</p>"),
    "plain indent": ("　　甲\n　　乙", "<p>甲</p>\n<p>乙</p>"),
    "plain with signs": ("气温<20度 & 湿度>80%", "<p>气温&lt;20度 &amp; 湿度&gt;80%</p>"),
    "plain with a sign before a letter": ("若x<y则成立", "<p>若x&lt;y则成立</p>"),
    "plain entity is what was typed": ("&amp;", "<p>&amp;amp;</p>"),
    # Word, WPS, WeChat
    "Word paragraph": (
        '<p class="MsoNormal" style="text-indent:21pt" align="justify"><span lang="EN-US">甲<o:p></o:p></span></p>',
        "<p>甲</p>",
    ),
    "Word conditional comment": ("<!--[if gte mso 9]><xml>dirt</xml><![endif]--><p>甲</p>", "<p>甲</p>"),
    "Word line break": ("<p>甲\x0b乙\x0c丙</p>", "<p>甲 乙 丙</p>"),
    "Word control characters": ("<p>甲\x01\x1f乙</p>", "<p>甲乙</p>"),
    "control characters by number": ("<p>甲&#1;&#11;乙&#xfffe;</p>", "<p>甲 乙</p>"),
    "WPS empty paragraphs": ("<p>&nbsp;</p><p>甲</p><p><span>　　</span></p><p></p>", "<p>甲</p>"),
    "WeChat sections": (
        '<section style="margin:0"><section><span>甲</span></section><section><p>乙</p></section></section>',
        "<p>甲</p>\n<p>乙</p>",
    ),
    "WeChat emphasis around sections": (
        "<strong><section>甲</section><section>乙</section></strong>",
        "<p><strong>甲</strong></p>\n<p><strong>乙</strong></p>",
    ),
    "WeChat heading with sections": ("<h2><section>甲</section></h2>", "<h2>甲</h2>"),
    "lazy picture": ('<p>甲</p><img data-src="x"><noscript><img src="x">乙</noscript>', "<p>甲</p>"),
    # White space
    "indent": ("<p>　　甲　　</p>", "<p>甲</p>"),
    "indent inside emphasis": ("<p><strong>　　甲</strong>乙</p>", "<p><strong>甲</strong>乙</p>"),
    "full-width space between words": ("<p>省委书记　　张三</p>", "<p>省委书记　张三</p>"),
    "nbsp run": ("<p>甲&nbsp;&nbsp; &nbsp;乙</p>", "<p>甲 乙</p>"),
    "spaces on both sides of an edge": ("<p>甲 <em> 乙 </em> 丙</p>", "<p>甲 <em>乙 </em>丙</p>"),
    "space left by what was empty": ("<p>甲 <em></em> 乙 <em> </em></p>", "<p>甲 乙</p>"),
    "zero-width space": ("<p>新\u200b闻\ufeff</p>", "<p>新闻</p>"),
    "separators of lines": ("<p>甲\u2028乙\u2029</p>", "<p>甲 乙</p>"),
    "NUL": ("<p>甲\x00乙</p>", "<p>甲乙</p>"),
    "lone surrogate": ("<p>甲\ud800乙</p>", "<p>甲乙</p>"),
    "emoji": ("<p>👨\u200d👩\u200d👧好</p>", "<p>👨\u200d👩\u200d👧好</p>"),
    # Boxes and figures of ours
    "fact box": (
        '<aside class="fact-box x"><h4>资料</h4>甲<br>乙<ul><li>丙</li></ul></aside>',
        '<aside class="fact-box"><h4>资料</h4><p>甲</p><p>乙</p><ul><li>丙</li></ul></aside>',
    ),
    "fact box in a box of a page": (
        '<div><aside class="fact-box">甲</aside></div>',
        '<aside class="fact-box"><p>甲</p></aside>',
    ),
    "fact box in a fact box": (
        '<aside class="fact-box">甲<aside class="fact-box">乙</aside></aside>',
        '<aside class="fact-box"><p>甲</p><p>乙</p></aside>',
    ),
    "fact box in a quotation": (
        '<blockquote><aside class="fact-box">甲</aside></blockquote>',
        "<blockquote><p>甲</p></blockquote>",
    ),
    "fact box in a cell": (
        '<table><tr><td><aside class="fact-box">甲</aside></td></tr></table>',
        "<table><tbody><tr><td><p>甲</p></td></tr></tbody></table>",
    ),
    "empty fact box": ('<aside class="fact-box"><p> </p></aside><p>甲</p>', "<p>甲</p>"),
    "fact box with a handler": (
        '<aside class="fact-box" onclick="x()" style="a" id="b"><p>甲</p></aside>',
        '<aside class="fact-box"><p>甲</p></aside>',
    ),
    "pull quote": (
        '<blockquote class="pull-quote wide"><p>甲</p></blockquote>',
        '<blockquote class="pull-quote"><p>甲</p></blockquote>',
    ),
    "gallery": (
        '<figure data-gallery=" 12 x 15  12 -1"><figcaption>甲</figcaption></figure>',
        '<figure data-gallery="12 15"><figcaption>甲</figcaption></figure>',
    ),
    "gallery of nothing": ('<figure data-gallery="x"><figcaption>甲</figcaption></figure>', "<p>甲</p>"),
    "video elsewhere": ('<figure data-embed="https://v.qq.com/x/1.html"></figure>',) * 2,
    "script for a video": (
        '<figure data-embed="javascript:alert(1)"><figcaption>甲</figcaption></figure>',
        "<p>甲</p>",
    ),
    "video without a lock": ('<figure data-embed="http://v.qq.com/x"></figure>', ""),
    "video at no host": ('<figure data-embed="https:///x"></figure><figure data-embed="https://[x"></figure>', ""),
    "video address with a space": ('<figure data-embed="https://v.qq.com/ x"></figure>', ""),
    "related story has no caption": (
        '<figure data-article="7"><figcaption>甲</figcaption></figure>',
        '<figure data-article="7"></figure>\n<p>甲</p>',
    ),
    "figure of two kinds": ('<figure data-video="3" data-photo="12"></figure>', '<figure data-photo="12"></figure>'),
    # Paragraphs
    "nested boxes": ("<div>甲<div>乙</div>丙</div>", "<p>甲</p>\n<p>乙</p>\n<p>丙</p>"),
    "loose text before a box": (
        "子<div>甲<p>乙</p>丙</div>丁",
        "<p>子</p>\n<p>甲</p>\n<p>乙</p>\n<p>丙</p>\n<p>丁</p>",
    ),
    "boxes of a web page": (
        "<article>甲</article><aside>乙</aside><center>丙</center>",
        "<p>甲</p>\n<p>乙</p>\n<p>丙</p>",
    ),
    "definitions": ("<dl><dt>甲</dt><dd>乙</dd></dl>", "<p>甲</p>\n<p>乙</p>"),
    "loose text and inline": (
        "甲<strong>乙</strong>丙<p>丁</p>戊",
        "<p>甲<strong>乙</strong>丙</p>\n<p>丁</p>\n<p>戊</p>",
    ),
    "loose lines": ("甲<br>乙<br><br>丙", "<p>甲</p>\n<p>乙</p>\n<p>丙</p>"),
    "br paragraphs": ("<p>甲<br>　　乙<br/><br>丙</p>", "<p>甲</p>\n<p>乙</p>\n<p>丙</p>"),
    "br alone": ("<p><br></p><p>甲<br></p>", "<p>甲</p>"),
    "br paragraphs with inline": (
        "<p>甲<em>乙</em><br><em>丙</em>丁</p>",
        "<p>甲<em>乙</em></p>\n<p><em>丙</em>丁</p>",
    ),
    "verse": ('<p class="verse">甲<br>　乙<br><br>丙<br></p>', '<p class="verse">甲<br>乙<br><br>丙</p>'),
    "verse among other classes": ('<p class="x verse y">甲<br>乙</p>', '<p class="verse">甲<br>乙</p>'),
    "unclosed": ("<p>甲<p>乙<ul><li>丙<li>丁", "<p>甲</p>\n<p>乙</p>\n<ul><li>丙</li><li>丁</li></ul>"),
    "closed twice": ("<p>甲</p></p></div>乙</strong>", "<p>甲</p>\n<p>乙</p>"),
    # Headings and inline
    "headings": (
        "<h1>甲</h1><h2>乙</h2><h3>丙</h3><h4>丁</h4><h5>戊</h5><h6>己</h6>",
        "<h2>甲</h2>\n<h2>乙</h2>\n<h3>丙</h3>\n<h4>丁</h4>\n<h4>戊</h4>\n<h4>己</h4>",
    ),
    "heading with edges": ("<h2>&nbsp;甲<br></h2><h2><br></h2>", "<h2>甲</h2>"),
    "inline names": (
        "<p><b>甲</b><i>乙</i><u>丙</u>H<sub>2</sub></p>",
        "<p><strong>甲</strong><em>乙</em>丙H<sub>2</sub></p>",
    ),
    "lists": ("<ol><li>甲<ul><li>乙</li></ul></li></ol>", "<ol><li>甲<ul><li>乙</li></ul></li></ol>"),
    "loose text in a list": ("<ul>甲\n<li>乙</li>\n</ul>", "<ul><li>甲</li><li>乙</li></ul>"),
    "items without a list": ("<li>甲</li><li>乙</li>", "<p>甲</p>\n<p>乙</p>"),
    "quotation": ("<blockquote>甲<p>乙</p></blockquote>", "<blockquote>甲<p>乙</p></blockquote>"),
    "table": (
        '<table width="9">\n<caption>表</caption><tr>\n<th scope="col" id="x">甲</th>\n<td colspan="2"></td></table>',
        '<table><caption>表</caption><tbody><tr><th scope="col">甲</th><td colspan="2"></td></tr></tbody></table>',
    ),
    # Figures and breaks
    "photo": ('<figure data-photo="3" class="x"></figure>', '<figure data-photo="3"></figure>'),
    "photo in a paragraph": (
        '<p>甲<figure data-photo="3"></figure>乙</p>',
        '<p>甲</p>\n<figure data-photo="3"></figure>\n<p>乙</p>',
    ),
    "caption": (
        '<figure data-photo="3"><figcaption> <p>甲</p><b>乙</b> 丙</figcaption></figure>',
        '<figure data-photo="3"><figcaption>甲 乙 丙</figcaption></figure>',
    ),
    "more than a caption": (
        '<figure data-video="3">甲<figcaption>乙</figcaption><p>丙</p><figcaption>丁</figcaption></figure>',
        '<figure data-video="3"><figcaption>乙</figcaption></figure>\n<p>甲</p>\n<p>丙</p>\n<p>丁</p>',
    ),
    "foreign picture with caption": ('<figure><img src="x"><figcaption>甲</figcaption></figure>', "<p>甲</p>"),
    "page break": (
        '<p>甲</p><hr class="page-break x" data-title="二 &lt;&quot;&gt;"><p>乙</p>',
        '<p>甲</p>\n<hr class="page-break" data-title=\'二 &lt;"&gt;\'>\n<p>乙</p>',
    ),
    "rule": ('<hr class="x" size="1">', "<hr>"),
    # What is not safe
    "script": ("<p>甲</p><script>alert('x')</script><style>p{color:red}</style><title>x</title>", "<p>甲</p>"),
    "handlers": ('<p onclick="x()" id="a" style="color:red">甲</p>', "<p>甲</p>"),
    "image": ('<p>甲<img src="x" onerror="alert(1)">乙</p>', "<p>甲乙</p>"),
    "unclosed image": ('<img src="x" onerror=alert(1)//', '<p>&lt;img src="x" onerror=alert(1)//</p>'),
    "svg": ('<p>甲</p><svg onload="x()"><script>x()</script></svg>', "<p>甲</p>"),
    "iframe": ('<iframe src="https://e.example/">甲</iframe><p>乙</p>', "<p>乙</p>"),
    "comment": ("<p>甲<!-- <b>乙</b> -->丙</p>", "<p>甲丙</p>"),
    "form": ('<form action="/x"><input name="q" value="v"><button>甲</button></form>', "<p>甲</p>"),
    "link": (
        '<p><a href="https://e.example/?a=1&amp;b=2" target="_blank" onclick="x()" title="题">甲</a></p>',
        '<p><a href="https://e.example/?a=1&amp;b=2" title="题" rel="noopener">甲</a></p>',
    ),
    "own link": ('<p><a href="/letters/">甲</a></p>', '<p><a href="/letters/" rel="noopener">甲</a></p>'),
    "javascript link": ('<p><a href="javascript:alert(1)">甲</a></p>', "<p>甲</p>"),
    "javascript link in disguise": ('<p><a href=" java\tscript&#58;alert(1)">甲</a></p>', "<p>甲</p>"),
    "data link": ('<p><a href="data:text/html,x">甲</a></p>', "<p>甲</p>"),
    "link around a box": (
        '<a href="/x/"><div>甲</div>乙</a>',
        '<p><a href="/x/" rel="noopener">甲</a></p>\n<p><a href="/x/" rel="noopener">乙</a></p>',
    ),
}


@pytest.mark.parametrize(("source", "expected"), CLEANED.values(), ids=CLEANED)
def test_what_is_pasted_comes_out_clean(source, expected):
    assert clean_html(source) == expected


@pytest.mark.parametrize("source", [source for source, _ in CLEANED.values()], ids=CLEANED)
def test_cleaning_twice_changes_nothing(source):
    once = clean_html(source)

    assert clean_html(once) == once


def test_deep_nesting_is_kept():
    quoted = "<blockquote>" * 300 + "甲" + "</blockquote>" * 300

    assert clean_html(quoted) == quoted
    assert text_of(quoted) == "甲"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", ""),
        ("<p>甲</p>\n<p>乙<strong>丙</strong></p>", "甲\n乙丙"),
        ('<p class="verse">甲<br>乙</p>', "甲\n乙"),
        ("<blockquote>甲<p>乙</p></blockquote>", "甲\n乙"),
        ("<ul><li>甲<ul><li>乙</li></ul></li><li>丙</li></ul>", "甲\n乙\n丙"),
        (
            "<table><caption>表</caption><tbody><tr><th>姓名</th><th>年龄</th></tr><tr><td>甲</td><td>9</td></tr></tbody></table>",
            "表\n姓名 年龄\n甲 9",
        ),
        ('<figure data-photo="1"><figcaption>图说</figcaption></figure><p>甲 &lt;b&gt;</p>', "图说\n甲 <b>"),
    ],
)
def test_text_has_a_line_for_each_block(source, expected):
    assert text_of(source) == expected


BREAK = '<hr class="page-break">'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", [("", "")]),
        ("<p>甲</p>\n<h2>乙</h2>", [("", "<p>甲</p>\n<h2>乙</h2>")]),
        (f"<p>甲</p>{BREAK}<p>乙</p>", [("", "<p>甲</p>"), ("", "<p>乙</p>")]),
        (
            '<p>甲</p><hr class="page-break" data-title="下篇"><p>乙</p><hr><p>丙</p>',
            [("", "<p>甲</p>"), ("下篇", "<p>乙</p>\n<hr>\n<p>丙</p>")],
        ),
        (f"{BREAK}<p>甲</p>{BREAK}{BREAK}<p>乙</p>{BREAK}", [("", "<p>甲</p>"), ("", "<p>乙</p>")]),
        (BREAK, [("", "")]),
    ],
)
def test_a_body_splits_at_its_page_breaks(source, expected):
    assert split_pages(source) == expected


def test_media_ids_are_numbers_in_order_each_once():
    source = "".join(
        f'<figure data-photo="{value}"></figure>' for value in ("7", "3", "7", "x", "-1", "", "9" * 19, "9" * 18)
    )

    assert media_ids(source + '<figure data-video="5"></figure>', "data-photo") == [7, 3, int("9" * 18)]
    assert media_ids(source + '<figure data-video="5"></figure>', "data-video") == [5]
    assert media_ids("<p>甲</p>", "data-photo") == []


def test_figures_are_replaced_where_they_stand_and_left_out_when_empty():
    source = (
        '<p>甲</p>\n<figure data-photo="1"></figure>\n<figure data-photo="2"></figure>'
        '<blockquote>乙<figure data-photo="3"></figure>丙</blockquote>\n<p>丁 &lt;!--0--&gt;</p>'
    )
    pictures = {"1": '<img src="/1.jpg">', "2": "", "3": '<img src="/3.jpg">'}

    replaced = replace_figures(source, lambda figure: pictures[figure.get("data-photo")])

    assert replaced == (
        '<p>甲</p>\n<img src="/1.jpg">\n<blockquote>乙<img src="/3.jpg">丙</blockquote>\n<p>丁 &lt;!--0--&gt;</p>'
    )


def test_a_figure_is_rendered_with_its_caption():
    replaced = replace_figures(
        '<figure data-photo="1"><figcaption>图说</figcaption></figure>', lambda figure: figure.findtext("figcaption")
    )

    assert replaced == "图说"

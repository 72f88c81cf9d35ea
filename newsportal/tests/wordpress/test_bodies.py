"""The text of a post: classic and blocks, shortcodes, pictures, embeds; each as the body HTML that it becomes."""

import pytest

from newsportal.lib.html import clean_html
from newsportal.wordpress.bodies import Placed, convert
from newsportal.wordpress.markup import plain_markup

SHARED = {5: "<!-- wp:paragraph --><p>共用的一段</p><!-- /wp:paragraph -->"}


class Desk:
    """Surroundings in which picture 404 is missing and every other is there under its own number."""

    def __init__(self):
        self.said, self.asked = [], []

    def photo(self, reference):
        self.asked.append((reference.attachment, reference.src, reference.alt))
        return None if reference.attachment == 404 else Placed(reference.attachment or 1, "库里的图说")

    def link(self, address):
        return address.replace("http://old.example", "")

    def say(self, kind, message):
        self.said.append(kind)


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def body(desk):
    def body(content: str) -> str:
        markup = plain_markup(
            content, say=desk.say, attached=lambda: [7, 8], reusable=lambda number: SHARED.get(number, "")
        )
        return clean_html(convert(markup, desk))

    return body


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", ""),
        ("一段", "<p>一段</p>"),
        ("一\n\n二\r\n\r\n\r\n三", "<p>一</p>\n<p>二</p>\n<p>三</p>"),
        ("一行\n又一行", "<p>一行</p>\n<p>又一行</p>"),
        ("一行<br />\n又一行", "<p>一行</p>\n<p>又一行</p>"),
        ("一<br><br>二", "<p>一</p>\n<p>二</p>"),
        ("<p>已有段落</p>\n后面的字", "<p>已有段落</p>\n<p>后面的字</p>"),
        ("<h2>题</h2>\n字\n<h3>小题</h3>", "<h2>题</h2>\n<p>字</p>\n<h3>小题</h3>"),
        ("<ul>\n<li>一</li>\n<li>二</li>\n</ul>\n字", "<ul><li>一</li><li>二</li></ul>\n<p>字</p>"),
        ("<blockquote>引\n\n又引</blockquote>字", "<blockquote><p>引</p><p>又引</p></blockquote>\n<p>字</p>"),
        ("<div>盒\n\n又盒</div>", "<p>盒</p>\n<p>又盒</p>"),
        ("前<strong\nclass='x'>粗</strong>后", "<p>前<strong>粗</strong>后</p>"),
        ("<pre>一\n  二</pre>", "<p>一</p>\n<p>二</p>"),
        ("　　缩进的字", "<p>缩进的字</p>"),
        ("a < b 与 c > d", "<p>a &lt; b 与 c &gt; d</p>"),
        ("字<!--more 看全文-->\n后", "<p>字</p>\n<p>后</p>"),
        ("一<!--nextpage-->二", '<p>一</p>\n<hr class="page-break">\n<p>二</p>'),
        ("<table><tr><td>格\n子</td></tr></table>", "<table><tbody><tr><td>格 子</td></tr></tbody></table>"),
    ],
)
def test_classic_text(body, desk, content, expected):
    assert body(content) == expected


@pytest.mark.parametrize(
    ("content", "expected", "said"),
    [
        ("<!-- wp:paragraph --><p>一\n行</p><!-- /wp:paragraph -->", "<p>一 行</p>", []),
        ('<!-- wp:block {"ref":5} /-->', "<p>共用的一段</p>", []),
        ('<!-- wp:block {"ref":6} /-->', "", ["block"]),
        ('<!-- wp:block {"ref":{}} /-->', "", ["block"]),
        ("<!-- wp:latest-comments /-->", "", ["block"]),
        ('<!-- wp:acme/chart {"a":"}"} /-->', "", ["block"]),
        ("<!-- wp:spacer /-->", "", []),
        (
            "<!-- wp:core/paragraph --><p>字</p><!-- /wp:core/paragraph -->散\n\n落",
            "<p>字</p>\n<p>散</p>\n<p>落</p>",
            [],
        ),
        ("<!-- wp:freeform -->散\n\n落<!-- /wp:freeform -->", "<p>散</p>\n<p>落</p>", []),
        (
            '<!-- wp:verse --><pre class="wp-block-verse">一\n二</pre><!-- /wp:verse -->',
            '<p class="verse">一<br>二</p>',
            [],
        ),
        (
            (
                "<!-- wp:nextpage -->\n<!--nextpage-->\n<!-- /wp:nextpage -->"
                "<!-- wp:paragraph --><p>二</p><!-- /wp:paragraph -->"
            ),
            '<hr class="page-break">\n<p>二</p>',
            [],
        ),
        (
            (
                '<!-- wp:file --><div class="wp-block-file"><a href="http://old.example/a.pdf">甲</a>'
                '<a href="http://old.example/a.pdf" class="wp-block-file__button" download>下载</a>'
                "</div><!-- /wp:file -->"
            ),
            '<p><a href="/a.pdf" rel="noopener">甲</a></p>',
            [],
        ),
    ],
)
def test_blocks(body, desk, content, expected, said):
    assert body(content) == expected
    assert desk.said == said


@pytest.mark.parametrize(
    ("content", "expected", "said"),
    [
        ("[gallery]", '<figure data-photo="7"></figure>\n<figure data-photo="8"></figure>', []),
        ('[gallery exclude="7"]', '<figure data-photo="8"></figure>', []),
        ("[gallery ids='3,4' columns=2]", '<figure data-photo="3"></figure>\n<figure data-photo="4"></figure>', []),
        ("字 [[gallery]] 字", "<p>字 [gallery] 字</p>", []),
        ("[embed width=3]https://v.example/1[/embed]", None, ["embed"]),
        ('[video mp4="https://v.example/a.mp4"][/video]', None, ["embed"]),
        ('[audio src="https://v.example/a.mp3"]', None, ["embed"]),
        ("[audio]", "", ["embed"]),
        ("据[新华社]报道[1][sic]", "<p>据[新华社]报道[1][sic]</p>", []),
        ('[su_button url="x"]按钮[/su_button]后', "<p>按钮后</p>", ["shortcode"]),
        ("[contact-form-7]", "", ["shortcode"]),
        ("[box]里[/box]", "<p>里</p>", ["shortcode"]),
        (
            '[caption id="attachment_9"]<img src="http://old.example/a.jpg"> 一<b>图</b>[/caption]',
            '<figure data-photo="9"><figcaption>一图</figcaption></figure>',
            [],
        ),
        (
            '[caption caption="旧式 &quot;图说&quot;"]<img class="wp-image-6" src="a.jpg">[/caption]',
            '<figure data-photo="6"><figcaption>旧式 "图说"</figcaption></figure>',
            [],
        ),
        ("[caption]没有图[/caption]", "<p>没有图</p>", []),
    ],
)
def test_shortcodes(body, desk, content, expected, said):
    made = body(content)
    assert desk.said == said
    if expected is not None:
        assert made == expected
    else:
        assert made.startswith('<p><a href="https://v.example/')


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            '字<img class="alignleft wp-image-3" src="a.jpg">字',
            '<p>字</p>\n<figure data-photo="3"></figure>\n<p>字</p>',
        ),
        ('<a href="a.jpg"><img class="wp-image-3" src="a.jpg"></a>', '<figure data-photo="3"></figure>'),
        (
            '<figure><a href="b"><img class="wp-image-3"></a><figcaption>说</figcaption></figure>',
            '<figure data-photo="3"><figcaption>说</figcaption></figure>',
        ),
        (
            '<figure class="wp-block-image"><img class="wp-image-3"><figcaption>库里的图说</figcaption></figure>',
            '<figure data-photo="3"></figure>',
        ),
        ('<figure><img class="wp-image-404"><figcaption>没了</figcaption></figure>字', "<p>字</p>"),
        (
            (
                '<ul class="wp-block-gallery"><li class="blocks-gallery-item"><figure><img data-id="3"></figure></li>'
                '<li><figure><img data-id="4"><figcaption>四</figcaption></figure></li></ul>'
            ),
            '<figure data-photo="3"></figure>\n<figure data-photo="4"><figcaption>四</figcaption></figure>',
        ),
        (
            (
                '<figure class="wp-block-gallery"><figure><img class="wp-image-3"></figure>'
                '<figure><img class="wp-image-4"></figure><figcaption>一组</figcaption></figure>'
            ),
            '<figure data-photo="3"></figure>\n<figure data-photo="4"></figure>\n<p>一组</p>',
        ),
    ],
)
def test_pictures(body, content, expected):
    assert body(f"<!-- wp:html -->{content}<!-- /wp:html -->") == expected


def test_how_a_picture_is_named(body, desk):
    body('<img src="data:image/gif;base64,R0" data-src=" http://old.example/真.jpg " alt=" 桥 ">')
    body('<img class="wp-image-99999999999999999999" src="a.jpg">')
    body('<figure data-id="12"><img data-id="x" src="b.jpg"></figure>')
    assert desk.asked == [(0, "http://old.example/真.jpg", "桥"), (0, "a.jpg", ""), (0, "b.jpg", "")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('<iframe src="//v.example/1"></iframe>', ("https://v.example/1", "嵌入内容：v.example")),
        ('<video><source src="https://v.example/a.mp4"></video>', ("https://v.example/a.mp4", "视频：v.example")),
        ('<object data="https://v.example/a.swf"></object>', ("https://v.example/a.swf", "嵌入内容：v.example")),
        ("<p>https://v.example/1</p>", ("https://v.example/1", "https://v.example/1")),
        (
            '<figure class="wp-block-embed"><div>https://v.example/1</div><figcaption>片子</figcaption></figure>',
            ("https://v.example/1", "片子"),
        ),
    ],
)
def test_embeds_become_links(body, desk, content, expected):
    address, words = expected
    assert body(content) == f'<p><a href="{address}" rel="noopener">{words}</a></p>'
    assert desk.said == ["embed"]


def test_what_cannot_be_kept_is_said(body, desk):
    assert body("<form><input></form><script>x()</script><svg></svg><iframe></iframe>字") == "<p>字</p>"
    assert sorted(desk.said) == ["embed", "markup", "markup", "markup"]


def test_nothing_evil_comes_through(body):
    made = body(
        '<img src=x onerror=alert(1)><a href="javascript:alert(1)" onclick="x()">点</a>'
        "<p style='x'>字</p><iframe src='javascript:alert(1)'></iframe><style>p{}</style>"
    )
    assert "alert" not in made
    assert "style" not in made


def test_videos_of_listed_sites_become_cards(body, desk):
    content = (
        '<figure class="wp-block-embed is-type-video"><div class="wp-block-embed__wrapper">\nhttps://v.qq.com/x/1.html\n</div>'
        "<figcaption>片子</figcaption></figure>"
    )
    assert body(content) == '<figure data-embed="https://v.qq.com/x/1.html"><figcaption>片子</figcaption></figure>'
    assert desk.said == []


def test_pull_quotes_stay_pull_quotes(body):
    content = '<figure class="wp-block-pullquote"><blockquote><p>引</p><cite>某人</cite></blockquote></figure>'
    assert body(content) == '<blockquote class="pull-quote"><p>引</p><p>某人</p></blockquote>'

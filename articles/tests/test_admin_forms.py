"""How the tests of the back office fill in forms, and the rules that the newsroom's forms keep by themselves."""

import lxml.html
import pytest
from django.core.exceptions import ValidationError

from articles.forms import BodyField, break_loose_lines
from articles.preflight import unready_fields

from .factories import make_photo

READY = {"body": "<p>正文。</p>", "duty_editor": "沈若谷", "origin": "original", "source_url": ""}


def fill(response, **changes) -> dict:
    """What a browser would send from the page's main form, its fields changed as an editor would change them.

    A change to None leaves the field out, as an empty check box or a missing file does.
    """
    page = lxml.html.fromstring(response.text)
    form = max(page.forms, key=lambda candidate: len(candidate.fields))
    values: dict = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    for area in form.iter("textarea"):
        # Browsers drop the line break that opens a textarea, and send the others as CRLF.
        values[area.name] = [(area.value or "").removeprefix("\n").replace("\n", "\r\n")]
    return {name: value for name, value in (values | changes).items() if value is not None}


def messages_of(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def errors_of(response) -> dict:
    return response.context["adminform"].form.errors


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("第一段\r\n第二段", "<p>第一段</p>\n<p>第二段</p>"),
        (
            "第一段\r\n<h2>小标题</h2>\r\n第二段\r\n\r\n第三段",
            "<p>第一段</p>\n<h2>小标题</h2>\n<p>第二段</p>\n<p>第三段</p>",
        ),
        ("一<b>二</b>三\n四", "<p>一<strong>二</strong>三</p>\n<p>四</p>"),
        ("<p>同一\n段</p>", "<p>同一 段</p>"),
        ("a < b", "<p>a &lt; b</p>"),
        ("若x<y则成立", "<p>若x&lt;y则成立</p>"),
        ("", ""),
    ],
)
def test_the_body_keeps_its_lines_as_paragraphs(db, written, kept):
    assert BodyField(required=False).clean(written) == kept


def test_a_body_nested_beyond_reason_is_refused(db):
    with pytest.raises(ValidationError) as refusal:
        BodyField().clean("<blockquote>" * 3000 + "字")
    assert refusal.value.messages == ["正文的标签层层嵌套，超出了能处理的深度：请粘贴为纯文本，再重新排版。"]


def test_a_figure_put_into_plain_text_leaves_its_lines_apart():
    assert break_loose_lines('甲\n乙\n<figure data-photo="1"></figure>\n丙') == (
        '甲<br>乙<figure data-photo="1"></figure><br>丙'
    )


def test_the_body_refuses_media_that_the_library_lacks(db):
    photo = make_photo()
    body = (
        f'<figure data-photo="{photo.pk}"></figure><figure data-photo="90001"></figure><figure data-video="7"></figure>'
    )
    with pytest.raises(ValidationError) as refusal:
        BodyField().clean(body)
    assert refusal.value.messages == ["正文引用了库里没有的图片 90001、视频 7：请先上传，或改正编号。"]


def test_crlf_alone_is_no_change_of_the_body():
    field = BodyField()
    assert not field.has_changed("<p>甲</p>\n<p>乙</p>", "<p>甲</p>\r\n<p>乙</p>")
    assert field.has_changed("<p>甲</p>", "<p>乙</p>")


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({}, {}),
        ({"body": "<p></p>"}, {"body": "正文是空的，不能发布。"}),
        ({"body": '<figure data-photo="1"></figure>'}, {}),
        ({"duty_editor": " "}, {"duty_editor": "发布前必须填写责任编辑。"}),
        ({"origin": "reprint"}, {"source_url": "转载稿发布前必须填写原文链接。"}),
        ({"origin": "reprint", "source_url": "https://example.com/1"}, {}),
    ],
)
def test_what_an_article_needs_before_publication(change, lacks):
    assert unready_fields(**READY | change) == lacks

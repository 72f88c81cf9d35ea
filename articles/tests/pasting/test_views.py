"""The addresses that the editor asks, and the forms that take a Word file without any script."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from articles import revisions
from articles.models import Article, Beat, Photo, Source
from articles.tests.factories import make_channel, make_member, make_source
from newsportal.lib.fetch import FetchError
from regions.models import Region

from .documents import docx_bytes, p, picture

PASTE, DOCX = reverse("admin:articles_article_paste"), reverse("admin:articles_article_docx")
IMPORT, ADD = reverse("admin:articles_article_import_docx"), reverse("admin:articles_article_add")
DOCUMENT = [p("石桥修好了", style="a3"), p("桥在镇东头。"), p(picture())]


def file_of(*body: str, name: str = "石桥.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, docx_bytes(*(body or DOCUMENT)))


@pytest.fixture
def own(db) -> Source:
    return make_source(name="试刊", is_own=True)


def messages_of(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# --- For the editor ---------------------------------------------------------------------------------------------------


def test_a_paste_is_answered_with_what_to_insert(writer):
    answer = writer.post(PASTE, {"html": "<p style='color:red'>　　甲</p><img src='file:///a.png'>"})
    assert answer.status_code == 200
    assert answer.json() == {
        "html": "<p>甲</p>\n<p>〔图片 1 未能导入〕</p>",
        "notes": ["第 1 张图片在剪贴板里取不到：请把图片文件拖进正文。"],
        "title": "",
    }


def test_a_word_file_is_answered_with_what_to_insert(writer, reporter):
    answer = writer.post(DOCX, {"file": file_of()})
    photo = Photo.objects.get()
    assert photo.uploaded_by == reporter
    assert answer.json() == {
        "html": f'<p>桥在镇东头。</p>\n<figure data-photo="{photo.pk}"></figure>',
        "notes": [
            "文档的标题“石桥修好了”只用作标题，没有留在正文里。",
            "1 张图片存进了图片库：请补全图说、替代文字、署名和版权说明。",
        ],
        "title": "石桥修好了",
    }


@pytest.mark.parametrize(
    ("url", "data", "status", "error"),
    [
        (PASTE, {}, 400, "没有收到粘贴的内容。"),
        (PASTE, {"html": " \n"}, 400, "没有收到粘贴的内容。"),
        (DOCX, {}, 400, "没有收到文件。"),
        (DOCX, {"file": "no file"}, 400, "没有收到文件。"),
    ],
)
def test_what_is_missing_is_said(writer, url, data, status, error):
    answer = writer.post(url, data)
    assert (answer.status_code, answer.json()) == (status, {"error": error})


def test_a_wrong_file_is_said(writer):
    answer = writer.post(DOCX, {"file": SimpleUploadedFile("稿.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")})
    error = "这是旧的 .doc 或 .wps 文件：请在 Word 或 WPS 里另存为 .docx，再导入。"
    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_what_is_too_large_is_refused(writer, settings):
    settings.PASTE_MAX_BYTES = settings.DOCX_MAX_BYTES = 2**20
    for url, data in (
        (PASTE, {"html": "甲" * 360_000}),
        (DOCX, {"file": SimpleUploadedFile("a.docx", bytes(2**20 + 1))}),
    ):
        answer = writer.post(url, data)
        assert answer.status_code == 413
        assert "超过 1 MB" in answer.json()["error"]


@pytest.mark.parametrize(("url", "size"), [(PASTE, 6 * 2**20), (DOCX, 31 * 2**20)])
def test_what_announces_too_much_is_refused_unread(writer, url, size):
    answer = writer.generic("POST", url, b"html=a", "application/x-www-form-urlencoded", CONTENT_LENGTH=str(size))
    assert answer.status_code == 413
    assert "MB，请分几次" in answer.json()["error"]


@pytest.mark.parametrize("url", [PASTE, DOCX])
def test_only_who_writes_is_answered(client, member, url):
    assert client.post(url).status_code == 403
    assert client.post(url).json()["error"].startswith("登录已过期")
    client.force_login(member)
    assert client.post(url).status_code == 403
    client.force_login(make_member("guard", is_staff=True, groups=["审核员"]))
    answer = client.post(url, {"html": "<p>甲</p>"})
    assert (answer.status_code, answer.json()) == (403, {"error": "你没有写稿的权限。"})


@pytest.mark.parametrize("url", [PASTE, DOCX])
def test_a_request_from_elsewhere_is_refused(reporter, url):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reporter)
    assert client.post(url, {"html": "<p>甲</p>", "file": file_of()}).status_code == 403
    assert not Photo.objects.exists()


@pytest.mark.parametrize("url", [PASTE, DOCX])
def test_nothing_is_answered_to_a_get(writer, url):
    answer = writer.get(url)
    assert (answer.status_code, answer.json()) == (405, {"error": "这个地址只接受 POST。"})


def test_without_the_right_to_add_pictures_none_is_stored(client, own):
    client.force_login(make_member("writer", is_staff=True, permissions=["add_article"]))
    assert client.post(DOCX, {"file": file_of()}).json()["html"].endswith("<p>〔图片 1 未能导入〕</p>")
    assert not Photo.objects.exists()


def test_the_body_field_says_where_to_ask(writer):
    page = writer.get(ADD).text
    assert f'data-paste-url="{PASTE}"' in page
    assert f'data-docx-url="{DOCX}"' in page


def test_a_fetch_that_fails_is_no_failure_of_the_page(writer, monkeypatch):
    def refused(target: object, **limits: object):
        raise FetchError("连接不上 a.example。")

    monkeypatch.setattr("newsportal.lib.fetch.connect", refused)
    answer = writer.post(PASTE, {"html": '<img src="http://93.184.216.34/a.jpg">'})
    assert answer.status_code == 200
    assert answer.json()["notes"] == ["第 1 张图片没有导入：连接不上 a.example（http://93.184.216.34/a.jpg）。"]


# --- Without a script -------------------------------------------------------------------------------------------------


def values(**overrides):
    empty = {"credits-TOTAL_FORMS": "0", "credits-INITIAL_FORMS": "0", "origin": "original", "ai_use": "none"}
    return {"title": "", "body": "", "_continue": "1", **empty, **overrides}


def test_the_form_of_a_new_article_takes_a_word_file(writer, reporter, own):
    channel = make_channel()
    data = values(channel=channel.pk, source=own.pk, body="<p>先写的。</p>", docx=file_of())
    answer = writer.post(ADD, data, follow=True)
    article = Article.objects.get()
    assert (article.title, article.created_by) == ("石桥修好了", reporter)
    assert (
        article.body == f'<p>先写的。</p>\n<p>桥在镇东头。</p>\n<figure data-photo="{Photo.objects.get().pk}"></figure>'
    )
    assert "已读入 石桥.docx 的文字和图片。" in messages_of(answer)


def test_a_title_that_was_typed_stays(writer, own):
    writer.post(ADD, values(title="自己的标题", channel=make_channel().pk, source=own.pk, docx=file_of()))
    assert Article.objects.get().title == "自己的标题"


def test_a_form_that_comes_back_holds_the_text_of_the_file(writer, own):
    answer = writer.post(ADD, values(source=own.pk, docx=file_of()))
    assert answer.status_code == 200
    form = answer.context["adminform"].form
    assert list(form.errors) == ["channel"]
    assert form["title"].value() == "石桥修好了"
    assert form["body"].value().startswith("<p>桥在镇东头。</p>")
    assert not Article.objects.exists()


def test_a_wrong_file_is_said_at_its_field(writer, own):
    data = values(title="甲", channel=make_channel().pk, source=own.pk, docx=SimpleUploadedFile("a.docx", b"%PDF-"))
    answer = writer.post(ADD, data)
    assert answer.context["adminform"].form.errors["docx"] == [
        "这是 PDF：请导入它的 Word 原稿（.docx），或从 PDF 里复制文字粘贴。"
    ]
    assert not Article.objects.exists()


def test_a_file_that_is_too_large_is_said_at_its_field(writer, own, settings):
    settings.DOCX_MAX_BYTES = 100
    answer = writer.post(ADD, values(title="甲", channel=make_channel().pk, source=own.pk, docx=file_of()))
    assert "文件超过 0 MB" in str(answer.context["adminform"].form.errors["docx"])


def test_an_article_that_is_there_takes_no_file(writer, own):
    writer.post(ADD, values(title="甲", channel=make_channel().pk, source=own.pk))
    page = writer.get(reverse("admin:articles_article_change", args=[Article.objects.get().pk]))
    assert "docx" not in page.context["adminform"].form.fields


def test_a_text_with_a_missing_picture_is_not_handed_in(writer, own, no_reminders):
    data = values(title="甲", channel=make_channel().pk, source=own.pk, body="<p>乙</p><p>〔图片 3 未能导入〕</p>")
    del data["_continue"]
    answer = writer.post(ADD, {**data, "_submit": "1"})
    assert answer.context["adminform"].form.errors["body"] == [
        "正文里还留着〔图片 3 未能导入〕：请放上图片，或删掉这一行。"
    ]


def test_an_import_makes_a_draft(writer, reporter, own):
    channel = make_channel()
    answer = writer.post(IMPORT, {"file": file_of(), "channel": channel.pk}, follow=True)
    article = Article.objects.get()
    assert answer.redirect_chain == [(reverse("admin:articles_article_change", args=[article.pk]), 302)]
    assert (article.title, article.channel, article.source, article.status) == ("石桥修好了", channel, own, "draft")
    assert article.created_by == reporter
    assert messages_of(answer)[0] == "《石桥修好了》已导入，存成了草稿。"
    assert len(messages_of(answer)) == 3
    assert revisions.of(article).count() == 1
    assert LogEntry.objects.get().object_id == str(article.pk)


@pytest.mark.parametrize(
    ("body", "typed", "title"),
    [
        ([p("甲")], "", "石桥"),
        ([p("甲")], "自己的标题", "自己的标题"),
        ([p("长" * 120, style="a3"), p("甲")], "", "长" * 99 + "…"),
    ],
)
def test_an_import_has_a_title_in_any_case(writer, own, body, typed, title):
    writer.post(IMPORT, {"file": file_of(*body), "channel": make_channel().pk, "title": typed})
    assert Article.objects.get().title == title


def test_an_import_that_fails_comes_back(writer, own):
    channel = make_channel()
    answer = writer.post(
        IMPORT, {"file": SimpleUploadedFile("a.docx", b"PK\x03\x04"), "channel": channel.pk, "title": "甲"}
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"] == ["文件不完整，打不开：请在 Word 或 WPS 里另存为 .docx，再导入。"]
    assert 'value="甲"' in answer.text
    assert writer.post(IMPORT, {}).context["form"].errors.keys() == {"file", "channel"}
    assert not Article.objects.exists()


def test_an_import_needs_the_sites_own_source(writer):
    answer = writer.post(IMPORT, {"file": file_of(), "channel": make_channel().pk})
    assert "还没有设本站来源" in answer.text


def test_who_has_beats_imports_into_those_alone(client, own):
    zhejiang, sichuan = Region.objects.get(slug="zhejiang"), Region.objects.get(slug="sichuan")
    mine, other = make_channel(), make_channel()
    writer = make_member("writer", is_staff=True, groups=["记者"])
    Beat.objects.create(user=writer, channel=mine)
    client.force_login(writer)
    form = client.get(IMPORT).context["form"]
    assert list(form.fields["channel"].queryset) == [mine]
    assert "region" not in form.fields
    assert client.post(IMPORT, {"file": file_of(), "channel": other.pk}).context["form"].errors.keys() == {"channel"}

    away = make_member("away", is_staff=True, groups=["记者"])
    Beat.objects.create(user=away, region=zhejiang)
    client.force_login(away)
    answer = client.post(IMPORT, {"file": file_of(), "channel": other.pk})
    assert answer.context["form"].errors["channel"] == ["你分管的是浙江：请选其中的栏目，或填上其中的地区。"]
    answer = client.post(IMPORT, {"file": file_of(), "channel": other.pk, "region": sichuan.pk})
    assert answer.context["form"].errors.keys() == {"region", "channel"}
    assert not Article.objects.exists()
    client.post(IMPORT, {"file": file_of(), "channel": other.pk, "region": zhejiang.pk})
    assert list(Article.objects.get().regions.all()) == [zhejiang]


def test_who_does_not_write_imports_nothing(client, writer):
    assert "导入 Word 文件" in writer.get(reverse("admin:articles_article_changelist")).text
    client.force_login(make_member("guard", is_staff=True, groups=["审核员"]))
    assert client.get(IMPORT).status_code == 403
    assert client.post(IMPORT, {"file": file_of()}).status_code == 403


def test_the_import_page_asks_little(writer, own, django_assert_num_queries):
    writer.get(IMPORT)
    # Session, user, her rights by herself and by her groups, her beats, what waits for her, the channels.
    with django_assert_num_queries(7):
        writer.get(IMPORT)

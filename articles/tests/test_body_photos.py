"""Pictures dropped into a text: taken into the library, refused in words, their words mended in place."""

import io

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from articles import library
from articles.models import Photo

from .factories import make_article, make_photo, picture_bytes
from .newsroom import author

UPLOAD = "/admin/articles/photo/upload/"
WORDS = {"caption": "新图说", "alt": "新替代文字", "credit": "林晓舟 摄"}


def send(client, content: bytes | None = None, **extra):
    content = picture_bytes(size=(800, 600)) if content is None else content
    return client.post(UPLOAD, {"file": SimpleUploadedFile("图.jpg", content)}, **extra)


def words_of(photo: Photo) -> str:
    return reverse("admin:articles_photo_words", args=[photo.pk])


# --- Uploading ---


def test_a_picture_comes_into_the_library(writer, reporter):
    answer = send(writer).json()
    photo = Photo.objects.get()
    assert answer == {
        "id": photo.pk,
        "caption": "图片",
        "alt": "图片",
        "credit": "",
        "note": "",
        "is_new": True,
        "image": photo.picture.smallest,
        "large": photo.picture.src,
        "width": 800,
        "height": 600,
    }
    assert photo.uploaded_by == reporter


def test_the_same_picture_again_is_the_row_there_with_its_words(writer):
    first = send(writer).json()
    Photo.objects.update(caption="写好的图说")
    second = send(writer).json()
    assert (second["id"], second["caption"], second["is_new"]) == (first["id"], "写好的图说", False)
    assert Photo.objects.count() == 1


def test_a_picture_that_was_taken_down_does_not_come_back(writer):
    photo = Photo.objects.get(pk=send(writer).json()["id"])
    library.take_down(photo, reason="版权方要求")
    refused = send(writer)
    assert (refused.status_code, refused.json()) == (409, {"error": f"这张图片（编号 {photo.pk}）已经下架，不能再用。"})


def test_words_of_a_picture_whose_original_is_lost_are_saved(writer, settings):
    """A mark that was switched on since calls for other renditions, which nobody can make."""
    photo = Photo.objects.get(pk=send(writer).json()["id"])
    Photo.objects.update(licence="own")
    storages["originals"].delete(photo.data["original"])
    settings.PHOTO_WATERMARK = "每日新闻网"
    answer = writer.post(words_of(photo), {"caption": "新图说", "alt": "一座桥", "credit": ""})
    assert (answer.status_code, answer.json().get("caption")) == (200, "新图说")


def test_what_is_no_picture_is_refused_before_decoding(writer, monkeypatch, settings):
    monkeypatch.setattr("newsportal.lib.images.upright_rgb", lambda content: pytest.fail("It was decoded."))
    response = send(writer, b"<svg onload=alert(1)>" * 20)
    assert response.status_code == 400
    assert response.json() == {"error": "这个文件不是图片：请上传 JPEG、PNG、WebP、AVIF 或 GIF。"}
    assert not settings.MEDIA_ROOT.exists()


def test_a_picture_with_a_broken_header_of_exif_is_refused(writer):
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(buffer, "WEBP", exif=b"Exif\0\0II\x2b\0")
    response = send(writer, buffer.getvalue())
    assert (response.status_code, response.json()) == (400, {"error": "图片内容已损坏，无法解码：请重新导出后上传。"})


def test_too_many_bytes_are_refused_with_their_own_status(writer, settings):
    settings.PHOTO_MAX_BYTES = 2**20
    response = send(writer, bytes(2**20 + 1))
    assert response.status_code == 413
    assert response.json() == {"error": "图片超过 1 MB，请压缩后再上传。"}


def test_nothing_sent_is_said(writer):
    response = writer.post(UPLOAD)
    assert (response.status_code, response.json()) == (400, {"error": "没有收到图片，请重试。"})


def test_uploads_are_posted_by_those_who_may_add_pictures(writer, client, reporter, member):
    assert writer.get(UPLOAD).status_code == 405
    reporter.groups.clear()
    assert send(writer).status_code == 403
    client.force_login(member)
    assert send(client).status_code == 302
    client.logout()
    assert send(client).status_code == 302
    assert not Photo.objects.exists()


def test_an_upload_without_the_token_is_refused(reporter):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(reporter)
    assert send(strict).status_code == 403
    assert not Photo.objects.exists()


# --- Words ---


def test_words_mended_in_a_text_are_right_everywhere(writer):
    photo = make_photo(caption="旧图说")
    article = make_article(body=f'<figure data-photo="{photo.pk}"></figure>')
    answer = writer.post(words_of(photo), WORDS).json()
    assert (answer["caption"], answer["alt"], answer["credit"], answer["articles"]) == (*WORDS.values(), 1)
    article.refresh_from_db()
    assert "新图说" in article.rendered[0]["html"]
    assert "林晓舟 摄" in article.rendered[0]["html"]
    assert "旧图说" not in article.rendered[0]["html"]


def test_words_that_did_not_change_render_nothing(writer):
    photo = make_photo(**WORDS)
    make_article(body=f'<figure data-photo="{photo.pk}"></figure>')
    assert writer.post(words_of(photo), WORDS).json()["articles"] == 0


def test_words_are_judged_as_the_library_judges_them(writer):
    photo = make_photo()
    response = writer.post(words_of(photo), WORDS | {"alt": "", "credit": "长" * 61})
    assert response.status_code == 400
    errors = response.json()["errors"]
    assert errors["alt"] == ["这个字段是必填项。"]
    assert sorted(errors) == ["alt", "credit"]
    photo.refresh_from_db()
    assert photo.caption != "新图说"


def test_words_are_mended_by_those_who_may_change_pictures(writer, reporter):
    photo = make_photo()
    assert writer.get(words_of(photo)).status_code == 405
    assert writer.post(f"{UPLOAD[:-7]}999/words/", WORDS).status_code == 404
    reporter.groups.clear()
    assert writer.post(words_of(photo), WORDS).status_code == 403
    photo.refresh_from_db()
    assert photo.caption != "新图说"


# --- Picking ---


def test_the_picker_answers_rows_by_number(writer):
    first, second = make_photo(), make_photo()
    items = writer.get(f"/admin/articles/photo/picker/?ids={first.pk},{second.pk},0,x").json()["items"]
    assert [item["id"] for item in items] == [second.pk, first.pk]
    assert writer.get("/admin/articles/photo/picker/?ids=").json()["items"] == []


def test_stories_are_picked_among_what_readers_can_open(writer):
    draft = make_article(title="未发的鹤", status="draft", created_by=author())
    shown = make_article(title="湖滩上的鹤")
    make_article(title="别的题")
    items = writer.get("/admin/articles/article/picker/?q=的鹤").json()["items"]
    assert [(item["id"], item["caption"]) for item in items] == [(shown.pk, "湖滩上的鹤")]
    assert len(writer.get("/admin/articles/article/picker/").json()["items"]) == 2
    found = writer.get(f"/admin/articles/article/picker/?ids={draft.pk} {shown.pk}").json()["items"]
    assert [item["id"] for item in found] == [shown.pk]
    by_number = writer.get(f"/admin/articles/article/picker/?q={shown.pk}").json()["items"]
    assert [item["id"] for item in by_number] == [shown.pk]


def test_stories_by_number_are_all_answered(writer):
    numbers = [make_article().pk for _ in range(25)]
    items = writer.get(f"/admin/articles/article/picker/?ids={' '.join(map(str, numbers))}").json()["items"]
    assert [item["id"] for item in items] == numbers[::-1]


def test_stories_are_picked_by_those_who_write(writer, reporter):
    reporter.groups.clear()
    assert writer.get("/admin/articles/article/picker/").status_code == 403

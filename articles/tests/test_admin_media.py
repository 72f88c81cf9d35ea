import json
import struct
import zlib

import lxml.html
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.models import ArticlePhoto, Issue, Photo, Placement, Topic, Video
from newsportal.lib.body import schema

from .factories import make_article, make_member, make_photo, make_video, picture_bytes
from .test_admin_forms import errors_of, fill, messages_of

PHOTOS, ADD_PHOTO = "/admin/articles/photo/", "/admin/articles/photo/add/"
VIDEOS, ADD_VIDEO = "/admin/articles/video/", "/admin/articles/video/add/"
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(60)
WEBM = b"\x1a\x45\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1f\x42\x82\x84webm" + bytes(60)
WORDS = {"caption": "清晨的麦田", "alt": "一片麦田", "credit": "顾闻天 摄", "focal_x": "25", "focal_y": "75"}


@pytest.fixture
def library(client, chief):
    """The chief at work: nobody else keeps the video library."""
    client.force_login(chief)
    return client


def upload(client, content: bytes, *, name="麦田.jpg", **words):
    page = client.get(ADD_PHOTO)
    return client.post(ADD_PHOTO, fill(page, file=SimpleUploadedFile(name, content), **WORDS | words))


def png_header(width: int, height: int) -> bytes:
    """The beginning of a PNG that claims to be so large, and holds nothing."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 200) + b"IDAT" + bytes(200)


# --- Uploading pictures ---


def test_a_picture_is_uploaded_with_its_words(desk, editor):
    assert upload(desk, picture_bytes(size=(1600, 1000))).status_code == 302
    photo = Photo.objects.get()
    assert (photo.width, photo.height, photo.uploaded_by) == (1600, 1000, editor)
    assert (photo.caption, photo.alt, photo.focal_x, photo.focal_y) == ("清晨的麦田", "一片麦田", 25, 75)
    assert photo.sha256 == photo.data["sha256"]
    assert default_storage.exists(f"{photo.data['name']}-320.jpg")
    assert photo.picture.widths == (320, 640, 960, 1440)


def test_text_named_as_a_picture_is_refused_and_the_words_come_back(desk, settings):
    response = upload(desk, "这是一段文字，不是图片。".encode() * 20)
    assert errors_of(response) == {"file": ["这个文件不是图片：请上传 JPEG、PNG、WebP、AVIF 或 GIF。"]}
    assert fill(response)["caption"] == ["清晨的麦田"]
    assert fill(response)["focal_x"] == ["25"]
    assert not Photo.objects.exists()
    assert not settings.MEDIA_ROOT.exists()


@pytest.mark.parametrize("side", [8_000, 60_000])
def test_a_decompression_bomb_is_refused_by_its_header(desk, monkeypatch, side):
    monkeypatch.setattr("newsportal.lib.images.upright_rgb", lambda content: pytest.fail("It was decoded."))
    response = upload(desk, png_header(side, side), name="bomb.png")
    assert errors_of(response) == {"file": [f"图片尺寸 {side}×{side} 太大，请缩小到 6000 万像素以内。"]}


def test_a_broken_picture_is_refused_on_its_field(desk):
    response = upload(desk, picture_bytes(size=(900, 900))[:2000])
    assert errors_of(response) == {"file": ["图片内容已损坏，无法解码：请重新导出后上传。"]}
    assert not Photo.objects.exists()


def test_a_picture_too_many_bytes_long_is_refused(desk, settings):
    settings.PHOTO_MAX_BYTES = 1000
    assert "请压缩后再上传。" in errors_of(upload(desk, picture_bytes()))["file"][0]


def test_the_same_picture_twice_is_answered_with_the_first(desk):
    upload(desk, picture_bytes())
    first = Photo.objects.get()
    response = upload(desk, picture_bytes(), caption="另一个说明")
    assert errors_of(response) == {"file": [f"这张图片已经在图片库里：编号 {first.pk}，“清晨的麦田”。请直接使用它。"]}
    assert fill(response)["caption"] == ["另一个说明"]
    assert Photo.objects.count() == 1


def test_nothing_is_stored_while_a_word_is_missing(desk, settings):
    response = upload(desk, picture_bytes(), alt="", focal_x="101")
    assert sorted(errors_of(response)) == ["alt", "focal_x"]
    assert not settings.MEDIA_ROOT.exists()


# --- Keeping pictures ---


def test_the_file_cannot_be_changed_afterwards(desk):
    photo = make_photo()
    address = reverse("admin:articles_photo_change", args=[photo.pk])
    page = desk.get(address)
    assert 'type="file"' not in page.text
    desk.post(address, fill(page, file=SimpleUploadedFile("other.jpg", picture_bytes(colour="red"))))
    assert Photo.objects.get().sha256 == photo.sha256


def test_a_new_caption_shows_in_the_articles_at_once(desk):
    photo = make_photo(caption="旧图说")
    article = make_article(body=f'<figure data-photo="{photo.pk}"></figure>')
    other = make_article()
    assert "旧图说" in article.rendered[0]["html"]
    address = reverse("admin:articles_photo_change", args=[photo.pk])
    response = desk.post(address, fill(desk.get(address), caption="新图说"), follow=True)
    article.refresh_from_db()
    assert "新图说" in article.rendered[0]["html"]
    assert "旧图说" not in article.rendered[0]["html"]
    assert "1 篇稿件中的这张图片随之更新。" in messages_of(response)
    assert article.modified_at < other.modified_at


def test_what_no_body_repeats_renders_nothing_again(desk):
    photo = make_photo()
    make_article(body=f'<figure data-photo="{photo.pk}"></figure>')
    address = reverse("admin:articles_photo_change", args=[photo.pk])
    response = desk.post(address, fill(desk.get(address), rights="仅供本站"), follow=True)
    assert not any("随之更新" in message for message in messages_of(response))


def test_a_used_picture_is_not_deleted_and_the_places_are_named(library):
    photo, free = make_photo(caption="在用"), make_photo(caption="没用")
    make_article(title="有图的稿", body=f'<figure data-photo="{photo.pk}"></figure>')
    article = make_article(title="有封面的稿", cover=photo)
    Topic.objects.create(title="有头图的专题", slug="topic", intro="导言", banner=photo, started_on="2026-01-01")
    Issue.objects.create(year=2026, number=1, title="有封面的一期", cover=photo, published_on="2026-01-01")
    Placement.objects.create(slot="pick", article=article, picture=photo)
    make_video(caption="有封面的视频", poster=photo)
    address = reverse("admin:articles_photo_delete", args=[photo.pk])
    response = library.post(address, {"post": "yes"})
    for place in (
        "正文《有图的稿》",
        "封面《有封面的稿》",
        "专题头图《有头图的专题》",
        "杂志封面《2026 年第 1 期：有封面的一期》",
        "推荐位《推荐（要闻）：有封面的稿》",
        "视频封面《有封面的视频》",
    ):
        assert f"图片 {photo.pk} 用在{place}：请先在那里换掉它。" in response.text
        assert place in library.get(reverse("admin:articles_photo_change", args=[photo.pk])).text
    assert "现在不能删除“在用”" in response.text
    library.post(reverse("admin:articles_photo_delete", args=[free.pk]), {"post": "yes"})
    assert list(Photo.objects.all()) == [photo]
    assert ArticlePhoto.objects.count() == 1


def test_the_library_shows_thumbnails_and_uses(desk):
    photo, other = make_photo(caption="麦田", alt="麦", size=(400, 300)), make_photo(caption="江船", alt="船")
    make_article(body=f'<figure data-photo="{photo.pk}"></figure>', cover=photo)
    page = desk.get(PHOTOS, {"q": "麦田"})
    assert list(page.context["cl"].queryset) == [photo]
    assert f'<img class="thumbnail" src="{photo.picture.smallest}" width="96" height="72" alt="麦"' in page.text
    assert "正文 1 · 封面 1" in page.text
    assert "400×300" in page.text
    assert list(desk.get(PHOTOS, {"q": other.pk}).context["cl"].queryset) == [other]


@pytest.mark.parametrize("more", [1, 9])
def test_the_library_takes_the_same_queries_for_any_rows(desk, django_assert_max_num_queries, more):
    for _ in range(more):
        make_photo()
    # the last two count the comments and the letters that wait, for the menu
    with django_assert_max_num_queries(13):
        assert desk.get(PHOTOS).text.count('class="thumbnail"') == more


# --- The picker ---


def test_the_picker_finds_pictures_newest_first(desk):
    first, second = make_photo(caption="麦田一"), make_photo(caption="麦田二")
    make_photo(caption="江船")
    picker = reverse("admin:articles_photo_picker")
    items = desk.get(picker, {"q": "麦田"}).json()["items"]
    assert [item["id"] for item in items] == [second.pk, first.pk]
    assert items[1] == {
        "id": first.pk,
        "caption": "麦田一",
        "alt": first.alt,
        "credit": "顾闻天 摄",
        "note": "顾闻天 摄",
        "image": first.picture.smallest,
        "large": first.picture.src,
        "width": 400,
        "height": 300,
    }
    assert len(desk.get(picker).json()["items"]) == 3


def test_the_picker_finds_videos(desk):
    video = make_video(caption="短片", seconds=65)
    assert desk.get(reverse("admin:articles_video_picker"), {"q": "短"}).json() == {
        "items": [{"id": video.pk, "caption": "短片", "note": "1:05", "image": video.poster.picture.smallest}]
    }


def test_the_picker_is_for_the_newsroom(client, member):
    picker = reverse("admin:articles_photo_picker")
    assert client.get(picker).status_code == 302
    client.force_login(member)
    assert client.get(picker).status_code == 302
    client.force_login(make_member("clerk", is_staff=True))
    assert client.get(picker).status_code == 403


def test_the_body_carries_what_its_editor_needs(desk, settings):
    page = desk.get("/admin/articles/article/add/")
    body = lxml.html.fromstring(page.text).get_element_by_id("id_body")
    for name, kind in [("data-photos", "photo"), ("data-videos", "video"), ("data-audios", "audio")]:
        assert body.get(name) == reverse(f"admin:articles_{kind}_picker")
    assert body.get("data-stories") == reverse("admin:articles_article_picker")
    assert body.get("data-photo-upload") == reverse("admin:articles_photo_upload")
    assert json.loads(body.get("data-schema")) == json.loads(json.dumps(schema()))
    assert json.loads(body.get("data-video-sites")) == settings.VIDEO_SITES
    assert '<script src="/static/admin_site/editor/main.js" type="module"></script>' in page.text


# --- Videos ---


def send_video(client, content: bytes, **more):
    page = client.get(ADD_VIDEO)
    poster = make_photo()
    words = {"caption": "短片", "seconds": "65", "poster": poster.pk}
    return client.post(ADD_VIDEO, fill(page, file=SimpleUploadedFile("随便.html", content), **words | more))


@pytest.mark.parametrize(("content", "kind"), [(MP4, "mp4"), (WEBM, "webm")])
def test_a_video_is_known_by_its_first_bytes_and_named_by_its_content(library, content, kind):
    assert send_video(library, content).status_code == 302
    video = Video.objects.get()
    assert video.mime_type == f"video/{kind}"
    assert video.file.name.startswith("videos/")
    assert video.file.name.endswith(f".{kind}")
    assert "html" not in video.file.name


@pytest.mark.parametrize("content", [b"<html>" * 20, MP4.replace(b"mp42", b"qt  "), WEBM.replace(b"webm", b"mkv.")])
def test_what_browsers_do_not_play_is_refused(library, content):
    response = send_video(library, content)
    assert errors_of(response) == {"file": ["这个文件不是能在网页上播放的视频：请导出为 MP4（H.264）或 WebM 后上传。"]}
    assert fill(response)["caption"] == ["短片"]


def test_a_video_too_large_is_refused(library, settings):
    settings.VIDEO_MAX_BYTES = 50
    assert "请压缩后再上传。" in errors_of(send_video(library, MP4))["file"][0]


def test_subtitles_are_webvtt(library):
    wrong = send_video(library, MP4, subtitles=SimpleUploadedFile("a.vtt", b"<script>"))
    assert errors_of(wrong) == {"subtitles": ["字幕必须是 1 MB 以内的 WebVTT 文件，第一行是 WEBVTT。"]}
    send_video(library, MP4, subtitles=SimpleUploadedFile("a.vtt", b"\xef\xbb\xbfWEBVTT\n\n"))
    assert Video.objects.get().subtitles.name.endswith(".vtt")


def test_a_video_keeps_its_file_when_only_its_words_change(library):
    send_video(library, MP4)
    video = Video.objects.get()
    article = make_article(body=f'<figure data-video="{video.pk}"></figure>')
    address = reverse("admin:articles_video_change", args=[video.pk])
    library.post(address, fill(library.get(address), caption="改过的说明", file=None))
    video.refresh_from_db()
    article.refresh_from_db()
    assert video.mime_type == "video/mp4"
    assert "改过的说明" in article.rendered[0]["html"]


def test_a_used_video_is_not_deleted(library):
    shown, main, free = make_video(), make_video(), make_video()
    make_article(title="正文里", body=f'<figure data-video="{shown.pk}"></figure>')
    make_article(title="主视频", video=main)
    for video, title in ((shown, "正文里"), (main, "主视频")):
        response = library.post(reverse("admin:articles_video_delete", args=[video.pk]), {"post": "yes"})
        assert f"视频 {video.pk} 用在稿件《{title}》：请先在那里换掉它。" in response.text
    library.post(reverse("admin:articles_video_delete", args=[free.pk]), {"post": "yes"})
    assert set(Video.objects.all()) == {shown, main}


def test_the_video_library_shows_posters_and_lengths(library):
    make_video(seconds=65)
    page = library.get(VIDEOS)
    assert page.text.count('class="thumbnail"') == 1
    assert "1:05" in page.text

"""A picture that is cropped or gets the site's mark: articles follow, and no file is left that should not be."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from articles import library, posters
from articles.models import (
    Article,
    DiscardedPicture,
    OldAddress,
    Photo,
)
from newsportal.lib.images import PHOTO_WIDTHS, rendition_files

from .factories import make_article, make_member, make_photo, make_video
from .test_admin_forms import errors_of, fill, messages_of

pytestmark = pytest.mark.django_db
MARK = "每日新闻网"


def change_url(photo: Photo) -> str:
    return reverse("admin:articles_photo_change", args=[photo.pk])


def edit(client, photo: Photo, **values):
    return client.post(change_url(photo), fill(client.get(change_url(photo)), **values), follow=True)


def cropped(photo: Photo, *sides: int) -> Photo:
    photo.crop_x, photo.crop_y, photo.crop_width, photo.crop_height = sides or (None,) * 4
    library.save_photo(photo)
    return photo


def files_of(data: dict) -> list[str]:
    return [name for name in rendition_files(data, PHOTO_WIDTHS) if default_storage.exists(name)]


# --- Crops ------------------------------------------------------------------------------------------------------------


def test_a_crop_gives_every_page_new_addresses(desk):
    photo = make_photo(size=(800, 600))
    article = make_article(body=f'<p>字。</p><figure data-photo="{photo.pk}"></figure>', cover=photo)
    former = photo.data
    values = {"crop_x": "100", "crop_y": "50", "crop_width": "640", "crop_height": "400"}
    assert "1 篇稿件中的这张图片随之更新。" in messages_of(edit(desk, photo, **values))
    photo.refresh_from_db()
    article = Article.objects.get(pk=article.pk)
    assert photo.data["name"] != former["name"]
    assert (photo.picture.width, photo.picture.height, photo.width, photo.height) == (640, 400, 800, 600)
    html = article.rendered[0]["html"]
    assert photo.picture.src in html
    assert f"{former['name']}-640" not in html
    assert 'width="640" height="400"' in html
    assert posters.poster_of(article, site="站", site_url="http://x").cover.name == f"{photo.data['name']}-640.jpg"
    # For a while: what was shared or fetched a moment ago still leads to a picture.
    assert len(files_of(former)) == len(rendition_files(former, PHOTO_WIDTHS))


def test_a_crop_is_taken_back_and_the_address_is_the_former(desk):
    photo = make_photo(size=(800, 600))
    former = photo.data
    cropped(photo, 0, 0, 400, 300)
    edit(desk, photo, crop_x="", crop_y="", crop_width="", crop_height="")
    photo.refresh_from_db()
    assert photo.data == former
    DiscardedPicture.objects.update(due_at=timezone.now())
    assert library.sweep() == 2
    assert len(files_of(former)) == len(rendition_files(former, PHOTO_WIDTHS))


def test_a_crop_of_the_whole_is_none(desk):
    photo = make_photo(size=(800, 600))
    edit(desk, photo, crop_x="0", crop_y="0", crop_width="800", crop_height="600")
    photo.refresh_from_db()
    assert photo.crop is None
    assert not DiscardedPicture.objects.exists()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (("0", "0", "100", "300"), "裁切后的图片太小：宽和高都至少 120 像素。"),
        (("700", "0", "200", "300"), "裁切框超出了原图（800×600 像素）：请改小一些。"),
        (("0", "", "200", "300"), "裁切的左、上、宽、高要一起填，或一起留空。"),
    ],
)
def test_what_is_no_crop_is_refused_and_comes_back(desk, values, message):
    photo = make_photo(size=(800, 600))
    names = ("crop_x", "crop_y", "crop_width", "crop_height")
    response = edit(desk, photo, **dict(zip(names, values, strict=True)), caption="新图说")
    assert errors_of(response) == {"crop_width": [message]}
    assert fill(response)["caption"] == ["新图说"]
    photo.refresh_from_db()
    assert photo.crop is None


@pytest.mark.parametrize("sides", [(0, 0, 801, 600), (10, 0, 800, 100), (0, None, 200, 200), (5, None, None, None)])
def test_the_database_refuses_it_too(sides):
    photo = make_photo(size=(800, 600))
    values = dict(zip(["crop_x", "crop_y", "crop_width", "crop_height"], sides, strict=True))
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.filter(pk=photo.pk).update(**values)


def test_a_lost_original_refuses_the_crop_but_not_the_words(desk):
    photo = make_photo(size=(800, 600))
    storages["originals"].delete(photo.data["original"])
    values = {"crop_x": "0", "crop_y": "0", "crop_width": "300", "crop_height": "300"}
    response = edit(desk, photo, **values)
    assert "原图文件不在了，不能重新裁切或改水印：请找站长检查原图的存储。" in response.text
    edit(desk, photo, caption="改过的图说")
    photo.refresh_from_db()
    assert (photo.caption, photo.crop) == ("改过的图说", None)


def test_former_files_go_after_their_time():
    photo = make_photo(size=(800, 600))
    former = photo.data
    cropped(photo, 0, 0, 400, 300)
    row = DiscardedPicture.objects.get()
    assert timedelta(days=6) < row.due_at - timezone.now() <= library.GRACE
    assert library.sweep() == 0
    DiscardedPicture.objects.update(due_at=timezone.now())
    assert library.sweep() == 1
    assert files_of(former) == []
    assert len(files_of(photo.data)) == len(rendition_files(photo.data, PHOTO_WIDTHS))
    assert storages["originals"].exists(photo.data["original"])
    assert not DiscardedPicture.objects.exists()


def test_what_cannot_be_deleted_now_is_tried_again(monkeypatch):
    cropped(make_photo(size=(800, 600)), 0, 0, 400, 300)
    DiscardedPicture.objects.update(due_at=timezone.now())

    def full(name):
        raise OSError("read-only")

    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "delete", full)
        assert library.sweep() == 0
    assert library.sweep() == 1


def test_an_address_of_the_former_site_follows():
    photo = make_photo(size=(800, 600))
    old = OldAddress.objects.create(path="/wp-content/a.jpg", target=photo.picture.src)
    other = OldAddress.objects.create(path="/wp-content/b.jpg", target="/media/other.jpg")
    cropped(photo, 0, 0, 400, 300)
    old.refresh_from_db()
    other.refresh_from_db()
    assert (old.target, other.target) == (photo.picture.src, "/media/other.jpg")


def test_a_video_follows_its_poster():
    photo = make_photo(size=(800, 600))
    video = make_video(poster=photo)
    article = make_article(body=f'<figure data-video="{video.pk}"></figure>')
    cropped(photo, 0, 0, 400, 300)
    article.refresh_from_db()
    assert photo.picture.src in article.rendered[0]["html"]


def test_the_whole_original_is_for_who_sees_the_library(desk, client, member):
    photo = make_photo(size=(1600, 1000))
    url = reverse("admin:articles_photo_whole", args=[photo.pk])
    response = desk.get(url)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/jpeg")
    assert response.headers["Cache-Control"] == "private, max-age=86400"
    assert desk.get(reverse("admin:articles_photo_whole", args=[photo.pk + 9])).status_code == 404
    storages["originals"].delete(photo.data["original"])
    assert desk.get(url).status_code == 404
    client.force_login(make_member("clerk", is_staff=True))
    assert client.get(url).status_code == 403
    client.force_login(member)
    assert client.get(url).status_code == 302


# --- The site's mark --------------------------------------------------------------------------------------------------


def test_only_own_pictures_get_the_mark_and_the_command_gives_it(settings, capsys):
    own, portrait = make_photo(size=(800, 600)), make_photo(size=(800, 600), no_watermark=True)
    foreign, unknown = make_photo(size=(800, 600), licence="licensed"), make_photo(size=(800, 600), licence="")
    article = make_article(body=f'<p>字。</p><figure data-photo="{own.pk}"></figure>')
    before = {photo.pk: photo.data["name"] for photo in (own, portrait, foreign, unknown)}
    settings.PHOTO_WATERMARK = MARK
    call_command("render_photos")
    assert "看过 4 张图片，重新生成 1 张，失败 0 张" in capsys.readouterr().out
    after = dict(Photo.objects.values_list("pk", "data__name"))
    assert [pk for pk in before if before[pk] != after[pk]] == [own.pk]
    article.refresh_from_db()
    assert after[own.pk] in article.rendered[0]["html"]
    call_command("render_photos")
    assert "重新生成 0 张" in capsys.readouterr().out
    settings.PHOTO_WATERMARK = ""
    call_command("render_photos")
    assert dict(Photo.objects.values_list("pk", "data__name")) == before


def test_a_licence_or_the_mark_of_one_picture_changes_it(desk, settings):
    settings.PHOTO_WATERMARK = MARK
    photo = make_photo(size=(800, 600), licence="")
    plain = photo.data["name"]
    edit(desk, photo, licence="own")
    photo.refresh_from_db()
    assert photo.data["name"] != plain
    edit(desk, photo, no_watermark="on")
    photo.refresh_from_db()
    assert photo.data["name"] == plain


def test_lost_files_are_made_again_and_a_lost_original_is_told(capsys):
    photo, lost = make_photo(size=(800, 600)), make_photo(size=(800, 600))
    for each in (photo, lost):
        default_storage.delete(files_of(each.data)[0])
    storages["originals"].delete(lost.data["original"])
    with pytest.raises(CommandError):
        call_command("render_photos")
    out = capsys.readouterr().out
    assert f"图片 {lost.pk}：原图文件读不出来了" in out
    assert "看过 2 张图片，重新生成 1 张，失败 1 张" in out
    assert len(files_of(photo.data)) == len(rendition_files(photo.data, PHOTO_WIDTHS))


def test_the_command_begins_where_it_is_told_and_writes_anew(capsys):
    first, second = make_photo(), make_photo()
    name = files_of(second.data)[-1]
    with default_storage.open(name, "wb") as file:
        file.write(b"old format")
    call_command("render_photos", "--from", str(second.pk), "--anew")
    assert "看过 1 张图片，重新生成 1 张" in capsys.readouterr().out
    with default_storage.open(name) as file:
        assert file.read() != b"old format"
    assert first.data["name"] != second.data["name"]

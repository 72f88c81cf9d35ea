"""A picture that is cropped or taken down: articles follow, texts stay, and no file is left that should not be."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from articles import library, posters, publishing, trace
from articles.models import (
    Article,
    ArticleEvent,
    DiscardedPicture,
    Issue,
    OldAddress,
    Photo,
    Placement,
    Topic,
)
from articles.photos import keep_photo
from members.models import Operation
from newsportal.lib.images import PHOTO_WIDTHS, rendition_files

from .factories import make_article, make_channel, make_member, make_photo, make_video
from .newsroom import read
from .test_admin_forms import errors_of, fill, messages_of

pytestmark = pytest.mark.django_db
MARK = "每日新闻网"


def change_url(photo: Photo) -> str:
    return reverse("admin:articles_photo_change", args=[photo.pk])


def take_down_url(*photos: Photo) -> str:
    return reverse("admin:articles_photo_take_down", query={"ids": ",".join(str(photo.pk) for photo in photos)})


def edit(client, photo: Photo, **values):
    return client.post(change_url(photo), fill(client.get(change_url(photo)), **values), follow=True)


def cropped(photo: Photo, *sides: int) -> Photo:
    photo.crop_x, photo.crop_y, photo.crop_width, photo.crop_height = sides or (None,) * 4
    library.save_photo(photo)
    return photo


def files_of(data: dict) -> list[str]:
    return [name for name in rendition_files(data, PHOTO_WIDTHS) if default_storage.exists(name)]


@pytest.fixture
def keeper(client):
    """A client with 图片编辑 signed in."""
    client.force_login(make_member("keeper", is_staff=True, groups=["图片编辑"]))
    return client


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


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
    assert response.headers["Cache-Control"].startswith("private")
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


# --- Taking down ------------------------------------------------------------------------------------------------------


@pytest.fixture
def shown(site):
    """A picture everywhere a picture can be."""
    photo = make_photo(size=(800, 600), caption="风波中的照片", alt="照片里的人")
    body = f'<p>看图。</p><figure data-photo="{photo.pk}"></figure>'
    article = make_article(channel=make_channel("news", home_order=1, nav_group=1), body=body, cover=photo)
    today = timezone.localdate()
    Topic.objects.create(
        title="专题", slug="topic", intro="导言", banner=photo, started_on=today, is_published=True
    ).sections.create(title="一").items.create(article=article)
    Issue.objects.create(year=2026, number=1, title="期", cover=photo, published_on=today, is_published=True)
    Placement.objects.create(slot="headline", article=article, picture=photo)
    video = make_video(poster=photo)
    clip = make_article(channel=article.channel, body=f'<p>看片。</p><figure data-video="{video.pk}"></figure>')
    return photo, article, clip


PAGES = [
    *["/", "/news/", "/rolling/", "/topics/", "/topics/topic/", "/magazine/", "/magazine/2026-1/", "/ranking/"],
    *["/search/?q=看图", "/feeds/rss.xml", "/feeds/atom.xml", "/news-sitemap.xml", "/sitemap-articles-0.xml", "/hant/"],
]


def test_taking_down_leaves_no_file_and_no_reference(keeper, shown, commits, client):
    photo, article, clip = shown
    pages = [*PAGES, article.get_absolute_url(), clip.get_absolute_url()]
    name = photo.data["name"]
    assert sum(name in read(client, page) for page in pages) >= 10
    poster = posters.poster_of(article, site="站", site_url="http://x")
    posters.drawn(poster)
    assert posters.kept(poster)
    text = (article.body, trace.text_digest(article), ArticleEvent.objects.count())

    with commits():
        response = keeper.post(take_down_url(photo), {"reason": "当事人要求"}, follow=True)

    assert "已下架 1 张图片，2 篇稿件的正文随之更新；文件已从网站上删除，原图仍留在后台。" in messages_of(response)
    photo.refresh_from_db()
    assert (photo.is_shown, photo.picture, photo.withdrawn_reason) == (False, None, "当事人要求")
    folder = name.rpartition("/")[0]
    assert default_storage.listdir(folder)[1] == []
    for page in pages:
        seen = read(client, page)
        assert folder not in seen, page
        assert "风波中的照片" not in seen, page
    assert posters.kept(poster) is None
    assert storages["originals"].exists(photo.data["original"])
    article = Article.objects.get(pk=article.pk)
    assert (article.body, trace.text_digest(article), ArticleEvent.objects.count()) == text
    assert list(trace.faults()) == []
    operation = Operation.objects.filter(model="articles.photo").latest("pk")
    assert operation.changes["下架原因"] == ["", "当事人要求"]
    assert operation.username == "keeper"


def test_former_crops_go_with_it(keeper, commits):
    photo = make_photo(size=(800, 600))
    former = photo.data
    cropped(photo, 0, 0, 400, 300)
    with commits():
        keeper.post(take_down_url(photo), {"reason": "侵权"})
    assert files_of(former) == []
    assert not DiscardedPicture.objects.exists()


def test_it_comes_back_as_it_was(keeper, shown, commits, client):
    photo, article, _ = shown
    cropped(photo, 0, 0, 640, 480)
    before = Photo.objects.get(pk=photo.pk).data
    with commits():
        keeper.post(take_down_url(photo), {"reason": "核实版权"})
    run = {"action": "put_back", "_selected_action": [photo.pk], "index": "0"}
    assert "恢复上架</button>" in keeper.get(change_url(photo)).text
    response = keeper.post(reverse("admin:articles_photo_put_back", args=[photo.pk]), follow=True)
    assert "已恢复 1 张图片，用到它的页面随之更新。" in messages_of(response)
    photo.refresh_from_db()
    assert (photo.data, photo.withdrawn_at, photo.withdrawn_reason) == (before, None, "")
    assert photo.picture.src in read(client, article.get_absolute_url())
    assert len(files_of(before)) == len(rendition_files(before, PHOTO_WIDTHS))
    response = keeper.post(reverse("admin:articles_photo_changelist"), run, follow=True)
    assert f"图片 {photo.pk} 没有恢复：图片 {photo.pk} 没有下架。" in messages_of(response)


def test_a_form_opened_before_does_not_bring_it_back(keeper, commits):
    photo = make_photo(size=(800, 600))
    values = fill(
        keeper.get(change_url(photo)), caption="改过的图说", crop_x="0", crop_y="0", crop_width="300", crop_height="300"
    )
    with commits():
        library.take_down(photo, reason="侵权")
    keeper.post(change_url(photo), values)
    photo.refresh_from_db()
    assert (photo.caption, photo.is_shown, photo.withdrawn_reason) == ("改过的图说", False, "侵权")
    library.put_back(photo)
    photo.refresh_from_db()
    assert photo.picture.width == 300


def test_a_reason_is_needed_and_nothing_is_done_twice(keeper):
    photo = make_photo()
    response = keeper.post(take_down_url(photo), {"reason": " "})
    assert response.context["form"].errors == {"reason": ["这个字段是必填项。"]}
    photo.refresh_from_db()
    assert photo.is_shown
    library.take_down(photo, reason="侵权")
    with pytest.raises(library.PhotoError, match="已经下架了"):
        library.take_down(photo, reason="侵权")
    run = {"action": "take_down", "_selected_action": [photo.pk], "index": "0"}
    response = keeper.post(reverse("admin:articles_photo_changelist"), run, follow=True)
    assert "所选图片都已经下架了。" in messages_of(response)
    assert keeper.get(take_down_url(photo)).status_code == 302


def test_the_action_leads_to_the_page_that_asks_for_the_reason(keeper):
    photo = make_photo(caption="要下架的图")
    article = make_article(title="用图的稿", cover=photo)
    run = {"action": "take_down", "_selected_action": [photo.pk], "index": "0"}
    page = keeper.post(reverse("admin:articles_photo_changelist"), run, follow=True)
    assert page.redirect_chain == [(take_down_url(photo), 302)]
    assert "要下架的图" in page.text
    assert f"封面《{article}》" in page.text


@pytest.mark.parametrize(
    ("role", "may"),
    [("记者", False), ("责任编辑", False), ("主任", False), ("总编", True), ("图片编辑", True), ("站长", False)],
)
def test_who_takes_pictures_down(client, role, may):
    photo = make_photo()
    client.force_login(make_member("somebody", is_staff=True, groups=[role]))
    response = client.post(take_down_url(photo), {"reason": "侵权"})
    photo.refresh_from_db()
    assert (response.status_code, photo.is_shown) == ((302, False) if may else (403, True))
    client.post(
        reverse("admin:articles_photo_changelist"),
        {"action": "put_back", "_selected_action": [photo.pk], "index": "0"},
    )
    photo.refresh_from_db()
    assert photo.is_shown


def test_the_database_wants_a_reason():
    photo = make_photo()
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.filter(pk=photo.pk).update(withdrawn_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.filter(pk=photo.pk).update(withdrawn_reason="侵权")


def test_an_article_with_nothing_but_the_picture_stays_open(site, client, commits):
    photo = make_photo()
    article = make_article(body=f'<figure data-photo="{photo.pk}"></figure>')
    with commits():
        library.take_down(photo, reason="侵权")
    assert client.get(article.get_absolute_url()).status_code == 200
    publishing.save_article(Article.objects.get(pk=article.pk))
    assert photo.sha256[2:18] not in read(client, article.get_absolute_url())


def test_the_same_file_uploaded_again_stays_down():
    photo = make_photo()
    with storages["originals"].open(photo.data["original"]) as file:
        content = file.read()
    library.take_down(photo, reason="侵权")
    again, is_new = keep_photo(content)
    assert (again.pk, is_new, again.is_shown) == (photo.pk, False, False)

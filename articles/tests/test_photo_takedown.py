"""A picture that is taken down: gone from every page and from the disk, and from no text."""

import pytest
from django.core.files.storage import default_storage, storages
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from articles import library, posters, publishing, trace
from articles.models import Article, ArticleEvent, DiscardedPicture, Issue, Photo, Placement, Topic
from articles.photos import keep_photo
from members.models import Operation
from newsportal.lib.images import PHOTO_WIDTHS, rendition_files

from .factories import make_article, make_channel, make_member, make_photo, make_video
from .newsroom import read
from .test_admin_forms import fill, messages_of
from .test_photo_library import change_url, cropped, files_of

pytestmark = pytest.mark.django_db


def take_down_url(*photos: Photo) -> str:
    return reverse("admin:articles_photo_take_down", query={"ids": ",".join(str(photo.pk) for photo in photos)})


@pytest.fixture
def keeper(client):
    """A client with 图片编辑 signed in."""
    client.force_login(make_member("keeper", is_staff=True, groups=["图片编辑"]))
    return client


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


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
    assert messages_of(response) == ["所选图片都没有下架。"]


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

"""A picture is never deleted while anything refers to it, nor when readers have had it."""

import threading

import pytest
from django.core.files.storage import default_storage, storages
from django.db import connection, connections, models, transaction
from django.urls import reverse

from articles import library, publishing, reviews, revisions
from articles.models import Article, DiscardedPicture, Photo, ShownPhoto
from articles.photos import hold
from newsportal.lib.images import PHOTO_WIDTHS, rendition_files

from .factories import make_article, make_issue, make_member, make_photo, make_video
from .newsroom import change, publish_reviewed
from .test_admin_articles import make_draft
from .test_admin_forms import errors_of, fill, messages_of

pytestmark = pytest.mark.django_db
# Those without a name of the other side too.
REFERENCES = [
    field for field in Photo._meta.get_fields(include_hidden=True) if field.auto_created and not field.concrete
]
LIST = reverse("admin:articles_photo_changelist")


@pytest.fixture
def keeper(client):
    client.force_login(make_member("keeper", is_staff=True, groups=["图片编辑"]))
    return client


def figure(photo: Photo) -> str:
    return f'<p>看图。</p><figure data-photo="{photo.pk}"></figure>'


def try_to_delete(client, photo: Photo) -> list[str]:
    """What stands against it, as both ways of deleting tell; the picture must survive both."""
    one = client.post(reverse("admin:articles_photo_delete", args=[photo.pk]), {"post": "yes"})
    run = {"action": "delete_selected", "_selected_action": [photo.pk], "index": "0", "post": "yes"}
    many = client.post(LIST, run)
    assert Photo.objects.filter(pk=photo.pk).exists()
    assert list(one.context["protected"]) == list(many.context["protected"])
    return list(one.context["protected"])


def test_a_draft_keeps_its_picture(keeper):
    photo = make_photo()
    draft = make_draft(title="草稿里用", body=figure(photo))
    publishing.index_article(draft)
    assert try_to_delete(keeper, photo) == [f"图片 {photo.pk} 用在正文《草稿里用》：请先在那里换掉它。"]


def test_a_working_copy_keeps_its_picture(keeper):
    photo = make_photo()
    copy = change(make_article(title="线上的稿"), body=figure(photo))
    publishing.index_article(copy)
    assert try_to_delete(keeper, photo) == [f"图片 {photo.pk} 用在正文《线上的稿（修改稿）》：请先在那里换掉它。"]


def test_a_picture_that_readers_had_is_kept_for_the_old_revision(keeper, reporter):
    photo, later = make_photo(), make_photo()
    article = make_article(title="换过图的稿", body=figure(photo), cover=photo)
    publish_reviewed(change(article, body=figure(later), cover=later))
    article.refresh_from_db()
    assert set(article.photo_uses.values_list("photo", flat=True)) == {later.pk}
    assert try_to_delete(keeper, photo) == [
        f"图片 {photo.pk} 用在发布过的旧版《换过图的稿》：旧版可能恢复，不能删除；不能再用时请“下架”。"
    ]
    old = revisions.of(article).order_by("number")[0]
    copy, lost = reviews.restore(article, old, user=reporter)
    assert (lost, copy.cover) == ([], photo)
    assert photo.picture.src in copy.rendered[0]["html"]


def test_a_draft_that_nobody_read_keeps_nothing_once_it_shows_it_no_more(keeper):
    photo = make_photo()
    draft = make_draft(body=figure(photo))
    publishing.index_article(draft)
    draft.body = "<p>没有图了。</p>"
    publishing.save_article(draft)
    publishing.index_article(draft)
    assert not ShownPhoto.objects.exists()
    keeper.post(reverse("admin:articles_photo_delete", args=[photo.pk]), {"post": "yes"})
    assert not Photo.objects.exists()


def test_everything_else_that_refers_to_it_keeps_it(keeper):
    cover, poster = make_photo(), make_photo()
    issue, video = make_issue(cover=cover), make_video(poster=poster, caption="短片")
    assert try_to_delete(keeper, cover) == [f"图片 {cover.pk} 用在杂志封面《{issue}》：请先在那里换掉它。"]
    assert try_to_delete(keeper, poster) == [f"图片 {poster.pk} 用在视频封面《{video}》：请先在那里换掉它。"]


def test_of_many_uses_some_are_listed_and_the_rest_counted(keeper):
    photo = make_photo()
    for _ in range(22):
        make_article(cover=photo)
    told = try_to_delete(keeper, photo)
    assert len(told) == 21
    assert told[-1] == f"图片 {photo.pk} 另有 2 处没有列出。"


def test_one_that_is_used_among_those_selected_keeps_them_all(keeper):
    used, free = make_photo(), make_photo()
    make_article(cover=used)
    run = {"action": "delete_selected", "_selected_action": [used.pk, free.pk], "index": "0", "post": "yes"}
    keeper.post(LIST, run)
    assert Photo.objects.count() == 2


def test_a_deleted_picture_leaves_its_files_for_a_while_and_then_none(keeper):
    photo = make_photo()
    keeper.post(LIST, {"action": "delete_selected", "_selected_action": [photo.pk], "index": "0", "post": "yes"})
    files = rendition_files(photo.data, PHOTO_WIDTHS)
    assert (Photo.objects.count(), all(default_storage.exists(name) for name in files)) == (0, True)
    DiscardedPicture.objects.update(due_at="2020-01-01T00:00:00Z")
    assert library.sweep() == 1
    assert not any(default_storage.exists(name) for name in files)
    assert not storages["originals"].exists(photo.data["original"])


def test_what_was_used_since_the_look_at_it_stays_and_is_told(keeper, monkeypatch):
    photo = make_photo()
    make_article(cover=photo)
    # As if the article had been saved between the two.
    monkeypatch.setattr("articles.admin.photos.picture_uses.reasons_to_keep", lambda photo, user: [])
    monkeypatch.setattr("newsportal.lib.admin.PublicModelAdmin.get_deleted_objects", lambda *args: ([], {}, set(), []))
    for response in (
        keeper.post(reverse("admin:articles_photo_delete", args=[photo.pk]), {"post": "yes"}, follow=True),
        keeper.post(
            LIST,
            {"action": "delete_selected", "_selected_action": [photo.pk], "index": "0", "post": "yes"},
            follow=True,
        ),
    ):
        assert f"图片 {photo.pk} 刚被用上，没有删除。" in messages_of(response)
    assert Photo.objects.get() == photo


def test_a_text_that_is_saved_after_the_deletion_hears_of_it(desk, monkeypatch):
    photo = make_photo()
    page = desk.get("/admin/articles/article/add/")
    values = fill(page, title="用图", body=figure(photo), channel=make_article().channel_id)

    def gone(ids):
        Photo.objects.filter(pk=photo.pk).delete()
        return hold(ids)

    # Deleted between the look at the body and the save.
    monkeypatch.setattr("articles.forms.hold", gone)
    response = desk.post("/admin/articles/article/add/", values)
    assert f"图片 {photo.pk} 刚被删除：请换掉它。" in errors_of(response)["body"]
    assert fill(response)["title"] == ["用图"]


@pytest.mark.parametrize("relation", REFERENCES, ids=str)
def test_every_reference_to_a_picture_protects_it(relation):
    assert relation.on_delete is models.PROTECT
    assert len(REFERENCES) == 7


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
def test_a_deletion_waits_for_the_text_that_is_being_saved():
    photo = make_photo()
    draft = make_draft()
    held, told = threading.Event(), []

    def delete():
        held.wait(timeout=30)
        try:
            library.delete_photo(photo)
        except library.PhotoError as error:
            told.append(str(error))
        finally:
            connections.close_all()

    thread = threading.Thread(target=delete)
    thread.start()
    with transaction.atomic():
        assert hold([photo.pk]) == [photo.pk]
        held.set()
        thread.join(timeout=1)
        assert thread.is_alive()
        draft.body = figure(photo)
        publishing.save_article(draft)
        publishing.index_article(draft)
    thread.join(timeout=30)
    assert told == [f"图片 {photo.pk} 刚被用上，没有删除。"]
    assert Article.objects.get(pk=draft.pk).photo_uses.get().photo == photo

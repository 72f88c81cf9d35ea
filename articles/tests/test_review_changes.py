"""三审制 of what readers have: briefs that owe reviews, changes on working copies, withdrawals."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles import publishing, reviews, revisions
from articles.models import Article, Review
from articles.reviews import ReviewError

from .factories import make_article, make_channel, make_photo, make_tag
from .newsroom import author, change, hand_in, pass_all, places, publish_reviewed, read, sign, signer
from .test_admin_articles import make_draft

pytestmark = pytest.mark.django_db


def fast(**overrides) -> Article:
    """A draft for a channel that publishes after one review."""
    return make_draft(channel=make_channel(review_steps=1), **overrides)


# --- Published after one review ---------------------------------------------------------------------------------------


def test_a_brief_is_published_after_one_review_and_owes_two():
    draft = fast()
    hand_in(draft)
    review = sign(draft, 1)
    assert review.place == "待发布"
    article = reviews.release(review, user=signer(1))
    assert article.is_published
    assert places(article) == ["欠二审"]
    sign(article, 2)
    assert places(article) == ["欠三审"]
    sign(article, 3)
    assert places(article) == ["已审结"]
    assert Article.objects.get().is_published


def test_a_later_reviewer_refuses_what_readers_have_already():
    article = publish_reviewed(fast())
    with pytest.raises(ReviewError, match="已经发布的稿件只能退回给作者"):
        sign_owed(article, returned_to=1)
    sign_owed(article, returned_to=0)
    assert places(article) == ["补审退回"]
    assert article.is_published
    # A change that passes puts it right.
    copy = change(article, title="核实过的标题")
    publish_reviewed(copy)
    assert places(article) == ["已作废", "欠二审"]


def sign_owed(article: Article, *, returned_to: int) -> Review:
    return sign(article, 2, verdict="return", note="消息来源没有核实。", returned_to=returned_to)


def test_withdrawing_ends_what_is_owed():
    article = publish_reviewed(fast())
    reviews.withdraw(article, user=signer(3), reason="失实")
    assert places(article) == ["已作废"]


# --- Changing what readers have ---------------------------------------------------------------------------------------


def test_readers_keep_what_they_have_until_the_change_is_signed(client, site):
    article = publish_reviewed(make_draft(title="渡口换缆绳", body="<p>缆绳长二十米。</p>"))
    address = article.get_absolute_url()
    copy = change(article, title="渡口换新缆绳", body="<p>缆绳长三十米。</p>")
    for state in ("written", "handed in", "signed"):
        if state == "handed in":
            hand_in(copy)
        if state == "signed":
            pass_all(copy)
        assert "缆绳长二十米。" in read(client, address), state
        assert Article.objects.published().get().title == "渡口换缆绳"
    reviews.release(reviews.in_hand(copy), user=signer(3))
    page = read(client, address)
    assert "缆绳长三十米。" in page
    assert "渡口换新缆绳" in page
    article = Article.objects.get()
    assert article.events.order_by("number").last().kind == "changed"
    assert article.updated_at is None
    assert [revision.content["title"] for revision in article.revisions.order_by("number")] == [
        "渡口换缆绳",
        "渡口换新缆绳",
    ]


def test_a_correction_is_told_to_readers(client, site):
    article = make_article(body="<p>缆绳长二十米。</p>")
    copy = change(article, body="<p>缆绳长三十米。</p>")
    reviews.correct(copy, " 缆绳长度误为二十米，应为三十米。 ")
    publish_reviewed(copy)
    article = Article.objects.get(pk=article.pk)
    event = article.events.order_by("number").last()
    assert (event.kind, event.reason, event.user) == ("corrected", "缆绳长度误为二十米，应为三十米。", signer(3))
    assert article.updated_at is not None
    assert "缆绳长度误为二十米" in read(client, "/corrections/")
    assert article.reviews.get().place == "已审结"


def test_a_change_takes_everything_along_and_leaves_nothing_behind():
    photo, tag = make_photo(), make_tag()
    article = make_article(credit="白一川", tags=[make_tag()])
    LogEntry.objects.create(user=author(), content_type=of_article(), object_id=str(article.pk), action_flag=CHANGE)
    copy = change(article, cover=photo, body=f'<p>字</p><figure data-photo="{photo.pk}"></figure>')
    copy.tags.set([tag])
    publishing.index_article(copy)
    assert list(copy.photo_uses.values_list("photo", flat=True)) == [photo.pk]
    LogEntry.objects.create(user=author(), content_type=of_article(), object_id=str(copy.pk), action_flag=CHANGE)
    publish_reviewed(copy)
    article = Article.objects.get()
    assert (article.cover, list(article.tags.all())) == (photo, [tag])
    assert [credit.author.name for credit in article.credits.all()] == ["白一川"]
    assert list(article.photo_uses.values_list("photo", flat=True)) == [photo.pk]
    assert set(LogEntry.objects.values_list("object_id", flat=True)) == {str(article.pk)}


def of_article() -> ContentType:
    return ContentType.objects.get_for_model(Article)


def test_there_is_one_working_copy():
    article = make_article()
    copy = reviews.start_change(article, user=author())
    assert reviews.start_change(article, user=signer(1)) == copy
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.create(title="又一份", channel=article.channel, source=article.source, draft_of=article)
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=copy.pk).update(status="published", published_at=timezone.now())


def test_a_draft_has_no_working_copy():
    with pytest.raises(ReviewError, match="草稿直接修改就可以"):
        reviews.start_change(make_draft(), user=author())


def test_a_change_can_be_given_up():
    article = make_article(title="渡口换缆绳")
    copy = change(article, title="不要了的标题")
    assert reviews.drop_change(copy, user=author()) == article
    assert Article.objects.get().title == "渡口换缆绳"
    assert article.reviews.get().place == "已作废"
    assert [row.content["title"] for row in article.revisions.order_by("number")] == ["渡口换缆绳", "不要了的标题"]


def test_what_is_in_review_is_not_given_up_by_its_author():
    copy = change(make_article(), title="在审的标题")
    hand_in(copy)
    for user in (author(), signer(1)):
        with pytest.raises(ReviewError, match="修改稿正在一审"):
            reviews.drop_change(copy, user=user)
    assert Article.objects.filter(pk=copy.pk).exists()


def test_what_is_scheduled_is_not_taken_back_under_its_working_copy():
    tomorrow = timezone.now() + timedelta(days=1)
    article = reviews.release(pass_all(make_draft()), user=signer(3), at=tomorrow)
    copy = change(article, title="改过的标题")
    with pytest.raises(ReviewError, match="这篇稿件有修改稿"):
        reviews.unschedule(article, user=signer(3))
    reviews.drop_change(copy, user=author())
    assert reviews.unschedule(article, user=signer(3)).status == "draft"


def test_what_somebody_holds_may_be_older_than_the_row():
    """A list that was open while others worked: nothing old is signed, nothing new is overwritten."""
    draft = make_draft(title="渡口换缆绳")
    revision = revisions.keep(draft)
    held = Article.objects.get(pk=draft.pk)
    publish_reviewed(draft)
    with pytest.raises(ReviewError, match="要先点“修改”另起修改稿"):
        reviews.submit(held, user=author())
    restored, _ = reviews.restore(held, revision, user=author())
    assert restored.draft_of_id == draft.pk
    assert Article.objects.get(pk=draft.pk).is_published

    other = make_draft(title="旧的标题")
    held = Article.objects.get(pk=other.pk)
    Article.objects.filter(pk=other.pk).update(title="新的标题")
    assert reviews.submit(held, user=author()).revision.content["title"] == "新的标题"
    copy = change(make_article(), title="改过的标题")
    held = Article.objects.get(pk=copy.pk)
    publish_reviewed(copy)
    with pytest.raises(ReviewError, match="刚刚被别人删除、发布或放弃了"):
        reviews.submit(held, user=author())


def test_a_withdrawn_article_is_mended_and_shown_again():
    article = make_article(title="有误的标题")
    reviews.withdraw(article, user=signer(3), reason="标题有误")
    publish_reviewed(change(article, title="改正的标题"))
    article.refresh_from_db()
    assert (article.status, article.title) == ("withdrawn", "改正的标题")
    with pytest.raises(ReviewError, match="要由有撤稿权限的人来做"):
        reviews.republish(article, user=signer(2))
    assert reviews.republish(article, user=signer(3)).is_published

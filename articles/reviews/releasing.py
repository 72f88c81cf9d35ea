"""Before readers, and away from them."""

from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from articles import publishing
from articles.models import Article, Review, UnsavedText
from articles.models.reviews import ALL_STEPS

from .rules import PUBLISHING, WITHDRAWING, ReviewError, State, copy_of
from .signing import is_unchanged, lock, locked, move, obstacles, reread


@transaction.atomic
def release(review: Review, *, user: AbstractBaseUser, at: datetime | None = None) -> Article:
    """Publish what has passed its reviews, now or at the moment `at`; a change takes the place of what readers have.

    Returns the article. Raises ReviewError for what has not passed, what was changed since, and what lacks something.
    """
    review = locked(review)
    if review.state != State.PASSED:
        raise ReviewError(f"还没有审完（{review.place}），不能发布。")
    if not user.has_perm(PUBLISHING):
        raise ReviewError("你没有发布稿件的权限。")
    if not is_unchanged(review):
        raise ReviewError("审完以后文字又改过：请打开稿件保存一次，重新审。")
    if found := obstacles(review.draft, user=user, is_publication=True):
        raise ReviewError("".join(found))
    Review.objects.filter(article=review.article_id, state__in=[State.OWED, State.REFUSED]).update(
        state=State.DROPPED, closed_at=timezone.now()
    )
    article = swap(review, user=user) if review.is_change else publishing.publish(review.draft, at=at, user=user)
    review.draft = article
    move(review, *(State.DONE, ALL_STEPS) if review.step == ALL_STEPS else (State.OWED, review.step + 1))
    return article


def swap(review: Review, *, user: AbstractBaseUser) -> Article:
    """Put the signed revision in the place of the text that readers have, and let the working copy go."""
    copy, article = review.draft, Article.objects.select_related("channel").get(pk=review.article_id)
    if review.reason:
        article.updated_at = timezone.now()
    publishing.bring_back(article, review.revision, user=user, reason=review.reason)
    drop_copy(copy)
    return article


def drop_copy(copy: Article) -> None:
    """Delete a working copy; what was done to it stays in the history of its article."""
    entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Article), object_id=str(copy.pk))
    entries.update(object_id=str(copy.draft_of_id))
    # What somebody has typed and not saved can still be copied, on the page of the article.
    taken = UnsavedText.objects.filter(article=copy.draft_of_id).values("user")
    copy.unsaved_texts.exclude(user__in=taken).update(article=copy.draft_of_id)
    copy.delete()


@transaction.atomic
def unschedule(article: Article, *, user: AbstractBaseUser) -> Article:
    """Take back the moment of an article that nobody could read yet (取消定时): it waits, signed, to be published."""
    article = reread(article)
    if article.status != Article.Status.PUBLISHED or article.published_at <= timezone.now():
        raise ReviewError("只有定时而还没到时间的稿件才能取消定时。")
    if copy_of(article) is not None:
        raise ReviewError("这篇稿件有修改稿：请先让修改稿替换，或者放弃它，再取消定时。")
    review = Review.objects.filter(draft=article, state__in=[State.OWED, State.DONE]).order_by("-id").first()
    article.status, article.published_at = Article.Status.DRAFT, None
    publishing.save_article(article, user=user)
    publishing.index_article(article)
    if review is not None:
        signed = review.step - 1 if review.state == State.OWED else ALL_STEPS
        review.closed_at = None
        move(review, State.PASSED, signed)
    return article


@transaction.atomic
def withdraw(article: Article, *, user: AbstractBaseUser, reason: str) -> Article:
    """Take an article off the site (撤稿); what was owed to its reviews is owed no more. See `publishing.withdraw`."""
    lock(article.pk)
    owed = Review.objects.filter(article=article, state__in=[State.OWED, State.REFUSED])
    owed.update(state=State.DROPPED, closed_at=timezone.now())
    return publishing.withdraw(article, reason=reason, user=user)


@transaction.atomic
def republish(article: Article, *, user: AbstractBaseUser) -> Article:
    """Show a withdrawn article again (重新公开): its text passed its reviews once, and nothing else is shown."""
    article = reread(article)
    if article.status != Article.Status.WITHDRAWN:
        raise ReviewError("只有撤下的稿件才能重新公开。")
    if not user.has_perm(WITHDRAWING):
        raise ReviewError("重新公开撤下的稿件，要由有撤稿权限的人来做。")
    if found := obstacles(article, user=user, is_publication=True):
        raise ReviewError("".join(found))
    return publishing.publish(article, user=user)

"""Working copies (修改稿) of what readers have, and revisions that come back."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from articles import publishing, revisions
from articles.models import Article, Review, Revision

from .releasing import drop_copy
from .rules import ReviewError, State, copy_of, in_hand, refusal_to_write
from .signing import follow_text, lock, move, reread


@transaction.atomic
def start_change(article: Article, *, user: AbstractBaseUser) -> Article:
    """The working copy of an article that readers have: a new one of its text, or the one there is.

    Raises ReviewError for a draft. Side effect: keeps the text that readers have as a revision.
    """
    article = reread(article)
    if article.status == Article.Status.DRAFT:
        raise ReviewError("草稿直接修改就可以，不用另起修改稿。")
    copy = copy_of(article)
    if copy is None:
        revisions.keep(article, at=article.modified_at)
        copy = Article(draft_of=article, created_by=user)
        publishing.bring_back(copy, revisions.of(article).order_by("-number")[0], user=user)
        Review.objects.create(article=article, draft=copy, needed=article.channel.review_steps)
    return copy


@transaction.atomic
def restore(
    article: Article, revision: Revision, *, user: AbstractBaseUser, correction: str = ""
) -> tuple[Article, list[str]]:
    """Bring a revision back: in a draft at once, of what readers have in its working copy, with a word of correction.

    Returns the draft or copy, and in Chinese what the revision refers to and the portal no longer has. Raises
    ReviewError when the text is not the user's to change now.
    """
    article = reread(article)
    draft = article if article.status == Article.Status.DRAFT else start_change(article, user=user)
    if refusal := refusal_to_write(user, draft, in_hand(draft)):
        raise ReviewError(refusal)
    lost = publishing.bring_back(draft, revision, user=user, restored=revision.number)
    if draft.draft_of_id:
        correct(draft, correction)
    follow_text(draft)
    return draft, lost


def correct(copy: Article, reason: str) -> None:
    """Say what a working copy corrects (更正说明), or that it corrects nothing. Two queries, one without a change."""
    review = in_hand(copy)
    if review is not None and review.reason != reason.strip():
        review.reason = reason.strip()
        review.save(update_fields=["reason"])


@transaction.atomic
def drop_change(copy: Article, *, user: AbstractBaseUser) -> Article:
    """Give a working copy up (放弃修改): readers keep what they have. Its text stays among the revisions."""
    article = copy.draft_of
    lock(article.pk)
    review = in_hand(copy)
    if review is not None and review.state != State.WRITING:
        raise ReviewError(f"修改稿正在{review.place}：作者撤回送审，或者审稿的人退回以后，才能放弃。")
    if refusal := refusal_to_write(user, copy, review):
        raise ReviewError(refusal)
    if review is not None:
        move(review, State.DROPPED, review.step)
    drop_copy(copy)
    return article

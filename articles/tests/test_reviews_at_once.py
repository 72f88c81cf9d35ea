"""Two people at one text at the same moment, in transactions of their own."""

from functools import partial

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction

from articles import publishing, reviews, revisions
from articles.models import Article, Review, Signature
from articles.reviews import ReviewError

from .at_once import at_once as all_at_once
from .factories import make_article, make_channel, make_member
from .test_admin_articles import make_draft

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time"),
]
RIGHTS = ["sign_first", "sign_second", "sign_third", "publish_article", "edit_any_article", "release_held_words"]
at_once = partial(all_at_once, refusal=ReviewError)


def colleague(name: str):
    """The same account in a connection of its own: what it may do is not asked of the other's."""
    found = get_user_model().objects.filter(username=name).first()
    return found or make_member(name, is_staff=True, permissions=RIGHTS)


def sign(review: Review, name: str) -> Review:
    return reviews.sign(review, user=colleague(name), step=review.step, revision=review.revision_id)


def rewrite(pk: int, title: str) -> None:
    """What saving the form of the back office does, in its order."""
    with transaction.atomic():
        draft = Article.objects.select_related("channel", "source").get(pk=pk)
        reviews.lock(draft.draft_of_id or draft.pk)
        draft = Article.objects.select_related("channel", "source").filter(pk=pk).first()
        if draft is None or draft.status != Article.Status.DRAFT:
            raise ReviewError("晚了一步")
        draft.title = title
        publishing.save_article(draft)
        publishing.index_article(draft)
        revisions.keep(draft)
        reviews.follow_text(draft)


def handed_in(draft: Article) -> Review:
    return reviews.submit(draft, user=colleague("author"))


def test_two_who_sign_at_once_are_one_signature():
    for name in ("one", "two"):
        colleague(name)
    for _ in range(5):
        draft = make_draft()
        review = handed_in(draft)
        refused = at_once(lambda r=review: sign(r, "one"), lambda r=review: sign(r, "two"))
        assert len(refused) == 1
        assert "已经不在一审（现在：二审）" in refused[0]
        assert (Signature.objects.filter(review=review).count(), Review.objects.get(pk=review.pk).step) == (1, 2)


def test_one_who_signs_twice_at_once_signs_once():
    colleague("one")
    draft = make_draft()
    review = handed_in(draft)
    refused = at_once(*[lambda: sign(review, "one")] * 3)
    assert len(refused) == 2
    assert Signature.objects.count() == 1


@pytest.mark.parametrize("is_change", [False, True])
def test_what_is_published_is_what_was_signed_whoever_writes_meanwhile(is_change):
    """The last signature with its publication, against a colleague who saves another title."""
    for name in ("one", "writer", "author"):
        colleague(name)
    outcomes = set()
    for number in range(6):
        channel = make_channel(review_steps=1)
        if is_change:
            article = make_article(channel=channel)
            draft = reviews.start_change(article, user=colleague("author"))
        else:
            draft = article = make_draft(channel=channel)
        review = handed_in(draft)

        def publish(review=review) -> None:
            reviews.release(sign(review, "one"), user=colleague("one"))

        at_once(publish, lambda pk=draft.pk, n=number: rewrite(pk, f"另一个标题{n}"))
        live = Article.objects.get(pk=article.pk)
        found = Review.objects.filter(article=article).latest("pk")
        if found.state == Review.State.OWED:
            signature = Signature.objects.get(review=found)
            assert revisions.is_still(live, signature.revision)
            outcomes.add("published")
        else:
            assert (found.place, live.title == f"另一个标题{number}") == ("一审", not is_change)
            assert not any(reviews.standing(found, found.signatures.order_by("pk")))
            outcomes.add("begun anew")
    assert outcomes


def test_two_who_change_one_article_get_one_working_copy():
    for name in ("one", "two"):
        colleague(name)
    article = make_article()
    at_once(*[lambda name=name: reviews.start_change(article, user=colleague(name)) for name in ("one", "two")])
    assert Article.objects.filter(draft_of=article).count() == 1
    assert Review.objects.filter(article=article).count() == 1

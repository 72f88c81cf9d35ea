"""How the tests bring a text through its reviews: people who sign, and what they do."""

from django.contrib.auth import get_user_model
from django.core.cache import caches

from articles import publishing, reviews, revisions
from articles.models import Article, Review

from .factories import make_member

# Who signs each step: a name and the role that has the right.
SIGNERS = {1: ("first", "责任编辑"), 2: ("second", "主任"), 3: ("third", "总编")}


def signer(step: int):
    """The member of the newsroom who signs a step in these tests; made at the first call."""
    username, role = SIGNERS[step]
    found = get_user_model().objects.filter(username=username).first()
    return found or make_member(username, is_staff=True, groups=[role])


def author():
    """A reporter other than the fixture, who writes what the test does not care about."""
    found = get_user_model().objects.filter(username="author").first()
    return found or make_member("author", is_staff=True, groups=["记者"])


def hand_in(draft: Article, *, by=None) -> Review:
    """Handed in by its author, or by somebody who signs nothing."""
    return reviews.submit(draft, user=by or draft.created_by or author())


def sign(draft: Article, step: int, **values) -> Review:
    """The signature of the step's signer under the text as it stands."""
    review = reviews.open_review(draft)
    return reviews.sign(review, user=signer(step), step=step, revision=review.revision_id, **values)


def pass_all(draft: Article) -> Review:
    """Handed in, unless it is, and signed as often as publication needs."""
    review = reviews.in_hand(draft)
    if review is None or review.state == Review.State.WRITING:
        review = hand_in(draft)
    for step in range(review.step, review.needed + 1):
        review = sign(draft, step)
    return review


def read(client, url: str) -> str:
    """What a reader sees there now, whatever page was kept: the tests' transactions never end."""
    caches["pages"].clear()
    return client.get(url).text


def publish_reviewed(draft: Article) -> Article:
    """All the way before readers."""
    return reviews.release(pass_all(draft), user=signer(3))


def change(article: Article, *, by=None, **values) -> Article:
    """A working copy of what readers have, with other words."""
    copy = reviews.start_change(article, user=by or author())
    for name, value in values.items():
        setattr(copy, name, value)
    publishing.save_article(copy)
    revisions.keep(copy)
    return copy


def places(draft: Article) -> list[str]:
    return [review.place for review in draft.draft_reviews.order_by("pk")]

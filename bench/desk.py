"""What lies on the newsroom's desks today, as much beside a small archive as beside a large one.

Texts on their way through the reviews, in every state and at every step; and what was typed and not saved.
"""

import random
from datetime import datetime, timedelta
from itertools import cycle

from django.utils import timezone

from articles import revisions
from articles.models import (
    Article,
    EditLock,
    Review,
    Reviewer,
    ReviewSight,
    Revision,
    Signature,
    UnsavedText,
)
from articles.trace import sha256

from .history import Staff
from .writing import Cast

State = Review.State
OPEN = 2000
# The newest stand on the pages that are measured.
PASSED_OVER = 12
# A new text or, once in so many, a working copy of an article that readers have.
COPY_EVERY = 7
# Where they are: half of them at the first step, some returned, some signed to the end.
PLACES = [
    *[(State.WAITING, 1)] * 5,
    *[(State.WAITING, 2)] * 2,
    (State.WAITING, 3),
    (State.WRITING, 0),
    (State.PASSED, 3),
]


def make_desk(cast: Cast, bodies: list[str], *, articles: int, end: datetime) -> None:
    """Fill the desks of a newsroom that has published `articles`, the newest at `end`; `bodies` is what it writes."""
    number = min(OPEN, articles // 5)
    public = Article.objects.published().order_by("-pk")
    originals = list(public.only("title", "channel")[PASSED_OVER : PASSED_OVER + number // COPY_EVERY + 1])
    drafts = make_drafts(cast, bodies, originals, number=number, end=end)
    make_reviews(cast.staff, drafts)
    keep_unsaved(drafts)


def make_drafts(
    cast: Cast, bodies: list[str], originals: list[Article], *, number: int, end: datetime
) -> list[Article]:
    """Texts that nobody has published yet, the newest in hand; some are working copies of published articles."""
    chance, texts, copied, rows = random.Random("desk"), cycle(bodies), iter(originals), []
    for at in range(number):
        original, body = next(copied) if at % COPY_EVERY == 0 else None, next(texts)
        rows.append(
            Article(
                title=original.title if original else f"在审：{body[3:30]}",
                lead=body[3:80],
                body=body,
                characters=len(body),
                channel_id=original.channel_id if original else chance.choice(cast.channels),
                source_id=cast.sources[0],
                draft_of=original,
                duty_editor=cast.editors[at % len(cast.editors)],
                created_by_id=cast.staff.of_step(0, at * 7),
                created_at=end,
            )
        )
    drafts = Article.objects.bulk_create(rows, batch_size=100)
    regions, tags = Article.regions.through, Article.tags.through
    regions.objects.bulk_create(
        regions(article_id=row.pk, region_id=chance.choice(cast.regions)[0]) for row in drafts if row.pk % 5
    )
    tags.objects.bulk_create(tags(article_id=row.pk, tag_id=chance.choice(cast.tags)) for row in drafts)
    return drafts


def make_reviews(staff: Staff, drafts: list[Article]) -> None:
    """A review for each draft, with its revision, and the signatures that it has."""
    now = timezone.now()
    numbers = {row["article_id"]: row["number"] for row in last_revisions(drafts)}
    texts = {row.pk: revisions.content_of(row) for row in drafts}
    kept = Revision.objects.bulk_create(
        [
            Revision(
                article_id=row.draft_of_id or row.pk,
                number=numbers.get(row.draft_of_id, 0) + 1,
                content=texts[row.pk],
                digest=sha256(texts[row.pk]),
                user_id=row.created_by_id,
                created_at=now - timedelta(minutes=5 * len(drafts)),
            )
            for row in drafts
        ],
        batch_size=100,
    )
    reviews = []
    for at, (row, revision, (state, step)) in enumerate(zip(drafts, kept, cycle(PLACES), strict=False)):
        waits = now - timedelta(minutes=5 * (len(drafts) - at))
        reviews.append(
            Review(
                article_id=row.draft_of_id or row.pk,
                draft=row,
                state=state,
                step=step,
                reason="更正文中一处人名。" if row.draft_of_id and at % 2 else "",
                submitted_by_id=row.created_by_id,
                submitted_at=waits,
                waiting_since=waits,
                revision=revision,
            )
        )
    sign(staff, Review.objects.bulk_create(reviews, batch_size=100))


def last_revisions(drafts: list[Article]):
    articles = [row.draft_of_id for row in drafts if row.draft_of_id]
    return Revision.objects.filter(article__in=articles).order_by("article_id", "number").values("article_id", "number")


def sign(staff: Staff, reviews: list[Review]) -> None:
    """Signatures of the steps behind each review; of those that are written again, the return."""
    reviewers, given = {}, []
    known = set(
        Reviewer.objects.filter(article__in=[row.article_id for row in reviews]).values_list("article_id", flat=True)
    )
    for review in reviews:
        if review.article_id in known:
            continue
        is_returned = review.state == State.WRITING
        last = 1 if is_returned else review.step if review.state == State.PASSED else review.step - 1
        for step in range(1, last + 1):
            user = staff.of_step(step, review.pk)
            reviewers[review.pk, step] = Reviewer(article_id=review.article_id, user_id=user, step=step)
            given.append((review, step, user, is_returned))
    Reviewer.objects.bulk_create(reviewers.values(), batch_size=100)
    Signature.objects.bulk_create(
        [
            Signature(
                review=review,
                reviewer=reviewers[review.pk, step],
                user_id=user,
                submitted_by_id=review.submitted_by_id,
                signed_as=staff.names[user],
                verdict="return" if is_returned else "pass",
                returned_to=0 if is_returned else None,
                note="导语请写清时间和地点。" if is_returned else "",
                revision_id=review.revision_id,
                digest=review.revision.digest,
                at=review.submitted_at,
            )
            for review, step, user, is_returned in given
        ],
        batch_size=100,
    )
    ReviewSight.objects.bulk_create(
        ReviewSight(review=review, user_id=staff.steps[3][0], revision_id=review.revision_id) for review in reviews[::3]
    )


def keep_unsaved(drafts: list[Article]) -> None:
    """Every twentieth draft is open in somebody's browser, with words that are not saved."""
    opened = drafts[::20]
    UnsavedText.objects.bulk_create(
        UnsavedText(user_id=row.created_by_id, article=row, values={"title": [row.title], "body": [row.body]})
        for row in opened
    )
    EditLock.objects.bulk_create(EditLock(article=row, user_id=row.created_by_id) for row in opened)

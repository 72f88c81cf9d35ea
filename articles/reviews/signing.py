"""Handing a text in, and signing it step by step."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from articles import preflight, publishing, revisions, words
from articles.models import Article, Review, Reviewer, ReviewSight, Revision, Signature, Step
from articles.models.reviews import ALL_STEPS

from .rules import ReviewError, State, Verdict, in_hand, may_recall, refusal_to_sign, refusal_to_write, standing


def lock(article_id: int) -> None:
    """Wait for whoever does something with the article at this moment. For the rest of the transaction."""
    Article.objects.select_for_update(no_key=True).filter(pk=article_id).values_list("pk").first()


def reread(article: Article) -> Article:
    """The row as it is now, locked: what the caller holds may be older. Raises ReviewError when it is gone."""
    lock(article.draft_of_id or article.pk)
    row = Article.objects.select_related("channel", "source", "draft_of__channel").filter(pk=article.pk).first()
    if row is None:
        raise ReviewError("这篇稿件刚刚被别人删除、发布或放弃了：请刷新后再看。")
    return row


def locked(review: Review) -> Review:
    """The review as it is now, its article locked."""
    lock(review.article_id)
    return Review.objects.select_related("draft__channel", "article", "revision").get(pk=review.pk)


def obstacles(draft: Article, *, user: AbstractBaseUser, is_publication: bool) -> list[str]:
    """What stands against handing a text in, or against publishing it, in Chinese."""
    found = [message for field, message in preflight.lacks_of(draft) if is_publication or field != "duty_editor"]
    # Held words stop a publication by who may not release them, and nobody from asking for a review.
    may_release = words.may_release(user) or not is_publication
    found += [str(finding) for finding in words.stopping(words.findings_in(draft), may_release=may_release)]
    return found + [finding.message for finding in preflight.findings(draft) if finding.is_stopping]


@transaction.atomic
def submit(draft: Article, *, user: AbstractBaseUser) -> Review:
    """Hand a draft or a working copy in (送审): it waits for 一审. Keeps it as a revision.

    Raises ReviewError for what is not with its author, and for what no review could pass.
    """
    draft = reread(draft)
    review = in_hand(draft)
    if draft.status != Article.Status.DRAFT:
        raise ReviewError("已经发布过的稿件，要先点“修改”另起修改稿，再送审。")
    if review is not None and review.state != State.WRITING:
        raise ReviewError(f"已经在{review.place}，不用再送。")
    if refusal := refusal_to_write(user, draft, review):
        raise ReviewError(refusal)
    if found := obstacles(draft, user=user, is_publication=False):
        raise ReviewError("".join(found))
    review = review or Review(article_id=draft.draft_of_id or draft.pk, draft=draft)
    review.revision = current_revision(draft, user=user)
    review.needed = draft.channel.review_steps
    review.submitted_by, review.submitted_at = user, timezone.now()
    move(review, State.WAITING, Step.FIRST)
    return review


def current_revision(draft: Article, *, user: AbstractBaseUser | None = None) -> Revision:
    """The revision that is the draft as it stands; kept now when there is none."""
    return revisions.keep(draft, user=user) or revisions.of(draft).order_by("-number")[0]


def move(review: Review, state: State, step: int) -> None:
    review.state, review.step, review.waiting_since = state, step, timezone.now()
    if state in {State.DONE, State.DROPPED, State.REFUSED}:
        review.closed_at = review.waiting_since
    review.save()


@transaction.atomic
def recall(review: Review, *, user: AbstractBaseUser) -> Review:
    """Take a text back that was handed in (撤回送审): its author writes on, and what was signed is void."""
    review = locked(review)
    if review.state not in {State.WAITING, State.PASSED}:
        raise ReviewError("只有在审的稿件才能撤回。")
    if not may_recall(review, user):
        raise ReviewError("只有作者和送审的人才能撤回送审；审稿的人请退回，并写明意见。")
    move(review, State.WRITING, Step.AUTHOR)
    return review


@transaction.atomic
def follow_text(draft: Article) -> bool:
    """Bring the review in hand to the text that was just saved: another text begins at 一审, whoever signed before.

    Returns whether signatures became void by it. Call it once the draft is kept as a revision.
    """
    lock(draft.draft_of_id or draft.pk)
    review = in_hand(draft)
    if review is None or review.state == State.WRITING:
        return False
    newest = current_revision(draft)
    if newest.pk == review.revision_id:
        return False
    signatures = review.signatures.select_related("reviewer").order_by("pk")
    was_signed = bool(standing(review, signatures))
    review.revision, review.needed = newest, draft.channel.review_steps
    if was_signed or review.step != Step.FIRST:
        move(review, State.WAITING, Step.FIRST)
    else:
        review.save()
    return was_signed


@transaction.atomic
def sign(
    review: Review,
    *,
    user: AbstractBaseUser,
    step: int,
    revision: int,
    verdict: Verdict = Verdict.PASS,
    note: str = "",
    returned_to: int | None = None,
    duty_editor: str = "",
) -> Review:
    """Sign a step: pass it on, or return it (退回) to its author or to a step before, with a note.

    `step` and `revision`, the key of a Revision, are what the user saw: ReviewError when either is another by now, when
    she may not sign, and for a return without a note. A `duty_editor` is entered where there is none yet, and signed
    with the rest.
    """
    review = locked(review)
    check_what_was_seen(review, step=step, revision=revision)
    if refusal := refusal_to_sign(review, user):
        raise ReviewError(refusal)
    if verdict == Verdict.RETURN:
        check_return(review, note, returned_to)
    elif review.state == State.WAITING and not review.draft.duty_editor.strip():
        enter_duty_editor(review, duty_editor.strip(), user=user)
    write_signature(review, user, verdict, note.strip(), returned_to if verdict == Verdict.RETURN else None)
    advance(review, verdict, returned_to)
    return review


def check_return(review: Review, note: str, returned_to: int | None) -> None:
    """Raise ReviewError for a return that says nothing, or leads nowhere."""
    if not note.strip():
        raise ReviewError("退回必须写明意见：作者要知道改什么。")
    if returned_to is None or not Step.AUTHOR <= returned_to < review.step:
        raise ReviewError("只能退回给作者，或退回到前面的审次。")
    if review.state == State.OWED and returned_to != Step.AUTHOR:
        raise ReviewError("已经发布的稿件只能退回给作者，由作者起修改稿。")


def enter_duty_editor(review: Review, name: str, *, user: AbstractBaseUser) -> None:
    """Give the text its duty editor, whose name is part of what is signed."""
    if not name:
        raise ReviewError("还没有填责任编辑：请先填上。")
    review.draft.duty_editor = name
    publishing.save_article(review.draft, user=user)
    publishing.index_article(review.draft)
    review.revision = current_revision(review.draft, user=user)


def check_what_was_seen(review: Review, *, step: int, revision: int) -> None:
    """Raise ReviewError unless the review waits at this step, with this revision, and the text is still that."""
    if review.state not in {State.WAITING, State.OWED} or review.step != step:
        raise ReviewError(f"这篇稿件已经不在{Step(step).label}（现在：{review.place}）：请刷新后再看。")
    if review.revision_id != revision or not is_unchanged(review):
        number = revisions.of(review.draft).order_by("-number").values_list("number", flat=True)[0]
        raise ReviewError(f"你读过以后，文字又改了，现在是第 {number} 版：请看过新的一版再签。")


def is_unchanged(review: Review) -> bool:
    """Whether the draft still is the revision under review, however it may have been written."""
    return revisions.is_still(review.draft, review.revision)


def write_signature(
    review: Review, user: AbstractBaseUser, verdict: Verdict, note: str, returned_to: int | None
) -> Signature:
    reviewer, _ = Reviewer.objects.get_or_create(
        article_id=review.article_id, user=user, defaults={"step": review.step}
    )
    return Signature.objects.create(
        review=review,
        reviewer=reviewer,
        user=user,
        submitted_by=review.submitted_by,
        signed_as=str(user),
        verdict=verdict,
        returned_to=returned_to,
        note=note,
        revision=review.revision,
        digest=review.revision.digest,
        at=timezone.now(),
    )


def advance(review: Review, verdict: Verdict, returned_to: int | None) -> None:
    """Move the review on after a signature."""
    if verdict == Verdict.RETURN and review.state == State.OWED:
        move(review, State.REFUSED, Step.AUTHOR)
    elif verdict == Verdict.RETURN:
        move(review, State.WAITING if returned_to else State.WRITING, returned_to)
    elif review.state == State.OWED:
        move(review, *(State.DONE, review.step) if review.step == ALL_STEPS else (State.OWED, review.step + 1))
    elif review.step >= review.needed:
        move(review, State.PASSED, review.step)
    else:
        move(review, State.WAITING, review.step + 1)


def see(review: Review, *, user: AbstractBaseUser) -> Revision | None:
    """Note that the user looks at the revision under review; returns the one that she saw last before. Two queries."""
    before = ReviewSight.objects.filter(review=review, user=user).select_related("revision").first()
    if review.revision_id and (before is None or before.revision_id != review.revision_id):
        ReviewSight.objects.update_or_create(review=review, user=user, defaults={"revision": review.revision})
    return before.revision if before else None

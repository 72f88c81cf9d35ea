"""Where a text is on its way through the reviews, and who may do what with it there. Changes nothing."""

from collections.abc import Iterable, Iterator

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from articles import beats
from articles.models import Article, Review, Reviewer, Signature, Step

State = Review.State
Verdict = Signature.Verdict
SIGNING = {
    Step.FIRST: "articles.sign_first",
    Step.SECOND: "articles.sign_second",
    Step.THIRD: "articles.sign_third",
}
PUBLISHING = "articles.publish_article"
WITHDRAWING = "articles.withdraw_article"
EDITING = "articles.edit_any_article"
DRAFT = ("draft__channel", "draft__source")


class ReviewError(Exception):
    """Why something cannot be done with an article, in Chinese, saying what to do instead."""


def in_hand(draft: Article) -> Review | None:
    """The review of a draft or working copy that is not before readers yet. One query."""
    return Review.objects.in_hand().filter(draft=draft).select_related("revision", "submitted_by").first()


def open_review(article: Article) -> Review | None:
    """The review in hand of a draft, or the one of a published article that is not signed to the end. One query.

    With the draft as it is at that moment: who reads that text reads the revision under review.
    """
    found = Review.objects.open().filter(draft=article)
    return found.select_related("revision", "submitted_by", "article", *DRAFT).order_by("-id").first()


def copy_of(article: Article) -> Article | None:
    """The working copy of an article that readers have. One query."""
    return Article.objects.filter(draft_of=article).first()


def may_recall(review: Review, user: AbstractBaseUser) -> bool:
    """Whether the user may take back what was handed in: it is hers. Who reviews it returns it, with a note."""
    is_own = user.pk in {review.submitted_by_id, review.draft.created_by_id if review.draft else None}
    return is_own and review.state in {State.WAITING, State.PASSED}


def refusal_to_sign(review: Review, user: AbstractBaseUser) -> str:
    """Why the user cannot sign the step that the review waits at; empty when she can. One query."""
    step = Step(review.step)
    if review.state not in {State.WAITING, State.OWED}:
        return "这篇稿件现在不等谁签名。"
    if not user.has_perm(SIGNING[step]):
        return f"你没有签{step.label}的权限。"
    if user.pk in {review.submitted_by_id, review.draft.created_by_id if review.draft else None}:
        return "自己写的、自己送审的稿件，要由别人来审。"
    other = Reviewer.objects.filter(article=review.article_id, user=user).exclude(step=step).first()
    return f"你签过这篇稿件的{other.get_step_display()}，不能再签{step.label}。" if other else ""


def refusal_to_write(user: AbstractBaseUser, draft: Article, review: Review | None) -> str:
    """Why the user cannot change a text at this point of its way; empty when she can. One query at a step.

    At its author's: the author, and who edits others' texts. At a step: who may sign it. Signed to the end: who may
    publish. What readers have is changed by nobody, but in a working copy.
    """
    if draft.status != Article.Status.DRAFT:
        return "稿件已经发布，不能直接改：请点“修改”另起修改稿。"
    if review is None or review.state == State.WRITING:
        is_own = draft.created_by_id in {None, user.pk}
        return "" if is_own or user.has_perm(EDITING) else "这是别人写的稿件，你不能修改。"
    if review.state == State.PASSED:
        return "" if user.has_perm(PUBLISHING) else "稿件已经审完，等待发布，不能再改。"
    refusal = refusal_to_sign(review, user)
    return f"稿件正在{review.place}，只有这一审的人能改；要自己改，请先撤回送审。" if refusal else ""


def takes_part(user: AbstractBaseUser, draft: Article) -> bool:
    """Whether a draft is the user's business at all: it is hers, or she edits or signs what others write."""
    is_own = draft.created_by_id in {None, user.pk}
    return is_own or any(user.has_perm(permission) for permission in (EDITING, *SIGNING.values()))


def standing(review: Review, signatures: Iterable[Signature]) -> set[int]:
    """Keys of the signatures that still hold, of those given in order: of the text as it is, and not returned since."""
    held: dict[int, Signature] = {}
    for signature in signatures:
        if signature.verdict == Verdict.RETURN:
            held = {step: other for step, other in held.items() if step < signature.returned_to}
        else:
            held[signature.reviewer.step] = signature
    return {signature.pk for signature in held.values() if signature.revision_id == review.revision_id}


def last_return(review: Review) -> Signature | None:
    """The signature that sent a text back to its author, when that is why it is there. One query."""
    last = review.signatures.select_related("reviewer").order_by("-pk").first()
    return last if last is not None and last.returned_to == Step.AUTHOR else None


def waiting_for(user: AbstractBaseUser, *, among: QuerySet[Review] | None = None) -> QuerySet[Review]:
    """待我审: what waits for this user's signature, the oldest first. The queryset costs a query for the beats.

    `among` are the rows that it is picked from: as keys in a subquery, PostgreSQL would join them to all articles.
    """
    steps = [step for step, permission in SIGNING.items() if user.has_perm(permission)]
    elsewhere = Reviewer.objects.filter(article=OuterRef("article"), user=user).exclude(step=OuterRef("step"))
    own = Q(submitted_by=user) | Q(draft__created_by=user)
    rows = Review.objects.all() if among is None else among
    waiting = rows.filter(beats.reaching(user, "draft"), state__in=Review.UNSIGNED, step__in=steps)
    return waiting.exclude(own).exclude(Exists(elsewhere)).order_by("waiting_since", "id")


def faults() -> Iterator[tuple[int, str]]:
    """(article, what is wrong in Chinese) of signatures that do not name what was signed. Reads all of them."""
    rows = Signature.objects.select_related("review", "reviewer", "revision").defer("revision__content").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        article = row.review.article_id
        label = f"{row.reviewer.get_step_display()}签名（{row.signed_as}）"
        if row.digest != row.revision.digest or row.revision.article_id != article:
            yield article, f"{label}与所签的修订不符"
        if row.reviewer.article_id != article or row.reviewer.user_id != row.user_id:
            yield article, f"{label}与审稿人不符"

"""What a reader does with comments of her own: post, edit for five minutes, delete."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from articles.models import Article
from newsportal.lib.locks import one_at_a_time

from . import places
from .decisions import count, decide, lock, record, tell_answered
from .drafts import Draft, gather
from .models import Comment, CommentStep, Decision, Reason
from .pipeline import Verdict, examine
from .refusals import Refused
from .reporting import settle
from .texts import clean, clean_line, digest_of
from .writers import Writer

State = Comment.State
EDIT_WITHIN = timedelta(minutes=5)
MOST_EDITS = 5
GONE = "您回复的评论已经不公开了：可以改为直接评论稿件。"


def post(
    *,
    article: Article,
    writer: Writer,
    body: str,
    nickname: str = "",
    parent: Comment | None = None,
    form_key: str | None = None,
    at: datetime | None = None,
) -> Comment:
    """Take in a comment; of a form that was sent before with the same words, the comment that it made.

    Returns once it is committed. Raises Refused, with words for the writer, where the pipeline refuses it.
    Side effects: the comment with the steps that judged it and the first line of its record; where it is public at
    once, the numbers, and a notice to whoever is answered.
    """
    body, nickname = clean(body), clean_line(nickname)
    try:
        with transaction.atomic():
            # Her other comments of this moment wait, and see this one: so no limit is passed by being quick.
            one_at_a_time(writer.key, writer.network)
            if earlier := sent_before(form_key, writer, body):
                return earlier
            return take_in(article, writer, body, nickname, parent, form_key, at or timezone.now())
    except IntegrityError:
        # The same form from two networks at once: the other one was quicker.
        if earlier := sent_before(form_key, writer, body):
            return earlier
        raise


def sent_before(form_key: str | None, writer: Writer, body: str) -> Comment | None:
    """What this form made already. Raises Refused when it said something else then. One query."""
    earlier = Comment.objects.filter(form_key=form_key).first() if form_key else None
    if earlier is None:
        return None
    if earlier.body_hash == digest_of(body) and (writer.owns(earlier) or writer.is_new):
        return earlier
    raise Refused("这张表单已经用过一次：文字还在，请再点一次“发表”。", code="used")


def take_in(
    article: Article,
    writer: Writer,
    body: str,
    nickname: str,
    parent: Comment | None,
    form_key: str | None,
    at: datetime,
) -> Comment:
    """The part of `post` inside the transaction."""
    root = hold_thread(article, parent)
    draft = gather(article=article, writer=writer, body=body, nickname=nickname, at=at)
    verdict = examine(draft)
    if verdict.is_refused:
        raise Refused(verdict.deciding.message, code=verdict.rule, wait=verdict.deciding.wait)
    comment = Comment(
        article=article,
        author=writer.user,
        nickname=str(writer.user)[:40] if writer.user else nickname,
        by_staff=draft.is_staff,
        visitor="" if writer.user else writer.visitor,
        parent=parent,
        root=root,
        address=writer.address or None,
        network=writer.network,
        place=places.place_of(writer.address),
        form_key=form_key,
        created_at=at,
    )
    judge(comment, verdict, body=body, at=at)
    comment.save(force_insert=True)
    keep_steps(comment, draft, verdict, run=1)
    record(comment, before="", actor=None, rule=verdict.rule, reason=comment.reason, at=at)
    if comment.state == State.APPROVED:
        count(comment, 1)
        tell_answered(comment)
    return comment


def hold_thread(article: Article, parent: Comment | None) -> Comment | None:
    """The top of the thread of what is answered, locked: whether it is public decides whether an answer counts."""
    if parent is None:
        return None
    root = lock(parent.thread_id)
    if parent.article_id != article.pk or not Comment.objects.approved().filter(pk=parent.pk).exists():
        raise Refused(GONE, code="parent")
    return root


def judge(comment: Comment, verdict: Verdict, *, body: str, at: datetime) -> None:
    """Give the comment its text and what the pipeline made of it. Saves nothing."""
    comment.body, comment.body_hash = body, digest_of(body)
    comment.state, comment.risk, comment.links = verdict.state, verdict.risk, verdict.links
    comment.reason = verdict.deciding.reason
    waits = verdict.state in {State.WAITING, State.WITHHELD}
    comment.waiting_since, comment.decided_at = (at, None) if waits else (None, at)


def keep_steps(comment: Comment, draft: Draft, verdict: Verdict, *, run: int) -> None:
    """Write down what each step said, in one query."""
    CommentStep.objects.bulk_create(
        CommentStep(
            comment=comment, run=run, position=position, step=name, outcome=result.outcome, detail=result.detail
        )
        for position, (name, result) in enumerate(verdict.results.items(), start=1)
    )


# --- Afterwards ---


def may_edit(comment: Comment, writer: Writer, at: datetime | None = None) -> bool:
    """Whether the writer may still change her words: five minutes long, while nobody answered and nobody refused."""
    is_hers = writer.owns(comment) and comment.state in {State.WAITING, State.WITHHELD, State.APPROVED}
    return is_hers and (at or timezone.now()) < comment.created_at + EDIT_WITHIN


def may_delete(comment: Comment, writer: Writer) -> bool:
    return writer.owns(comment) and comment.state != State.DELETED


@transaction.atomic
def edit(comment: Comment, *, writer: Writer, body: str, at: datetime | None = None) -> Comment:
    """Change the words of one's own comment: it goes through the pipeline anew and waits for a moderator again.

    Raises Refused. Side effects: the steps of this run, a line of the record with the words as they were, the numbers
    when it was public, open reports upheld when the rules refuse what it says now.
    """
    at, body = at or timezone.now(), clean(body)
    one_at_a_time(writer.key, writer.network)
    locked = lock(comment)
    if not may_edit(locked, writer, at):
        raise Refused("发表满五分钟，或已经处理过的评论不能再修改：可以删除后重新发表。", code="late")
    if digest_of(body) == locked.body_hash and body == locked.body:
        return locked
    run = 1 + (locked.steps.aggregate(last=Max("run"))["last"] or 0)
    if run > MOST_EDITS + 1:
        raise Refused("修改的次数太多了：可以删除后重新发表。", code="often")
    article = Article.objects.select_related("channel").get(pk=locked.article_id)
    draft = gather(article=article, writer=writer, body=body, nickname=locked.nickname, at=at, editing=locked)
    verdict = examine(draft)
    if verdict.is_refused:
        raise Refused(verdict.deciding.message, code=verdict.rule)
    before, words = locked.state, locked.body
    if before == State.APPROVED:
        count(locked, -1)
    judge(locked, verdict, body=body, at=at)
    locked.is_featured, locked.edited_at = False, at
    locked.save()
    if locked.state == State.APPROVED:
        count(locked, 1)
    if locked.state == State.REJECTED:
        settle(locked, is_upheld=True, actor=None, at=at)
    keep_steps(locked, draft, verdict, run=run)
    act, reason = Decision.Act.EDIT, locked.reason or Reason.EDITED
    record(locked, before=before, actor=writer.user, act=act, rule=verdict.rule, reason=reason, note=words[:500], at=at)
    return locked


def delete(comment: Comment, *, writer: Writer, at: datetime | None = None) -> Comment:
    """Take one's own comment back. What was answered below it goes from sight with it.

    Raises Refused. Side effects: those of `decide`. The words stay with the record, which the law asks for.
    """
    if not may_delete(comment, writer):
        raise Refused("只能删除自己的评论。", code="owner")
    decide(comment, State.DELETED, actor=writer.user, rule="" if writer.user else "author", reason=Reason.AUTHOR, at=at)
    return comment

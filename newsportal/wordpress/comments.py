"""The comments of a post into ours: what was public stays so, what waited waits, spam and trackbacks stay behind."""

import hashlib
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from articles.models import Article
from comments.counting import recount
from comments.models import Comment, Decision, Reason
from comments.texts import clean, digest_of
from newsportal.lib.html import text_of

from .posts import plain
from .reading import ReaderComment

State = Comment.State
STATES = {"1": State.APPROVED, "0": State.WAITING}
NAMELESS = "读者"


def import_comments(article: Article, origin: str, given: list[ReaderComment]) -> int:
    """Take in those that are not there yet, in their order; how many. Two queries where all are.

    Each is known again by its number on that site. An answer to what stayed behind becomes a comment of its own.
    Side effects: the numbers of the article and of its threads; a line of the record for each.
    """
    wanted = {key_of(origin, each): each for each in given if each.approved in STATES and each.text}
    rows = Comment.objects.filter(form_key__in=wanted).select_related("root")
    known = {row.form_key: row for row in rows}
    by_number = {wanted[key].number: row for key, row in known.items()}
    new = [(key, each) for key, each in wanted.items() if key not in known]
    if not new:
        return 0
    with transaction.atomic():
        for key, each in sorted(new, key=lambda pair: int(pair[1].number or 0)):
            by_number[each.number] = take_in(article, each, key, by_number.get(each.parent))
        recount(article)
    return len(new)


def key_of(origin: str, comment: ReaderComment) -> str:
    """What names the comment here for ever: no second run takes it in again."""
    return f"wp-{hashlib.sha256(f'{origin} {comment.number}'.encode()).hexdigest()[:40]}"


def take_in(article: Article, given: ReaderComment, key: str, parent: Comment | None) -> Comment:
    state = STATES[given.approved]
    at = moment_of(given)
    body = clean(text_of(given.text)) or "（空白）"
    is_waiting = state == State.WAITING
    comment = Comment.objects.create(
        article=article,
        nickname=plain(given.author)[:40] or NAMELESS,
        parent=parent,
        root=parent and (parent.root or parent),
        body=body,
        body_hash=digest_of(body),
        state=state,
        reason=Reason.FIRST if is_waiting else "",
        form_key=key,
        created_at=at,
        waiting_since=at if is_waiting else None,
        decided_at=None if is_waiting else at,
    )
    Decision.objects.create(comment=comment, to_state=state, rule="import", reason=comment.reason, at=timezone.now())
    return comment


def moment_of(comment: ReaderComment) -> datetime:
    try:
        return datetime.strptime(comment.date_gmt, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return timezone.now()

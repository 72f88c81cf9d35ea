"""What comments have of an account: handed over when its owner asks for her data, and let go of when she leaves."""

from typing import Any

from django.db import transaction

from .decisions import decide
from .models import Appeal, Comment, Like, Notice, Reason, Report, Sanction

FORGOTTEN = "已注销用户"
AT_ONCE = 500


def forget(user, *, remove_comments: bool) -> int:
    """Let go of an account that is about to be deleted; how many comments it had. Call it before the deletion.

    Its comments stay under the name 已注销用户, without network and place; or they are taken from sight and their words
    deleted with them. Decisions about them stay, as the record does: the account's deletion takes its name out of them.

    Side effects: those of `comments.decisions.decide` for each comment that goes; likes are taken back. In parts of
    some hundred comments, each in its own transaction: begun twice, it goes on where it ended.
    """
    done = 0
    take_back_likes(user)
    while batch := list(Comment.objects.filter(author=user).order_by("id")[:AT_ONCE]):
        with transaction.atomic():
            for comment in batch:
                if remove_comments and comment.state != Comment.State.DELETED:
                    decide(comment, Comment.State.DELETED, actor=None, rule="account", reason=Reason.ACCOUNT)
            rows = Comment.objects.filter(pk__in=[comment.pk for comment in batch])
            values = {"author": None, "nickname": FORGOTTEN, "address": None, "network": "", "place": ""}
            rows.update(**values, **({"body": "", "body_hash": ""} if remove_comments else {}))
        done += len(batch)
    return done


def take_back_likes(user) -> None:
    """The numbers fall with the likes, which the deletion of the account would leave too high."""
    while batch := list(Like.objects.filter(user=user).order_by("id")[:AT_ONCE]):
        for each in batch:
            with transaction.atomic():
                comment = Comment.objects.select_for_update(no_key=True).get(pk=each.comment_id)
                if Like.objects.filter(pk=each.pk).delete()[0]:
                    comment.likes = max(0, comment.likes - 1)
                    comment.save(update_fields=["likes"])


def export(user) -> dict[str, list[dict[str, Any]]]:
    """Everything that comments hold of an account, in plain values: for its owner, who may have it at any time."""
    comments = Comment.objects.filter(author=user).select_related("article__channel").order_by("id")
    comments = comments.defer("article__body", "article__pages")
    reports = Report.objects.filter(reporter=user).order_by("id")
    return {
        "comments": [exported(comment) for comment in comments.iterator(chunk_size=1000)],
        "likes": list(Like.objects.filter(user=user).order_by("id").values("comment_id", "at")),
        "reports": list(reports.values("receipt", "comment_id", "reason", "note", "state", "answer", "created_at")),
        "appeals": list(
            Appeal.objects.filter(user=user)
            .order_by("id")
            .values("decision__comment_id", "text", "state", "answer", "created_at")
        ),
        "sanctions": list(
            Sanction.objects.filter(user=user).order_by("id").values("kind", "reason", "at", "until", "lifted_at")
        ),
        "notices": list(
            Notice.objects.filter(user=user).order_by("id").values("kind", "text", "link", "created_at", "read_at")
        ),
    }


def exported(comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.pk,
        "article": comment.article.title,
        "address": comment.article.get_absolute_url(),
        "in_reply_to": comment.parent_id,
        "nickname": comment.nickname,
        "body": comment.body,
        "state": comment.get_state_display(),
        "reason": comment.get_reason_display() if comment.reason else "",
        "network_address": comment.address,
        "place": comment.place,
        "likes": comment.likes,
        "created_at": comment.created_at,
        "edited_at": comment.edited_at,
    }

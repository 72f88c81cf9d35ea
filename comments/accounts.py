"""What comments and letters have of an account: handed over when its owner asks, and let go of when she leaves."""

from typing import Any

from django.db import transaction

from . import notices
from .decisions import decide
from .letters import accounts as letters
from .models import Appeal, Comment, Like, Notice, Reason, Report, Sanction

FORGOTTEN = "已注销用户"
AT_ONCE = 500


def forget(user, *, remove_comments: bool) -> int:
    """Let go of an account that is about to be deleted; how many comments it had. Call it before the deletion.

    Its comments stay under the name 已注销用户, without network and place; or they are taken from sight and their words
    deleted with them. Letters are taken off the account. Decisions about comments stay, as the record does: the
    account's deletion takes its name out of them.

    Side effects: those of `comments.decisions.decide` for each comment that goes; likes are taken back. In parts of
    some hundred comments, each in its own transaction: begun twice, it goes on where it ended.
    """
    done = 0
    letters.forget(user)
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


def unread(user) -> int:
    """How many notices wait for the account. One query."""
    return notices.unread(user)


def export(user) -> dict[str, list[dict[str, Any]]]:
    """Everything that comments and letters hold of an account, by Chinese names, as JSON takes it."""
    comments = Comment.objects.filter(author=user).select_related("article__channel").order_by("id")
    comments = comments.defer("article__body", "article__pages")
    likes = Like.objects.filter(user=user).order_by("id")
    return {
        "评论": [exported(comment) for comment in comments.iterator(chunk_size=1000)],
        "赞": [{"评论编号": row.comment_id, "时间": row.at.isoformat()} for row in likes],
        "举报": [
            {
                "回执": row.receipt,
                "评论编号": row.comment_id,
                "理由": row.get_reason_display(),
                "说明": row.note,
                "处理": row.get_state_display(),
                "答复": row.answer,
                "时间": row.created_at.isoformat(),
            }
            for row in Report.objects.filter(reporter=user).order_by("id")
        ],
        "申诉": [
            {
                "评论编号": row.decision.comment_id,
                "理由": row.text,
                "处理": row.get_state_display(),
                "答复": row.answer,
                "时间": row.created_at.isoformat(),
            }
            for row in Appeal.objects.filter(user=user).select_related("decision").order_by("id")
        ],
        "处罚": [
            {
                "处罚": row.get_kind_display(),
                "原因": row.reason,
                "时间": row.at.isoformat(),
                "期限": row.until.isoformat() if row.until else "",
                "解除": row.lifted_at.isoformat() if row.lifted_at else "",
            }
            for row in Sanction.objects.filter(user=user).order_by("id")
        ],
        "通知": [
            {"内容": row.text, "网址": row.link, "时间": row.created_at.isoformat(), "已读": row.read_at is not None}
            for row in Notice.objects.filter(user=user).order_by("id")
        ],
        "来信": letters.export(user),
    }


def exported(comment: Comment) -> dict[str, Any]:
    return {
        "编号": comment.pk,
        "稿件": comment.article.title,
        "网址": comment.article.get_absolute_url(),
        "回复的评论": comment.parent_id,
        "昵称": comment.nickname,
        "内容": comment.body,
        "状态": comment.get_state_display(),
        "原因": comment.get_reason_display() if comment.reason else "",
        "网络地址": comment.address or "",
        "属地": comment.place,
        "赞": comment.likes,
        "时间": comment.created_at.isoformat(),
        "修改时间": comment.edited_at.isoformat() if comment.edited_at else "",
    }

"""Comments and what belongs to them, for tests: plain functions that make what they say and nothing else."""

import itertools
from datetime import timedelta

from django.utils import timezone

from articles.models import Article
from articles.tests.factories import make_article
from comments.counting import recount
from comments.models import Appeal, Comment, CommentPolicy, Decision, Reason, Report, Sanction

numbers = itertools.count(1)
WAITS = {Comment.State.WAITING, Comment.State.WITHHELD}
REFUSED = {Comment.State.REJECTED, Comment.State.WITHHELD, Comment.State.SPAM}


def make_policy(**overrides) -> CommentPolicy:
    """The site's rules (channel=None) or a channel's, with no limits of time, so that a test posts as it likes."""
    quick = {"seconds_between": 0, "most_in_ten_minutes": 0, "most_in_a_day": 0}
    return CommentPolicy.objects.create(**{**quick, **overrides})


def make_comment(article: Article | None = None, **overrides) -> Comment:
    """An approved comment of a visitor, or in any other state, with the numbers that follow from it."""
    number = next(numbers)
    values = {
        "body": f"第{number}条评论：说得有道理。",
        "nickname": f"读者{number}",
        "state": Comment.State.APPROVED,
        **overrides,
    }
    author = values.get("author")
    values = {"visitor": "" if author else f"visitor-{number}", "article": article or make_article()} | values
    if author and "nickname" not in overrides:
        values["nickname"] = str(author)
    if parent := values.get("parent"):
        values |= {"article": parent.article, "root_id": parent.thread_id}
    at = values.setdefault("created_at", timezone.now())
    if values["state"] in WAITS:
        values.setdefault("waiting_since", at)
    else:
        values.setdefault("decided_at", at)
    if values["state"] in REFUSED:
        values.setdefault("reason", Reason.ATTACK)
    comment = Comment.objects.create(**values)
    if comment.state == Comment.State.APPROVED:
        recount(comment.article)
    return comment


def make_reply(parent: Comment, **overrides) -> Comment:
    return make_comment(parent=parent, **overrides)


def make_decision(comment: Comment, **overrides) -> Decision:
    """A row of the record alone; the comment stays as it is."""
    values = {"to_state": comment.state, "reason": comment.reason, "actor_name": "", **overrides}
    if actor := values.get("actor"):
        values["actor_name"] = str(actor)
    return Decision.objects.create(comment=comment, **values)


def make_report(comment: Comment, **overrides) -> Report:
    number = next(numbers)
    values = {"reason": Reason.ATTACK, "receipt": f"JB-TEST-{number:06}", **overrides}
    if not values.get("reporter"):
        values.setdefault("visitor", f"visitor-{number}")
    report = Report.objects.create(comment=comment, **values)
    if report.state == Report.State.OPEN:
        comment.reports_open += 1
        comment.save(update_fields=["reports_open"])
    return report


def make_sanction(**overrides) -> Sanction:
    """Of `user` or `network`; muted for a day unless told otherwise."""
    values = {"kind": Sanction.Kind.MUTE, "reason": "多次人身攻击", **overrides}
    if values["kind"] in {Sanction.Kind.MUTE, Sanction.Kind.SLOW}:
        values.setdefault("until", timezone.now() + timedelta(days=1))
    return Sanction.objects.create(**values)


def make_appeal(decision: Decision, **overrides) -> Appeal:
    values = {"text": "我说的是事实，请再看一遍。", "user": decision.comment.author, **overrides}
    return Appeal.objects.create(decision=decision, **values)

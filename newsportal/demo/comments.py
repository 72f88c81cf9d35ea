"""What readers say in the demo: posted as readers post, and decided about as moderators decide."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from articles.models import Article
from comments import appeals, sanctions
from comments.decisions import decide, feature
from comments.models import Comment, CommentPolicy, Decision
from comments.posting import delete, post
from comments.reporting import report
from comments.writers import Writer

type Row = dict[str, Any]
State = Comment.State
# Addresses that belong to nobody (RFC 2544), one network for each reader.
ADDRESS = "198.18.{number}.7"
DECIDED_AFTER = timedelta(minutes=9)


@dataclass(frozen=True)
class Said:
    """A comment of the demo with its moment; `parent` is the row that it answers."""

    at: datetime
    row: Row
    article: str
    parent: Row | None = None


def make_readers(rows: list[Row], accounts: Mapping[str, Any]) -> dict[str, Any]:
    """The accounts that write in the demo, by the name that they show. Nobody can sign in to those made here."""
    made = {str(account): account for account in accounts.values()}
    for row in rows:
        if row["name"] not in made:
            user = get_user_model()(username=row["username"], display_name=row["name"])
            user.set_unusable_password()
            user.save()
            made[row["name"]] = user
    return made


def moments(rows: list[Row], articles: Mapping[str, Article], now: datetime) -> list[Said]:
    """Everything that is said, in the order in which it was. What would be still to come was said just now."""
    said = [each for row in rows for each in moments_of(row, articles[row["article"]], now)]
    return sorted(said, key=lambda each: each.at)


def moments_of(row: Row, article: Article, now: datetime) -> Iterator[Said]:
    replies = row.get("reply", [])
    # A few minutes apart, however young the article is.
    latest = now - timedelta(minutes=3 * (len(replies) + 2))
    at = min(article.published_at + timedelta(hours=row["hours"]), latest)
    at = max(at, article.published_at + timedelta(minutes=1))
    yield Said(at, row, row["article"])
    for number, reply in enumerate(replies, start=1):
        own = min(at + timedelta(minutes=reply["minutes"]), latest + timedelta(minutes=3 * number))
        parent = next((each for each in replies if each["by"] == reply.get("to")), row)
        yield Said(max(own, at + timedelta(minutes=number)), reply, row["article"], parent)


class CommentLoader:
    """Posts and decides, one after the other, as it happened."""

    def __init__(self, site: Row, articles: Mapping[str, Article], accounts: Mapping[str, Any], now: datetime) -> None:
        self.site, self.articles, self.accounts, self.now = site, articles, accounts, now
        self.readers = make_readers(site["reader"], accounts)
        self.writers: dict[str, Writer] = {}
        self.made: dict[int, Comment] = {}

    def load(self) -> None:
        # Ten readers write in an hour what a town writes in a week: no limits until they are done.
        limits = ("seconds_between", "most_in_ten_minutes", "most_in_a_day")
        policy = CommentPolicy.objects.create(visitors_may_comment=True, **dict.fromkeys(limits, 0))
        for said in moments(self.site["comment"], self.articles, self.now):
            self.say(said)
        for name in limits:
            setattr(policy, name, CommentPolicy._meta.get_field(name).default)
        policy.save()
        for row in self.site["sanction"]:
            until = timezone.now() + timedelta(days=row["days"])
            values = {"kind": row["kind"], "reason": row["reason"], "until": until}
            sanctions.impose(user=self.readers[row["by"]], by=self.accounts["moderator"], **values)

    def writer(self, name: str) -> Writer:
        if name not in self.writers:
            address = ADDRESS.format(number=len(self.writers) + 1)
            user = self.readers.get(name)
            self.writers[name] = Writer(user=user, visitor="" if user else f"demo-{len(self.writers)}", address=address)
        return self.writers[name]

    def say(self, said: Said) -> None:
        row, writer = said.row, self.writer(said.row["by"])
        comment = post(
            article=self.articles[said.article],
            writer=writer,
            body=row["body"],
            nickname=row["by"],
            parent=self.made[id(said.parent)] if said.parent else None,
            at=said.at,
        )
        self.made[id(row)] = comment
        self.judge(comment, row, at=min(said.at + DECIDED_AFTER, self.now))
        Comment.objects.filter(pk=comment.pk).update(place=row.get("place", ""), likes=row.get("likes", 0))

    def judge(self, comment: Comment, row: Row, *, at: datetime) -> None:
        """What became of it since. Reports come in while readers see it."""
        moderator, state = self.accounts["moderator"], row.get("state", State.APPROVED)
        reports = row.get("report", [])
        if state == State.APPROVED or (reports and state != State.WITHHELD):
            decide(comment, State.APPROVED, actor=moderator, at=at)
        if comment.state == State.APPROVED:
            for number, each in enumerate(reports):
                by = Writer(visitor=f"demo-report-{comment.pk}-{number}", address=ADDRESS.format(number=200 + number))
                report(comment, writer=by, reason=each["reason"], note=each["note"], at=at)
        if row.get("featured"):
            feature(comment, is_featured=True, actor=moderator, at=at)
        if state in {State.REJECTED, State.SPAM}:
            decide(comment, state, actor=moderator, reason=row["reason"], note=row.get("note", ""), at=at)
        if row.get("deleted"):
            delete(comment, writer=self.writer(row["by"]), at=at)
        if text := row.get("appeal"):
            last = Decision.objects.filter(comment=comment).order_by("-id")[0]
            appeals.appeal(last, writer=self.writer(row["by"]), text=text, at=at)

"""A word or a limit, tried on what was written in the last thirty days, before it holds (试用).

The steps of the pipeline are asked once more, with other words or limits; nothing is written. At most MOST_TRIED
comments are looked at, the newest.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.utils import timezone

from articles.models import Article, ListedWord
from articles.words import TRIED_DAYS, context
from comments import pipeline
from comments.drafts import Draft
from comments.models import Comment, CommentPolicy
from comments.rules import Rules
from newsportal.lib.wordlist import Entry, WordList

from . import queues

Level = ListedWord.Level
MOST_TRIED, MOST_SHOWN, HITS_SHOWN = 10_000, 50, 3
DAY = timedelta(days=1)
# The fields of a policy that can be tried, and what the refusals of each step are called.
LIMITS = ["seconds_between", "most_in_ten_minutes", "most_in_a_day", "network_factor", "longest"]
CONSEQUENCES = {Level.BLOCK: "不予通过", Level.HOLD: "拦下待审", Level.WARN: "只提示审核员"}


def recent(user: AbstractBaseUser) -> QuerySet[Comment]:
    """What was written in the last thirty days and the user may see, the newest first."""
    since = timezone.now() - timedelta(days=TRIED_DAYS)
    rows = queues.seen_by(user).filter(created_at__gt=since).exclude(body="")
    return rows.order_by("-id")


# --- A word ---


@dataclass(frozen=True)
class WordTrial:
    """In how many of the comments looked at the word stands; the newest of them, each with its places."""

    looked_at: int
    stopped: int
    public: int
    consequence: str
    shown: list[tuple[Comment, list[tuple[str, str, str]]]]

    @property
    def is_capped(self) -> bool:
        return self.looked_at == MOST_TRIED


def try_word(word: ListedWord, *, user: AbstractBaseUser) -> WordTrial:
    """Look for an unsaved word in the last comments. One query."""
    listed = WordList([Entry(0, word.word, word.phrases)])
    looked_at = stopped = public = 0
    shown: list[tuple[Comment, list[tuple[str, str, str]]]] = []
    rows = recent(user).only("body", "nickname", "state", "created_at")[:MOST_TRIED]
    for comment in rows.iterator(chunk_size=1000):
        looked_at += 1
        if hits := listed.find(comment.body):
            stopped += 1
            public += comment.state == Comment.State.APPROVED
            if len(shown) < MOST_SHOWN:
                shown.append((comment, [context(comment.body, hit) for hit in hits[:HITS_SHOWN]]))
    return WordTrial(looked_at, stopped, public, CONSEQUENCES[Level(word.level)], shown)


# --- Limits ---


@dataclass
class LimitTrial:
    """How many of the comments looked at would have been refused, by which step; the newest of them with the words."""

    looked_at: int = 0
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    shown: list[tuple[Comment, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.refused.values())

    @property
    def lines(self) -> list[tuple[str, int]]:
        return [(pipeline.STEP_NAMES[step], number) for step, number in self.refused.items()]

    @property
    def is_capped(self) -> bool:
        return self.looked_at == MOST_TRIED


STEPS = {"length": pipeline.length, "rate": pipeline.rate}


def try_limits(policy: CommentPolicy, *, user: AbstractBaseUser) -> LimitTrial:
    """Let the last comments come in once more under the limits of an unsaved policy, of its channel's or the site's.

    One query. What is refused counts for nobody's next one, as it would have been.
    """
    names = ["body", "nickname", "author_id", "visitor", "network", "created_at", "article__channel_id"]
    rows = recent(user).select_related("article").only(*names)[:MOST_TRIED]
    comments = sorted(rows.iterator(chunk_size=1000), key=lambda comment: comment.created_at)
    trial, times = LimitTrial(), Times()
    rules = Rules(policy, is_site_open=True)
    for comment in comments:
        if policy.channel_id and comment.article.channel_id != policy.channel_id:
            times.note(comment)
            continue
        trial.looked_at += 1
        draft = draft_of(comment, rules, times)
        refusing = next((name for name, step in STEPS.items() if step(draft).outcome == pipeline.REFUSE), "")
        if refusing:
            trial.refused[refusing] += 1
            trial.shown.append((comment, STEPS[refusing](draft).message))
        else:
            times.note(comment)
    trial.shown = trial.shown[-MOST_SHOWN:][::-1]
    return trial


def draft_of(comment: Comment, rules: Rules, times: "Times") -> Draft:
    """A kept comment as it came in."""
    at = comment.created_at
    return Draft(
        article=Article(pk=comment.article_id),
        rules=rules,
        at=at,
        body=comment.body,
        nickname=comment.nickname,
        is_member=comment.author_id is not None,
        own_times=times.before(writer_of(comment), at),
        network_times=times.before(("network", comment.network), at) if comment.network else [],
    )


def writer_of(comment: Comment) -> tuple[str, object]:
    return ("author", comment.author_id) if comment.author_id else ("visitor", comment.visitor or comment.network)


class Times:
    """When each person and each network wrote, within the day before."""

    def __init__(self) -> None:
        self.kept: dict[tuple, list[datetime]] = defaultdict(list)

    def note(self, comment: Comment) -> None:
        for key in self.keys(comment):
            self.kept[key].append(comment.created_at)

    def keys(self, comment: Comment) -> Iterable[tuple]:
        yield writer_of(comment)
        if comment.network:
            yield "network", comment.network

    def before(self, key: tuple, at: datetime) -> Sequence[datetime]:
        """The newest first. What is older than a day is forgotten: the next one asked about comes later."""
        times = self.kept[key]
        while times and times[0] <= at - DAY:
            del times[0]
        return times[::-1]

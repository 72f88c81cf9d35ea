"""Comments by the million for the benchmark. Imported once the portal is open."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils import timezone

from articles.models import Article, Channel, Source
from articles.publishing import publish
from comments.models import Comment, CommentCount, Decision, Reason, Report

State = Comment.State
# The first article has so many, the second twenty; the others share the rest.
BUSIEST, QUIETEST, ARTICLES, MEMBERS = 100_000, 20, 400, 2_000
BATCH = 5_000
WAITING, REPORTED = 5_000, 2_000
SPAN = timedelta(days=365)
WORDS = [
    "渡口的灯",
    "末班车",
    "电梯",
    "排水沟",
    "通学路",
    "图书馆",
    "说得在理",
    "请再报道",
    "我们那里也一样",
    "谢谢记者",
]


@transaction.atomic
def generate(total: int) -> None:
    """So many comments of the last year, with the line of each decision, reports, and the numbers of articles.

    All of it or nothing, unless it is there: what was broken off would be measured by the next run as if it were whole.
    """
    if Comment.objects.exists():
        return
    chance = random.Random("comments")
    articles, members, moderators = make_cast()
    now = timezone.now()
    counts: dict[int, Counter[str]] = {}
    tops: dict[int, list[int]] = {}
    replies: Counter[int] = Counter()
    for first in range(1, total + 1, BATCH):
        batch = []
        for pk in range(first, min(first + BATCH, total + 1)):
            article = article_of(pk, articles, chance)
            comment = make_comment(pk, article, total, tops, now, chance, members)
            batch.append(comment)
            if comment.state == State.APPROVED:
                number = counts.setdefault(article, Counter())
                number["approved"] += 1
                number["threads"] += comment.root_id is None
                replies[comment.root_id] += comment.root_id is not None
                if comment.root_id is None:
                    tops.setdefault(article, []).append(pk)
        Comment.objects.bulk_create(batch)
        Decision.objects.bulk_create(decisions_of(batch, moderators, chance))
    CommentCount.objects.bulk_create(CommentCount(article_id=article, **row) for article, row in counts.items())
    finish(replies, total)


def make_cast() -> tuple[list[int], list, list]:
    """The numbers of the articles, the members who write, the moderators who decide."""
    channel = Channel.objects.create(slug="talk", name="众说")
    source = Source.objects.create(name="本网")
    values = {"channel": channel, "source": source, "duty_editor": "编辑", "body": "正文。"}
    articles = [publish(Article(title=f"第{n}篇稿件", **values)).pk for n in range(ARTICLES)]
    model = get_user_model()
    members = model.objects.bulk_create(model(username=f"member-{n}") for n in range(MEMBERS))
    moderators = [model.objects.create(username=f"moderator-{n}", is_staff=True) for n in range(5)]
    for moderator in moderators:
        moderator.groups.add(Group.objects.get(name="审核员"))
    return articles, members, moderators


def article_of(pk: int, articles: list[int], chance: random.Random) -> int:
    if pk <= QUIETEST:
        return articles[1]
    return articles[0] if pk <= QUIETEST + BUSIEST else chance.choice(articles[2:])


def make_comment(pk, article, total, tops, now, chance, members) -> Comment:
    """One comment: approved mostly, an answer to another of its article in four of ten cases."""
    at = now - SPAN * ((total - pk) / total)
    state = state_of(pk, total, chance)
    member = chance.choice(members)
    waits = state in {State.WAITING, State.WITHHELD}
    above = tops.get(article)
    top = chance.choice(above) if above and chance.random() < 0.4 else None
    network = f"10.{chance.randrange(256)}.{chance.randrange(256)}"
    return Comment(
        pk=pk,
        article_id=article,
        author=member,
        nickname=member.username,
        parent_id=top,
        root_id=top,
        body=f"第 {pk} 条：{'，'.join(chance.sample(WORDS, 3))}。",
        body_hash=f"{pk:032x}",
        state=state,
        reason=Reason.ATTACK if state in {State.REJECTED, State.SPAM} else Reason.FIRST if waits else "",
        likes=int(chance.paretovariate(1.2)) - 1,
        address=f"{network}.7",
        network=f"{network}.0/24",
        risk=chance.randrange(60),
        created_at=at,
        waiting_since=at if waits else None,
        decided_at=None if waits else at + timedelta(minutes=9),
    )


def state_of(pk: int, total: int, chance: random.Random) -> str:
    """The newest wait; of the others a few were refused."""
    if pk > total - WAITING:
        return State.WAITING
    return chance.choices([State.APPROVED, State.REJECTED, State.SPAM], [93, 5, 2])[0]


def decisions_of(batch: list[Comment], moderators: list, chance: random.Random) -> Iterator[Decision]:
    for comment in batch:
        yield Decision(comment=comment, to_state=State.WAITING, rule="default", at=comment.created_at)
        if comment.waiting_since is None:
            moderator = chance.choice(moderators)
            yield Decision(
                comment=comment,
                from_state=State.WAITING,
                to_state=comment.state,
                actor=moderator,
                actor_name=moderator.username,
                reason=comment.reason,
                waited=timedelta(minutes=9),
                at=comment.decided_at,
            )


def finish(replies: Counter[int], total: int) -> None:
    """The numbers of answers, reports of some, and what the database wants to know of its tables."""
    rows = Comment.objects.in_bulk(list(replies))
    for pk, row in rows.items():
        row.replies = replies[pk]
    Comment.objects.bulk_update(rows.values(), ["replies"], batch_size=500)
    approved = list(Comment.objects.filter(state=State.APPROVED, pk__gt=total // 2).order_by("pk")[:REPORTED])
    Report.objects.bulk_create(
        Report(comment=row, visitor=f"visitor-{row.pk}", reason=Reason.AD, receipt=f"JB-{row.pk:010}")
        for row in approved
    )
    Comment.objects.filter(pk__in=[row.pk for row in approved]).update(reports_open=1)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

"""Two moderators at the same moment, in transactions of their own."""

import threading
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from articles.tests.at_once import at_once
from articles.tests.factories import make_article, make_member
from comments.counting import count_of, recount
from comments.models import Comment, Decision
from comments.moderation import claims, judging, queues
from comments.moderation.judging import ACTS, Order
from comments.refusals import Refused

from .factories import make_appeal, make_comment, make_reply, make_report
from .moderating import sight_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time"),
]


def moderators(number: int = 2) -> list:
    """审核员 whose rights are known already: each works in a connection of her own."""
    return [make_member(f"m{each}-{uuid4().hex[:6]}", is_staff=True, is_superuser=True) for each in range(number)]


def test_nobody_gets_what_another_got():
    """Six open the queue in the same moment: every comment is on one screen."""
    article = make_article()
    for _ in range(40):
        make_comment(article, state="waiting")
    got, lock = [], threading.Lock()

    def take(user) -> None:
        shown, _ = claims.take(queues.waiting(user), user=user, start=0, size=10)
        with lock:
            got.append((user.pk, shown))

    for _ in range(3):
        got.clear()
        people = moderators(6)
        assert at_once(*[lambda user=user: take(user) for user in people], refusal=Refused) == []
        shown = [pk for _, pks in got for pk in pks]
        assert len(shown) == len(set(shown))
        # Each also held for a moment the one that follows her page: what nobody got is there for the next.
        rest, _ = claims.take(queues.waiting(moderators(1)[0]), user=moderators(1)[0], start=0, size=40)
        assert len(shown) >= 34
        assert len(rest) + len(shown) == 40
        for user, pks in got:
            assert set(Comment.objects.filter(pk__in=pks).values_list("claimed_by", flat=True)) <= {user}
        Comment.objects.update(claimed_by=None, claimed_until=None)


def test_two_who_decide_at_once_decide_once():
    one, two = moderators()
    article = make_article()
    for _ in range(8):
        row = make_comment(article, state="waiting")
        sight = sight_of(row)
        refused = at_once(
            lambda s=sight: judging.judge(s, Order(ACTS["approve"]), user=one),
            lambda s=sight: judging.judge(s, Order(ACTS["reject"], "attack"), user=two),
            refusal=Refused,
        )
        assert len(refused) == 1
        assert "你看过以后" in refused[0]
        assert Decision.objects.filter(comment=row).count() == 1
    before = count_of(article).approved
    assert recount(article).approved == before


def test_a_batch_and_single_decisions_do_not_hold_each_other_up():
    """Threads with replies, decided from both ends."""
    one, two = moderators()
    top = make_comment(state="waiting")
    rows = [top, *[make_reply(top, state="waiting") for _ in range(6)]]
    sights = [sight_of(row) for row in rows]
    outcomes = []
    assert (
        at_once(
            lambda: outcomes.append(judging.judge_many(sights, Order(ACTS["approve"]), user=one)),
            lambda: outcomes.append(judging.judge_many(sights[::-1], Order(ACTS["spam"]), user=two)),
            refusal=Refused,
        )
        == []
    )
    done = [pk for outcome in outcomes for pk in outcome.done]
    assert sorted(done) == sorted(row.pk for row in rows)
    assert sum(len(outcome.failures) for outcome in outcomes) == len(rows)
    before = count_of(top.article).approved
    assert recount(top.article).approved == before


def test_undoing_and_deciding_anew_leave_one_of_them():
    one, two = moderators()
    for _ in range(5):
        row = make_comment(state="waiting")
        judging.judge(sight_of(row), Order(ACTS["approve"]), user=one)
        decision = Decision.objects.get(comment=row)
        sight = sight_of(row)
        refused = at_once(
            lambda d=decision: judging.take_one_back(d, user=one),
            lambda s=sight: judging.judge(s, Order(ACTS["spam"]), user=two),
            refusal=Refused,
        )
        assert len(refused) == 1
        assert Decision.objects.filter(comment=row).count() == 2


def test_an_appeal_is_answered_once():
    one, two = moderators()
    row = make_comment(state="waiting", author=make_member(f"w-{uuid4().hex[:6]}"))
    judging.judge(sight_of(row), Order(ACTS["reject"], "attack"), user=make_member("first", is_superuser=True))
    appeal = make_appeal(Decision.objects.get(comment=row))
    refused = at_once(
        lambda: judging.answer_appeal(appeal, user=one, is_upheld=True, text="有理"),
        lambda: judging.answer_appeal(appeal, user=two, is_upheld=False, text="无理"),
        refusal=Refused,
    )
    assert refused == ["这个申诉已经处理过。"]


def test_reports_are_settled_once():
    one, two = moderators()
    row = make_comment()
    for _ in range(3):
        make_report(row)
    sight = sight_of(row)
    at_once(
        lambda: judging.judge(sight, Order(ACTS["keep"]), user=one),
        lambda: judging.judge(sight, Order(ACTS["reject"], "attack"), user=two),
        refusal=Refused,
    )
    row.refresh_from_db()
    assert row.reports_open == 0
    assert row.reports.filter(state="open").count() == 0
    assert row.reports.filter(handled_at__lte=timezone.now()).count() == 3

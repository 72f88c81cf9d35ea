"""The queue of a million comments opens like one of twenty: what the database itself says that it would do."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from articles.models import Article
from articles.tests.factories import make_article, make_channel, make_city, make_member
from comments.models import Comment
from comments.moderation import cards, claims, desk, figures, queues
from comments.moderation.queues import Wanted
from regions.models import Region

from .factories import make_comment, make_decision, make_report
from .moderating import QUEUE, local_moderator, shown
from .test_plans import assert_walks, crowd, plans_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(moderator) -> Comment:
    """A comment among very many, on PostgreSQL."""
    made = make_comment(
        make_article(), nickname="甲", author=make_member("writer"), network="192.0.2.0/24", body_hash="c" * 32
    )
    make_decision(made, from_state="", actor=moderator)
    make_report(made)
    if connection.vendor == "postgresql":
        crowd()
    return made


def rows_of(user, **asked):
    return lambda: list(queues.rows_of(user, Wanted(**asked))[: queues.SIZE])


def test_what_is_to_be_done_is_walked(row, moderator):
    assert_walks(rows_of(moderator), "comment_queue")
    assert_walks(rows_of(moderator, order="risk"), "comment_queue_risk")
    assert_walks(rows_of(moderator, tab="reported"), "comment_reported")


def test_a_channels_moderator_with_much_to_do_walks_the_same_indexes(row, monkeypatch):
    monkeypatch.setattr(queues, "LITTLE", -1)
    user = local_moderator(channel=make_channel())
    Article.objects.update(channel=user.beats.get().channel)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE articles_article")
    assert_walks(rows_of(user), "comment_queue")
    assert_walks(rows_of(user, tab="reported"), "comment_reported")


def test_little_is_looked_for_from_its_articles(row):
    """Of which nobody walks the queue of all: it may be long, and hold nothing of hers."""
    user = local_moderator(channel=make_channel())
    make_comment(make_article(channel=user.beats.get().channel), state="waiting")
    if connection.vendor == "postgresql":
        crowd(200)
    assert queues.has_little(user)
    for order in queues.ORDERS:
        (plan,) = [plan for sql, plan in plans_of(rows_of(user, order=order)) if "LIMIT" in sql]
        assert "comment_queue_article" in plan
        assert not re.search(r"comment_queue(_risk)?\b", plan), plan


@pytest.mark.parametrize("little", [-1, 5_000])
@pytest.mark.parametrize("beat", ["channel", "region", "both"])
def test_either_way_finds_the_same(client, monkeypatch, little, beat):
    monkeypatch.setattr(queues, "LITTLE", little)
    channel, hunan = make_channel(), Region.objects.get(slug="hunan")
    parts = {"channel": channel, "region": hunan}
    user = local_moderator(**(parts if beat == "both" else {beat: parts[beat]}))
    both, here = make_article(channel=channel, regions=[hunan]), make_article(channel=channel)
    there, elsewhere = make_article(regions=[make_city(hunan)]), make_article()
    now, found = timezone.now(), []
    for number, article in enumerate((both, here, there, elsewhere) * 2):
        state = "withheld" if number % 3 else "waiting"
        found.append(make_comment(article, state=state, risk=number, waiting_since=now - timedelta(minutes=number)))
        make_comment(article)
    mine = {"channel": {both, here}, "region": {both, there}, "both": {both}}[beat]
    expected = [comment.pk for comment in found if comment.article in mine]
    client.force_login(user)
    assert shown(client.get(QUEUE)) == expected[::-1]
    page = client.get(QUEUE, {"order": "risk"})
    assert shown(page) == expected[::-1]
    assert page.context["tabs"][0].number == str(len(expected))
    # What has come since is seen with the same user object, too.
    assert queues.waiting(user).count() == len(expected)
    make_comment(both, state="waiting")
    assert queues.waiting(user).count() == len(expected) + 1


def test_what_belongs_together_is_a_range(row, moderator):
    found = {"tab": "found"}
    assert_walks(rows_of(moderator, **found, filters={"author": str(row.author_id)}), "comment_author")
    assert_walks(rows_of(moderator, **found, filters={"network": row.network}), "comment_network")
    assert_walks(rows_of(moderator, **found, filters={"same": str(row.pk)}), "comment_hash")
    assert_walks(rows_of(moderator, **found, filters={"article": str(row.article_id)}), "comment_article")
    assert_walks(rows_of(moderator, **found, query="writer"), "comment_author")


def test_claims_are_taken_and_let_go_along_their_indexes(row, moderator):
    def work() -> None:
        claims.take(queues.waiting(moderator), user=moderator, start=0, size=20)
        claims.release(moderator)

    assert_walks(work, "comment_queue", "comment_claimed")


def test_cards_and_counts_read_ranges(row, moderator):
    assert_walks(lambda: cards.cards_of([row.pk], user=moderator))
    for sql, plan in plans_of(lambda: (queues.tabs(moderator, Wanted()), desk.lines(moderator))):
        # Counts stop at their cap wherever they begin; the rest begin at an index.
        if "COUNT(*)" not in sql:
            assert "SCAN comments_comment" not in plan, (sql, plan)
        else:
            assert "LIMIT" in sql, sql


def test_nothing_is_counted_without_an_end(row, moderator):
    """Every count of a queue stops at its cap: no COUNT over the whole table."""
    asked = []

    def note(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        queues.tabs(moderator, Wanted())
    assert len(asked) == 6  # five tabs, and her beats
    assert all("LIMIT" in sql for sql in asked if "COUNT(" in sql)


def test_the_figures_of_a_day_read_that_day(row):
    day = timezone.localdate()
    if connection.vendor == "postgresql":
        copy_decisions()
    for sql, plan in every_plan(lambda: figures.count_day(day)):
        if "comments_decision" in sql:
            assert "decision_time" in plan, (sql, plan)


def copy_decisions() -> None:
    """Many lines of the record, of other days."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO comments_decision (comment_id, act, from_state, to_state, actor_name, rule, reason, note, at)"
            " SELECT id, 'state', '', state, '', 'default', '', '', now() - id * interval '1 hour' - interval '2 days'"
            " FROM comments_comment"
        )
        cursor.execute("ANALYZE comments_decision")


def every_plan(function) -> list[tuple[str, str]]:
    """(query, plan) of everything that is asked."""
    asked = []

    def note(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        function()
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    plans = []
    for sql, params in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"{explain} {sql}", params)
            plans.append((sql, "\n".join(str(line) for line in cursor.fetchall())))
    return plans


def test_the_crowd_waits(row):
    """That the tests above have something to walk through."""
    expected = 1000 if connection.vendor == "postgresql" else 0
    assert Comment.objects.waiting().exclude(pk=F("root_id")).count() == expected

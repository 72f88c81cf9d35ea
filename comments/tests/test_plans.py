"""An article with 100,000 comments opens like one with 20: what the database itself says that it would do."""

import json
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from articles.tests.factories import make_article, make_member
from comments import listing
from comments.drafts import gather
from comments.models import Comment
from comments.views.writing import own_hidden

from .factories import make_comment, make_reply
from .writing import by

pytestmark = pytest.mark.django_db

MANY = 20_000
TABLE = '"comments_comment"'
# For PostgreSQL: many comments of one article and of others, made from one by the server itself.
CROWD = """
    INSERT INTO comments_comment ({columns})
    SELECT {values} FROM (SELECT * FROM comments_comment ORDER BY id LIMIT 1) AS row, generate_series(1, {many}) AS n
"""
CHANGED = {
    "article_id": "(SELECT id FROM articles_article ORDER BY id OFFSET n % {articles} LIMIT 1)",
    "state": "CASE WHEN n % 20 = 0 THEN 'waiting' ELSE 'approved' END",
    "waiting_since": "CASE WHEN n % 20 = 0 THEN now() - n * interval '1 minute' END",
    "decided_at": "CASE WHEN n % 20 = 0 THEN NULL ELSE now() END",
    "root_id": "CASE WHEN n % 3 = 0 THEN row.id END",
    "parent_id": "CASE WHEN n % 3 = 0 THEN row.id END",
    "likes": "n % 90",
    "reports_open": "CASE WHEN n % 500 = 0 THEN 1 ELSE 0 END",
    "risk": "n % 100",
    "visitor": "'visitor-' || n % 5000",
    "network": "'198.51.' || n % 250 || '.0/24'",
    "body_hash": "md5(n::text)",
    "created_at": "now() - n * interval '1 minute'",
}


def crowd(articles: int = 20) -> None:
    """MANY comments, spread over so many articles."""
    for _ in range(articles):
        make_article()
    columns = [field.column for field in Comment._meta.local_concrete_fields if not field.primary_key]
    values = [CHANGED.get(column, f"row.{column}").replace("{articles}", str(articles)) for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(CROWD.format(columns=", ".join(columns), values=", ".join(values), many=MANY))
        cursor.execute("ANALYZE")
    connection.check_constraints()


@pytest.fixture
def article():
    made = make_article()
    top = make_comment(made, nickname="甲")
    make_reply(make_reply(top))
    if connection.vendor == "postgresql":
        # Of an article with a twentieth of all, it may as well walk all of them by number until a page is full.
        crowd(100)
    return made


def plans_of(function: Callable) -> list[tuple[str, str]]:
    """(query, plan) of every query that reads comments while the function runs."""
    asked: list[tuple[str, tuple]] = []

    def note(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        function()
    return [(sql, explain(sql, params)) for sql, params in asked if TABLE in sql and "SELECT" in sql[:8]]


def explain(sql: str, params) -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            return "\n".join(row[3] for row in cursor.fetchall())
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (answer,) = cursor.fetchone()
        cursor.execute("RESET ALL")
    return json.dumps(answer if not isinstance(answer, str) else json.loads(answer))


def indexes(plan: str) -> set[str]:
    return set(re.findall(r"comment_[a-z_]+|PRIMARY KEY|comments_comment_pkey", plan)) - {"comments_comment"}


def scans(plan: str) -> bool:
    """Whether the plan reads comments from end to end, or sorts what it read of them."""
    if connection.vendor == "sqlite":
        whole = re.search(
            r"SCAN (?:comments_comment|U\d|V\d)(?! USING (?:COVERING )?INDEX comment_(?:queue|reported))", plan
        )
        return bool(whole) or "USE TEMP B-TREE FOR ORDER BY" in plan
    return (
        '"Node Type": "Seq Scan", "Parallel Aware": false, "Async Capable": false, "Relation Name": "comments_comment"'
        in plan
    )


def assert_walks(function: Callable, *expected: str) -> None:
    plans = plans_of(function)
    assert plans
    for sql, plan in plans:
        assert not scans(plan), (sql, plan)
    used = set().union(*(indexes(plan) for _, plan in plans))
    assert set(expected) <= used, plans


@pytest.mark.parametrize(
    ("order", "index"), [("new", "comment_newest"), ("old", "comment_newest"), ("liked", "comment_liked")]
)
def test_a_page_of_comments_is_a_range(article, order, index):
    assert_walks(lambda: list(listing.threads_of(article).order_by(*listing.ORDERS[order])[:20]), index)


def test_the_best_are_a_range(article):
    best = listing.threads_of(article).order_by("-is_featured", "-likes", "-id")
    assert_walks(lambda: list(best[:3]), "comment_best")


def test_a_thread_is_a_range(article):
    # Not that of the crowd, in which every third comment stands: walking all of them by number would do as well.
    top = make_comment(article)
    make_reply(top)
    assert_walks(lambda: list(listing.approved_below(top).filter(pk__gte=1)[:31]), "comment_thread")


def test_what_is_asked_of_a_draft_are_ranges(article):
    values = {"article": article, "writer": by(make_member("m")), "body": "好。", "nickname": "", "at": timezone.now()}
    assert_walks(lambda: gather(**values), "comment_author", "comment_network", "comment_hash")


def test_ones_own_are_a_range(article):
    assert_walks(lambda: own_hidden(article, by(make_member("m"))), "comment_author")


def test_the_queues_are_ranges():
    make_comment(state=Comment.State.WAITING)
    if connection.vendor == "postgresql":
        crowd()
    waiting = Comment.objects.waiting()
    assert_walks(lambda: list(waiting.order_by("waiting_since", "id")[:50]), "comment_queue")
    assert_walks(lambda: list(waiting.order_by("-risk", "waiting_since", "id")[:50]), "comment_queue_risk")
    reported = Comment.objects.filter(reports_open__gt=0).order_by("-reports_open", "id")
    assert_walks(lambda: list(reported[:50]), "comment_reported")

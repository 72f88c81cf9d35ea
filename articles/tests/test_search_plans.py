"""What the databases do for a search: index only, newest first, and on PostgreSQL span by span."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import search
from articles.search import postgres
from articles.search.documents import first_key, last_key

from .factories import make_article
from .test_search_index import found

pytestmark = pytest.mark.django_db

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="a plan of SQLite")
on_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="a plan of PostgreSQL")


def queries_of(words: str, **filters) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        found(words, **filters)
    return [query["sql"] for query in queries]


@on_sqlite
@pytest.mark.parametrize("words", ["堰沟", "堰", "一条堰沟", "堰沟 水渠 -梯田", "info"])
def test_sqlite_walks_the_index_from_the_newest(words):
    make_article(title="一条堰沟")
    now = timezone.now()
    (sql,) = queries_of(words, facets=("§channel1",), since=now - timedelta(days=9), until=now)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = [row[3] for row in cursor.fetchall()]
    walk, look_up = plan
    # M: the words; < and >: the range of keys. An order of its own would be a third line.
    assert walk.startswith("SCAN found VIRTUAL TABLE INDEX")
    assert "M" in walk
    assert "<" in walk
    assert ">" in walk
    assert look_up == "SEARCH document USING INTEGER PRIMARY KEY (rowid=?)"


@on_postgres
@pytest.mark.parametrize("words", ["堰沟", "堰", "一条堰沟", "堰沟 水渠 -梯田", "info"])
def test_postgres_asks_the_index(words):
    make_article(title="一条堰沟")
    span, sql = queries_of(words, facets=("§channel1",))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        answer = cursor.fetchone()[0]
        cursor.execute(f"EXPLAIN (FORMAT JSON) {span}")
        span_answer = cursor.fetchone()[0]
    nodes = list(nodes_of(json.loads(answer) if isinstance(answer, str) else answer))
    # The words are found by the index alone; the texts of what it found are looked up one by one, by their place.
    assert not [node for node in nodes if "vector" not in node.get("Index Cond", "vector")]
    assert [node["TID Cond"] for node in nodes if node["Node Type"] == "Tid Scan"] == ["(ctid = found.place)"]
    assert "articles_search" in {node.get("Index Name") for node in nodes}
    assert not [node for node in nodes if node["Node Type"] == "Seq Scan"]
    edge = list(nodes_of(json.loads(span_answer) if isinstance(span_answer, str) else span_answer))
    assert {node["Index Name"] for node in edge if "Index Name" in node} == {"articles_searchdocument_pkey"}


def nodes_of(plan):
    if isinstance(plan, list):
        for part in plan:
            yield from nodes_of(part.get("Plan", part))
        return
    yield plan
    yield from nodes_of(plan.get("Plans", []))


@on_postgres
def test_postgres_goes_back_in_time_until_it_has_enough(monkeypatch):
    """What is frequent is found in the newest span; what is rare in all of them."""
    monkeypatch.setattr(postgres, "FIRST_SPAN", 3)
    monkeypatch.setattr(postgres, "MOST_HITS", 2)
    monkeypatch.setattr(postgres, "MOST_GROWTH", 4)
    now = timezone.now()
    days = [1, 2, 3, 5, 9, 30, 100, 400, 3000]
    pks = [make_article(title="堰沟", published_at=now - timedelta(days=day)).pk for day in days]
    rare = make_article(title="水渠", published_at=now - timedelta(days=9000)).pk
    assert len(queries_of("堰沟")) == 2
    assert found("堰沟") == pks[:3]
    # Nothing found so far: as far back again, and more, but never more than four times.
    assert len(queries_of("水渠")) == 8
    assert found("水渠") == [rare]
    monkeypatch.setattr(postgres, "MOST_HITS", 100)
    assert found("堰沟") == pks
    since = now - timedelta(days=6)
    assert found("堰沟", since=since) == pks[:4]
    assert found("堰沟", until=since) == pks[4:]


@pytest.mark.parametrize(
    ("first", "last", "tokens"),
    [
        ((1970, 1, 1), (1970, 1, 1), ["§d0x0"]),
        ((1970, 1, 1), (1970, 1, 8), ["§d1x0"]),
        ((1970, 1, 8), (1970, 1, 17), ["§d0x7", "§d1x1", "§d0x16"]),
        ((1970, 1, 1), (1970, 3, 6), ["§d2x0", "§d0x64"]),
    ],
)
def test_a_span_is_a_few_tokens(first, last, tokens):
    begin, end = (datetime(*day, 12, tzinfo=UTC) for day in (first, last))
    assert postgres.day_tokens(first_key(begin), last_key(end)) == tokens


def test_every_day_of_a_span_has_one_of_its_tokens():
    start = datetime(2024, 2, 11, 23, 59, tzinfo=UTC)
    for length in (0, 1, 7, 8, 63, 300, 3000):
        tokens = postgres.day_tokens(first_key(start), last_key(start + timedelta(days=length)))
        assert len(tokens) < 40
        for day in range(-1, length + 2):
            document = search.Document.build(
                article_id=1, published_at=start + timedelta(days=day), titles=[], texts=[], facets=[]
            )
            has_one = bool(set(tokens) & set(postgres.vector_of(document).split()))
            assert has_one is (0 <= day <= length)

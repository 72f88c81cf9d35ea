"""What a database says that it would do for a query, and tables large enough that it means it."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection

from articles.listing import recount
from articles.models import Article

GROWING = {
    "articles_article",
    "articles_listcount",
    "articles_listentry",
    "articles_hourlyreads",
    "articles_articlereads",
    "articles_relatedarticle",
    "articles_articleterm",
    "articles_readmark",
    "articles_articlephoto",
    "articles_oldaddress",
    "articles_linkpush",
    "articles_articleevent",
    "articles_revision",
    "articles_review",
}
# PostgreSQL knows how many rows it will find, and rightly sorts so many rather than walk an index.
FEW = 200
# Reads a known few rows, each by its number.
BY_KEY = "by key"


@dataclass(frozen=True)
class Access:
    """How one table of a plan is read: by which index (BY_KEY for its primary key, "" for a scan of all of it)."""

    table: str
    index: str
    is_sorted: bool  # whether its rows are sorted afterwards, all of them


MANY = 20_000
# For PostgreSQL: rows that look like years of a busy site, made from one article by the server itself.
CROWD = [
    """
    INSERT INTO articles_article ({columns})
    SELECT {values} FROM (SELECT * FROM articles_article ORDER BY id LIMIT 1) AS row, generate_series(1, %(many)s) AS n
    """,
    # Else the planner takes the table for empty, and joins it to itself row by row.
    "ANALYZE articles_article",
    """
    INSERT INTO articles_listentry (scope, target, channel, article_id, published_at)
    SELECT scope, 1000 + id %% 40, 0, id, published_at FROM articles_article, generate_series(2, 4) AS scope
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO articles_listentry (scope, target, channel, article_id, published_at)
    SELECT 1, region.id, channel, article.id, published_at
    FROM regions_region AS region, articles_article AS article, unnest(ARRAY[0, channel_id]) AS channel
    WHERE region.slug IN ('hunan', 'hubei')
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO articles_listentry (scope, target, channel, article_id, published_at, expires_at)
    SELECT 0, 0, channel, id, published_at, expires_at
    FROM articles_article, unnest(ARRAY[0, channel_id]) AS channel WHERE status = 'published'
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO articles_hourlyreads (article_id, hour, reads)
    SELECT id, date_trunc('hour', now()) - (1 + id %% 5000) * interval '1 hour', 3 FROM articles_article
    """,
    """
    INSERT INTO articles_readmark (article_id, reader, counted_at)
    SELECT id, decode(md5(id::text), 'hex'), now() - id * interval '1 minute' FROM articles_article
    """,
    """
    INSERT INTO articles_relatedarticle (article_id, other_id, score)
    SELECT id, id - 50 - step, 1.0 / step FROM articles_article, generate_series(1, 4) AS step
    WHERE id - 50 - step IN (SELECT id FROM articles_article)
    """,
    """
    INSERT INTO articles_relatedarticle (article_id, other_id, score)
    SELECT article.id, other.id, 1.0 / other.id
    FROM (SELECT id FROM articles_article ORDER BY id LIMIT 5) AS article, articles_article AS other
    WHERE other.id > article.id + 10
    ON CONFLICT DO NOTHING
    """,
    "INSERT INTO articles_articleterm (article_id, term) SELECT id, 'w' || id %% 300 FROM articles_article",
    "INSERT INTO articles_articlereads (article_id, total) SELECT id, 9 FROM articles_article ON CONFLICT DO NOTHING",
    """
    INSERT INTO articles_oldaddress (path, target, article_id, created_at)
    SELECT id::text, '', id, now() FROM articles_article
    """,
    """
    INSERT INTO articles_linkpush (target, url, attempts, last_error, delivered_at, next_attempt_at)
    SELECT 'indexnow', id::text, 1, '', now(), CASE WHEN id %% 500 = 0 THEN now() - id * interval '1 second' END
    FROM articles_article
    """,
    """
    INSERT INTO articles_articleevent (article_id, number, kind, reason, at, text_digest, previous, digest)
    SELECT id, 50 + n, CASE WHEN id %% 100 = 0 THEN 'corrected' ELSE 'changed' END, 'x', now(), '', '', ''
    FROM articles_article, generate_series(1, 2) AS n
    """,
    """
    INSERT INTO articles_revision (article_id, number, content, digest, created_at)
    SELECT id, 50 + n, '{{}}', '', now() FROM articles_article, generate_series(1, 2) AS n
    """,
    """
    INSERT INTO articles_review (article_id, draft_id, state, step, needed, reason, submitted_at, waiting_since,
        revision_id, closed_at)
    SELECT article_id, article_id, 'done', 3, 3, '', now(), now() - id * interval '1 minute', id,
        now() - id * interval '1 minute'
    FROM articles_revision WHERE number = 51
    """,
    "ANALYZE",
]


def crowd() -> None:
    changed = {
        "published_at": "row.published_at - (100 + n) * interval '10 minutes'",
        # One in a hundred has an end, years ahead.
        "expires_at": "CASE WHEN n % 100 = 0 THEN now() + n * interval '1 hour' END".replace("%", "%%"),
        "channel_id": "(SELECT id FROM articles_channel ORDER BY id OFFSET n % 6 LIMIT 1)".replace("%", "%%"),
        "cover_id": "CASE WHEN n % 2 = 0 THEN row.cover_id END".replace("%", "%%"),
    }
    columns = [column.column for column in Article._meta.local_concrete_fields if not column.primary_key]
    values = [changed.get(column, f"row.{column}") for column in columns]
    with connection.cursor() as cursor:
        for sql in CROWD:
            cursor.execute(sql.format(columns=", ".join(columns), values=", ".join(values)), {"many": MANY})
    recount()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def plans_of(function: Callable) -> list[tuple[str, list[Access]]]:
    """(query, accesses) of every query that reads a growing table while the function runs."""
    asked: list[tuple[str, tuple]] = []

    def note(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        function()
    explain = {"sqlite": explain_sqlite, "postgresql": explain_postgresql}[connection.vendor]
    kinds = ("SELECT", "(SELECT", "DELETE", "UPDATE", "WITH")
    found = [(sql, explain(sql, params)) for sql, params in asked if sql.startswith(kinds)]
    reading = [(sql, [access for access in accesses if access.table in GROWING]) for sql, accesses in found]
    return [(sql, accesses) for sql, accesses in reading if accesses]


# --- SQLite ---


def sqlite_plans_of(table: str, function: Callable) -> list[list[str]]:
    """The lines of the plan of every query whose rows are of the table; one that only asks for the last key is none."""
    asked: list[tuple[str, tuple]] = []
    last_key = f'SELECT "{table}"."id"'

    def note(execute, sql, params, many, context):
        is_last_key = sql.startswith(last_key) and sql.endswith("DESC LIMIT 1") and "WHERE" not in sql
        if sql.startswith("SELECT") and f' FROM "{table}"' in sql and not is_last_key:
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        function()
    with connection.cursor() as cursor:
        return [
            [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()] for sql, params in asked
        ]


def explain_sqlite(sql: str, params) -> list[Access]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        rows = cursor.fetchall()
    aliases = {alias: table for table, alias in re.findall(r'"(\w+)"(?: AS)? "(\w+)"', sql) if table in GROWING}
    # A plan with the same parent is one select: what it sorts is what it reads.
    sorting = {parent for _, parent, _, detail in rows if re.match(r"USE TEMP B-TREE FOR (ORDER|GROUP) BY", detail)}
    return [
        Access(aliases.get(match[1], match[1]), sqlite_index(match[2]), parent in sorting)
        for _, parent, _, detail in rows
        if (match := re.match(r"(?:SCAN|SEARCH) (\w+)(.*)", detail))
    ]


def sqlite_index(words: str) -> str:
    """The index that a line of a plan names. A scan along an index reads all of it too."""
    if "PRIMARY KEY (rowid=" in words or "PRIMARY KEY (rowid>? AND rowid<?)" in words:
        return BY_KEY
    named = re.match(r" USING (?:COVERING )?INDEX (\w+) \(", words)
    return named[1] if named else ""


# --- PostgreSQL ---


def explain_postgresql(sql: str, params) -> list[Access]:
    with connection.cursor() as cursor:
        for what in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{what} = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (answer,) = cursor.fetchone()
        cursor.execute("RESET ALL")
    plan = json.loads(answer) if isinstance(answer, str) else answer
    return list(accesses_of(plan[0]["Plan"], is_sorted=False))


def accesses_of(node: dict, *, is_sorted: bool) -> Iterator[Access]:
    """The accesses below a node of a plan; `is_sorted` when what the node delivers is sorted further up."""
    if (table := node.get("Relation Name")) and node["Node Type"] != "ModifyTable":
        # Without a condition, an index is read from end to end: a scan.
        index = node["Index Name"] if "Index Cond" in node else ""
        yield Access(table, BY_KEY if index.endswith("_pkey") else index, is_sorted)
    for child in node.get("Plans", []):
        sorts = node["Node Type"] == "Sort" and child["Plan Rows"] > FEW
        yield from accesses_of(child, is_sorted=sorts or (is_sorted and not apart(node, child)))


def apart(node: dict, child: dict) -> bool:
    """Whether the rows of the child do not reach those of the node: a subquery, a limit, the test of an EXISTS."""
    is_test = node.get("Join Type") in {"Semi", "Anti"} and child.get("Parent Relationship") == "Inner"
    return is_test or child.get("Parent Relationship") in {"SubPlan", "InitPlan"} or child["Node Type"] == "Limit"

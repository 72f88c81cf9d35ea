"""Filling tables by the million: COPY or one prepared insert; the larger indexes made at the end, from all rows."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.core.management.color import no_style
from django.db import connection

from .writing import COLUMNS

FILLED = {
    "articles_article": COLUMNS,
    "articles_article_regions": ["article_id", "region_id"],
    "articles_article_tags": ["article_id", "tag_id"],
    "articles_credit": ["article_id", "role", "author_id", "position"],
    "articles_listentry": ["scope", "target", "channel", "article_id", "published_at", "expires_at"],
    "articles_articleterm": ["article_id", "term"],
    "articles_relatedarticle": ["article_id", "other_id", "score"],
    "articles_articlereads": ["article_id", "total"],
    "articles_hourlyreads": ["article_id", "hour", "reads"],
}


@contextmanager
def filling() -> Iterator[Callable[[str, Sequence[tuple]], None]]:
    """A function (table, rows) that adds rows as fast as the database can take them; indexes are made at the end."""
    open_bulk, insert = {"sqlite": (bulk_sqlite, insert_sqlite), "postgresql": (bulk_postgresql, copy)}[
        connection.vendor
    ]
    with open_bulk():
        yield insert


# --- SQLite -----------------------------------------------------------------------------------------------------------


@contextmanager
def bulk_sqlite() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        # A crash would lose the database, which is then generated again.
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("PRAGMA journal_mode = OFF")
        cursor.execute("PRAGMA cache_size = -1000000")
        marks = ", ".join("?" for _ in FILLED)
        # Raw, for Django's placeholders are others. Indexes of constraints have no SQL: they stay.
        found = connection.connection.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})",  # noqa: S608
            list(FILLED),
        ).fetchall()
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _, sql in found:
            cursor.execute(sql)
        cursor.execute("PRAGMA journal_mode = WAL")
    connection.close()  # the pragmas go with it


def insert_sqlite(table: str, rows: Sequence[tuple]) -> None:
    columns = FILLED[table]
    raw, marks = connection.connection, ", ".join("?" for _ in columns)
    raw.execute("BEGIN")
    raw.executemany(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608
        rows,
    )
    raw.execute("COMMIT")


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


@contextmanager
def bulk_postgresql() -> Iterator[None]:
    with connection.cursor() as cursor:
        # Foreign keys are right by construction; checking each would cost as much as the rest.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(
            """
            SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
            WHERE indrelid::regclass::text = ANY(%s) AND NOT indisunique
            """,
            [list(FILLED)],
        )
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _, sql in found:
            cursor.execute(sql)
        reset_sequences()
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")


def copy(table: str, rows: Sequence[tuple]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(FILLED[table])}) FROM STDIN") as into,
    ):
        into.write("".join("\t".join(map(field_of, row)) + "\n" for row in rows))


def field_of(value) -> str:
    """A value in the text format of COPY."""
    if value is None:
        return r"\N"
    if type(value) is str:
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return str(value)


def reset_sequences() -> None:
    """Let the database number the next rows after those that came with numbers of their own."""
    models = connection.introspection.installed_models(list(FILLED))
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)

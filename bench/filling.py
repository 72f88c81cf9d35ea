"""Filling tables by the million: COPY or prepared inserts of many rows; indexes made at the end, from all rows."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import batched, chain
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction

from .history import EVENT_COLUMNS, OPERATION_COLUMNS, PUSH_COLUMNS, REVIEW_COLUMNS, REVISION_COLUMNS, SIGNATURE_COLUMNS
from .pictures import PHOTO_COLUMNS
from .writing import COLUMNS

FILLED = {
    "articles_photo": PHOTO_COLUMNS,
    "articles_article": COLUMNS,
    "articles_article_regions": ["article_id", "region_id"],
    "articles_article_tags": ["article_id", "tag_id"],
    "articles_credit": ["article_id", "role", "author_id", "position"],
    "articles_listentry": ["scope", "target", "channel", "article_id", "published_at", "expires_at"],
    "articles_articleterm": ["article_id", "term"],
    "articles_relatedarticle": ["article_id", "other_id", "score"],
    "articles_articlereads": ["article_id", "total"],
    "articles_hourlyreads": ["article_id", "hour", "reads"],
    "articles_articlephoto": ["article_id", "photo_id"],
    "articles_shownphoto": ["article_id", "photo_id"],
    "articles_oldaddress": ["path", "article_id", "target", "created_at"],
    "articles_linkpush": PUSH_COLUMNS,
    "articles_articleevent": EVENT_COLUMNS,
    "articles_revision": REVISION_COLUMNS,
    "articles_review": REVIEW_COLUMNS,
    "articles_reviewer": ["id", "article_id", "user_id", "step"],
    "articles_signature": SIGNATURE_COLUMNS,
    "members_operation": OPERATION_COLUMNS,
}

# The tables whose texts have lines or tabs, or JSON with what it escapes.
WRITTEN = {"articles_article", "articles_photo", "articles_revision", "members_operation"}
# Rows of one statement for SQLite.
BLOCK = 100
# SQLite fills these faster than it makes them at the end: those of articles, each of which would read the whole table,
# bodies and all; and two that batches come in the order of (`writing.Writer.batch`).
KEPT_BY_SQLITE = {"articles_article", "list_entry_newest", "article_term_newest"}


def prepared(table: str, rows: Sequence[tuple]) -> Any:
    """Rows of one table as the function of `filling` takes them. Another process may do it."""
    if connection.vendor == "sqlite":
        return blocks_of(rows)
    return copy_text([tuple(map(escaped, row)) for row in rows] if table in WRITTEN else rows)


@contextmanager
def filling() -> Iterator[Callable[[str, Any], None]]:
    """A function (table, what `prepared` made of rows) that adds them; the indexes are made at the end."""
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
        # Raw, for Django's placeholders are others. Indexes of constraints have no SQL: they stay.
        found = connection.connection.execute(
            "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        found = [(name, sql) for table, name, sql in found if table in FILLED and not {table, name} & KEPT_BY_SQLITE]
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
        # One transaction: pages that every batch changes are written when memory is full, and not after each.
        cursor.execute("BEGIN")
        yield
        for _, sql in found:
            cursor.execute(sql)
        cursor.execute("COMMIT")
        cursor.execute("PRAGMA journal_mode = WAL")
    connection.close()  # the pragmas go with it


def blocks_of(rows: Sequence[tuple]) -> list[list]:
    """The values of BLOCK rows after another; the last of fewer."""
    return [list(chain.from_iterable(block)) for block in batched(rows, BLOCK, strict=False)]


def insert_sqlite(table: str, blocks: list[list]) -> None:
    """Add rows many at a statement: two to three times as fast as one at a statement."""
    columns = FILLED[table]
    marks = f"({', '.join('?' * len(columns))})"
    for values in blocks:
        many = ", ".join([marks] * (len(values) // len(columns)))
        connection.connection.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES {many}", values)  # noqa: S608


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


@contextmanager
def bulk_postgresql() -> Iterator[None]:
    with connection.cursor() as cursor:
        # Foreign keys are right by construction; checking each would cost as much as the rest.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        # Half the work of storing a body, where the server knows it.
        cursor.execute(
            "SELECT set_config(name, 'lz4', false) FROM pg_settings"
            " WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)"
        )
        with transaction.atomic():
            # Emptied and filled in one transaction, they need not be written twice, nor looked at by VACUUM
            # (https://www.postgresql.org/docs/current/populate.html, and FREEZE of COPY).
            cursor.execute(f"TRUNCATE {', '.join(FILLED)} CASCADE")
            again = []
            for drop, make in [*constraints(cursor), *indexes(cursor)]:
                cursor.execute(drop)
                again.append(make)
            yield
            for make in again:
                cursor.execute(make)
            reset_sequences()
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")


def constraints(cursor) -> list[tuple[str, str]]:
    """(what drops, what makes again) each constraint that says a row is there once, and to which no other refers."""
    cursor.execute(
        """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE conrelid::regclass::text = ANY(%s) AND contype IN ('u', 'p')
            AND oid NOT IN (SELECT own.oid FROM pg_constraint AS own JOIN pg_constraint AS other
                ON other.contype = 'f' AND other.conindid = own.conindid)
        """,
        [list(FILLED)],
    )
    return [
        (f'ALTER TABLE {table} DROP CONSTRAINT "{name}"', f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {rule}')
        for table, name, rule in cursor.fetchall()
    ]


def indexes(cursor) -> list[tuple[str, str]]:
    """(what drops, what makes again) each index that no constraint needs."""
    cursor.execute(
        """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
        WHERE indrelid::regclass::text = ANY(%s)
            AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
        """,
        [list(FILLED)],
    )
    return [(f"DROP INDEX {name}", definition) for name, definition in cursor.fetchall()]


def copy_text(rows: Sequence[tuple]) -> bytes:
    """Rows in the text format of COPY, in UTF-8, NULL as Python writes it: all of them by one `%`, quickly."""
    row = "\t".join(["%s"] * len(rows[0])) + "\n"
    return (row * len(rows) % tuple(chain.from_iterable(rows))).encode()


def copy(table: str, text: bytes) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(FILLED[table])}) FROM STDIN WITH (FREEZE, NULL 'None')") as into,
    ):
        into.write(text)


def escaped(value: Any) -> Any:
    """A value whose text may hold what parts fields and lines, spelled as COPY reads it."""
    if type(value) is str:
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return value


def reset_sequences() -> None:
    """Let the database number the next rows after those that came with numbers of their own."""
    models = connection.introspection.installed_models(list(FILLED))
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)

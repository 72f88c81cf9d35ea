"""The index in SQLite: an FTS5 table without content of its own, its rowid the key of the document.

It keeps which document has which token and nothing else (`detail=none`): the documents themselves stand in
`SearchDocument`. A row is taken out by telling FTS5 the very tokens that were put in, which works in every version.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection
from django.utils import timezone

from articles.models import SearchDocument

from .documents import Document, index_tokens
from .matching import MOST_HITS, MOST_LOOKED_AT, Hit, hit_sql, key_range, title_sql
from .query import Query, Term

ADD_ROW = """
    INSERT INTO articles_searchdocument (id, article_id, expires_at, facets, title, text)
    VALUES (%s, %s, %s, %s, %s, %s)
"""
ADD = "INSERT INTO articles_search (rowid, tokens) VALUES (%s, %s)"
TAKE_OUT = "INSERT INTO articles_search (articles_search, rowid, tokens) VALUES ('delete', %s, %s)"
# Bytes of new entries that FTS5 gathers in memory: its own default, and for loading many.
HASH_SIZE, BULK_HASH_SIZE = 1 << 20, 64 << 20
# Pages that one step of `tidy` writes: a fraction of a second.
MERGED_AT_ONCE = 500
FIND = """
    SELECT document.article_id, {is_hit}, {in_title}
    FROM articles_search AS found CROSS JOIN articles_searchdocument AS document ON document.id = found.rowid
    WHERE articles_search MATCH %s AND found.rowid BETWEEN %s AND %s
        AND (document.expires_at IS NULL OR document.expires_at > %s)
    ORDER BY found.rowid DESC
"""


def insert(documents: Sequence[Document]) -> None:
    """Write the rows and the index entries of articles that have none."""
    rows = [(document.key, *document.row) for document in documents]
    with connection.cursor() as cursor:
        cursor.executemany(ADD_ROW, rows)
        cursor.executemany(ADD, [(document.key, document.tokens) for document in documents])


def take_out(row: SearchDocument) -> None:
    """Take out of the index what it holds of this row, which is about to be deleted."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_OUT, [row.pk, index_tokens(row.title, row.text, row.facets)])


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO articles_search (articles_search) VALUES ('delete-all')")
        cursor.execute("DELETE FROM articles_searchdocument")


@contextmanager
def bulk_load() -> Iterator[None]:
    """FTS5 gathers more before it writes: for transactions of thousands of documents."""
    set_hash_size(BULK_HASH_SIZE)
    try:
        yield
    finally:
        set_hash_size(HASH_SIZE)
    tidy()


def tidy() -> None:
    """Merge the parts that loading left into one: each search reads every part.

    Step by step, each a transaction of its own, so that editors can save meanwhile
    (https://www.sqlite.org/fts5.html#the_merge_command).
    """
    with connection.cursor() as cursor:
        pages = -MERGED_AT_ONCE  # negative: begin to merge all there is
        while True:
            before = connection.connection.total_changes
            cursor.execute("INSERT INTO articles_search (articles_search, rank) VALUES ('merge', %s)", [pages])
            if connection.connection.total_changes - before < 2:
                return
            pages = MERGED_AT_ONCE


def set_hash_size(size: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO articles_search (articles_search, rank) VALUES ('hashsize', %s)", [size])


def index_faults() -> tuple[set[int], set[int]]:
    """The keys that the index lacks, and those that it holds without a row beside it. Reads all keys."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid FROM articles_search")
        indexed = {key for (key,) in cursor.fetchall()}
    rows = set(SearchDocument.objects.values_list("pk", flat=True))
    return rows - indexed, indexed - rows


def expression(query: Query) -> str:
    """The query in the language of FTS5. Tokens hold letters and digits only, so quoting them is enough."""
    wanted = [word for term in query.terms for word in words_of(term)] + [f'"{facet}"' for facet in query.facets]
    unwanted = [words_of(term)[0] for term in query.excluded if term.is_exact]
    return " NOT ".join([f"({' AND '.join(dict.fromkeys(wanted))})", *unwanted])


def words_of(term: Term) -> list[str]:
    words = [f'"{token}"' for token in term.tokens]
    return [*words[:-1], f"{words[-1]} *"] if term.is_prefix else words


def find(query: Query) -> list[Hit]:
    """The newest hits, at most one more than MOST_HITS. One query, read only as far as needed."""
    now = timezone.now()
    is_hit, needles = hit_sql(query, "instr")
    in_title, titles = title_sql(query, "instr")
    hits: list[Hit] = []
    with connection.cursor() as cursor:
        sql = FIND.format(is_hit=is_hit, in_title=in_title)
        cursor.execute(sql, [*needles, *titles, expression(query), *key_range(query, now=now), now])
        for looked_at, (article_id, found, count) in enumerate(cursor, start=1):
            if found:
                hits.append(Hit(article_id, count))
            if len(hits) > MOST_HITS or looked_at >= MOST_LOOKED_AT:
                break
    return hits

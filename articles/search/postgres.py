"""The index in PostgreSQL: a `tsvector` column of the documents with a GIN index over it.

The vectors have no positions: those end at 16,383 and 256 a word, and a phrase is found by its pairs and a look at the
text. GIN answers with all matches in no order, so a search asks span by span, the newest articles first, until it has
enough. Days stand in the vectors as tokens, and so a span is one more thing that the index intersects.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection
from django.utils import timezone

from articles.models import SearchDocument

from .documents import FACET, LOWEST_KEY, NUMBER_BITS, Document
from .matching import MOST_HITS, MOST_LOOKED_AT, Hit, hit_sql, key_range, title_sql
from .query import Query, Term

# The first span holds so many documents; each further one is SPAN_GROWTH times as long. The last takes the rest.
FIRST_SPAN, SPAN_GROWTH, SPANS = 4000, 8, 4
DAY = 86_400
# Tokens stand for 1, 8, 64 and 512 days: any span is the union of a few.
LEVELS, LEVEL_BITS = 4, 3

ADD = """
    INSERT INTO articles_searchdocument (id, article_id, expires_at, facets, title, text, vector)
    VALUES (%s, %s, %s, %s, %s, %s, %s::tsvector)
"""
EDGE = "SELECT id FROM articles_searchdocument WHERE id BETWEEN %s AND %s ORDER BY id DESC OFFSET %s LIMIT 1"
# The matches are kept from the planner: it would rather walk along the keys and look into every vector. Only their keys
# are sorted; the texts are read one by one, the newest first, until there are enough hits.
FIND = """
    WITH found AS MATERIALIZED (
        SELECT id FROM articles_searchdocument
        WHERE vector @@ %s::tsquery AND (expires_at IS NULL OR expires_at > %s)
    ), newest AS NOT MATERIALIZED (SELECT id FROM found WHERE id BETWEEN %s AND %s ORDER BY id DESC LIMIT %s)
    SELECT document.article_id, {in_title}
    FROM newest JOIN articles_searchdocument AS document ON document.id = newest.id
    WHERE {is_hit} ORDER BY newest.id DESC LIMIT %s
"""
CREATE_INDEX = "CREATE INDEX articles_search ON articles_searchdocument USING gin (vector) WITH (fastupdate = off)"


def insert(documents: Sequence[Document]) -> None:
    """Write the rows, vectors and all, of articles that have none."""
    with connection.cursor() as cursor:
        cursor.executemany(ADD, [(document.key, *document.row, vector_of(document)) for document in documents])


def vector_of(document: Document) -> str:
    """The vector as PostgreSQL reads it. Tokens hold letters and digits only, so none needs quoting."""
    day = int(document.published_at.timestamp()) // DAY
    return " ".join([document.tokens, *(day_token(level, day >> LEVEL_BITS * level) for level in range(LEVELS))])


def day_token(level: int, number: int) -> str:
    return f"{FACET}d{level}x{number}"


def take_out(row: SearchDocument) -> None:
    """Nothing: what the index holds of a row goes with the row."""


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_searchdocument")


@contextmanager
def bulk_load() -> Iterator[None]:
    """Load first, index afterwards: several times as fast for very many rows. Searches are slow meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX articles_search")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(CREATE_INDEX)


def tidy() -> None:
    """Nothing: the index is one, however it was written."""


def index_faults() -> tuple[set[int], set[int]]:
    """Never any: the vector is a column of the row, and cannot be missing."""
    return set(), set()


def expression(query: Query, *, days: Sequence[str] = ()) -> str:
    """The query in the language of `tsquery`, limited to the spans of time that `days` stand for."""
    words = [word for term in query.terms for word in words_of(term)] + [f"'{facet}'" for facet in query.facets]
    unwanted = [f"!{words_of(term)[0]}" for term in query.excluded if term.is_exact]
    span = [f"({' | '.join(f"'{day}'" for day in days)})"] if days else []
    return " & ".join([*dict.fromkeys(words), *unwanted, *span])


def words_of(term: Term) -> list[str]:
    words = [f"'{token}'" for token in term.tokens]
    return [*words[:-1], f"{words[-1]}:*"] if term.is_prefix else words


def find(query: Query) -> list[Hit]:
    """The newest hits, at most one more than MOST_HITS. One query for the spans, one a span until there are enough."""
    now = timezone.now()
    is_hit, needles = hit_sql(query, "strpos")
    in_title, titles = title_sql(query, "strpos")
    sql = FIND.format(is_hit=is_hit, in_title=in_title)
    hits: list[Hit] = []
    with connection.cursor() as cursor:
        for first, last, days in spans(cursor, *key_range(query, now=now)):
            asked = [expression(query, days=days), now, first, last, MOST_LOOKED_AT]
            cursor.execute(sql, [*asked, *titles, *needles, MOST_HITS + 1 - len(hits)])
            hits += [Hit(article_id, count) for article_id, count in cursor.fetchall()]
            if len(hits) > MOST_HITS:
                break
    return hits


def spans(cursor, first: int, last: int) -> list[tuple[int, int, list[str]]]:
    """(first key, last key, day tokens) of spans of time, newest first, that cover all keys from `first` to `last`.

    Few documents are one span. A span without a beginning has no tokens: nearly everything lies in it.
    """
    cursor.execute(EDGE, [first, last, FIRST_SPAN])
    row = cursor.fetchone()
    if row is None:
        return [(first, last, day_tokens(first, last) if first > LOWEST_KEY else [])]
    length = max(1 << NUMBER_BITS, last - row[0])
    result, end = [], last
    for step in range(SPANS - 1):
        start = max(first, last - length * SPAN_GROWTH**step)
        result.append((start, end, day_tokens(start, end)))
        if start == first:
            return result
        end = start - 1
    return [*result, (first, end, day_tokens(first, end) if first > LOWEST_KEY else [])]


def day_tokens(first: int, last: int) -> list[str]:
    """The fewest tokens that stand for all days of a span of keys."""
    day, end = (first >> NUMBER_BITS) // DAY, (last >> NUMBER_BITS) // DAY
    tokens = []
    while day <= end:
        fitting = [level for level in range(LEVELS) if day % days_of(level) == 0 and day + days_of(level) - 1 <= end]
        tokens.append(day_token(fitting[-1], day >> LEVEL_BITS * fitting[-1]))
        day += days_of(fitting[-1])
    return tokens


def days_of(level: int) -> int:
    return 1 << LEVEL_BITS * level

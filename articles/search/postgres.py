"""The index in PostgreSQL: a `tsvector` column of the documents with a GIN index over it.

The vectors have no positions: those end at 16,383 and 256 a word, and a phrase is found by its pairs and a look at the
text. GIN answers with all matches in no order, so a search asks span by span, the newest articles first, until it has
enough. Days stand in the vectors as tokens, and so a span is one more thing that the index intersects: as a condition
of its own, for in one with the words it takes up to ten times as long.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection
from django.utils import timezone

from articles.models import SearchDocument

from .documents import FACET, LOWEST_KEY, NUMBER_BITS, Document
from .matching import MOST_HITS, MOST_LOOKED_AT, Hit, hit_sql, key_range, title_sql
from .query import Query, Term

# The first span holds so many documents. The next ones reach as far back as the hits so far let expect that enough are
# found, and a quarter further; at most so many times as far as the one before. The last takes the rest.
FIRST_SPAN, FURTHER, MOST_GROWTH = 4000, 1.25, 32
# A span that would reach over so much of all time takes the rest at once.
NEARLY_ALL = 0.7
DAY = 86_400
# Tokens stand for 1, 8, 64 and 512 days: any span is the union of a few.
LEVELS, LEVEL_BITS = 4, 3

ADD = """
    INSERT INTO articles_searchdocument (id, article_id, expires_at, facets, title, text, vector)
    VALUES (%s, %s, %s, %s, %s, %s, %s::tsvector)
"""
EDGES = """
    SELECT (SELECT id FROM articles_searchdocument WHERE id BETWEEN %s AND %s ORDER BY id DESC OFFSET %s LIMIT 1),
           (SELECT min(id) FROM articles_searchdocument WHERE id BETWEEN %s AND %s)
"""
# The matches are kept from the planner: it would rather walk along the keys and look into every vector. Only their keys
# are sorted; the texts are read one by one, the newest first, until there are enough hits. By their place in the table:
# it holds for as long as the statement runs, and no index is asked a thousand times.
FIND = """
    WITH found AS MATERIALIZED (
        SELECT id, ctid AS place FROM articles_searchdocument
        WHERE vector @@ %s::tsquery AND {in_span} AND (expires_at IS NULL OR expires_at > %s)
    ), newest AS NOT MATERIALIZED (SELECT id, place FROM found WHERE id BETWEEN %s AND %s ORDER BY id DESC LIMIT %s)
    SELECT document.article_id, {in_title}
    FROM newest JOIN articles_searchdocument AS document ON document.ctid = newest.place
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


def expression(query: Query) -> str:
    """The query in the language of `tsquery`."""
    words = [word for term in query.terms for word in words_of(term)] + [f"'{facet}'" for facet in query.facets]
    unwanted = [f"!{words_of(term)[0]}" for term in query.excluded if term.is_exact]
    return " & ".join([*dict.fromkeys(words), *unwanted])


def words_of(term: Term) -> list[str]:
    """What the index is asked for: not the pairs whose characters stand in the pairs before and after them."""
    words = term.tokens[:1]
    for pair, following in zip(term.tokens[1:], [*term.tokens[2:], ""], strict=False):
        if not following or pair != f"{words[-1][-1]}{following[0]}":
            words.append(pair)
    words = [f"'{word}'" for word in words]
    return [*words[:-1], f"{words[-1]}:*"] if term.is_prefix else words


def find(query: Query) -> list[Hit]:
    """The newest hits, at most one more than MOST_HITS. One query for the edges, one a span until there are enough."""
    now = timezone.now()
    first, last = key_range(query, now=now)
    is_hit, needles = hit_sql(query, "strpos")
    in_title, titles = title_sql(query, "strpos")
    words = expression(query)
    hits: list[Hit] = []
    with connection.cursor() as cursor:
        cursor.execute(EDGES, [first, last, FIRST_SPAN, first, last])
        edge, oldest = cursor.fetchone()
        start, end = first if edge is None else min(edge, last - (1 << NUMBER_BITS)), last
        while oldest is not None and end >= first:
            if last - start > (last - oldest) * NEARLY_ALL:
                start = first
            days = day_tokens(start, end) if start > LOWEST_KEY else []
            sql = FIND.format(in_span="vector @@ %s::tsquery" if days else "true", is_hit=is_hit, in_title=in_title)
            span = [" | ".join(f"'{day}'" for day in days)] if days else []
            cursor.execute(sql, [words, *span, now, start, end, MOST_LOOKED_AT, *titles, *needles, wanted(hits)])
            hits += [Hit(article_id, count) for article_id, count in cursor.fetchall()]
            if not wanted(hits):
                break
            start, end = last - int((last - start) * growth(hits)), start - 1
    return hits


def wanted(hits: Sequence[Hit]) -> int:
    """How many more hits are asked for."""
    return MOST_HITS + 1 - len(hits)


def growth(hits: Sequence[Hit]) -> float:
    """How many times as far back the next span is to reach as those that found these hits."""
    return min(MOST_GROWTH, FURTHER * (MOST_HITS + 1) / max(1, len(hits)))


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

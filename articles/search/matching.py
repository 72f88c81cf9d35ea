"""What SQL of both databases has in common: looking at the normal forms of the documents that the index proposes."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from .documents import LOWEST_KEY, first_key, last_key
from .query import Query, Term

# More are neither counted nor ranked: "1000+".
MOST_HITS = 1000
# Of the documents that have all pairs of a phrase, so many are looked at, newest first.
MOST_LOOKED_AT = 20_000


class Hit(NamedTuple):
    """An article that a query found, and how many of the query's terms stand in its title."""

    article_id: int
    in_title: int


def look_sql(terms: Sequence[Term], find: str) -> tuple[str, list[str]]:
    """The condition that each of the terms stands in title or text; `find` is the database's function for it."""
    one = f"({find}(title, %s) > 0 OR {find}(text, %s) > 0)"
    return " AND ".join(one for _ in terms), [term.needle for term in terms for _ in range(2)]


def hit_sql(query: Query, find: str) -> tuple[str, list[str]]:
    """The condition that a proposed document is a hit, as far as the index leaves it open."""
    wanted, parameters = look_sql([term for term in query.terms if not term.is_exact], find)
    parts = [wanted] if wanted else []
    for term in query.excluded:
        if not term.is_exact:
            unwanted, needles = look_sql([term], find)
            parts.append(f"NOT {unwanted}")
            parameters += needles
    return " AND ".join(parts) or "1 = 1", parameters


def title_sql(query: Query, find: str) -> tuple[str, list[str]]:
    """The number of terms that stand in the title."""
    one = f"CASE WHEN {find}(title, %s) > 0 THEN 1 ELSE 0 END"
    return " + ".join(one for _ in query.terms), [term.needle for term in query.terms]


def key_range(query: Query, *, now: datetime) -> tuple[int, int]:
    """The keys of documents published within the query's span and not later than now, both ends included."""
    first = first_key(query.since) if query.since else LOWEST_KEY
    return first, min(first_key(query.until) - 1, last_key(now)) if query.until else last_key(now)

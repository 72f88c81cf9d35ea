"""Search over published articles: the index that publishing keeps, the language of queries, and the hits.

`newsportal.lib.bigrams` says what a match is. `sqlite` and `postgres` hold the index and answer with the newest hits;
the rest is the same for both.
"""

from .documents import Document, channel_facet, document_of, is_searchable, region_facet, searchable, source_facet
from .index import bulk_load, clear, index_article, index_faults, remove, tidy, write_many
from .matching import MOST_HITS, Hit
from .query import MOST_CHARACTERS, Query, Term, parse
from .results import Result, find, find_page, highlight, suggest

__all__ = [
    "MOST_CHARACTERS",
    "MOST_HITS",
    "Document",
    "Hit",
    "Query",
    "Result",
    "Term",
    "bulk_load",
    "channel_facet",
    "clear",
    "document_of",
    "find",
    "find_page",
    "highlight",
    "index_article",
    "index_faults",
    "is_searchable",
    "parse",
    "region_facet",
    "remove",
    "searchable",
    "source_facet",
    "suggest",
    "tidy",
    "write_many",
]

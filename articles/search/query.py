"""What a reader asks for: the words of the search box, compiled into terms that both databases understand."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from newsportal.lib.bigrams import is_one_token, is_prefix, key_tokens, marked, needle, pattern

MOST_CHARACTERS = 100
QUOTES = '"＂“”„「」『』'
CHUNK = re.compile(
    rf"(?P<minus>(?<!\S)[-－])?(?:[{QUOTES}](?P<phrase>[^{QUOTES}]*)[{QUOTES}]?|(?P<word>[^\s{QUOTES}]+))"
)


@dataclass(frozen=True)
class Term:
    """A word or phrase, by its normal form. It may also be the beginning of a longer Latin word: `is_prefix`."""

    form: str

    @cached_property
    def tokens(self) -> list[str]:
        """The tokens that every document with the term has; the last one is to be completed if `is_prefix`."""
        return key_tokens(self.form)

    @cached_property
    def is_prefix(self) -> bool:
        return is_prefix(self.form)

    @cached_property
    def needle(self) -> str:
        """What stands in the normal form of a text exactly where the term does."""
        return needle(self.form)

    @cached_property
    def pattern(self) -> str:
        return pattern(self.form)

    @property
    def is_exact(self) -> bool:
        """Whether the index alone tells which documents have the term: not so 哈哈哈, whose one pair 哈哈 has too."""
        return is_one_token(self.form)


@dataclass(frozen=True)
class Query:
    """All `terms`, none of `excluded`, each of `facets`, published from `since` and before `until`."""

    terms: tuple[Term, ...]
    excluded: tuple[Term, ...] = ()
    facets: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


def parse(text: str) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """(terms that must stand in an article, terms that must not), each once, from the text of the search box.

    White space parts the words; quotes, of any kind and closed or not, keep a phrase together; `-` excludes. What holds
    neither letter nor digit asks for nothing.
    """
    wanted: dict[Term, None] = {}
    excluded: dict[Term, None] = {}
    for match in CHUNK.finditer(text):
        if form := marked(match["phrase"] or match["word"] or ""):
            (excluded if match["minus"] else wanted)[Term(form)] = None
    return tuple(wanted), tuple(excluded)

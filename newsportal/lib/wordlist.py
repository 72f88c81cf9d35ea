"""Listed words, found in a text however they are written: case, width, accents, Traditional characters and what is put
between the characters make no difference. Where a word was found is told by the positions of the text itself.

Aho–Corasick finds all words in one pass, so a list may be as long as it likes. What parts sentences is not skipped: in
办法。轮到 the two halves of no word meet.
"""

import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from ahocorasick_rs import AhoCorasick

from .bigrams import FOLDING

SENTENCE_MARKS = frozenset(
    "，。！？；：、…—,!?;:\n\r\t\x0b\x0c\u2028\u2029()（）[]【】〔〕{}《》〈〉「」『』“”‘’\"'|｜"
)
# Characters that may stand between two of a word; more of them that are seen, and they are two words.
MOST_BETWEEN = 6
# General categories of what is not seen by itself: formats (zero width), controls, marks upon the character before.
UNSEEN = frozenset({"Cf", "Cc", "Mn", "Me"})


@dataclass(frozen=True)
class Entry:
    """A word of the list and the longer phrases in which it is innocent. `key` is the caller's name for it."""

    key: int
    word: str
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """The entry `key` at text[start:end]."""

    key: int
    start: int
    end: int


class Reading(dict):
    """A table for `str.translate`: what is left of a character, nothing for most that is neither letter nor digit."""

    def __missing__(self, code: int) -> str:
        kept = "\n" if chr(code) in SENTENCE_MARKS else "".join(c for c in bare(FOLDING[code]) if c.isalnum())
        self[code] = kept
        return kept


def bare(text: str) -> str:
    """The text without accents: é may be written as one character or as two."""
    parts = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(c for c in parts if unicodedata.category(c) != "Mn"))


READING = Reading()


def form_of(word: str) -> str:
    """The form in which a word is looked for: letters and digits alone, folded; a line feed where a sentence parts."""
    return word.translate(READING).strip("\n")


class WordList:
    """An immutable list of words, ready to look for them. Threads may share it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.owners: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        for entry in entries:
            self.owners[form_of(entry.word)].append((entry.key, False))
            for phrase in entry.exceptions:
                self.owners[form_of(phrase)].append((entry.key, True))
        self.owners.pop("", None)
        self.patterns = list(self.owners)
        self.automaton = AhoCorasick(self.patterns)

    def find(self, text: str) -> list[Hit]:
        """Every word in the text, by position. Within one of its exceptions a word is none; a longer word wins."""
        form = text.translate(READING)
        matches = self.automaton.find_matches_as_indexes(form, overlapping=True)
        if not matches:
            return []
        places = [place for place, char in enumerate(text) for _ in READING[ord(char)]]
        words, innocent = [], defaultdict(list)
        for pattern, start, end in matches:
            for key, is_exception in self.owners[self.patterns[pattern]]:
                if is_exception:
                    innocent[key].append((start, end))
                elif stands_alone(text, form, places, start, end):
                    words.append((start, end, key))
        excused = {key: outermost(spans) for key, spans in innocent.items()}
        guilty = [word for word in words if not is_within(word[:2], excused.get(word[2], []))]
        longest = set(outermost({word[:2] for word in guilty}))
        return [
            Hit(key, places[start], places[end - 1] + 1)
            for start, end, key in sorted(guilty)
            if (start, end) in longest
        ]


def outermost(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those of the spans that lie within no other, in order: both ends grow from one to the next."""
    kept: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or span[1] > kept[-1][1]:
            kept.append(span)
    return kept


def is_within(span: tuple[int, int], outer: list[tuple[int, int]]) -> bool:
    """Whether the span lies within one of `outer`, which `outermost` made."""
    number = bisect_right(outer, span[0], key=itemgetter(0))
    return number > 0 and outer[number - 1][1] >= span[1]


def stands_alone(text: str, form: str, places: list[int], start: int, end: int) -> bool:
    """Whether form[start:end] is a word of its own: no part of a longer Latin word or number, not too far drawn out."""
    for before, after in ((start - 1, start), (end - 1, end)):
        is_inside = before >= 0 and after < len(form) and seen_between(text, places[before], places[after]) == 0
        if is_inside and is_latin(form[before]) and is_latin(form[after]):
            return False
    return all(seen_between(text, places[at], places[at + 1]) <= MOST_BETWEEN for at in range(start, end - 1))


def seen_between(text: str, before: int, after: int) -> int:
    """How many characters are seen between two places; of very many, enough to be too many."""
    between = text[before + 1 : after]
    return sum(unicodedata.category(char) not in UNSEEN for char in between) if between else 0


def is_latin(char: str) -> bool:
    """Whether the character runs together with its neighbours into words or numbers, as Han characters do not."""
    return char.isalnum() and char < "\u2e80"

"""Two versions of a text side by side: by sentence, and within a sentence by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

import rjieba

# A sentence with what closes it. White space parts none: it says nothing about where a sentence ends.
SENTENCE = re.compile(r"[^。！？；…]*[。！？；…]+[”’」』）】]*|[^。！？；…]+")
# Sentences less alike than this are two, one taken out and one put in.
ALIKE = 0.4
# Beyond so many pairs of sentences they are not weighed against each other but taken in order.
MOST_WEIGHED = 2500
BREAK = "\n"


@dataclass(frozen=True)
class Part:
    """A stretch of a sentence; `is_changed` when the other version does not have it."""

    text: str
    is_changed: bool


@dataclass(frozen=True)
class Row:
    """A sentence in both versions; empty where one has none. `is_break`: here a paragraph ends."""

    old: tuple[Part, ...]
    new: tuple[Part, ...]
    is_break: bool = False

    @property
    def is_changed(self) -> bool:
        return any(part.is_changed for part in (*self.old, *self.new))


def compare(old: str, new: str) -> list[Row]:
    """The rows of two texts, one paragraph a line. Time grows with the square of the sentences that differ."""
    before, after = sentences(old), sentences(new)
    rows: list[Row] = []
    for tag, start, end, other_start, other_end in opcodes(before, after):
        if tag == "equal":
            rows += [Row(whole(one), whole(one), one == BREAK) for one in before[start:end]]
        else:
            rows += pairs(before[start:end], after[other_start:other_end])
    return rows


def sentences(text: str) -> list[str]:
    """The sentences of a text, a BREAK between those of two lines."""
    found: list[str] = []
    for number, line in enumerate(text.splitlines()):
        found += [BREAK] if number else []
        found += [one for one in SENTENCE.findall(line) if one.strip()]
    return found


def opcodes(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def pairs(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    """The rows of sentences that differ: those that are alike beside each other, the rest by themselves."""
    for old, new in aligned(before, after):
        if old and new and BREAK not in (old, new):
            yield words_of(old, new)
        else:
            yield Row(whole(old, is_changed=True), whole(new, is_changed=True), BREAK in (old, new))


def aligned(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    """Each sentence with the one that it became, in order, so that the likenesses add up to the most; "" for none."""
    if len(before) * len(after) > MOST_WEIGHED:
        return list(zip_longest(before, after, fillvalue=""))
    # best[i][j]: the most that before[i:] and after[j:] can reach.
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    alike = [[likeness(one, other) for other in after] for one in before]
    for i in reversed(range(len(before))):
        for j in reversed(range(len(after))):
            together = best[i + 1][j + 1] + alike[i][j] if alike[i][j] else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    result, i, j = [], 0, 0
    while i < len(before) and j < len(after):
        if alike[i][j] and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            result.append((before[i], after[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            result.append((before[i], ""))
            i += 1
        else:
            result.append(("", after[j]))
            j += 1
    return result + [(one, "") for one in before[i:]] + [("", one) for one in after[j:]]


def likeness(one: str, other: str) -> float:
    """How much of two sentences is the same, from ALIKE to 1; 0 for less."""
    if BREAK in (one, other):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= ALIKE else 0.0


def words_of(old: str, new: str) -> Row:
    """The row of two sentences that are alike, word by word."""
    before, after = rjieba.cut(old), rjieba.cut(new)
    left: list[Part] = []
    right: list[Part] = []
    for tag, start, end, other_start, other_end in opcodes(before, after):
        is_changed = tag != "equal"
        left += whole("".join(before[start:end]), is_changed=is_changed)
        right += whole("".join(after[other_start:other_end]), is_changed=is_changed)
    return Row(tuple(left), tuple(right))


def whole(text: str, *, is_changed: bool = False) -> tuple[Part, ...]:
    return (Part(text, is_changed),) if text else ()

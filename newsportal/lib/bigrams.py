"""Chinese text for the search index: one normal form, the tokens made of it, and the pattern that finds it again.

A text is read as *units*: every Han character is one, and so is every run of other letters and digits (iphone15, 2026).
The normal form (`marked`) writes words between bars and one space for whatever else stands between units: "沪A股，5G"
becomes "沪|a|股 |5g|". A term stands in a text exactly where its own normal form is a substring of the text's, so a
word is never found in the middle of another. The index holds every unit and every pair of neighbours: a term of one or
two units is found by the index alone, and a longer one by its pairs and a look at the normal form.
"""

import re
import unicodedata
from collections.abc import Iterable
from operator import add

import opencc

# 〇 counts as Han: 二〇二六.
HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
LETTER = rf"[^\W_{HAN}]"
# A word so long may be the beginning of a longer one: "infi" finds "Infinity", but "ai" does not find "aigc".
LEAST_PREFIX = 3
# Of a longer word the index holds the beginning: databases refuse very long ones.
LONGEST_WORD = 60

WORD = re.compile(rf"{LETTER}+")
UNIT = re.compile(rf"\|([^|]+)\||([{HAN}])")
FULL_SPACE = "\u3000"
SPACED_HAN = re.compile(rf"(?<=[{HAN}]){FULL_SPACE}+(?=[{HAN}])")
SEPARATOR = re.compile(r"[\W_]+")
simplified = opencc.OpenCC("t2s").convert
# Forms that Taiwan, Hong Kong or personal names have and OpenCC's table of single characters leaves as they are.
VARIANTS = str.maketrans("著衞敍暱痺睪簷馀迳钜锺谘鲶", "着卫叙昵痹睾檐余径巨钟咨鲇")


class Folding(dict):
    """A table for `str.translate` that fills itself: compatibility forms, case and Traditional characters folded."""

    def __missing__(self, code: int) -> str:
        if 0xD800 <= code <= 0xDFFF:  # half a character, which OpenCC refuses
            return " "
        plain = unicodedata.normalize("NFKC", chr(code)).lower()
        self[code] = simplified(plain).translate(VARIANTS)
        return self[code]


class SameLength(dict):
    """`FOLDING` for reading a text beside its original: what would become several characters becomes a space."""

    def __missing__(self, code: int) -> str:
        folded = FULL_SPACE if chr(code) == FULL_SPACE else FOLDING[code]
        self[code] = folded if len(folded) == 1 else " "
        return self[code]


FOLDING, SAME_LENGTH = Folding(), SameLength()


def marked(text: str) -> str:
    """The normal form of a text. A full-width space between Han characters counts for nothing: 张　三 is 张三."""
    folded = SPACED_HAN.sub("", text).translate(FOLDING)
    return WORD.sub(r"|\g<0>|", SEPARATOR.sub(" ", folded)).strip()


def marked_fields(fields: Iterable[str]) -> str:
    """The normal forms of several fields, one a line: no term is found across two of them."""
    return "\n".join(form for form in map(marked, fields) if form)


def units_of(segment: str) -> list[str]:
    """The units of a normal form without spaces."""
    return [word[:LONGEST_WORD] or han for word, han in UNIT.findall(segment)] if "|" in segment else list(segment)


def tokens_of(form: str) -> set[str]:
    """What the index holds of a normal form: its units and the pairs of neighbours. Letters, digits and Han only."""
    segments = form.split()
    # All that is Han alone at once, parted by spaces: this is what loading a million articles waits for.
    han = " ".join(segment for segment in segments if "|" not in segment)
    found = {token for token in {*han, *map(add, han, han[1:])} if " " not in token}
    for segment in segments:
        if "|" in segment:
            units = units_of(segment)
            found.update(units, map(add, units, units[1:]))
    return found


def key_tokens(form: str) -> list[str]:
    """The fewest tokens that every text with this normal form in it has: pairs, or the unit that stands alone."""
    found: dict[str, None] = {}
    for segment in form.split():
        units = units_of(segment)
        found.update(dict.fromkeys(map(add, units, units[1:]) if len(units) > 1 else units))
    return list(found)


def is_one_token(form: str) -> bool:
    """Whether the form is just one unit or one pair, so that the index alone tells which texts have it."""
    segments = form.split()
    return len(segments) == 1 and len(units := units_of(segments[0])) <= 2 and len("".join(units)) < LONGEST_WORD


def is_prefix(form: str) -> bool:
    """Whether the normal form ends in a word that may also be the beginning of a longer one."""
    last = form.removesuffix("|").rpartition("|")[2]
    return form.endswith("|") and len(last) >= LEAST_PREFIX and not last[0].isdigit()


def needle(form: str) -> str:
    """What to look for in a normal form, as a plain substring."""
    return form.removesuffix("|") if is_prefix(form) else form


def pattern(form: str) -> str:
    """A regular expression that finds the term in a text translated by SAME_LENGTH, so far as it has LONGEST_WORD."""
    segments = []
    for segment in form.split():
        parts, before = [], ""
        for unit in units_of(segment):
            is_word = WORD.fullmatch(unit) is not None
            parts.append(rf"(?<!{LETTER}){unit}" if is_word else unit)
            if before and not is_word and not WORD.fullmatch(before):
                parts.insert(-1, f"{FULL_SPACE}*")
            before = unit
        segments.append("".join(parts))
    end = rf"(?!{LETTER})" if form.endswith("|") and not is_prefix(form) else ""
    return r"[\W_]+".join(segments) + end

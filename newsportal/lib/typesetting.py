"""Setting Chinese text in lines: where a line may break, and what to leave out when there is no room.

The rules are those of Chinese print (GB/T 15834, CLREQ): no line begins with a closing mark or ends with an opening
one (避头尾), Latin words and numbers stay whole, the last line is no lone character where it can be helped.
"""

import re
from collections.abc import Callable, Iterator

import rjieba

from .chinese import HAN

# The width of a piece of text in one line, in any unit.
Measure = Callable[[str], float]

OPENING = "（《〈「『【〔［“‘([{"
CLOSING = "，。、；：？！）》〉」』】〕］”’…—～·%％‰℃,.;:?!)]}"
# A Latin word or number with what holds it together; a run of Chinese characters; one sign of anything else.
PIECE = re.compile(rf"[A-Za-z0-9À-ÖØ-öø-ÿ]+(?:[-.,:/&@+'’_][A-Za-z0-9À-ÖØ-öø-ÿ]+)*|[{HAN}]+|\s+|.", re.DOTALL)
ELLIPSIS = "…"
# Where a Chinese character meets a Latin letter or a number.
SEAM = re.compile(rf"(?<=[{HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[{HAN}])")
THIN_SPACE = "\u2009"


def spaced(text: str) -> str:
    """The text with the thin space that sets Chinese and Latin letters apart (what `text-autospace` does in a page)."""
    return SEAM.sub(THIN_SPACE, text)


def pieces_of(text: str, *, words: bool) -> Iterator[str]:
    for run in PIECE.findall(" ".join(text.split())):
        if re.match(f"[{HAN}]", run):
            yield from rjieba.cut(run) if words else run
        else:
            yield run


def units(text: str, *, words: bool = False) -> list[str]:
    """The text cut into pieces that no line may break: marks stay with what they belong to, a space with its word.

    With `words`, Chinese words stay whole too, as a title wants it.
    """
    found: list[str] = []
    holds_next = False
    for piece in pieces_of(text, words=words):
        if found and (holds_next or piece == " " or piece in CLOSING):
            found[-1] += piece
        else:
            found.append(piece)
        # A space holds nothing: behind “（” it would be odd, and behind a word the line may break.
        holds_next = piece in OPENING if piece != " " else False
    return found


def break_lines(text: str, measure: Measure, width: float, *, most: int, even: bool = False) -> list[str]:
    """The text in at most `most` lines of at most `width`; an ellipsis where it is cut.

    `even`, for titles, makes the lines about equally long and breaks no Chinese word. A unit wider than a line is
    broken anywhere. Empty text has no lines.
    """
    pieces = [part for unit in units(text, words=even) for part in fitting(unit, measure, width)]
    lines = fill(pieces, measure, width)
    if len(lines) > most:
        return cut(lines, measure, width, most=most)
    if even:
        return balance(pieces, measure, width, len(lines))
    return without_orphan(pieces, measure, width, lines)


def without_orphan(pieces: list[str], measure: Measure, width: float, lines: list[str]) -> list[str]:
    """The lines, a little narrower where the last would be a lone character with its mark (孤字)."""
    for narrower in (0.97, 0.94, 0.91):
        if len(lines) < 2 or len(units(lines[-1])) > 1:
            break
        narrow = fill(pieces, measure, width * narrower)
        lines = narrow if len(narrow) == len(lines) else lines
    return lines


def fitting(unit: str, measure: Measure, width: float) -> list[str]:
    return [unit] if measure(unit.rstrip()) <= width else list(unit)


def fill(pieces: list[str], measure: Measure, width: float) -> list[str]:
    """Lines as full as they can be."""
    lines: list[str] = []
    line = ""
    for piece in pieces:
        if line and measure((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def balance(pieces: list[str], measure: Measure, width: float, count: int) -> list[str]:
    """As many lines, the longest as short as it can be: the last is then no lone character."""
    narrow, wide = width / 2, width
    for _ in range(8):
        middle = (narrow + wide) / 2
        if len(fill(pieces, measure, middle)) > count:
            narrow = middle
        else:
            wide = middle
    return fill(pieces, measure, wide)


def cut(lines: list[str], measure: Measure, width: float, *, most: int) -> list[str]:
    """The first `most` lines, the last shortened to end in an ellipsis."""
    last = units(lines[most - 1])
    while len(last) > 1 and measure(ended("".join(last))) > width:
        last.pop()
    return [*lines[: most - 1], ended("".join(last))]


def ended(text: str) -> str:
    """The text with an ellipsis in place of the marks at its end."""
    return text.rstrip(OPENING + CLOSING + " ") + ELLIPSIS

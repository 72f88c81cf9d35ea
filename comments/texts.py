"""Texts of readers: what is taken out of them, when two are the same, and how they are shown."""

import hashlib
import re
import unicodedata

from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from newsportal.lib.wordlist import form_of

# More marks upon one character than any script needs: letters that climb over the lines above.
MOST_MARKS = 3
JOINER, EMOJI_STYLE, FLAG = "\u200d", "\ufe0f", "\U0001f3f4"
# The parts of flags: 🏴 and the letters of a region.
TAGS = range(0xE0020, 0xE0080)
LINE_END = re.compile("\r\n|[\r\u2028\u2029]")
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# An address, without what stands after it in a sentence. Only signs of RFC 3986: Chinese text may follow at once.
ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+[A-Za-z0-9\-_~/#&=%]")


def clean(text: str) -> str:
    """The text as it is kept: one form of each character, nothing that is not seen, no more than one empty line.

    Emoji with their joiners and rare characters stay as they are; directions, zero width and controls go.
    """
    text = unicodedata.normalize("NFC", LINE_END.sub("\n", text))
    seen: list[str] = []
    marks = 0
    for place, char in enumerate(text):
        category = unicodedata.category(char)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks > MOST_MARKS:
            continue
        if category not in UNSEEN or char == "\n" or belongs_to_emoji(text, place):
            seen.append(char)
        elif char == "\t":
            seen.append(" ")
    lines = [line.strip() for line in "".join(seen).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def belongs_to_emoji(text: str, place: int) -> bool:
    """Whether the unseen character at this place joins two emoji, or spells the region of a flag."""
    char = text[place]
    if ord(char) in TAGS:
        return FLAG in text[max(0, place - 8) : place]
    if char != JOINER or not 0 < place < len(text) - 1:
        return False
    before = text[place - 2] if text[place - 1] == EMOJI_STYLE and place > 1 else text[place - 1]
    return unicodedata.category(before) in {"So", "Sk"} and unicodedata.category(text[place + 1]) in {"So", "Sm"}


def clean_line(text: str) -> str:
    """The same for what is one line: a nickname, a reason."""
    return " ".join(clean(text).split())


def digest_of(text: str) -> str:
    """What two texts share that differ in spaces, marks, case, width or script alone; 32 signs."""
    form = form_of(text).replace("\n", "") or "".join(text.split())
    return hashlib.sha256(form.encode("utf-8", "replace")).hexdigest()[:32]


def addresses_in(text: str) -> list[str]:
    """The web addresses that a text names in full, but for those of this site."""
    return [address for address in ADDRESS.findall(text) if not is_ours(address)]


def is_ours(address: str) -> bool:
    return f"{address}/".startswith(f"{settings.SITE_URL}/")


def to_html(text: str) -> SafeString:
    """A cleaned text as HTML: paragraphs, line breaks, and addresses as links for which the site does not vouch.

    Safe: every piece is escaped here.
    """
    paragraphs = ("<br>".join(line_html(line) for line in part.split("\n")) for part in text.split("\n\n"))
    return mark_safe("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph))


def line_html(line: str) -> str:
    pieces, end = [], 0
    for found in ADDRESS.finditer(line):
        pieces += [escape(line[end : found.start()]), link_html(found[0])]
        end = found.end()
    return "".join([*pieces, escape(line[end:])])


def link_html(address: str) -> SafeString:
    rel = "" if is_ours(address) else ' rel="nofollow ugc noopener"'
    shown = address if len(address) <= 60 else f"{address[:57]}…"
    return format_html('<a href="{}"{}>{}</a>', address, mark_safe(rel), shown)  # a constant of ours

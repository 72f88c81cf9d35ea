"""Plain text as readers type it: what nobody sees is taken out, lines and letters stay as they are."""

import re
import unicodedata

# Turns the direction of writing, has no width, or is a mark of the byte order: text that reads otherwise than it is.
HIDDEN = re.compile("[\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
# Joins two pictures into one; between letters it only hides.
JOINER = re.compile(r"(?<=\w)\u200d|\u200d(?=\w)|^\u200d")
MANY_BLANK_LINES = re.compile(r"\n{3,}")


def plain_text(text: str) -> str:
    """Lines with at most one blank line between, without controls and what hides; ends trimmed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = JOINER.sub("", HIDDEN.sub("", text))
    text = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs", "Co"})
    lines = (line.rstrip() for line in text.split("\n"))
    return MANY_BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def plain_line(text: str) -> str:
    """The same in one line, any blanks as one."""
    return " ".join(plain_text(text).split())

"""What figures of a body refer to: rows of the library by number, a video elsewhere by address, another article."""

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from .body import FIGURES

BLANK_OR_BACKSLASH = re.compile(r"[\s\\]")


def settle_reference(figure: HtmlElement) -> str:
    """Leave in a figure the one attribute that says what it shows; its name, empty when nothing can be shown."""
    names = [name for name in FIGURES.values() if figure.get(name)]
    for name in set(figure.keys()) - set(names[:1]):
        del figure.attrib[name]
    if not names:
        return ""
    value = figure.get(names[0], "")
    if names[0] == FIGURES["gallery"]:
        value = " ".join(str(number) for number in numbers_in(value))
    if names[0] == FIGURES["embed"] and not is_https(value):
        value = ""
    figure.set(names[0], value)
    return names[0] if value else ""


def is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    # A browser reads a backslash as a slash, and so another host than urlsplit does.
    return parts.scheme == "https" and bool(parts.hostname) and not BLANK_OR_BACKSLASH.search(address)


def numbers_in(value: str) -> list[int]:
    """The numbers of library rows that an attribute lists, in order, each once."""
    found = (int(word) for word in value.split() if word.isdecimal() and len(word) < 19)
    return list(dict.fromkeys(found))

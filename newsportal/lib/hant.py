"""Pages in Traditional characters: HTML in, HTML out.

The source is kept sign for sign but for what is converted: texts, attributes that people read, `lang`, and links to
pages of this site, which lead to their Traditional form. An element that names its own language, or says
`translate="no"`, stays.
"""

import json
import re
from typing import Any

from django.conf import settings

from newsportal.lib.hanzi import hold_surname, traditional

PREFIX = "/hant"
# Addresses that look like pages and have no Traditional form: one visitor's own, the newsroom's, or for programs.
PLAIN_ONLY = tuple(
    f"/{start}/"
    for start in [
        *["accounts", "admin", "comments", "fragments", "hant", "letters/follow", "letters/mine", "letters/write"],
        *["media", "members", "reads", "search/suggest", "static"],
    ]
)
# And what is everybody's among them.
PUBLIC_AMONG = ("/comments/report/",)

HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
SEPARATOR = "\x1f"  # no phrase of the tables holds it, so no phrase can reach over it
TOKEN = re.compile(
    r"""<!--.*?-->|<[!?][^>]*>|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*)(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""", re.DOTALL
)
ATTRIBUTE = re.compile(r"""\s(?P<name>[^\s"'>/=]+)(?:=(?P<quote>["'])(?P<value>.*?)(?P=quote))?""", re.DOTALL)
# Tags that hold none of these pass through unread.
TELLING = re.compile(r"\b(?:lang|hreflang|href|action|translate|content|value)=|[\u2e80-\u9fff\uf900-\U0003ffff]")
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# A phrase runs on through these: 理<mark>发</mark> is one word.
INLINE = frozenset("b em i mark s strong sub sup u wbr".split())
RAW = frozenset(["script", "style"])
# Attributes that no person reads, whatever they hold.
MACHINE = frozenset("class for href hreflang id lang name src srcset".split())
BUTTONS = frozenset(["submit", "button", "reset"])


def has_traditional(path: str) -> bool:
    """Whether `path`, of this site and with or without a query, is that of a page, which has a Traditional form too."""
    path = re.split(r"[?#]", path, maxsplit=1)[0]
    return path.endswith(("/", ".html")) and not is_plain_only(path)


def is_plain_only(path: str) -> bool:
    """Whether `path` looks like that of a page, but lies where nothing has a Traditional form."""
    return path.startswith(PLAIN_ONLY) and not path.startswith(PUBLIC_AMONG)


def traditional_url(url: str) -> str:
    """The address of the Traditional form of what `url` leads to, or `url` itself where that has none."""
    site = settings.SITE_URL if url.startswith(f"{settings.SITE_URL}/") else ""
    path = url.removeprefix(site)
    if not path.startswith("/") or path.startswith("//") or not has_traditional(path):
        return url
    return f"{site}{PREFIX}{path}"


def traditional_html(html: str) -> str:
    """The page in Traditional characters."""
    pieces = Pieces()
    position = 0
    while token := TOKEN.search(html, position):
        pieces.add_text(html[position : token.start()])
        position = token.end()
        name = (token["name"] or "").lower()
        if not name or token["end"] or not TELLING.search(token[0]):
            pieces.add_markup(token[0], name)
            stays = False
        else:
            stays = rewrite_tag(pieces, token[0], name)
        if not token["end"] and (stays or name in RAW):
            position = end_of(html, name, position)
            content = html[token.end() : position]
            pieces.add_markup(traditional_json(content) if 'type="application/ld+json"' in token[0] else content)
    pieces.add_text(html[position:])
    return pieces.joined()


class Pieces:
    """A page in pieces, of which those to convert are converted all at once."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.runs: list[list[int]] = []  # numbers of the pieces that make up one run of text
        self.is_open = False
        self.is_name = False  # the next text is the name of a person

    def add_text(self, text: str) -> None:
        if not text:
            return
        if self.is_name:
            text = hold_surname(text)
        is_run = HAN.search(text) is not None and SEPARATOR not in text
        if is_run and self.is_open:
            self.runs[-1].append(len(self.pieces))
        elif is_run:
            self.runs.append([len(self.pieces)])
        self.is_open, self.is_name = is_run, False
        self.pieces.append(text)

    def add_markup(self, markup: str, name: str = "") -> None:
        self.is_open = self.is_open and name in INLINE
        self.pieces.append(markup)

    def add_value(self, text: str) -> None:
        """Text of an attribute: a run by itself."""
        self.is_open = False
        self.add_text(text)
        self.is_open = False

    def joined(self) -> str:
        texts = ["".join(self.pieces[number] for number in run) for run in self.runs]
        converted = traditional(SEPARATOR.join(texts)).split(SEPARATOR) if texts else []
        for run, text, result in zip(self.runs, texts, converted, strict=True):
            self.put(run, text, result)
        return "".join(self.pieces)

    def put(self, run: list[int], text: str, result: str) -> None:
        """Share the converted text of a run out among its pieces."""
        if len(run) == 1:
            self.pieces[run[0]] = result
        elif len(result) != len(text):
            # A phrase became longer or shorter: nobody can say where it is cut.
            for number in run:
                self.pieces[number] = traditional(self.pieces[number])
        else:
            for number in run:
                length = len(self.pieces[number])
                self.pieces[number], result = result[:length], result[length:]


def end_of(html: str, name: str, position: int) -> int:
    """Where the end tag of the element begins whose content begins at `position`."""
    if name in RAW:
        found = re.compile(rf"</{name}\b", re.IGNORECASE).search(html, position)
        return found.start() if found else len(html)
    depth = 1
    for token in TOKEN.finditer(html, position):
        if (token["name"] or "").lower() == name:
            depth += -1 if token["end"] else 1
            if depth == 0:
                return token.start()
    return len(html)


def rewrite_tag(pieces: Pieces, tag: str, name: str) -> bool:
    """Add a start tag, its attributes converted; whether the whole element is left as it is.

    It is when it speaks a language of its own, names that of its target, or is not to be translated.
    """
    values = {found["name"].lower(): found["value"] or "" for found in ATTRIBUTE.finditer(tag)}
    if "hreflang" in values or values.get("translate") == "no" or ("lang" in values and name != "html"):
        pieces.add_markup(tag, name)
        return name not in VOID
    start = 0
    for found in ATTRIBUTE.finditer(tag):
        attribute, value = found["name"].lower(), found["value"] or ""
        link = rewritten(name, attribute, value, values)
        if link is None and (attribute in MACHINE or not HAN.search(value) or is_typed(name, attribute, values)):
            continue
        pieces.add_markup(tag[start : found.start("value")], name)
        if link is None:
            pieces.add_value(value)
        else:
            pieces.add_markup(link, name)
        start = found.end("value")
    pieces.add_markup(tag[start:], name)
    pieces.is_name = name == "a" and "/authors/" in values.get("href", "")
    return False


def rewritten(name: str, attribute: str, value: str, values: dict[str, str]) -> str | None:
    """What takes the place of an attribute that is an address or a language; None for every other."""
    is_form = attribute == "action" and values.get("method", "get").lower() != "post"
    is_return = attribute == "value" and values.get("name") == "next"
    if attribute == "href" or is_form or is_return or (name == "meta" and value.startswith(settings.SITE_URL)):
        return traditional_url(value)
    if name == "html" and attribute == "lang":
        return "zh-Hant"
    return "zh_TW" if (attribute, value) == ("content", "zh_CN") else None


def is_typed(name: str, attribute: str, values: dict[str, str]) -> bool:
    """Whether an attribute holds what the reader typed or a form sends: a value that is no button's words."""
    return attribute == "value" and not (name == "input" and values.get("type") in BUTTONS)


def traditional_json(source: str) -> str:
    """A block of JSON-LD with its texts converted and its addresses leading to Traditional pages; bad JSON as it is."""
    try:
        data = json.loads(source)
    except ValueError:
        return source
    converted = json.dumps(traditional_value(data), ensure_ascii=False, separators=(",", ":"))
    # As Django's json_script: what could end the script element is written as escapes.
    return converted.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"})


def traditional_value(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: traditional_value(part) for key, part in value.items()}
    if isinstance(value, list):
        return [traditional_value(part) for part in value]
    if not isinstance(value, str):
        return value
    if value == "zh-CN":
        return "zh-Hant"
    # An address with a fragment names a thing (#organization), the same on all pages.
    if value.startswith(settings.SITE_URL):
        return value if "#" in value else traditional_url(value)
    return traditional(value) if HAN.search(value) else value

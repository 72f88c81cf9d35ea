"""Personal data in a text that is to become public: where it stands, and what to put in its place.

Numbers are found whatever their width, in Chinese numerals too, and however they are parted (138-0013 8000). Bank cards
prove themselves by their check digit. What is found is proposed, never done: an editor replaces it or says why.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import pairwise

from newsportal.lib.chinese import plain_digits

KINDS = {
    "identity": "身份证号码",
    "passport": "护照或通行证号码",
    "card": "银行卡号",
    "mobile": "手机号码",
    "landline": "固定电话",
    "email": "邮箱",
    "account": "微信或QQ号",
    "plate": "车牌号",
    "home": "门牌号",
    "name": "来信人姓名",
    "contact": "来信人联系方式",
}
LONGEST_FOUND = 100
# One character for one, so that a place in the folded text is the place in the text itself.
MARKS = str.maketrans("－—–~～…_＋（）＠．·•・Ｘｘx\u3000\xa0", "-------+()@....XXX  ")
WIDE = str.maketrans({chr(code): chr(code - 0xFEE0) for code in range(0xFF21, 0xFF5B)})

# What people put between the digits of a number; more of it where all group them.
GAP = r"[ \t.\-]{0,3}"
WIDE_GAP = r"[\s.\-,，、/()]{0,3}"
APART = r"(?<![0-9A-Za-z])", r"(?![0-9])"


def spread(pattern: str, times: int) -> str:
    return GAP.join([pattern] * times)


IDENTITY = re.compile(
    APART[0]
    + r"([1-9]"
    + GAP
    + WIDE_GAP.join([spread(r"\d", 5), spread(r"\d", 4), spread(r"\d", 4), spread(r"\d", 3) + GAP + r"[\dX]"])
    + r")(?![0-9A-Za-z])"
)
OLD_IDENTITY = re.compile(APART[0] + r"([1-9]" + GAP + spread(r"\d", 14) + ")" + APART[1])
# Of the mainland and Hong Kong, and what people travel with between here, Hong Kong, Macao and Taiwan.
PASSPORT = re.compile(
    APART[0] + r"([DEGKPS]" + GAP + r"\d{8}|E[A-HJ-NP-Z]\d{7}|[CHLMTW]\d{8}(?:\d{2})?)(?![0-9A-Za-z])"
)
CARD = re.compile(APART[0] + r"([3-69]" + r"(?:" + GAP + r"\d){14,18})" + APART[1])
MOBILE = re.compile(
    r"(?<![0-9])((?:(?:\+|00)?86"
    + GAP
    + r")?1"
    + GAP
    + r"[3-9]"
    + GAP
    + WIDE_GAP.join([r"\d", spread(r"\d", 4), spread(r"\d", 4)])
    + ")"
    + APART[1]
)
LANDLINE = re.compile(
    r"(?<![0-9])(\(?0(?:10|2\d|[3-9]\d{2})\)?[ \-]{0,2}[2-9]\d{2,3}[ \-]?\d{4}|400[ \-]?\d{3}[ \-]?\d{4})" + APART[1]
)
# With the word for it before: eight digits alone may be anything.
LOCAL_LINE = re.compile(r"(?:电话|座机|热线|致电|拨打|联系方式)[^0-9\n]{0,6}([2-9]\d{2,3}[ \-]?\d{4})" + APART[1])
EMAIL = re.compile(r"([A-Za-z0-9._%+-]{1,64} ?@ ?[A-Za-z0-9-]{1,60}(?: ?\. ?[A-Za-z]{2,20}){1,3})")
ACCOUNT = re.compile(
    r"(?:微信|vx|wx|v信|薇信|威信|QQ|扣扣|企鹅)(?:号码?)?(?:同号)?[ ]*[:：是为]?[ ]*([A-Za-z0-9][A-Za-z0-9_-]{4,19})",
    re.IGNORECASE,
)
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE = re.compile(
    rf"([{PROVINCES}][A-Z][ ·•.\-]?(?:[A-HJ-NP-Z0-9]{{5,6}}|[A-HJ-NP-Z0-9]{{4}}[挂学警港澳]))(?![A-Z0-9])",
    re.IGNORECASE,
)
HOME = re.compile(
    r"(\d{1,5}(?:号楼|栋|幢|座|号院|弄)[^\s，。；、,;]{0,4}?(?:\d{1,2}(?:单元|门|梯|号楼)?)?"
    r"[ \-]?\d{2,5}(?:室|号|房|户)"
    r"|\d{1,4}(?:单元|号楼|栋|幢)[ ]?\d{2,5}(?:室|房|户)?|\d{1,3}-\d{1,3}-\d{3,4}(?:室|号|房|户)?(?![\d-]))"
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


@dataclass(frozen=True)
class Hit:
    """Personal data at text[start:end]; `kind` is a key of KINDS."""

    kind: str
    start: int
    end: int
    found: str

    @property
    def label(self) -> str:
        return KINDS[self.kind]

    @property
    def replacement(self) -> str:
        return f"〔{self.label.removeprefix('来信人')}已隐去〕"

    @property
    def key(self) -> str:
        """The name of all hits of this kind and text, in forms."""
        return key_of(self.kind, self.found)


def key_of(kind: str, found: str) -> str:
    return sha256(f"{kind}\n{found}".encode()).hexdigest()[:16]


def find(text: str, *, name: str = "", contacts: tuple[str, ...] = ()) -> list[Hit]:
    """The personal data in a text, by place, none within another; the name and contacts of its writer among them."""
    found = sorted([*own_data(text, name, contacts), *all_hits(text)], key=lambda hit: (hit.start, -hit.end))
    kept: list[Hit] = []
    for hit in found:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def all_hits(text: str) -> Iterator[Hit]:
    folded = plain_digits(text).translate(MARKS).translate(WIDE)
    for kind, pattern, proves in RULES:
        for match in pattern.finditer(folded):
            if proves(match[1]):
                yield hit_of(kind, text, *match.span(1))
    # Chinese numerals are words too (一九九八年): a plate or a house is looked for as it was written.
    plain = text.translate(WIDE)
    for kind, pattern in (("plate", PLATE), ("home", HOME)):
        for match in pattern.finditer(plain):
            yield hit_of(kind, text, *match.span(1))


def own_data(text: str, name: str, contacts: tuple[str, ...]) -> Iterator[Hit]:
    """The writer's own name and contacts, however common they look."""
    wanted = [("name", name)] if len(name) >= 2 else []
    wanted += [("contact", contact) for contact in contacts if len(contact) >= 5]
    for kind, word in wanted:
        for match in re.finditer(re.escape(word), text, re.IGNORECASE):
            yield hit_of(kind, text, *match.span())


def hit_of(kind: str, text: str, start: int, end: int) -> Hit:
    return Hit(kind, start, end, text[start:end][:LONGEST_FOUND])


def redacted(text: str, hits: list[Hit]) -> str:
    """The text with each hit replaced by a word that says what stood there."""
    ends = [(0, 0), *((hit.start, hit.end) for hit in hits), (len(text), len(text))]
    between = [text[before[1] : after[0]] for before, after in pairwise(ends)]
    words = [hit.replacement for hit in hits] + [""]
    return "".join(part + word for part, word in zip(between, words, strict=True))


def marked(text: str, hits: list[Hit]) -> list[tuple[str, Hit | None]]:
    """The text in pieces, each with the hit that it is or with none: for a page that shows them."""
    pieces: list[tuple[str, Hit | None]] = []
    at = 0
    for hit in hits:
        pieces += [(text[at : hit.start], None), (text[hit.start : hit.end], hit)]
        at = hit.end
    return [(piece, hit) for piece, hit in [*pieces, (text[at:], None)] if piece]


def bare(number: str) -> str:
    return re.sub(r"[^0-9X]", "", number)


def is_identity(number: str) -> bool:
    """Whether eighteen signs are an identity number: a birthday in them, and the check digit of GB 11643.

    One whose check digit is wrong is mistyped, and tells as much, when it begins with the code of a province.
    """
    number = bare(number)
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    is_proved = CHECKS[total % 11] == number[17] or number[:2] in PROVINCE_CODES
    return is_proved and is_birthday(number[6:14])


def is_old_identity(number: str) -> bool:
    """Whether fifteen digits may be an identity number of before 1999, which had no check digit."""
    number = bare(number)
    return is_birthday(f"19{number[6:12]}") and number[:2] in PROVINCE_CODES


PROVINCE_CODES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82".split()
)


def is_birthday(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1900 <= born.year <= 2100


def is_card(number: str) -> bool:
    """Whether the digits pass the check of bank cards (Luhn)."""
    digits = [int(digit) for digit in bare(number)][::-1]
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[1::2]]
    return len(set(digits)) > 1 and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def always(number: str) -> bool:
    return True


# The longer numbers first: within one of them no shorter one is looked for.
RULES = (
    ("identity", IDENTITY, is_identity),
    ("identity", OLD_IDENTITY, is_old_identity),
    ("passport", PASSPORT, always),
    ("card", CARD, is_card),
    ("mobile", MOBILE, always),
    ("landline", LANDLINE, always),
    ("landline", LOCAL_LINE, always),
    ("email", EMAIL, always),
    ("account", ACCOUNT, always),
)

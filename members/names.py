"""Names that readers go by: which may be taken, which look like somebody else's, and whose they are.

A user name and a nickname keep the same rules, for both are shown. Names of the newsroom are made in the back office
and keep none; they only stand in the way of readers who would pass for it.
"""

import re
import unicodedata

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles import words
from newsportal.lib.wordlist import READING, UNSEEN

from . import phones
from .models import Member, TakenName

LEAST, MOST = 2, 20
RULES = f"{LEAST} 到 {MOST} 个字：汉字、字母、数字，中间可以有 · _ -。"
JOINTS = "·_-"
# Of letters those of the scripts that our readers write their names in. Others only pass for them: а for a.
SCRIPTS = re.compile(
    "CJK UNIFIED IDEOGRAPH|LATIN (SMALL|CAPITAL) LETTER [A-Z]( WITH|$)|ARABIC LETTER|TIBETAN|MONGOLIAN LETTER"
    "|YI SYLLABLE|HANGUL SYLLABLE"
)
# Characters that a hurried reader does not tell apart.
LOOK_ALIKE = str.maketrans("0135", "olzs") | str.maketrans("i", "l")
# What the newsroom and the site call themselves; wherever they stand, and only as the whole name.
RESERVED = "编辑 记者 官方 管理员 站长 客服 审核 版主 主编 总编 小编 本站 注销 admin official moderator"
RESERVED_WHOLE = (
    "主任 系统 匿名 游客 会员 读者 网友 root staff editor reporter support system webmaster chief member null"
)
# So much of a name of the newsroom is told from a syllable that many share.
TELLING = 3
REFUSED = "这个名字不能使用，请换一个。"
TAKEN = "这个名字已经有人用，或者和别人的太像，请换一个。"
OF_THE_NEWSROOM = "这个名字会让人以为是本站工作人员，请换一个。"


class NameTakenError(Exception):
    """Somebody else took the name a moment before."""


def tidy(name: str) -> str:
    """The name as it is kept: one form of each character, and nothing that is not seen."""
    plain = unicodedata.normalize("NFKC", name)
    return "".join(char for char in plain if unicodedata.category(char) not in UNSEEN - {"Mn"}).strip()


def key(name: str) -> str:
    """What is left when case, accents, Traditional forms and joints make no difference, and look-alikes are one."""
    return unicodedata.normalize("NFKC", name).translate(READING).translate(LOOK_ALIKE)[:150]


def is_letter(char: str) -> bool:
    return (char.isascii() and char.isalnum()) or bool(SCRIPTS.match(unicodedata.name(char, "")))


def check(name: str, *, member: Member | None = None) -> str:
    """The tidied name, if a reader (`member`, who has others) may go by it. Raises ValidationError. Up to six queries.

    Says why in a way that tells nothing but what everybody sees under the articles.
    """
    name = tidy(name)
    if not LEAST <= len(name) <= MOST:
        raise ValidationError(f"名字要有 {LEAST} 到 {MOST} 个字。")
    if not all(is_letter(char) or char in JOINTS for char in name) or name[0] in JOINTS or name[-1] in JOINTS:
        raise ValidationError(f"名字里有不能用的字符。可以用：{RULES}")
    if phones.are_on() and phones.number_in(name):
        raise ValidationError("手机号不能当名字：名字大家都看得到。")
    if not (folded := key(name)):
        raise ValidationError(REFUSED)
    if passes_for_the_newsroom(name):
        raise ValidationError(OF_THE_NEWSROOM)
    if is_listed(name):
        raise ValidationError(REFUSED)
    if is_taken(folded, name, member):
        raise ValidationError(TAKEN)
    return name


def is_listed(name: str) -> bool:
    """Whether the word desk stops it. No place where it could wait for somebody's word, so held is refused, too."""
    found = words.search([("name", "名字", name)], words.Scope.NAME)
    return bool(words.stopping(found, may_release=False))


def is_taken(folded: str, name: str, member: Member | None) -> bool:
    others = TakenName.objects.filter(key=folded)
    accounts = Member.objects.filter(username__in={name, name.lower()})
    if member is not None:
        others, accounts = others.exclude(member=member), accounts.exclude(pk=member.pk)
    return others.exists() or accounts.exists()


def passes_for_the_newsroom(name: str) -> bool:
    """Whether the name is, or holds, what the site, its people or their offices are called. Two queries."""
    folded = key(name)
    if any(key(word) in folded for word in RESERVED.split()) or folded in map(key, RESERVED_WHOLE.split()):
        return True
    adapter = get_adapter()
    site = key(adapter.site_name())
    if site in folded or (len(folded) > TELLING and site.startswith(folded)):
        return True
    staff = list(Member.objects.filter(is_staff=True).values_list("username", "display_name"))
    # editor2 passes for editor as well.
    if {folded, key(name.rstrip("0123456789"))} & {key(username) for username, _ in staff}:
        return True
    shown = [display_name for _, display_name in staff if display_name]
    return any(is_like(folded, key(other)) for other in [*shown, *adapter.names_of_staff()])


def is_like(folded: str, other: str) -> bool:
    return folded == other or (len(other) >= TELLING and other in folded)


def take(member: Member) -> None:
    """Keep the member's names for her alone, and let go of those that she had. Raises NameTakenError."""
    keys = {key(name) for name in (member.username, member.display_name)} - {""}
    try:
        with transaction.atomic():
            had = set(TakenName.objects.filter(member=member).values_list("key", flat=True))
            TakenName.objects.filter(member=member, key__in=had - keys).delete()
            TakenName.objects.bulk_create(TakenName(member=member, key=key) for key in keys - had)
    except IntegrityError as error:
        raise NameTakenError from error


def rename(member: Member, nickname: str) -> None:
    """Give the member another nickname, or none; what she wrote before keeps the old one. Raises NameTakenError."""
    if nickname != member.display_name:
        with transaction.atomic():
            member.display_name = nickname
            member.save(update_fields=["display_name"])
            take(member)

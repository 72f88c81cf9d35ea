"""What readers get of a letter: a text of its own, free of personal data, and only with the sender's consent."""

from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from comments.models import Letter, LetterClearance, LetterEvent

from . import redaction
from .redaction import Hit
from .rules import LetterError, forget_if_asked, record, taking

# The names of offices stand in the public page as the desk wrote them.
OFFICES = {"office": "转办单位", "answered_by": "答复单位"}
PARTS = {"public_subject": "标题", "public_text": "正文", "public_answer": "答复", "signature": "署名"}
SOURCES = {"public_subject": "subject", "public_text": "text", "public_answer": "answer"}
SIGNATURE = "{}读者 {}**"


@dataclass(frozen=True)
class Found:
    """Personal data in a part of the public text; `reason` is why it may stand, empty while nobody said so."""

    part: str
    hit: Hit
    reason: str = ""

    @property
    def part_label(self) -> str:
        return (PARTS | OFFICES)[self.part]


def hits_in(letter: Letter, text: str) -> list[Hit]:
    return redaction.find(text, name=letter.name, contacts=tuple(filter(None, (letter.phone, letter.email))))


def proposed(letter: Letter) -> dict[str, str]:
    """The public text as it stands; where there is none yet, the original without what was found in it."""
    values = {part: getattr(letter, part) for part in PARTS}
    for part, source in SOURCES.items():
        if not values[part] and (text := getattr(letter, source)):
            values[part] = redaction.redacted(text, hits_in(letter, text))
    values["signature"] = values["signature"] or signature_of(letter)
    return values


def signature_of(letter: Letter) -> str:
    """浙江读者 王**: the family name alone."""
    return SIGNATURE.format(letter.region.name, letter.name[:1])


def findings(letter: Letter, values: dict[str, str]) -> list[Found]:
    """What is found in each part, with the reasons given so far. One query."""
    cleared = {
        redaction.key_of(row.kind, row.found): row.reason for row in LetterClearance.objects.filter(letter=letter)
    }
    texts = {part: values.get(part, "") for part in PARTS} | {part: getattr(letter, part) for part in OFFICES}
    return [Found(part, hit, cleared.get(hit.key, "")) for part, text in texts.items() for hit in hits_in(letter, text)]


def unsettled(letter: Letter, values: dict[str, str]) -> list[Found]:
    """What stands against publication: neither taken out nor expressly allowed."""
    return [found for found in findings(letter, values) if not found.reason]


def edit(letter: Letter, *, user: AbstractBaseUser, values: dict[str, str], seen: int | None = None) -> Letter:
    """Keep the public text as it was made ready, without showing it."""
    with taking(letter, "edit", user, seen=seen) as locked:
        if locked.is_public:
            raise LetterError("读者正在看这封信：改动请直接按“公开”。")
        fill(locked, values)
        record(locked, LetterEvent.Kind.EDITED, user=user)
    return locked


def clear(letter: Letter, *, user: AbstractBaseUser, hits: dict[Hit, str]) -> None:
    """Write down why these may stand, each once."""
    for hit, reason in hits.items():
        row = {"kind": hit.kind, "found": hit.found, "reason": reason, "user": user, "signed_as": str(user)}
        try:
            with transaction.atomic():
                LetterClearance.objects.create(letter=letter, **row)
        except IntegrityError:
            continue  # another has just said so


def show(letter: Letter, *, user, values: dict[str, str], seen: int | None = None, at=None) -> Letter:
    """Show a letter that still waits for its answer, so that all see how long."""
    with taking(letter, "show", user, seen=seen, at=at) as locked:
        fill(locked, {**values, "public_answer": ""})
        refuse_unfit(locked)
        locked.published_at = at or timezone.now()
        locked.withdrawn_at = None
        record(locked, LetterEvent.Kind.SHOWN, user=user, at=at)
    return locked


def publish(letter: Letter, *, user, values: dict[str, str], seen: int | None = None, at=None) -> Letter:
    """Show letter and answer, or put a better text in place of the one that readers have."""
    with taking(letter, "publish", user, seen=seen, at=at) as locked:
        is_first = locked.state != Letter.State.PUBLISHED
        fill(locked, values)
        if not locked.public_answer:
            raise LetterError("公开答复是空的：请填写。")
        refuse_unfit(locked)
        moment = at or timezone.now()
        locked.published_at = locked.published_at or moment
        locked.closed_at = locked.closed_at or moment
        locked.state, locked.withdrawn_at, locked.closing = Letter.State.PUBLISHED, None, ""
        record(locked, LetterEvent.Kind.PUBLISHED if is_first else LetterEvent.Kind.EDITED, user=user, at=at)
        forget_if_asked(locked)
    return locked


def refuse_unfit(letter: Letter) -> None:
    """Raises LetterError for what may not become public."""
    if not letter.consent:
        raise LetterError("来信人没有同意公开，不能公开。")
    if not letter.public_subject or not letter.public_text:
        raise LetterError("公开标题和公开正文都要填写。")
    values = {part: getattr(letter, part) for part in PARTS}
    if left := unsettled(letter, values):
        told = "、".join(f"{found.part_label}里的{found.hit.label}“{found.hit.found}”" for found in left[:5])
        raise LetterError(f"还有 {len(left)} 处个人信息没有处理：{told}。请隐去，或逐条写明保留的理由。")


def fill(letter: Letter, values: dict[str, str]) -> None:
    for part in PARTS:
        setattr(letter, part, values.get(part, ""))

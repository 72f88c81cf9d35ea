"""The way of a letter: which step leads from where to where, who may take it, and what it writes down.

`STEPS` is the whole of it. Every step locks the letter's row, asks `refusal`, counts the figures anew, writes an event
and tells the sender, in one transaction; views of the desk and the demo call the same functions.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from comments.models import Letter, LetterEvent, LetterFile
from newsportal.lib.pagecache import bump

from . import figures, files, mail
from .rights import HANDLING, PUBLISHING, covers

State, Kind, Closing = Letter.State, LetterEvent.Kind, Letter.Closing
ANY = frozenset(State)
DUE_DAYS = 15
# What a step may change: all columns but those that the database keeps as they came.
HANDLED = [
    field.name for field in Letter._meta.concrete_fields if not field.primary_key and field.name not in Letter.ORIGINAL
]


@dataclass(frozen=True)
class Step:
    """From which states a step is taken, to which it leads (None: the letter stays where it is), and by whom."""

    label: str
    sources: frozenset[State]
    target: State | None
    permission: str


STEPS = {
    "assign": Step("分派", Letter.WAITING | {State.ANSWERED}, None, HANDLING),
    "forward": Step("转办", Letter.WAITING, State.FORWARDED, HANDLING),
    "answer": Step("答复", Letter.WAITING | {State.ANSWERED}, State.ANSWERED, HANDLING),
    "message": Step("给来信人留言", ANY, None, HANDLING),
    "note": Step("备注", ANY, None, HANDLING),
    "drop": Step("删除附件", ANY, None, HANDLING),
    "edit": Step("整理公开文字", ANY - {State.WITHHELD, State.PUBLISHED}, None, HANDLING),
    "show": Step("先行公开", Letter.WAITING, None, PUBLISHING),
    "publish": Step("公开", frozenset({State.ANSWERED, State.PUBLISHED}), State.PUBLISHED, PUBLISHING),
    "withhold": Step("不公开", ANY - {State.WITHHELD}, State.WITHHELD, HANDLING),
    "reopen": Step("重新办理", frozenset({State.WITHHELD}), None, HANDLING),
}


class LetterError(ValueError):
    """A step that cannot be taken. The message is Chinese and says why."""


class StaleError(LetterError):
    """Somebody else took a step since the screen was made."""


def refusal(letter: Letter, step: str, user: AbstractBaseUser) -> str:
    """Why this user may not take the step now, in Chinese; empty when she may."""
    rule = STEPS[step]
    if not covers(user, letter):
        return "这封信不在您的分管范围内。"
    # What readers have is taken from them by whoever may publish.
    needed = PUBLISHING if step == "withhold" and letter.is_public else rule.permission
    if not user.has_perm(needed):
        return f"您没有“{'公开和撤下' if needed == PUBLISHING else '办理'}来信”的权限。"
    if letter.state not in rule.sources:
        return f"这封信现在是“{letter.get_state_display()}”，不能{rule.label}。"
    if step == "show" and letter.is_public:
        return "这封信已经公开了。"
    return ""


def open_steps(letter: Letter, user: AbstractBaseUser) -> set[str]:
    return {step for step in STEPS if not refusal(letter, step, user)}


@contextmanager
def changing(letter: Letter, *, at: datetime | None = None) -> Iterator[Letter]:
    """The letter as it stands, locked against others who handle it; saved and counted when the block ends.

    Side effects: derived columns, figures, fresh public pages where readers have the letter before or after.
    """
    with transaction.atomic():
        locked = Letter.objects.select_related("region", "province").select_for_update(of=("self",)).get(pk=letter.pk)
        before, was_public = figures.keys_of(locked), locked.is_public
        yield locked
        locked.version += 1
        locked.changed_at = at or timezone.now()
        locked.settle()
        locked.save(update_fields=HANDLED)
        figures.move(before, figures.keys_of(locked))
        if was_public or locked.is_public:
            bump()


@contextmanager
def taking(letter: Letter, step: str, user: AbstractBaseUser, *, seen: int | None, at=None) -> Iterator[Letter]:
    """`changing` by somebody of the desk: raises LetterError when the step is refused, StaleError when the screen that
    showed version `seen` is out of date (None: whatever it is)."""
    with changing(letter, at=at) as locked:
        if reason := refusal(locked, step, user):
            raise LetterError(reason)
        if seen is not None and seen != locked.version:
            raise StaleError("别人刚刚处理过这封信。下面已经是最新的样子，您填的还在：请看过再提交。")
        yield locked


def record(letter: Letter, kind: Kind, *, user: AbstractBaseUser | None = None, at=None, **words: str) -> LetterEvent:
    """Write down what was done, and tell the sender of it when it concerns her."""
    event = LetterEvent.objects.create(
        letter=letter,
        kind=kind,
        state=letter.state,
        at=at or timezone.now(),
        user=user,
        signed_as=str(user) if user else "",
        **words,
    )
    mail.tell(letter, event)
    return event


# --- Steps of the desk ---


def assign(
    letter: Letter, *, user, to: AbstractBaseUser | None, due_on: date | None, seen: int | None = None, at=None
) -> Letter:
    """Give the letter to somebody, and say until when; None takes it off everybody."""
    with taking(letter, "assign", user, seen=seen, at=at) as locked:
        locked.assignee, locked.due_on = to, due_on
        told = f"经办人：{to or '无'}；期限：{due_on or '无'}"
        record(locked, Kind.ASSIGNED, user=user, note=told, at=at)
    return locked


def forward(
    letter: Letter, *, user, office: str, due_on: date | None = None, note: str = "", seen: int | None = None, at=None
) -> Letter:
    """Hand the letter on to an office that is to answer it."""
    with taking(letter, "forward", user, seen=seen, at=at) as locked:
        locked.office, locked.state = office, State.FORWARDED
        locked.due_on = due_on or locked.due_on
        record(locked, Kind.FORWARDED, user=user, office=office, note=note, at=at)
    return locked


def answer(
    letter: Letter, *, user, text: str, answered_by: str, note: str = "", seen: int | None = None, at=None
) -> Letter:
    """Answer the letter, or put a better answer in place of the last; both stay in the record.

    The time that it took is that of the first answer.
    """
    with taking(letter, "answer", user, seen=seen, at=at) as locked:
        locked.answer, locked.answered_by, locked.state = text, answered_by, State.ANSWERED
        locked.answered_at = locked.answered_at or at or timezone.now()
        # What was made ready for readers was of another answer.
        locked.public_answer = ""
        record(locked, Kind.ANSWERED, user=user, office=answered_by, message=text, note=note, at=at)
    return locked


def message(letter: Letter, *, user, text: str, seen: int | None = None, at=None) -> Letter:
    """Say something to the sender, who reads it at her private address."""
    with taking(letter, "message", user, seen=seen, at=at) as locked:
        record(locked, Kind.MESSAGE, user=user, message=text, at=at)
    return locked


def note(letter: Letter, *, user, text: str, seen: int | None = None, at=None) -> Letter:
    with taking(letter, "note", user, seen=seen, at=at) as locked:
        record(locked, Kind.NOTE, user=user, note=text, at=at)
    return locked


def drop(letter: Letter, *, user, file: LetterFile, note: str, seen: int | None = None, at=None) -> Letter:
    """Delete a file that came with the letter; the record keeps its name, its fingerprint and why."""
    with taking(letter, "drop", user, seen=seen, at=at) as locked:
        if not files.discard(locked, only=file):
            raise LetterError(f"附件“{file.name}”已经删除了。")
        told = f"删除附件“{file.name}”（SHA-256 {file.sha256}）：{note}"
        record(locked, Kind.NOTE, user=user, note=told, at=at)
    return locked


def withhold(
    letter: Letter, *, user, closing: str, text: str = "", note: str = "", seen: int | None = None, at=None
) -> Letter:
    """End the matter without showing it, or take down what readers have. `text` tells the sender why.

    One that was never answered needs such a text, unless it is no letter at all.
    """
    with taking(letter, "withhold", user, seen=seen, at=at) as locked:
        if not text and not locked.answered_at and closing != Closing.VOID:
            raise LetterError("这封信还没有答复：请写明告诉来信人的话，为什么不办理。")
        moment = at or timezone.now()
        take_down(locked, moment)
        locked.state, locked.closing, locked.closed_at = State.WITHHELD, closing, moment
        record(locked, Kind.WITHHELD, user=user, message=text, note=note, at=at)
        forget_if_asked(locked)
    return locked


def reopen(letter: Letter, *, user, note: str = "", seen: int | None = None, at=None) -> Letter:
    """Take up a letter again that was ended: where it stood before."""
    with taking(letter, "reopen", user, seen=seen, at=at) as locked:
        if locked.is_forgotten:
            raise LetterError("来信人已注销账号，联系方式已经删除，不能重新办理。")
        locked.state = State.ANSWERED if locked.answered_at else State.FORWARDED if locked.office else State.RECEIVED
        locked.closing, locked.closed_at = "", None
        record(locked, Kind.REOPENED, user=user, note=note, at=at)
    return locked


# --- What the sender does ---


def change_consent(letter: Letter, *, consent: bool) -> Letter:
    """The sender allows that her letter is shown, or no longer: then it is taken down at once."""
    with transaction.atomic():
        stands = Letter.objects.select_for_update().get(pk=letter.pk)
        if stands.consent == consent:  # pressed twice: no screen of the desk is out of date by it
            return stands
        with changing(stands) as locked:
            locked.consent = consent
            if not consent and locked.is_public:
                take_down(locked, timezone.now())
                if locked.state == State.PUBLISHED:
                    locked.state, locked.closing = State.WITHHELD, Closing.NO_CONSENT
                    locked.closed_at = timezone.now()
            record(locked, Kind.CONSENT, note="同意公开" if consent else "不再同意公开")
        return locked


# --- Parts of the steps ---


def take_down(letter: Letter, moment: datetime) -> None:
    if letter.is_public:
        letter.published_at, letter.withdrawn_at = None, moment


def forget_if_asked(letter: Letter) -> None:
    """A matter that has ended needs no way to reach whoever wrote it, once she left."""
    if letter.is_forgotten:
        letter.name, letter.phone, letter.email = "已注销", "", ""
        files.discard(letter)


def due_day(received_at: datetime) -> date:
    return timezone.localdate(received_at) + timedelta(days=DUE_DAYS)

"""What the account of a member has to do with letters: taken along, and left behind."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from comments.models import Letter, LetterEvent

from . import rules


def export(user: AbstractBaseUser) -> list[dict[str, Any]]:
    """All letters of a member as she wrote them, with what she was told; for her own copy. Three queries."""
    letters = Letter.objects.filter(user=user).select_related("region").prefetch_related("events", "files")
    return [exported(letter) for letter in letters.order_by("pk")]


def exported(letter: Letter) -> dict[str, Any]:
    names = ["receipt", "name", "phone", "email", "subject", "text", "consent", "answer", "answered_by"]
    values = {name: getattr(letter, name) for name in names}
    moments = {name: getattr(letter, name) for name in ("received_at", "answered_at", "published_at")}
    told = [
        {"at": event.at.isoformat(), "kind": event.get_kind_display(), "message": event.message}
        for event in letter.events.all()
        if event.message and event.kind != LetterEvent.Kind.NOTE
    ]
    return values | {
        "region": letter.region.full_name,
        "state": letter.get_state_display(),
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        "files": [file.name for file in letter.files.all()],
        "messages": told,
    }


def forget(user: AbstractBaseUser) -> int:
    """Take a member's letters off her account; how many there are. For whoever leaves.

    Of matters that have ended, name, contacts and files are deleted at once; of those under way when they end, for the
    desk still has to answer them. What readers have was without personal data already, and stays.
    """
    with transaction.atomic():
        letters = list(Letter.objects.filter(user=user).select_for_update().order_by("pk"))
        for letter in letters:
            letter.user, letter.is_forgotten = None, True
            if letter.state in {Letter.State.PUBLISHED, Letter.State.WITHHELD}:
                rules.forget_if_asked(letter)
            letter.save(update_fields=["user", "is_forgotten", "name", "phone", "email"])
    return len(letters)

"""Files of a form that was refused: kept for its return, for no browser sends them again by itself.

They lie among the originals, where no address leads. No row tells of them: the form carries a signed token for each,
good for this form and a day. What is never sent goes with its hour: when the next one is kept, and once a day.
"""

import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.core import signing
from django.core.files.base import File
from django.core.files.storage import storages
from django.http import HttpRequest
from django.utils import timezone

from newsportal.lib.clients import too_often

from .files import MOST_FILES, Judged

logger = logging.getLogger(__name__)
SALT, FOLDER, HOUR = "letters.held", "letters-held", "%Y%m%d%H"
# As long as a form is good.
MOST_SECONDS = 24 * 3600
# Refused forms with new files, of one network and hour; each has as many files as a letter may.
MOST_HELD, PERIOD = 20, 3600
# Longer than any token is good for.
KEPT = timedelta(seconds=MOST_SECONDS, hours=2)


def hold(request: HttpRequest, judged: Sequence[Judged], *, once: str) -> list[Judged]:
    """The same files, those that came now stored and with their token; without, where they cannot be kept.

    Too often, or while the shared cache counts nothing, they are not: a disk is filled more easily than a table.
    """
    if all(one.held for one in judged) or cannot_hold(request):
        return list(judged)
    tidy()
    return [one if one.held else store(one, once) for one in judged]


def store(one: Judged, once: str) -> Judged:
    one.file.seek(0)
    wanted = f"{FOLDER}/{timezone.now():{HOUR}}/{secrets.token_hex(16)}.{one.ending}"
    stored = storages["originals"].save(wanted, File(one.file))
    token = signing.dumps([stored, one.name, one.kind, one.ending, one.size, once], salt=SALT)
    return replace(one, file=None, held=stored, token=token)


def cannot_hold(request: HttpRequest) -> bool:
    try:
        return too_often(request, "letter-files", most=MOST_HELD, seconds=PERIOD)
    except Exception:
        logger.exception("The shared cache did not count.")
        return True


def held(tokens: Sequence[str], *, once: str) -> tuple[list[Judged], int]:
    """The files that were kept for this form, by their tokens, each once; and how many are there no longer."""
    found: dict[str, Judged] = {}
    lost = 0
    for token in tokens[: 2 * MOST_FILES]:
        try:
            stored, name, kind, ending, size, form = signing.loads(token, salt=SALT, max_age=MOST_SECONDS)
        except signing.BadSignature:
            lost += 1
            continue
        if form != once or not storages["originals"].exists(stored):
            lost += 1
            continue
        found[stored] = Judged(None, name, kind, ending, size, held=stored, token=token)
    return list(found.values()), lost


def release(judged: Iterable[Judged]) -> None:
    """Delete what was kept of files that are a letter's now."""
    for one in judged:
        if one.held:
            storages["originals"].delete(one.held)


def tidy(*, at: datetime | None = None) -> int:
    """Delete what nobody sent, by the hour in which it came; how many files."""
    shelf, before = storages["originals"], f"{(at or timezone.now()) - KEPT:{HOUR}}"
    try:
        hours, _ = shelf.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    deleted = 0
    for hour in hours:
        if hour < before:
            for name in shelf.listdir(f"{FOLDER}/{hour}")[1]:
                shelf.delete(f"{FOLDER}/{hour}/{name}")
                deleted += 1
            shelf.delete(f"{FOLDER}/{hour}")
    return deleted

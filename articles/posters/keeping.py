"""Where drawn posters lie: a folder that never grows beyond SLOTS files, and may be deleted at any time.

A poster is a file of this machine's own, without an address: the view that serves it looks first whether the article
is public. Articles share the slots by number; a new poster takes the place of whatever lay in its slot, a former poster
of the same article included.
"""

import os
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from .drawing import draw
from .poster import Poster

SLOTS = 4096  # at about 200 KB a poster, under a gigabyte
# One drawing at a time and two that wait, in each process: readers of pages need the other threads.
MOST_AT_ONCE = 3
drawing = threading.Lock()
places = threading.BoundedSemaphore(MOST_AT_ONCE)


class BusyError(Exception):
    """Too many posters are being drawn just now."""


def slot_of(article: int) -> Path:
    return settings.POSTERS_ROOT / f"{article % SLOTS:03x}"


def file_of(poster: Poster) -> Path:
    return slot_of(poster.article) / f"{poster.article}-{poster.digest}.jpg"


def kept(poster: Poster) -> bytes | None:
    """The poster's JPEG if it was drawn before."""
    try:
        return file_of(poster).read_bytes()
    except OSError:
        return None


def drawn(poster: Poster) -> bytes:
    """The poster's JPEG, drawn once however many ask for it. Raises BusyError."""
    if not places.acquire(blocking=False):
        raise BusyError
    try:
        with drawing:
            content = kept(poster)
            if content is None:
                content = draw(poster)
                keep(poster, content)
            return content
    finally:
        places.release()


def keep(poster: Poster, content: bytes) -> None:
    """Put the file into its slot whole, and take everything else out of it. A full disk costs only the next drawing."""
    file = file_of(poster)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(descriptor, "wb") as target:
            target.write(content)
        Path(temporary).replace(file)
        for other in file.parent.iterdir():
            if other != file:
                other.unlink(missing_ok=True)


def forget(article: int) -> None:
    """Delete the posters of an article that left the site."""
    with suppress(OSError):
        for file in slot_of(article).glob(f"{article}-*.jpg"):
            file.unlink(missing_ok=True)

"""Drawing the demo's pictures, in processes of their own: this module must load without Django's app registry."""

import io
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from newsportal.lib.images import PHOTO_WIDTHS, store_picture

from .pictures import draw

LANDSCAPE, PORTRAIT, COVER = (1200, 800), (480, 640), (900, 1200)


@dataclass(frozen=True)
class Drawing:
    """A picture to draw: `key` names it within the demo and seeds its variations."""

    key: str
    scene: str
    light: str = "day"
    size: tuple[int, int] = LANDSCAPE
    caption: str = ""
    alt: str = ""
    folder: str = "photos"
    widths: tuple[int, ...] = PHOTO_WIDTHS


def draw_and_store(drawing: Drawing) -> tuple[str, dict[str, Any]]:
    """Draw one picture and store it as an upload would be: (key, what `store_picture` says of it)."""
    image = draw(drawing.scene, drawing.key, drawing.light, drawing.size)
    buffer = io.BytesIO()
    image.save(buffer, format="JPEG", quality=88)
    return drawing.key, store_picture(buffer, folder=drawing.folder, widths=drawing.widths)


def start_worker(settings_module: str) -> None:
    """Make a fresh process able to use the storages."""
    os.environ["DJANGO_SETTINGS_MODULE"] = settings_module
    import django  # in the new process, before anything of ours needs it

    django.setup()


def store_all(drawings: Iterable[Drawing], *, progress: Callable[[int, int], None]) -> dict[str, dict[str, Any]]:
    """Draw and store the pictures, as many at once as there are processors; what was stored, by key."""
    wanted = list(drawings)
    stored: dict[str, dict[str, Any]] = {}
    # Spawned, not forked: a fork would share the parent's database connection and threads.
    with ProcessPoolExecutor(
        max_workers=os.cpu_count() or 1,
        mp_context=get_context("spawn"),
        initializer=start_worker,
        initargs=(os.environ["DJANGO_SETTINGS_MODULE"],),
    ) as pool:
        for key, data in pool.map(draw_and_store, wanted, chunksize=4):
            stored[key] = data
            progress(len(stored), len(wanted))
    return stored

"""The newsroom's back office, a module per job."""

from . import (
    articles,
    channels,
    events,
    magazine,
    media,
    names,
    photos,
    placements,
    preflight,
    pushes,
    review_queue,
    topics,
    words,
)

__all__ = [
    "articles",
    "channels",
    "events",
    "magazine",
    "media",
    "names",
    "photos",
    "placements",
    "preflight",
    "pushes",
    "review_queue",
    "topics",
    "words",
]

"""Reading the demo's texts: TOML files under `content/`, articles one file per channel."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CONTENT_DIR = Path(__file__).parent / "content"
VIDEO_DIR = CONTENT_DIR / "videos"

type Row = dict[str, Any]


def articles() -> Iterator[tuple[str, Row]]:
    """(slug of the channel, article) of every demo article, channel by channel."""
    for file in sorted((CONTENT_DIR / "articles").glob("*.toml")):
        for row in tomllib.loads(file.read_text(encoding="utf-8"))["article"]:
            yield file.stem, row


def site() -> Row:
    """Everything else: profile, channels, pages, links, staff, topics, issues, placements; lists by table name."""
    result: Row = {}
    for file in sorted(CONTENT_DIR.glob("*.toml")):
        for name, rows in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if isinstance(rows, list):
                result.setdefault(name, []).extend(rows)
            else:
                result[name] = rows
    return result

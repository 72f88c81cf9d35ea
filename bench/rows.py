"""What the tables of the benchmark have in common: rows by table, moments and values as both databases take them."""

import json
from datetime import date, datetime, timedelta
from typing import Any

# A newsroom that publishes at one pace: a larger archive is an older one. A million articles are ten years.
EVERY = timedelta(seconds=315)

type Rows = dict[str, list[tuple]]


def text_of(moment: datetime | None) -> str | None:
    """A moment of UTC as Django writes it into SQLite, and PostgreSQL reads it."""
    return None if moment is None else str(moment.replace(tzinfo=None))


def plain(value: Any) -> Any:
    """A value of a row as text, where it is not a number or a text already."""
    if isinstance(value, dict | list):
        return json.dumps(value)
    if isinstance(value, datetime):
        return text_of(value)
    return value.isoformat() if isinstance(value, date) else value

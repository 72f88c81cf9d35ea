"""A clock that stands still until a test moves it."""

import time
from datetime import UTC, datetime, timedelta

from django.utils import timezone

START = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)  # noon in the site's time zone


class StoppedClock:
    """The time that Django and the page cache see. `monotonic` is moved too, for the checks of the generation."""

    def __init__(self, monkeypatch, start: datetime = START) -> None:
        self.now = start
        self.monotonic = 1000.0
        monkeypatch.setattr(timezone, "now", lambda: self.now)
        monkeypatch.setattr(time, "time", lambda: self.now.timestamp())
        monkeypatch.setattr(time, "monotonic", lambda: self.monotonic)

    def move(self, **step: float) -> None:
        """Let time pass: the arguments are those of timedelta."""
        self.now += timedelta(**step)
        self.monotonic += timedelta(**step).total_seconds()

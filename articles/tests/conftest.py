"""What the tests of articles share."""

import pytest

from .clock import StoppedClock


@pytest.fixture
def clock(monkeypatch) -> StoppedClock:
    return StoppedClock(monkeypatch)

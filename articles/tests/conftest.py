"""What the tests of articles share."""

import pytest

from articles.models import PreflightRule

from .clock import StoppedClock
from .newsroom import signer


@pytest.fixture
def clock(monkeypatch) -> StoppedClock:
    return StoppedClock(monkeypatch)


@pytest.fixture
def desk(client, editor):
    """A client with an editor signed in, who writes, places and publishes."""
    client.force_login(editor)
    return client


@pytest.fixture
def writer(client, reporter):
    """A client with a reporter signed in, who writes and does not publish."""
    client.force_login(reporter)
    return client


@pytest.fixture
def no_reminders(db):
    """A site that checks nothing before publication but what it always asks for."""
    PreflightRule.objects.update(level=PreflightRule.Level.OFF)


@pytest.fixture
def first(client):
    """A client with 一审 signed in."""
    client.force_login(signer(1))
    return client


@pytest.fixture
def third(client):
    client.force_login(signer(3))
    return client

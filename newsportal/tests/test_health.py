"""What the operator's monitor hears, in health and in sickness."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

WELL = {"status": "ok", "database": "ok", "migrations": "ok", "cache": "ok"}


class FailingCache:
    """A shared cache with methods of the test's own."""

    def __init__(self, *, set, get) -> None:  # noqa: A002 -- the cache's own name
        self.set, self.get = set, get

    def close(self) -> None:
        """Asked for at the end of every request."""


@pytest.fixture
def replace_shared(monkeypatch):
    original = type(caches).__getitem__

    def replace(cache):
        monkeypatch.setattr(
            type(caches), "__getitem__", lambda self, name: cache if name == "shared" else original(self, name)
        )

    return replace


def test_the_process_answers_without_the_database(client):
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response.headers["Cache-Control"]


def test_a_process_that_can_serve_readers_is_ready(client, db):
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, WELL)
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies


def test_a_database_behind_the_code_is_not_ready(client, db):
    MigrationRecorder(connection).record_unapplied("regions", "0002_provinces")

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {**WELL, "status": "failed", "migrations": "MigrationsMissingError"}

    MigrationRecorder(connection).record_applied("regions", "0002_provinces")
    assert client.get("/readyz").status_code == 200


def test_without_a_database_every_part_that_needs_it_says_so(client, monkeypatch):
    """No `db` fixture here: pytest-django refuses every query, as a dead server would."""
    response = client.get("/readyz")

    assert response.status_code == 503
    answer = response.json()
    assert answer["status"] == "failed"
    assert answer["database"] != "ok"
    assert answer["migrations"] != "ok"


def test_a_cache_that_is_gone_is_not_ready(client, db, replace_shared):
    def gone(*args, **options):
        raise ConnectionRefusedError("redis://:password@10.0.0.9:6379")

    replace_shared(FailingCache(set=gone, get=gone))
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {**WELL, "status": "failed", "cache": "ConnectionRefusedError"}
    assert b"password" not in response.content


def test_a_cache_that_forgets_is_not_ready(client, db, replace_shared):
    replace_shared(FailingCache(set=lambda *args, **options: None, get=lambda *args: None))

    response = client.get("/readyz")

    assert (response.status_code, response.json()["cache"]) == (503, "RuntimeError")


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_the_monitor_only_reads(client, db, address):
    assert client.post(address).status_code == 405
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")

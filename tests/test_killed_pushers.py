"""Real processes that push addresses: what a killed one took is pushed by the next; none outlives its server."""

import json
import os
import secrets
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from articles.tests.servers import Answer, search_engine

ROOT = Path(__file__).resolve().parents[1]
PUSH = [sys.executable, "manage.py", "push_links", "--loop", "--pause", "0.2"]
# A server that starts the pusher beside it and ends when its input does, without a word to its child.
SERVER = """
import subprocess, sys
print(subprocess.Popen(sys.argv[1:]).pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def engine():
    with search_engine() as engine:
        yield engine


@pytest.fixture
def options(tmp_path, engine) -> dict:
    """How to start processes of a portal of its own, on SQLite, with one address in its queue."""
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CACHE_URL"}}
    environment |= {"VAR_DIR": str(tmp_path), "SECRET_KEY": secrets.token_urlsafe(64)}
    environment |= {"SITE_URL": "http://127.0.0.1:8000", "INDEXNOW_KEY": "0123456789abcdef", "INDEXNOW_URL": engine.url}
    options = {"cwd": ROOT, "env": environment}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True, **options)
    execute(
        tmp_path,
        "INSERT INTO articles_linkpush (target, url, attempts, next_attempt_at, last_error) "
        "VALUES ('indexnow', 'http://127.0.0.1:8000/a.html', 0, '2026-01-01 00:00:00', '')",
    )
    return options


def execute(folder: Path, sql: str) -> tuple | None:
    with closing(sqlite3.connect(folder / "newsportal.sqlite3")) as database, database:
        return database.execute(sql).fetchone()


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for the process in /proc")
def test_a_killed_pusher_loses_nothing_and_an_orphan_ends(engine, options, tmp_path):
    engine.answer(Answer(200, delay=20), Answer(200))
    victim = subprocess.Popen(PUSH, **options)
    wait_until(lambda: len(engine.asked) == 1)
    victim.kill()
    victim.wait()
    delivered, leased = execute(tmp_path, "SELECT delivered_at, next_attempt_at FROM articles_linkpush")
    assert delivered is None
    assert leased > "2026-01-01 00:00:00"

    execute(tmp_path, "UPDATE articles_linkpush SET next_attempt_at = '2026-01-01 00:00:00'")  # its lease is over
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, *PUSH], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options
    )
    pusher = Path("/proc") / server.stdout.readline().strip()
    wait_until(lambda: execute(tmp_path, "SELECT delivered_at FROM articles_linkpush")[0] is not None)
    assert [json.loads(body)["urlList"] for _, _, body in engine.asked] == [["http://127.0.0.1:8000/a.html"]] * 2
    assert pusher.exists()

    server.communicate()
    wait_until(lambda: not pusher.exists() or "zombie" in (pusher / "status").read_text())

"""No counted read is lost: what the beacon answered stands in the database, also when workers are killed meanwhile."""

import json
import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from bench.portal import ROOT
from bench.serving import kill_worker, served

READERS = 240
# Writes one public article the way the site does and prints its number.
WRITE_ARTICLE = """
from articles.models import Article, Channel, Source
from articles.publishing import publish
channel = Channel.objects.create(slug="news", name="新闻")
source = Source.objects.create(name="本网")
print(publish(Article(title="标题", body="正文。", channel=channel, source=source, duty_editor="编辑")).pk)
"""


@pytest.fixture
def server(tmp_path) -> Iterator[tuple[int, int, int]]:
    """(port, gunicorn's process, number of a public article) of a portal of its own, on SQLite."""
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CACHE_URL"}}
    environment |= {"VAR_DIR": str(tmp_path), "SECRET_KEY": secrets.token_urlsafe(64)}
    environment |= {"SITE_URL": "http://127.0.0.1:8000", "TRUSTED_PROXIES": "1"}

    def manage(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    manage("migrate", "--verbosity", "0")
    manage("createcachetable")
    article = int(manage("shell", "--no-imports", "-c", WRITE_ARTICLE).split()[-1])
    with served(environment) as (port, gunicorn):
        yield port, gunicorn, article


def read(port: int, article: int, number: int) -> bool:
    """Send one reader's beacon; whether the portal answered that it was counted."""
    headers = {"User-Agent": "Mozilla/5.0", "X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}"}
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            connection.request("POST", f"/reads/{article}/", headers=headers)
            response = connection.getresponse()
            return response.status == 200 and json.loads(response.read())["reads"] > 0
    except (OSError, HTTPException):
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the workers through /proc")
def test_killed_workers_lose_no_counted_read(server, tmp_path):
    port, gunicorn, article = server
    with ThreadPoolExecutor(8) as readers:
        answers = []
        for start in range(0, READERS, 40):
            answers += [readers.submit(read, port, article, number) for number in range(start, start + 40)]
            answers[-30].result()
            kill_worker(gunicorn)
    counted = sum(answer.result() for answer in answers)
    with closing(sqlite3.connect(tmp_path / "newsportal.sqlite3")) as database:
        (total,) = database.execute("SELECT total FROM articles_articlereads").fetchone()
        (hourly,) = database.execute("SELECT SUM(reads) FROM articles_hourlyreads").fetchone()
        (marks,) = database.execute("SELECT COUNT(*) FROM articles_readmark").fetchone()
    # A read committed just before its worker died was counted without an answer; never the other way round.
    assert READERS / 2 < counted <= total <= READERS
    assert total == hourly == marks

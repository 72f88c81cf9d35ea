"""Many readers who post comments at the same moment, over gunicorn, and what came of it:

    .venv/bin/python -m bench.crowd                                                   # SQLite
    scripts/with_services.sh .venv/bin/python -m bench.crowd --database postgresql    # PostgreSQL and Redis

Three times: left alone; with a worker killed (SIGKILL) every second; and, with Redis, while that is stopped and
started. A reader whose connection broke sends the same form again, as a person would. In the end what readers were
told is held against the table: every accepted answer has a row, every row was answered, none is there twice. Where
that is not so the exit code is 1.
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from .pages import percentile
from .portal import arguments, database_version, make_tables, open_portal
from .readers import Reader
from .serving import free_port, kill_worker, served, wait_for_port

HEAD = ["| | accepted | a second | p50 ms | p95 ms | sent again | refused | rows | lost | twice |"]
HEAD += ["|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"]


def main() -> None:
    options = parse()
    with ExitStack() as stack:
        redis = stack.enter_context(own_redis()) if options.database == "postgresql" else None
        open_portal(options.folder, options.database, "crowd", cache_url=redis.url if redis else "")
        make_tables()
        troubles: dict[str, Callable[[int], None]] = {
            "at rest": lambda _: None,
            "a worker killed every second": kill_worker,
        }
        if redis:
            troubles["Redis stopped and started"] = lambda _: redis.stop_and_start()
        lines, is_right = [], True
        for name, trouble in troubles.items():
            line, ok = measure(name, trouble, options)
            lines.append(line)
            is_right &= ok
    title = f"### {options.readers} readers, {database_version()}{' and Redis' if redis else ''}"
    table = "\n".join([title, "", *HEAD, *lines])
    print(table)
    (options.folder / f"crowd-{options.database}.md").write_text(f"{table}\n")
    sys.exit(not is_right)


def parse() -> argparse.Namespace:
    parser = arguments(__doc__)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--comments", type=int, default=20, help="of each reader")
    return parser.parse_args()


# --- What troubles the portal ---


class Redis:
    """A Redis that can be stopped and started on the same port."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_for_port(self.port)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def stop_and_start(self) -> None:
        self.stop()
        time.sleep(1)
        self.start()


@contextmanager
def own_redis() -> Iterator[Redis]:
    redis = Redis()
    try:
        yield redis
    finally:
        redis.stop()


@contextmanager
def troubled(trouble: Callable[[int], None], gunicorn: int) -> Iterator[None]:
    """Make the trouble at once and every second, until it is over. Raises what the trouble itself met."""
    over = threading.Event()

    def make_trouble() -> None:
        trouble(gunicorn)
        while not over.wait(1):
            trouble(gunicorn)

    with ThreadPoolExecutor(1) as apart:
        made = apart.submit(make_trouble)
        try:
            yield
        finally:
            over.set()
        made.result()


# --- What is measured ---


def measure(name: str, trouble: Callable[[int], None], options: argparse.Namespace) -> tuple[str, bool]:
    """A line of the table, and whether what readers were told is what the table holds."""
    from .scene import make_article, make_sessions, rows_of  # all of the portal is imported once it is open

    article = make_article()
    with (
        served(os.environ | {"TRUSTED_PROXIES": "1"}) as (port, gunicorn),
        ThreadPoolExecutor(options.readers) as crowd,
    ):
        sessions = make_sessions(options.readers)
        readers = [Reader(number, session, port, article) for number, session in enumerate(sessions, start=1)]
        list(crowd.map(lambda reader: reader.open_forms(options.comments), readers))
        time.sleep(2)  # a form that comes back within two seconds is a program's
        began = time.perf_counter()
        with troubled(trouble, gunicorn):
            list(crowd.map(Reader.send_all, readers))
            seconds = time.perf_counter() - began
    told = Counter(key for reader in readers for key in reader.accepted)
    rows = rows_of(article)
    lost, unknown = told.keys() - rows, rows - told.keys()
    twice = sum(told.values()) - len(told)
    times = [second for reader in readers for second in reader.seconds]
    refused = sum((reader.refused for reader in readers), Counter())
    cells = [name, len(told), f"{len(told) / seconds:.0f}", milliseconds(times, 0.5), milliseconds(times, 0.95)]
    cells += [
        sum(reader.sent_again for reader in readers),
        dict(refused) or 0,
        len(rows),
        len(lost),
        len(unknown) + twice,
    ]
    given_up = sum(reader.given_up for reader in readers)
    return f"| {' | '.join(map(str, cells))} |", not (lost or unknown or twice or refused or given_up)


def milliseconds(times: list[float], share: float) -> str:
    return f"{percentile(times, share) * 1000:.0f}"


if __name__ == "__main__":
    main()

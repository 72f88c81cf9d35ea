"""The portal as it is served: gunicorn with its workers and threads, on a port that is free."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .portal import ROOT


@contextmanager
def served(environment: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """(port, process) of a gunicorn that has this environment."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
    gunicorn = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        yield port, gunicorn.pid
    finally:
        gunicorn.terminate()
        gunicorn.wait(60)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for_port(port: int) -> None:
    for _ in range(300):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"Nothing answers on port {port}.")


def kill_worker(gunicorn: int) -> None:
    """End the oldest worker as the kernel would when memory runs out; nobody, while none has come up again."""
    children = Path(f"/proc/{gunicorn}/task/{gunicorn}/children").read_text().split()
    if children:
        os.kill(int(children[0]), signal.SIGKILL)

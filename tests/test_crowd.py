"""No comment is lost that somebody was told of, and none is there twice, also when workers are killed meanwhile."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
READERS, COMMENTS = 8, 30


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the workers through /proc")
def test_what_a_crowd_was_told_is_what_the_table_holds(tmp_path):
    """The benchmark itself, with a small crowd: it ends with an error where answers and rows differ."""
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CACHE_URL"}}
    command = [sys.executable, "-m", "bench.crowd", "--folder", str(tmp_path)]
    command += ["--readers", str(READERS), "--comments", str(COMMENTS)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.splitlines()]
    heads, _, *measured = [line for line in lines if len(line) > 3]
    assert [line[0] for line in measured] == ["at rest", "a worker killed every second"]
    wanted = {"accepted": str(READERS * COMMENTS), "rows": str(READERS * COMMENTS), "lost": "0", "twice": "0"}
    for line in measured:
        assert wanted.items() <= dict(zip(heads, line, strict=True)).items()
    assert "was sent SIGKILL" in done.stderr

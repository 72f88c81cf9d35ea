"""The whole benchmark of one database: `make bench` runs it for SQLite, `make bench-postgresql` for PostgreSQL.

Each size in processes of its own: generated unless it is there, measured, its table written to the folder. Broken off,
it goes on where it was: what is generated is kept, what was measured is measured again.
"""

import subprocess
import sys
import time

from .generate import WITHOUT_SEARCH
from .pages import compare
from .portal import arguments

SIZES = [10_000, 100_000, 1_000_000]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--without-search", action="store_true", help=WITHOUT_SEARCH)
    options = parser.parse_args()
    started = time.monotonic()
    for size in options.sizes:
        for step in ("generate", "pages"):
            command = [sys.executable, "-m", f"bench.{step}", "--articles", str(size)]
            command += ["--database", options.database, "--folder", str(options.folder)]
            command += ["--without-search"] if step == "generate" and options.without_search else []
            subprocess.run(command, check=True)
    table = compare(options.folder, options.database, options.sizes)
    (options.folder / f"sizes-{options.database}.md").write_text(table)
    print(table)
    print(f"All of it took {(time.monotonic() - started) / 60:.0f} minutes.", file=sys.stderr)


if __name__ == "__main__":
    main()

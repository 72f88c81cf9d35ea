"""Measure the pages of a portal that `bench.generate` filled:

    .venv/bin/python -m bench.pages --articles 10000 --database sqlite --folder /tmp/bench

In this process, through Django's handler with all middleware, nothing kept of the page itself: what a page costs when
it is rendered. What stands around every page (navigation, footer) is kept, as in a server. Writes a Markdown table.
"""

import resource
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .generate import ARTICLES
from .portal import arguments, database_version, make_tables, open_portal

ROUNDS = 40


@dataclass
class Row:
    """One line of the table: how to do it, and what was measured: milliseconds, queries, bytes."""

    name: str
    action: Callable[[int], int]  # given the number of the repetition, returns bytes
    milliseconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # of this process: on SQLite all there is
    queries: int = 0
    bytes: int = 0

    def percentile(self, share: float, of: list[float] | None = None) -> float:
        return percentile(self.milliseconds if of is None else of, share)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--rows", default="", help="only the rows whose names hold this, such as search")
    options = parser.parse_args()
    open_portal(options.folder, options.database, options.articles)
    make_tables()
    from .visits import left_out, measure  # all of the portal is imported once it is open

    rows = measure(options.articles, rounds=options.rounds, wanted=options.rows)
    table = markdown(rows, title=f"{database_version()}, {options.articles:,} articles", note=left_out())
    print(table)
    if not options.rows:
        target = options.folder / f"pages-{options.database}-{options.articles}.md"
        target.write_text(table)
        print(f"Written to {target}.", file=sys.stderr)


def markdown(rows: list[Row], *, title: str, note: str = "") -> str:
    """One table; its last lines say how much memory the process took at most, and what is not in it."""
    lines = [f"### {title}", "", "| page | queries | p50 ms | p95 ms | CPU ms | KB |"]
    lines.append("|---|---:|---:|---:|---:|---:|")
    for row in rows:
        times = (row.percentile(0.5), row.percentile(0.95), row.percentile(0.5, row.cpu))
        measured = " | ".join(f"{value:.1f}" for value in times)
        lines.append(f"| {row.name} | {row.queries} | {measured} | {row.bytes / 1024:.0f} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    repeated = len(rows[0].milliseconds) if rows else 0
    lines += ["", f"{repeated} repetitions of each; the process took {peak:.0f} MB at most.", ""]
    return "\n".join([*lines, note, ""] if note else lines)


def compare(folder: Path, database: str, sizes: list[int]) -> str:
    """One table of the p95 of all sizes measured so far, with how many times the smallest the largest is."""
    found: defaultdict[str, dict[int, float]] = defaultdict(dict)
    measured = [size for size in sizes if (folder / f"pages-{database}-{size}.md").is_file()]
    for size in measured:
        for line in (folder / f"pages-{database}-{size}.md").read_text().splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if len(cells) == 6 and cells[1].isdecimal():
                found[cells[0]][size] = float(cells[3])
    heads = " | ".join(f"{size:,}" for size in measured)
    lines = [f"### {database}: p95 in milliseconds", "", f"| page | {heads} | times |"]
    lines.append("|---|" + "---:|" * (len(measured) + 1))
    for name, by_size in found.items():
        values = [by_size.get(size) for size in measured]
        times = f"{values[-1] / values[0]:.2f}" if values[0] and values[-1] else ""
        shown = " | ".join("" if value is None else f"{value:.1f}" for value in values)
        lines.append(f"| {name} | {shown} | {times} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()

"""What comments cost, to readers and to moderators, when there are a million:

    .venv/bin/python -m bench.talk                                                    # SQLite
    scripts/with_services.sh .venv/bin/python -m bench.talk --database postgresql

Loads them on the first run (one article has 100,000, one has 20), then measures pages as `bench.pages` does: through
Django's handler with all middleware, nothing kept. `--comments` for another number.
"""

import sys

from .pages import ROUNDS, markdown
from .portal import arguments, database_version, make_tables, open_portal

# Below that, the pages that are measured are not there.
FEWEST = 200_000


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--comments", type=int, default=1_000_000, help=f"at least {FEWEST:,}")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    if options.comments < FEWEST:
        parser.error(f"--comments: at least {FEWEST:,}.")
    open_portal(options.folder, options.database, f"talk_{options.comments}")
    make_tables()
    from . import talk_visits, threads  # all of the portal is imported once it is open

    threads.generate(options.comments)
    rows = talk_visits.measure(rounds=options.rounds)
    table = markdown(rows, title=f"{database_version()}, {options.comments:,} comments")
    print(table)
    target = options.folder / f"talk-{options.database}-{options.comments}.md"
    target.write_text(table)
    print(f"Written to {target}.", file=sys.stderr)


if __name__ == "__main__":
    main()

"""Load a portal with generated articles:

    .venv/bin/python -m bench.generate --articles 10000 --database sqlite --folder /tmp/bench

Prints how many articles a second were loaded: into the tables and lists, and, apart, into the search index.
"""

import argparse
from pathlib import Path

from .portal import DATABASES, open_portal

WITHOUT_SEARCH = "leave the search index out, whose making takes longest; a later run without this makes it"


def main() -> None:
    parser = arguments()
    parser.add_argument("--without-search", action="store_true", help=WITHOUT_SEARCH)
    options = parser.parse_args()
    open_portal(options.folder, options.database, options.articles)
    from .loading import generate  # all of the portal is imported once it is open

    var = options.folder / f"{options.database}-{options.articles}"
    generate(var, options.articles, with_search=not options.without_search)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/bench"), help="for databases and results")  # noqa: S108
    return parser


if __name__ == "__main__":
    main()

"""Load a portal with generated articles:

    .venv/bin/python -m bench.generate --articles 10000 --database sqlite --folder /tmp/bench

Prints how many articles a second were loaded: into the tables and lists, and, apart, into the search index.
"""

from .portal import arguments, open_portal

ARTICLES = 10_000
WITHOUT_SEARCH = "leave the search index out, whose making takes longest; a later run without this makes it"


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--without-search", action="store_true", help=WITHOUT_SEARCH)
    options = parser.parse_args()
    open_portal(options.folder, options.database, options.articles)
    from .loading import generate  # all of the portal is imported once it is open

    var = options.folder / f"{options.database}-{options.articles}"
    generate(var, options.articles, with_search=not options.without_search)


if __name__ == "__main__":
    main()

"""The routes of accounts and of members' own pages, found in the urls: what the walk over public pages leaves out."""

from collections.abc import Iterator

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

# What stands in an address for a reader's own thing: numbers, keys, tokens. None of them opens anything.
VALUES = ("1", "MTI:x:y", "set-password", "none")


def reader_routes() -> dict[str, URLPattern]:
    """Each route below /accounts/ and /members/, by its name with the namespace."""
    found = {}
    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLResolver) and str(entry.pattern) in {"accounts/", "members/"}:
            space = f"{entry.namespace}:" if entry.namespace else ""
            found |= {f"{space}{name}": pattern for name, pattern in named(entry)}
    return found


def named(resolver: URLResolver) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from named(entry)
        else:
            assert entry.name, f"The route {entry.pattern} has no name."
            yield entry.name, entry


def reader_addresses() -> set[str]:
    """An address of every such route. Raises AssertionError for one of which none can be made."""
    return {address_of(name, pattern) for name, pattern in reader_routes().items()}


def address_of(name: str, pattern: URLPattern) -> str:
    names = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
    for value in VALUES:
        try:
            return reverse(name, kwargs=dict.fromkeys(names, value))
        except NoReverseMatch:
            continue
    raise AssertionError(f"No address of {name}: add a value for it to VALUES.")

"""Numbers of rows, as addresses and forms name them."""

MOST_DIGITS = 18


def is_key(text: str) -> bool:
    """Whether a text is a number that a database takes for a row's."""
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


def keys_in(text: str) -> list[int]:
    """The numbers of rows that a text lists, parted by commas or spaces; what is none is left out."""
    return [int(word) for word in text.replace(",", " ").split() if is_key(word)]

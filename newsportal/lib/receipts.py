"""Numbers that people write down, read over the telephone and type from paper."""

import secrets

# Nothing that looks or sounds like something else: no 0 O 1 I L.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def draw(*sizes: int) -> str:
    """Groups of random signs, parted by hyphens; nearly five bits a sign, so that ten of them are guessed by nobody."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(size)) for size in sizes)

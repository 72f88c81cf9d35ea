"""How far a long command is, for whoever waits for it."""

from django.core.management.base import OutputWrapper


def show(stream: OutputWrapper, text: str) -> None:
    """One line of progress, rewritten in place on a terminal, where an empty one clears it; a line each elsewhere."""
    if stream.isatty():
        stream.write(f"\r\033[K  {text}" if text else "\r\033[K", ending="")
        stream.flush()
    elif text:
        stream.write(f"  {text}")

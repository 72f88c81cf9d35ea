"""Senders of text messages for tests: one that keeps them, and one that fails."""

sent: list[tuple[str, str]] = []


def keep(phone: str, code: str) -> None:
    sent.append((phone, code))


def fail(phone: str, code: str) -> None:
    raise ConnectionRefusedError("no gateway here")

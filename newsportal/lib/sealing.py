"""Short secrets as the database keeps them: sealed under the site's own, so that a copy of the database opens nothing.

Fernet, under a key that is made of SECRET_KEY; what was sealed under one of SECRET_KEY_FALLBACKS opens as well.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

# What is kept without it was written before anything was sealed.
MARK = "sealed:"
SALT = "newsportal.lib.sealing"


class UnsealError(ValueError):
    """It was sealed under a secret that this site does not have, or changed since."""


def fernet_of(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(salted_hmac(SALT, MARK, secret=secret, algorithm="sha256").digest()))


def seal(text: str) -> str:
    return MARK + fernet_of(settings.SECRET_KEY).encrypt(text.encode()).decode()


def unseal(kept: str) -> str:
    """The text; one that was never sealed is its own. Raises UnsealError."""
    return opened(kept, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]) if kept.startswith(MARK) else kept


def is_fresh(kept: str) -> bool:
    """Whether it is sealed, and under the secret that stands now."""
    try:
        opened(kept, [settings.SECRET_KEY])
    except UnsealError:
        return False
    return True


def opened(kept: str, secrets: list[str]) -> str:
    try:
        return MultiFernet([fernet_of(secret) for secret in secrets]).decrypt(kept.removeprefix(MARK)).decode()
    except (InvalidToken, ValueError) as error:
        raise UnsealError from error

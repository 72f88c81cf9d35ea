"""How often the public may knock. The limits on comments themselves are counted in the database (comments.pipeline)."""

import logging

from django.http import HttpRequest

from newsportal.lib.clients import too_often

logger = logging.getLogger(__name__)


def knocks_too_often(request: HttpRequest, purpose: str, *, most: int, seconds: int) -> bool:
    """`too_often`, and no while the shared cache is down: whoever has something to say is not sent away for that."""
    try:
        return too_often(request, purpose, most=most, seconds=seconds)
    except Exception:
        logger.exception("The shared cache did not count.")
        return False

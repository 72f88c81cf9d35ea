"""The WSGI entry point that gunicorn loads."""

import codecs
import gc
import os
from collections.abc import Iterable
from email.message import Message
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")

# New objects that start a collection of the youngest, and collections of one generation that start one of the next.
GARBAGE_THRESHOLDS = 20_000, 20, 20

django_application = get_wsgi_application()


def settle_memory() -> None:
    """Load what requests would load, and spare it to the garbage collector.

    A full collection otherwise walks through all of Django: 50 to 80 ms in which the process answers nobody. Workers
    that are forked from here share what no collection writes to (https://docs.python.org/3/library/gc.html#gc.freeze).
    """
    get_resolver().url_patterns  # noqa: B018 -- a property that imports every view
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


settle_memory()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django's application, spared a charset that is none of text (hex, zlib …) in the client's Content-Type.

    Django decodes the query with it while it makes the request, before any middleware could refuse it, and fails.
    """
    if not is_text_charset(environ.get("CONTENT_TYPE", "")):
        environ["CONTENT_TYPE"] = "application/octet-stream"
    return django_application(environ, start_response)


def is_text_charset(content_type: str) -> bool:
    """Whether the charset that a Content-Type names, if any, is UTF-8: nothing of ours sends another."""
    message = Message()
    message["Content-Type"] = content_type
    charset = message.get_content_charset("utf-8")
    try:
        return codecs.lookup(charset).name in {"utf-8", "ascii"}
    except LookupError:
        return True  # Django passes over a name that nobody knows.

"""The WSGI entry point that gunicorn loads."""

import codecs
import os
from collections.abc import Iterable
from email.message import Message
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")

django_application = get_wsgi_application()


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

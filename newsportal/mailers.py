"""How mail leaves: an address of one line (EMAIL_URL) as Django wants it described."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BACKEND = "django.core.mail.backends.{}.EmailBackend"
# Seconds until a mail server that says nothing is given up: a reader waits for the page meanwhile.
PATIENCE = 15
OF_SMTP = {"host": "EMAIL_HOST", "port": "EMAIL_PORT", "username": "EMAIL_HOST_USER", "password": "EMAIL_HOST_PASSWORD"}


def mailer(url: str, *, folder: Path | None) -> dict[str, Any]:
    """The mailer that `url` names; without one, files in `folder`, or no mail at all where there is none.

    smtp://, smtp+tls:// (STARTTLS), smtp+ssl://, consolemail:// and filemail:///folder. Raises ImproperlyConfigured.
    """
    if not url:
        options = {"file_path": str(folder)} if folder else {}
        return {"BACKEND": BACKEND.format("filebased" if folder else "dummy"), "OPTIONS": options}
    try:
        parsed = environ.Env.email_url_config(url)
    except (ImproperlyConfigured, ValueError) as error:
        raise ImproperlyConfigured("EMAIL_URL 写法不对，例如 smtp+ssl://用户:密码@smtp.example.com:465。") from error
    options = {}
    if parsed["EMAIL_BACKEND"] == BACKEND.format("filebased"):
        options = {"file_path": f"/{parsed['EMAIL_FILE_PATH']}"}
    elif parsed["EMAIL_BACKEND"] == BACKEND.format("smtp"):
        options = {option: parsed[name] for option, name in OF_SMTP.items() if parsed[name]}
        options |= {option: True for option in ("use_tls", "use_ssl") if parsed.get(f"EMAIL_{option.upper()}")}
        options["timeout"] = PATIENCE
    return {"BACKEND": parsed["EMAIL_BACKEND"], "OPTIONS": options}

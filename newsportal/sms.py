"""How codes leave as text messages. SMS_SENDER names one of these, or a function of the site's own.

A sender is called with a number (+8613800138000) and a code of six digits. It returns when the message was taken, and
raises an exception, whichever, when it was not; within some seconds, for a member waits meanwhile. What it raises goes
into the log, so its words name neither number nor code.
"""

import json
import os
import time
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

import urllib3
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

COUNTRY = "+86"
TIMEOUT = urllib3.Timeout(connect=3, read=7)
JSON, FORM = "application/json; charset=utf-8", "application/x-www-form-urlencoded; charset=utf-8"


class SmsError(Exception):
    """The message was not taken."""


# --- The senders ---


def post(phone: str, code: str) -> None:
    """Ask a provider, or a gateway of one's own, by HTTP, as the other SMS settings say. Raises SmsError."""
    body, kind = body_of(settings.SMS_BODY, phone, code)
    headers = {"Content-Type": kind, "Accept": "application/json"}
    if settings.SMS_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_TOKEN}"
    try:
        # Without retries, each of which may be another message; without redirects, which would take the token along.
        response = urllib3.request(
            "POST", settings.SMS_URL, body=body, headers=headers, timeout=TIMEOUT, retries=False, redirect=False
        )
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        # From nothing: its words hold the address, which may hold a key.
        raise SmsError(f"The gateway did not answer: {type(error).__name__}.") from None
    if not 200 <= response.status < 300:
        raise SmsError(f"The gateway answered {response.status}.")
    if settings.SMS_ACCEPTED not in response.data.decode("utf-8", "replace"):
        raise SmsError("The gateway's answer does not hold SMS_ACCEPTED.")


def body_of(template: str, phone: str, code: str) -> tuple[bytes, str]:
    """What is sent and its type. What is put in has digits and a plus sign alone, so it needs no escaping in JSON."""
    values = {"{phone}": phone, "{number}": phone.removeprefix(COUNTRY), "{code}": code}

    def filled(text: str) -> str:
        for name, value in values.items():
            text = text.replace(name, value)
        return text

    if template.startswith("{"):
        return filled(template).encode(), JSON
    fields = [(name, filled(value)) for name, value in parse_qsl(template, keep_blank_values=True)]
    return urlencode(fields).encode(), FORM


def write(phone: str, code: str) -> None:
    """A file in VAR_DIR/sms for each message, for a trial on this machine: readable for this user alone."""
    settings.SMS_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = settings.SMS_FOLDER / f"{time.time_ns()}.txt"
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        stream.write(f"{phone}\n验证码 {code}，十分钟内有效。\n")


# --- Whether the settings make sense ---


def check_sender(app_configs=None, **kwargs) -> list[CheckMessage]:
    """A system check: what would only be found when a member waits for her code."""
    if not settings.SMS_SENDER:
        return []
    try:
        sender = import_string(settings.SMS_SENDER)
    except ImportError as error:
        said = f"SMS_SENDER 指的函数不存在：{settings.SMS_SENDER}。"
        return [Error(said, hint=str(error), id="newsportal.sms.E001")]
    if not callable(sender):
        return [wrong("E002", f"SMS_SENDER 指的不是函数：{settings.SMS_SENDER}。")]
    checks: dict[Callable, Callable] = {post: check_post, write: check_write}
    return checks[sender]() if sender in checks else []


def wrong(number: str, said: str) -> Error:
    return Error(said, id=f"newsportal.sms.{number}")


def check_post() -> list[CheckMessage]:
    found = []
    if not is_address(settings.SMS_URL):
        found.append(wrong("E003", "SMS_URL 必须是完整网址，例如 https://sms.example.com/send。"))
    body = settings.SMS_BODY
    if "{code}" not in body or not ("{phone}" in body or "{number}" in body):
        found.append(wrong("E004", "SMS_BODY 里要有 {code}，还要有 {phone} 或 {number}。"))
    elif body.startswith("{") and not is_json(body_of(body, f"{COUNTRY}13800138000", "123456")[0]):
        found.append(wrong("E005", "SMS_BODY 以 { 开头，但不是 JSON。"))
    return found


def is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def check_write() -> list[CheckMessage]:
    if settings.IS_LOCAL:
        return []
    return [wrong("E006", "SMS_SENDER=newsportal.sms.write 只能用于本机试用：会员收不到短信。")]

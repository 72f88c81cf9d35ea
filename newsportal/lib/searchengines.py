"""Telling search engines which addresses of the site are new, changed or gone. No tables, no retries: one request.

Sources: https://www.indexnow.org/documentation and Baidu's 普通收录 (API 提交). Both take addresses of one host only.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode, urlsplit

import urllib3

TIMEOUT = urllib3.Timeout(connect=5, read=20)
# Trouble that may pass by itself, or once the operator has put the key right.
PASSING = {401, 403, 408, 425, 429}
LONGEST_WAIT = 24 * 3600
BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Outcome:
    """What became of a request: addresses taken; addresses refused for good, each with the reason; or an error.

    With an error nothing was taken: try again, after `wait` seconds at the earliest.
    """

    taken: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    error: str = ""
    wait: float = 0.0


def push_to_indexnow(urls: Sequence[str], *, endpoint: str, key: str, key_location: str) -> Outcome:
    """At most 10,000 addresses to IndexNow, which passes them on to all engines that take part."""
    body = {"host": urlsplit(key_location).netloc, "key": key, "keyLocation": key_location, "urlList": list(urls)}
    response = post(endpoint, json.dumps(body).encode(), "application/json; charset=utf-8")
    if isinstance(response, Outcome):
        return response
    if response.status in {200, 202}:
        return Outcome(taken=list(urls))
    return failure(response, urls)


def push_to_baidu(urls: Sequence[str], *, endpoint: str, site: str, token: str) -> Outcome:
    """At most 2,000 addresses to Baidu. Over the day's quota nothing is taken, until midnight in Beijing."""
    address = f"{endpoint}?{urlencode({'site': site, 'token': token})}"
    response = post(address, "\n".join(urls).encode(), "text/plain")
    if isinstance(response, Outcome):
        return response
    said = answer_of(response)
    if response.status == 200 and "success" in said:
        reasons = {"not_same_site": "不属于本站", "not_valid": "网址无效"}
        refused = {url: reason for name, reason in reasons.items() for url in said.get(name, [])}
        return Outcome(taken=[url for url in urls if url not in refused], refused=refused)
    if said.get("message") == "over quota":
        return Outcome(error="超过当天的推送配额", wait=until_tomorrow())
    return failure(response, urls, str(said.get("message", "")))


def post(address: str, body: bytes, content_type: str) -> urllib3.BaseHTTPResponse | Outcome:
    """The answer to a POST, or the Outcome of a connection that failed. Names no address: it may hold a token."""
    try:
        # Without retries or redirects: the queue tries again, and an address that has moved is for the operator.
        return urllib3.request(
            "POST", address, body=body, headers={"Content-Type": content_type}, timeout=TIMEOUT, retries=False
        )
    except urllib3.exceptions.HTTPError as error:
        return Outcome(error=f"连接失败（{type(error).__name__}）")


def failure(response: urllib3.BaseHTTPResponse, urls: Sequence[str], message: str = "") -> Outcome:
    """What an answer other than success means: trouble that passes, or a refusal that trying again would not change."""
    reason = " ".join(f"HTTP {response.status} {message}".split())[:200]
    if response.status in PASSING or response.status >= 500 or response.status < 400:
        return Outcome(error=reason, wait=wait_of(response.headers.get("Retry-After", "")))
    return Outcome(refused=dict.fromkeys(urls, reason))


def answer_of(response: urllib3.BaseHTTPResponse) -> dict:
    try:
        said = json.loads(response.data)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def wait_of(retry_after: str) -> float:
    """Seconds that a Retry-After header asks for, as a number or as a date; at most a day, 0 for none or nonsense."""
    if retry_after.isascii() and retry_after.isdecimal():
        return float(min(int(retry_after[:9]), LONGEST_WAIT))
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    seconds = (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT)


def until_tomorrow() -> float:
    """Seconds until the next day begins in Beijing, and a minute."""
    now = datetime.now(BEIJING)
    tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=1, second=0, microsecond=0)
    return (tomorrow - now).total_seconds()

"""A reader of the benchmark, as the portal sees one: a session, a network, forms, and patience."""

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

TOKENS = {name: re.compile(rf'name="{name}" value="([^"]+)"') for name in ("csrfmiddlewaretoken", "token")}
CSRF_COOKIE = re.compile(r"\bcsrf=([^;]+)")
RECEIVED = re.compile(r"[?&]received=(\d+)")
# How long a reader goes on sending a form that nobody answers, and how long she waits in between.
PATIENCE, PAUSE = 60.0, 0.2


@dataclass
class Reader:
    """Somebody with a browser. What she was told is kept: seconds of each answer, keys of her comments, refusals."""

    number: int
    session: str  # the value of her session's cookie
    port: int
    article: int
    csrf: str = ""
    forms: list[dict[str, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    accepted: list[int] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    sent_again: int = 0
    given_up: int = 0
    asked: int = 0
    connection: HTTPConnection | None = None

    @property
    def path(self) -> str:
        return f"/comments/write/{self.article}/"

    @property
    def address(self) -> str:
        """She moves on to another network before the limits of one are reached, which are not what is measured."""
        return f"{10 + self.number // 256}.{self.number % 256}.{self.asked // 20 % 256}.7"

    def ask(self, method: str, form: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
        """One request on a connection that is kept: status, headers, body. Raises OSError or HTTPException."""
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        self.asked += 1
        cookies = f"session={self.session}" + (f"; csrf={self.csrf}" if self.csrf else "")
        headers = {"Cookie": cookies, "User-Agent": "Mozilla/5.0", "X-Forwarded-For": self.address}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, self.path, urlencode(form) if form else None, headers)
            response = self.connection.getresponse()
            return response.status, dict(response.getheaders()), response.read().decode()
        except (OSError, HTTPException):
            self.connection.close()
            self.connection = None
            raise

    def open_forms(self, count: int) -> None:
        """Open the page of the form so often, as in many tabs."""
        for index in range(count):
            status, headers, body = self.ask("GET")
            if status != 200:
                raise SystemExit(f"{self.path} answered {status}.")
            if cookie := CSRF_COOKIE.search(headers.get("Set-Cookie", "")):
                self.csrf = cookie[1]
            form = {name: pattern.search(body)[1] for name, pattern in TOKENS.items()}
            self.forms.append(
                form | {"body": f"{self.article} 第 {index} 条，读者 {self.number} 写下的话。", "homepage": ""}
            )

    def send_all(self) -> None:
        for form in self.forms:
            self.send(form)
        self.forms = []

    def send(self, form: dict[str, str]) -> None:
        """Send a form until it is answered: a broken connection or a 5xx is no answer."""
        began = time.perf_counter()
        while time.perf_counter() - began < PATIENCE:
            try:
                status, headers, _ = self.ask("POST", form)
            except (OSError, HTTPException):
                status, headers = 0, {}
            if 0 < status < 500:
                self.seconds.append(time.perf_counter() - began)
                self.note(status, headers)
                return
            self.sent_again += 1
            time.sleep(PAUSE)
        self.given_up += 1

    def note(self, status: int, headers: dict[str, str]) -> None:
        received = RECEIVED.search(headers.get("Location", ""))
        if status == 302 and received:
            self.accepted.append(int(received[1]))
        else:
            self.refused[status] += 1

"""WeChat's servers as far as a sign-in asks them, over HTTP on this machine, and the ways of a browser past them."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib.auth import get_user_model
from django.test import Client

BEGIN, CALLBACK = "/accounts/weixin/login/", "/accounts/weixin/login/callback/"
JOIN, OWN, AGAIN = "/accounts/weixin/signup/", "/accounts/weixin/", "/accounts/weixin/again/"
TOKEN, PROFILE = "/sns/oauth2/access_token", "/sns/userinfo"
# As WeChat does: JSON that calls itself text, without a charset.
TEXT = "text/plain"


class FakeWeixin:
    """`person` is whoever scans the code next; `answers[path]` replaces the answer there: (status, type, bytes)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.person: dict[str, Any] = {"openid": "o-river-1", "nickname": "河边的人"}
        self.answers: dict[str, tuple[int, str, bytes]] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.used: set[str] = set()
        # Until it is set there is no answer.
        self.speaks = threading.Event()
        self.speaks.set()

    def says(self, path: str, told: Any, *, status: int = 200, kind: str = TEXT) -> None:
        body = told if isinstance(told, bytes) else json.dumps(told, ensure_ascii=False).encode()
        self.answers[path] = (status, kind, body)

    def answer(self, method: str, path: str, sent: dict[str, str]) -> tuple[int, str, bytes]:
        self.asked.append((method, path, sent))
        if path in self.answers:
            return self.answers[path]
        return 200, TEXT, json.dumps(self.told(path, sent), ensure_ascii=False).encode()

    def told(self, path: str, sent: dict[str, str]) -> dict[str, Any]:
        if path == PROFILE:
            extra = {"sex": 0, "province": "湖南", "headimgurl": "https://thirdwx.qlogo.cn/x/132", "privilege": []}
            return self.person | extra
        if sent["code"] in self.used:
            return {"errcode": 40163, "errmsg": "code been used"}
        self.used.add(sent["code"])
        return {"access_token": "TOKEN-SECRET", "expires_in": 7200, "refresh_token": "R", **self.person}


@contextmanager
def serving() -> Iterator[FakeWeixin]:
    class Handler(BaseHTTPRequestHandler):
        def reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            parts = urlsplit(self.path)
            sent = {name: values[0] for name, values in parse_qs(parts.query or body).items()}
            status, kind, told = fake.answer(self.command, parts.path, sent)
            fake.speaks.wait()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST = reply  # noqa: N815 - its names there

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake = FakeWeixin(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.speaks.set()
        server.shutdown()
        server.server_close()
        thread.join()


def begin(client: Client, **values) -> str:
    """The state that the way to WeChat carries."""
    answer = client.post(BEGIN, values)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer["Location"]).query)["state"][0]


def scan(client: Client, code: str = "", **values):
    """The answer to coming back from WeChat with a code that is good."""
    state = begin(client, **values)
    return client.get(CALLBACK, {"code": code or f"code-{state}", "state": state})


def join(client: Client, username: str = "河边的人", **extra):
    return client.post(JOIN, {"username": username}, **extra)


def newcomer() -> Client:
    """A browser in which somebody has just become a member by WeChat."""
    client = Client()
    scan(client)
    assert join(client).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def comes_in(client: Client) -> bool:
    """Whether the scan alone signs in."""
    scan(client)
    return is_in(client)


def member(username: str = "河边的人"):
    return get_user_model().objects.get(username=username)

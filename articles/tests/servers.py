"""Whoever is told things by POST, on this machine: a search engine, a gateway. Answers as told, and remembers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0  # seconds before it answers


@dataclass
class SearchEngine:
    """`answers` are given one after the other, the last one again and again; `asked` are (path, headers, body)."""

    url: str
    answers: list[Answer] = field(default_factory=lambda: [Answer()])
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def answer(self, *answers: Answer) -> None:
        self.answers = list(answers)


@contextmanager
def search_engine() -> Iterator[SearchEngine]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            engine.asked.append((self.path, dict(self.headers), body))
            answer = engine.answers.pop(0) if len(engine.answers) > 1 else engine.answers[0]
            self.server.pause.wait(answer.delay)
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *arguments: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        pause = threading.Event()  # never set: it only waits
        daemon_threads = True

        def handle_error(self, *arguments: object) -> None:
            """A client that was killed or lost patience is what the test wanted."""

    with Server(("127.0.0.1", 0), Handler) as server:
        engine = SearchEngine(f"http://127.0.0.1:{server.server_port}/submit")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield engine
        server.shutdown()

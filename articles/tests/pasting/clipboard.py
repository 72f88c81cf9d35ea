"""What a writer's clipboard holds, and the servers of the pictures in it, for tests."""

from dataclasses import dataclass, field
from pathlib import Path

from articles.tests.factories import picture_bytes
from newsportal.lib.fetch import Fetched, FetchError

SAMPLES = Path(__file__).parent


def sample(name: str) -> str:
    """A clipboard as the program of that name fills it."""
    return (SAMPLES / f"{name}.html").read_text("utf-8")


@dataclass
class Pictures:
    """Fetches from nowhere: `served` are bytes by address, any other address gives a picture of its own."""

    served: dict[str, bytes | FetchError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    referers: dict[str, str] = field(default_factory=dict)

    def __call__(self, url: str, *, max_bytes: int, seconds: float, referer: str) -> Fetched:
        self.asked.append(url)
        self.referers[url] = referer
        content = self.served.get(url) or picture_bytes(comment=url.encode())
        if isinstance(content, FetchError):
            raise content
        return Fetched(url, "image/jpeg", content)

"""The generated library of pictures, and the bodies that show one.

A picture follows from its number alone, so that each process knows what the others write.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from articles.models import Photo
from articles.rendering import Library
from newsportal.lib.html import replace_figures

from .rows import EVERY, Rows, plain

# One picture comes into the library for so many articles; a few of the oldest are shown again and again.
ARTICLES_PER_PHOTO, STANDING, OFTEN = 4, 5, 0.02
# Of so many articles one shows a picture in its body.
FIGURE_EVERY = 20
PHOTO_COLUMNS = [column.column for column in Photo._meta.concrete_fields]
LICENCES = ["own", "own", "own", "own", "licensed", "licensed", "courtesy", "open", "other", ""]


@dataclass(frozen=True)
class Pictures:
    """A library for `count` articles, the newest of them published at `end`."""

    files: list[dict[str, Any]]  # of the few pictures that are stored, as rows hold them
    captions: list[str]
    people: list[int]  # who took and brought them
    count: int
    end: datetime

    @property
    def number(self) -> int:
        return max(STANDING + 1, self.count // ARTICLES_PER_PHOTO)

    def newest_at(self, pk: int) -> int:
        """The last picture that came in before an article was written."""
        return min(self.number, max(STANDING + 1, pk // ARTICLES_PER_PHOTO))

    def cover_of(self, pk: int, chance: float) -> int:
        """One of the days of the article, or now and then one of the standing."""
        if chance < OFTEN:
            return 1 + int(chance / OFTEN * STANDING)
        return max(STANDING + 1, self.newest_at(pk) - int(chance * 12))

    def one(self, number: int) -> Photo:
        """The picture of that number: one in a thousand was taken down, of some the rights have an end."""
        data, licence = self.files[number % len(self.files)], LICENCES[number % len(LICENCES)]
        moment = min(self.end, self.end + (number * ARTICLES_PER_PHOTO - self.count) * EVERY) - timedelta(hours=4)
        is_down, caption = number % 1000 == 999, self.caption(number)
        has_end = licence == "licensed" and number % 3 == 0
        return Photo(
            id=number,
            data={name: value for name, value in data.items() if name != "name"} if is_down else data,
            sha256=hashlib.sha256(f"photo {number}".encode()).hexdigest(),
            width=data["width"],
            height=data["height"],
            caption=caption,
            alt=caption[:60],
            credit="沈若谷 摄" if licence == "own" else "资料图",
            taken_at=moment.date() if number % 4 else None,
            licence=licence,
            expires_on=moment.date() + timedelta(days=400) if has_end else None,
            withdrawn_at=moment if is_down else None,
            withdrawn_reason="权利人来信" if is_down else "",
            uploaded_by_id=self.people[number % len(self.people)],
            created_at=moment,
        )

    def caption(self, number: int) -> str:
        return self.captions[number % len(self.captions)]

    def add(self, pk: int, rows: Rows) -> None:
        """The pictures that came in with an article; with the first, those that stood before there were any."""
        last_standing = STANDING + 1
        number, is_due = pk // ARTICLES_PER_PHOTO, pk % ARTICLES_PER_PHOTO == 0
        came = range(1, last_standing + 1) if pk == 1 else [number] if is_due and number > last_standing else []
        for photo in map(self.one, came):
            values = [getattr(photo, field.attname) for field in Photo._meta.concrete_fields]
            rows["articles_photo"].append(tuple(map(plain, values)))

    def into(self, pk: int, body: str) -> tuple[str, str, int]:
        """(body that begins with the newest picture, its rendered pages as JSON, the number of the picture)."""
        number = self.newest_at(pk)
        body = f'<figure data-photo="{number}"></figure>\n{body}'
        html = replace_figures(body, Library({number: self.one(number)}, {}, {}).render)
        return body, json.dumps([{"title": "", "html": html}]), number

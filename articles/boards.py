"""What is put together by hand, in one shape: the slots of a page, the sections of a topic, the contents of an issue.

A board (版面) has places, a place has rows in order, and each row shows an article. `placing` changes them.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone

from regions.models import Region

from .lists import HOT_SHOWN
from .models import Channel, Issue, IssueItem, Placement, Topic, TopicItem

Slot = Placement.Slot
# What has ended stays on the screen for so long.
REMEMBERED = timedelta(days=1)
PLACEMENT_FIELDS = ("title", "picture", "starts_at", "ends_at")
# How many of each slot the home page shows, and at the head of a channel or a region.
PLACES = {Slot.HEADLINE: 1, Slot.CAROUSEL: 5, Slot.PICK: 10}
PINNED = 5


@dataclass(frozen=True)
class Place:
    """A place for rows of a model that have these values; `most` of them are shown, all where it is None."""

    key: str
    label: str
    model: type[models.Model]
    values: Mapping[str, Any]
    most: int | None = None
    fields: tuple[str, ...] = ("title",)
    help: str = ""
    filler: str = "最新稿件"

    def holds(self, row: models.Model) -> bool:
        return all(getattr(row, name) == value for name, value in self.values.items())


@dataclass(frozen=True)
class Board:
    """Places on one screen. The row of `owner` is the lock; `touch` is called after each change."""

    name: str
    title: str
    places: tuple[Place, ...]
    rows: models.QuerySet
    owner: models.Model
    touch: Callable[[], None] = field(default=lambda: None)

    def place(self, key: str) -> Place | None:
        return next((place for place in self.places if place.key == key), None)


class Rows(dict[str, list[models.Model]]):
    """The rows of each place of a board by its key, in order."""

    def __init__(self, board: Board, rows: list[models.Model]) -> None:
        self.places = board.places
        super().__init__({place.key: [row for row in rows if place.holds(row)] for place in board.places})

    def by_place(self) -> Iterator[tuple[Place, list[models.Model]]]:
        return ((place, self[place.key]) for place in self.places)

    @property
    def versions(self) -> dict[str, str]:
        return {place.key: version_of(rows) for place, rows in self.by_place()}


def read_rows(board: Board) -> Rows:
    """All rows of the board with their articles, which have no body. One query."""
    rows = board.rows.select_related("article__channel", "article__cover").order_by("position", "id")
    if board.rows.model is Placement:
        rows = rows.select_related("picture")
    return Rows(board, list(rows.defer("article__body", "article__pages")))


def version_of(rows: list[models.Model]) -> str:
    """A word that is another whenever a row of the place came, went or changed."""
    told = [[getattr(row, column.attname) for column in row._meta.concrete_fields] for row in rows]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def has_ended(row: models.Model, at: datetime | None = None) -> bool:
    end = getattr(row, "ends_at", None)
    return end is not None and end <= (at or timezone.now())


# --- The boards there are ---


def home_board() -> Board:
    """The slots of the home page, and 今日热点, which stands beside articles and lists."""
    told = {
        Slot.HEADLINE: ("首页最上面的一条。", "最新的有图稿件"),
        Slot.CAROUSEL: ("首页左侧轮换的大图，稿件要有封面图或另配图片。", "最新的有图稿件"),
        Slot.PICK: ("首页“要闻”一栏。", "最新稿件"),
        Slot.HOT: ("稿件页和列表页旁边；不放就按点击自动排。", "点击最多的和最新的稿件"),
    }
    places = tuple(
        Place(
            key=slot.value,
            label="要闻" if slot == Slot.PICK else slot.label,
            model=Placement,
            values={"slot": slot.value, "channel_id": None, "region_id": None},
            most=PLACES.get(slot, HOT_SHOWN),
            # 今日热点 shows every article as it is.
            fields=PLACEMENT_FIELDS if slot in PLACES else ("starts_at", "ends_at"),
            help=text,
            filler=filler,
        )
        for slot, (text, filler) in told.items()
    )
    return Board("home", "首页", places, placements().filter(channel=None, region=None), table_of_placements())


def channel_board(channel: Channel) -> Board:
    return list_board(f"channel-{channel.pk}", channel.name, Slot.CHANNEL, channel_id=channel.pk, region_id=None)


def region_board(region: Region) -> Board:
    return list_board(f"region-{region.pk}", region.full_name, Slot.REGION, channel_id=None, region_id=region.pk)


def list_board(name: str, title: str, slot: Slot, **page: int | None) -> Board:
    place = Place(
        key=slot.value,
        label="置顶",
        model=Placement,
        values={"slot": slot.value, **page},
        most=PINNED,
        fields=PLACEMENT_FIELDS,
        help="列表第一页的最前面，依次排在最新稿件之前。",
    )
    return Board(name, title, (place,), placements().filter(**page), table_of_placements())


def topic_board(topic: Topic) -> Board:
    """The sections of a topic with their articles. One query."""
    places = tuple(
        Place(f"section-{section.pk}", section.title, TopicItem, {"section_id": section.pk})
        for section in topic.sections.all()
    )

    def touch() -> None:
        # Readers see when the topic was changed last, and its articles are what changes.
        topic.save(update_fields=["updated_at"])

    return Board(f"topic-{topic.pk}", topic.title, places, TopicItem.objects.filter(section__topic=topic), topic, touch)


def issue_board(issue: Issue) -> Board:
    place = Place("contents", "目录", IssueItem, {"issue_id": issue.pk}, fields=("column", "title"))
    return Board(f"issue-{issue.pk}", str(issue), (place,), IssueItem.objects.filter(issue=issue), issue)


def placements() -> models.QuerySet[Placement]:
    """What may still be shown, and what has ended lately."""
    return Placement.objects.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now() - REMEMBERED))


def table_of_placements() -> ContentType:
    """The row that stands for all placements: there is one in every database, whatever is placed."""
    return ContentType.objects.get_for_model(Placement)

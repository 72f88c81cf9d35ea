"""How many letters each province sent, how many were answered and how fast: counted with each step, never by a page."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection, transaction

from comments.models import Letter, LetterTally
from regions.models import Region

type Key = tuple[int, str, int]  # province, kind, value
Kind = LetterTally.Kind
LONGEST_DAYS = 999


@dataclass
class Figure:
    """The figures of one province, or of all. `days` are the days to each answer, with how many took so long."""

    province: Region | None = None
    received: int = 0
    answered: int = 0
    days: Counter[int] = field(default_factory=Counter)
    shown: Counter[bool] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        return self.province.name if self.province else "全国"

    @property
    def median(self) -> int | None:
        """The days within which half of the answers came; None without any."""
        passed = 0
        for day in sorted(self.days):
            passed += self.days[day]
            if passed * 2 >= self.answered:
                return day
        return None

    @property
    def rate(self) -> int:
        """Answered letters of a hundred."""
        return round(100 * self.answered / self.received) if self.received else 0

    def add(self, kind: str, value: int, number: int) -> None:
        if kind == Kind.RECEIVED:
            self.received += number
        elif kind == Kind.ANSWERED:
            self.answered += number
            self.days[value] += number
        else:
            self.shown[bool(value)] += number


def keys_of(letter: Letter) -> set[Key]:
    """The tallies in which a letter counts, by its columns."""
    keys: set[Key] = set()
    if letter.counts:
        keys.add((letter.province_id, Kind.RECEIVED, 0))
        if letter.answered_at:
            keys.add((letter.province_id, Kind.ANSWERED, min(letter.days, LONGEST_DAYS)))
    if letter.is_public:
        keys.add((letter.province_id, Kind.SHOWN, int(letter.answered_at is not None)))
    return keys


def move(before: set[Key], after: set[Key]) -> None:
    """Count a letter where it stands now and no more where it stood. The last step of a transaction.

    In the order of the keys, so that two who move letters at once wait for each other and never for ever.
    """
    changes = [(key, -1) for key in before - after] + [(key, 1) for key in after - before]
    table = connection.ops.quote_name(LetterTally._meta.db_table)
    with connection.cursor() as cursor:
        for (province, kind, value), step in sorted(changes):
            cursor.execute(
                f"INSERT INTO {table} (province_id, kind, value, number) VALUES (%s, %s, %s, %s) "  # noqa: S608 -- ours
                f"ON CONFLICT (province_id, kind, value) DO UPDATE SET number = {table}.number + %s",
                [province, str(kind), value, step, step],
            )


def recount() -> int:
    """Count all letters anew; how many tallies were wrong."""
    with transaction.atomic():
        right: Counter[Key] = Counter()
        columns = ["province_id", "state", "closing", "received_at", "answered_at", "published_at"]
        for letter in Letter.objects.order_by("pk").only(*columns).iterator(chunk_size=2000):
            right.update((*key[:1], str(key[1]), key[2]) for key in keys_of(letter))
        stood = {(row.province_id, row.kind, row.value): row.number for row in LetterTally.objects.select_for_update()}
        wrong = {key for key in right.keys() | stood.keys() if right[key] != stood.get(key, 0)}
        if wrong:
            LetterTally.objects.all().delete()
            LetterTally.objects.bulk_create(
                LetterTally(province_id=province, kind=kind, value=value, number=number)
                for (province, kind, value), number in right.items()
            )
    return len(wrong)


def by_province(provinces: Iterable[int] | None = None) -> tuple[Figure, list[Figure]]:
    """(all together, each province that has letters, in the order of the region bar). One query."""
    rows = LetterTally.objects.select_related("province").exclude(number=0)
    if provinces is not None:
        rows = rows.filter(province__in=provinces)
    total, found = Figure(), {}
    for row in rows.order_by("province__position", "province__code"):
        figure = found.setdefault(row.province_id, Figure(row.province))
        for each in (figure, total):
            each.add(row.kind, row.value, row.number)
    return total, list(found.values())

"""Letters of the demo's readers, at every point of their way, by the functions of the letter desk."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from comments.letters import intake, publication, rules
from comments.models import Letter, LetterTemplate
from regions.models import Region

type Row = dict[str, Any]
WRITTEN = ("name", "phone", "email", "subject", "consent")


def load_templates(rows: list[Row]) -> None:
    for position, row in enumerate(rows, start=1):
        LetterTemplate.objects.create(name=row["name"], body=row["body"].strip(), position=position)


def load_letter(row: Row, *, region: Region, people: Mapping[str, Any], now: datetime) -> Letter:
    """A letter of so many days ago, and what has been done about it since."""
    received = now - timedelta(days=row["days_ago"], hours=3)
    values = {name: row.get(name, "") for name in WRITTEN} | {"region": region, "text": row["text"].strip()}
    letter = intake.receive(values=values, at=received)
    desk, chief = people["editor"], people["chief"]

    def moment(step: Row) -> datetime:
        return received + timedelta(days=step["after"], hours=1)

    if step := row.get("forward"):
        due_on = rules.due_day(received)
        letter = rules.assign(letter, user=desk, to=desk, due_on=due_on, at=moment(step) - timedelta(minutes=20))
        letter = rules.forward(letter, user=desk, office=step["office"], at=moment(step))
    if step := row.get("show"):
        letter = publication.show(letter, user=chief, values=publication.proposed(letter), at=moment(step))
    if step := row.get("answer"):
        values = {"text": step["text"].strip(), "answered_by": step["by"]}
        letter = rules.answer(letter, user=desk, **values, at=moment(step))
    if step := row.get("publish"):
        letter = publication.publish(letter, user=chief, values=publication.proposed(letter), at=moment(step))
    if step := row.get("end"):
        values = {"closing": step["closing"], "text": step["text"].strip()}
        letter = rules.withhold(letter, user=desk, **values, at=moment(step))
    return letter

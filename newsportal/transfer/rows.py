"""One row as a JSON object and back: every column by its name, other rows by id, accounts by user name.

A column that a later version adds travels by itself; one that this version does not know is refused by name.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import models

from .tables import BY_NAME, DERIVED_COLUMNS

type Row = dict[str, Any]


class RowError(ValueError):
    """A row that cannot be taken. The message is Chinese and says why."""


def columns(model: type[models.Model], *, passwords: bool) -> list[models.Field]:
    """The columns of a table that travel, in the order of the model."""
    left_out = set(DERIVED_COLUMNS.get(model._meta.label, ()))
    if model._meta.label in BY_NAME:
        left_out |= {"id"} if passwords else {"id", "password"}
    return [field for field in model._meta.concrete_fields if field.name not in left_out]


def is_account(field: models.Field) -> bool:
    """Whether the column, or the many-to-many field, names people who sign in."""
    return field.is_relation and field.remote_field.model is get_user_model()


def rows_of(model: type[models.Model], *, passwords: bool) -> Iterator[Row]:
    """Every row of a table, in the order of its key. One query a table, and one for each thousand rows and relation."""
    fields = columns(model, passwords=passwords)
    accounts = [field.name for field in fields if is_account(field)]
    many = [field.name for field in model._meta.many_to_many]
    rows = model._base_manager.prefetch_related(*many)
    rows = rows.select_related(*accounts) if accounts else rows
    for instance in rows.order_by("pk").iterator(chunk_size=1000):
        row = {field.name: plain(field, instance) for field in fields}
        yield row | {field.name: relatives(field, instance) for field in model._meta.many_to_many}


def plain(field: models.Field, instance: models.Model) -> Any:
    """The value of a column in the types of JSON; moments in UTC with their microseconds."""
    if is_account(field):
        account = getattr(instance, field.name)
        return account.get_username() if account else None
    value = field.value_from_object(instance)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (timedelta, UUID)):
        return field.value_to_string(instance)
    return value.name if isinstance(field, models.FileField) else value


def relatives(field: models.ManyToManyField, instance: models.Model) -> list[int | str]:
    """What a row is joined to: permissions and groups by name, for their ids differ from portal to portal."""
    others = getattr(instance, field.name).all()
    if field.remote_field.model is Permission:
        return sorted(f"{other.content_type.app_label}.{other.codename}" for other in others)
    if field.remote_field.model._meta.label in BY_NAME:
        return sorted(getattr(other, BY_NAME[field.remote_field.model._meta.label]) for other in others)
    return sorted(other.pk for other in others)


def line(row: Row) -> bytes:
    # Sorted, because PostgreSQL keeps the keys of a JSON column in an order of its own.
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def instance_of(model: type[models.Model], row: Row, accounts: dict[str, int]) -> models.Model:
    """The row as an unsaved instance, without what it is joined to. Raises RowError."""
    fields = {field.name: field for field in columns(model, passwords=True)}
    if unknown := sorted(row.keys() - fields.keys() - {field.name for field in model._meta.many_to_many}):
        raise RowError(f"{model._meta.label} 有本站不认识的列：{'、'.join(unknown)}。")
    instance = model()
    for name, field in fields.items():
        if name not in row:
            continue
        value = row[name]
        if is_account(field):
            # Of an account that is not here any more, the work stays and the name goes, as after a deletion.
            value = accounts.get(value)
        elif value is not None:
            value = read(field, value)
        if isinstance(field, models.URLField) and value and not str(value).startswith(("http://", "https://")):
            raise RowError(f"{model._meta.label} 的 {name} 不是网址：{value}")
        setattr(instance, field.attname, value)
    return instance


def read(field: models.Field, value: Any) -> Any:
    try:
        return field.to_python(value)
    except ValidationError as error:
        raise RowError(f"{field.model._meta.label} 的 {field.name}：{'；'.join(error.messages)}") from error


@contextmanager
def own_times(model: type[models.Model]) -> Iterator[None]:
    """Let rows keep the times they come with, where Django would write the present one."""
    fields = [field for field in model._meta.concrete_fields if isinstance(field, models.DateField)]
    before = [(field, field.auto_now, field.auto_now_add) for field in fields]
    for field in fields:
        field.auto_now = field.auto_now_add = False
    try:
        yield
    finally:
        for field, now, now_add in before:
            field.auto_now, field.auto_now_add = now, now_add


def joins(model: type[models.Model], rows: Iterable[Row]) -> Iterator[tuple[type[models.Model], list[models.Model]]]:
    """For each many-to-many field of the table: its own table, and the rows of it that `rows` ask for."""
    rows = list(rows)
    for field in model._meta.many_to_many:
        through, here, there = field.remote_field.through, field.m2m_column_name(), field.m2m_reverse_name()
        found = [through(**{here: row["id"], there: other}) for row in rows for other in row.get(field.name, [])]
        yield through, found

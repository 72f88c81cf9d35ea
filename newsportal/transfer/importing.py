"""Taking the folder back into an empty portal: checked whole before anything is written, then all rows or none."""

import hashlib
import json
from collections.abc import Callable, Iterator
from itertools import batched
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction

from articles.counters import refresh_rankings
from articles.library import render_all
from articles.publishing import reindex_articles
from articles.rendering import set_pages
from newsportal.lib import pagecache
from newsportal.lib.chinese import count_characters
from newsportal.lib.html import clean_html, text_of
from regions.models import Region

from . import files
from .exporting import FILES, FORMAT, MANIFEST
from .rows import Row, RowError, instance_of, joins, own_times
from .tables import BY_NAME, EXPORTED, MAY_HAVE_ROWS, REPLACED, exported_models, rows_path, title

BATCH = 500
TOLD = 20

type Progress = Callable[[str], None]


class FolderError(Exception):
    """The folder cannot be imported. The message is Chinese and names every file that is wrong, up to TOLD."""


def import_portal(folder: Path, *, progress: Progress) -> dict[str, int]:
    """Take an exported folder into this portal, which must be empty; how many rows each table got.

    Side effects: pictures with their renditions and videos in the storages; all rows in one transaction, with their
    ids; then, article by article, what is derived from them; rankings; fresh pages. Raises FolderError before the
    first row, or with none kept.
    """
    manifest = read_manifest(folder)
    progress("核对文件")
    if wrong := list(problems(folder, manifest)):
        more = [f"……另有 {len(wrong) - TOLD} 处"] if len(wrong) > TOLD else []
        raise FolderError("文件夹不完整或被改动过：\n" + "\n".join([*wrong[:TOLD], *more]))
    refuse_if_filled()
    take_files(folder, progress)
    try:
        with transaction.atomic():
            counts = {model._meta.label: take_rows(model, folder, progress) for model in exported_models()}
            reset_sequences()
    except (RowError, ValueError, KeyError, TypeError, DatabaseError) as error:
        raise FolderError(f"有的行不能导入，什么都没有写入：{error}") from error
    reindex_articles(progress=lambda done: progress(f"稿件索引 {done}/{counts['articles.Article']}"))
    # Of pictures came the originals alone: their rows say what readers get of them. After the index, which knows who
    # shows a picture that has another name here.
    *_, failed = render_all(progress=lambda done, *_: progress(f"图片 {done}") if done % 200 == 0 else None)
    for each in failed[:TOLD]:
        progress(each)
    refresh_rankings()
    pagecache.bump()
    return counts


def read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        form = manifest["format"]
        labels = set(manifest["rows"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FolderError(f"{folder} 不是完整的导出：没有可用的 {MANIFEST}。") from error
    if form != FORMAT:
        raise FolderError(f"导出的格式是 {form}，这一版只认识 {FORMAT}。")
    if unknown := sorted(labels - set(EXPORTED)):
        raise FolderError(f"导出里有本站没有的表：{'、'.join(unknown)}。请先升级本站。")
    return manifest


def problems(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """What is missing, changed or out of place in the folder, each as a Chinese phrase."""
    for label, told in manifest["rows"].items():
        yield from compare(folder / rows_path(label), rows_path(label), told["sha256"])
    if wrong := list(compare(folder / FILES, FILES, manifest["files"]["sha256"])):
        yield from wrong
        return
    for row in lines_of(folder / FILES):
        try:
            yield from compare(files.inside(folder, row["path"]), row["path"], row["sha256"])
        except files.FileRefusedError as error:
            yield str(error)


def compare(path: Path, name: str, sha256: str) -> Iterator[str]:
    try:
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                yield f"内容变了：{name}"
    except OSError:
        yield f"缺少：{name}"


def lines_of(path: Path) -> Iterator[Row]:
    """The rows of a file of JSON lines; none where there is no file: a table younger than the export."""
    if path.is_file():
        with path.open("rb") as file:
            yield from map(json.loads, file)


def refuse_if_filled() -> None:
    filled = [model for model in exported_models() if model._meta.label not in MAY_HAVE_ROWS]
    names = [title(model) for model in filled if model._base_manager.exists()]
    if names:
        raise FolderError(
            f"本站不是空的（已有：{'、'.join(names)}），不能导入。请换一个空的数据库（DATABASE_URL 或 VAR_DIR）；"
            "如果是上一次导入在建立索引时中断了，运行 manage.py reindex_articles 即可。"
        )


def take_files(folder: Path, progress: Progress) -> None:
    for number, row in enumerate(lines_of(folder / FILES), start=1):
        try:
            files.take_in(row["path"], folder)
        except (files.FileRefusedError, OSError) as error:
            raise FolderError(f"文件不能导入：{error}") from error
        if number % 20 == 0:
            progress(f"文件 {number}")


def take_rows(model: type[models.Model], folder: Path, progress: Progress) -> int:
    """Write the rows of one table; how many."""
    label, count = model._meta.label, 0
    rows = lines_of(folder / rows_path(label))
    if label in BY_NAME:
        return sum(TAKE_BY_NAME[label](row) for row in rows)
    if label in REPLACED and (folder / rows_path(label)).is_file():
        if model is Region:
            model.objects.update(parent=None)
        model.objects.all().delete()
    accounts = dict(get_user_model().objects.values_list("username", "pk"))
    with own_times(model):
        for batch in batched(rows, BATCH, strict=False):
            model._base_manager.bulk_create([finish(instance_of(model, row, accounts)) for row in batch])
            for through, found in joins(model, batch):
                through._base_manager.bulk_create(found)
            count += len(batch)
            if count % (BATCH * 20) == 0:
                progress(f"{title(model)} {count}")
    return count


def finish(instance: models.Model) -> models.Model:
    """Clean what readers get as HTML, whatever the folder says, and make the columns that follow from it."""
    label = instance._meta.label
    if label in {"articles.Article", "about.Page"}:
        instance.body = clean_html(instance.body)
    if label == "articles.Article":
        set_pages(instance)
        instance.characters = count_characters(text_of(instance.body))
    return instance


def take_group(row: Row) -> bool:
    """Make the group unless there is one of the name."""
    group, made = Group.objects.get_or_create(name=row["name"])
    if made:
        group.permissions.set(permissions_of(row["permissions"]))
    return made


def take_member(row: Row) -> bool:
    """Make the account unless there is one of the name, whose password and rights stay as they are."""
    accounts = get_user_model().objects
    if accounts.filter(username=row["username"]).exists():
        return False
    member = instance_of(get_user_model(), row, {})
    if not row.get("password"):
        member.set_unusable_password()
    with own_times(get_user_model()):
        member.save()
    member.groups.set(Group.objects.filter(name__in=row["groups"]))
    member.user_permissions.set(permissions_of(row["user_permissions"]))
    # An export of an earlier version has neither.
    member.channels.set(row.get("channels", []))
    member.regions.set(row.get("regions", []))
    return True


def permissions_of(names: list[str]) -> list[Permission]:
    wanted = [name.partition(".") for name in names]
    found = Permission.objects.filter(codename__in=[codename for _, _, codename in wanted])
    known = {(each.content_type.app_label, each.codename): each for each in found.select_related("content_type")}
    return [known[app, codename] for app, _, codename in wanted if (app, codename) in known]


TAKE_BY_NAME = {"auth.Group": take_group, "members.Member": take_member}


def reset_sequences() -> None:
    """Let the next row of each table get an id that none has: PostgreSQL counts apart from the rows."""
    tables = [apps.get_model(label) for label in EXPORTED if label not in BY_NAME]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)

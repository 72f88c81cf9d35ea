"""Writing the folder: rows of one moment, then the files they name, last the manifest, without which it is nothing."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from . import files
from .rows import line, rows_of
from .tables import exported_models, rows_path, title

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files.jsonl"

type Progress = Callable[[str], None]


def export_portal(folder: Path, *, passwords: bool, progress: Progress) -> list[str]:
    """Write everything the portal holds into an empty folder, for nobody else to read.

    The same portal gives the same bytes. `passwords` adds the hashes of the accounts' passwords. Returns the names of
    files that rows refer to and no storage has. Raises FileExistsError for a folder that holds anything.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"文件夹不是空的：{folder}")
    (folder / "rows").mkdir()
    with snapshot():
        tables = {}
        for model in exported_models():
            progress(title(model))
            rows = (line(row) for row in rows_of(model, passwords=passwords))
            tables[model._meta.label] = write_lines(folder / rows_path(model._meta.label), rows)
        names = list_names(folder)
    missing: list[str] = []
    media = write_lines(folder / FILES, copy_files(names, folder, missing, progress))
    names.unlink()
    manifest = {"format": FORMAT, "passwords": passwords, "rows": tables, "files": media, "missing": missing}
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return missing


@contextmanager
def snapshot() -> Iterator[None]:
    """Read all tables as of one moment, while editors go on. Within a transaction: as of that transaction."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Not atomic(), which takes the write lock at once here and would keep everybody from saving.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("COMMIT")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def write_lines(path: Path, lines: Iterable[bytes]) -> dict[str, Any]:
    """Write the lines; how many they were, and the SHA-256 of the file."""
    digest, count = hashlib.sha256(), 0
    with path.open("wb") as file:
        for each in lines:
            file.write(each)
            digest.update(each)
            count += 1
    return {"count": count, "sha256": digest.hexdigest()}


def list_names(folder: Path) -> Path:
    """Note which files the rows of this moment name: copying them takes longer than a moment should last."""
    path = folder / "names.tmp"
    write_lines(path, (line({"kind": kind, "name": name}) for kind, name in files.names() if name))
    return path


def copy_files(names: Path, folder: Path, missing: list[str], progress: Progress) -> Iterator[bytes]:
    with names.open("rb") as lines:
        for number, each in enumerate(lines, start=1):
            row = json.loads(each)
            path = f"{row['kind']}/{row['name']}"
            try:
                if files.inside(folder, path).exists():
                    continue  # two rows show the same file
                yield line(asdict(files.copy_out(row["kind"], row["name"], folder)))
            except (OSError, files.FileRefusedError):
                missing.append(path)
            if number % 100 == 0:
                progress(f"文件 {number}")

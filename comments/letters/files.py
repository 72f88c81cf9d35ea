"""What comes with a letter: judged by its content, kept among the originals, where no address leads."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import ZipFile

from django.core.files.base import File
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from articles.pasting import archives
from comments.models import Letter, LetterFile
from comments.texts import clean_line
from newsportal.lib.images import FORMATS, SIGNATURES, BadPictureError, inspect_picture

Kind = LetterFile.Kind
MOST_FILES = 6
MOST_BYTES, MOST_TOTAL = 10 * 2**20, 30 * 2**20
LONGEST_NAME = 100
TEXT_MOST_BYTES = 2**20
ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/avif,.pdf,.doc,.docx,.wps,.txt"
TAKEN = "JPEG、PNG、WebP、AVIF、GIF 图片，PDF，Word（.doc、.docx），WPS 文字，纯文本"
# A document that brings programs along.
MACROS = ("_VBA_PROJECT".encode("utf-16-le"), "Macros".encode("utf-16-le"), b"vbaProject.bin")


class BadFileError(ValueError):
    """A file that we do not take. The message is Chinese, names it and says what to do."""


@dataclass(frozen=True)
class Judged:
    """A file that may be kept: its kind, and the ending that its content gives it.

    One that was kept for the return of a refused form (`holding`) has no `file`, but lies under the name `held`.
    """

    file: BinaryIO | None
    name: str
    kind: Kind
    ending: str
    size: int
    held: str = ""
    token: str = ""


def judge_all(files: Iterable[UploadedFile]) -> list[Judged]:
    """Every file, judged. Raises BadFileError with what is wrong with the first that is not taken."""
    files = list(files)
    refuse_too_much(files)
    return [judge(file) for file in files]


def refuse_too_much(files: Sequence[UploadedFile | Judged]) -> None:
    """Raises BadFileError where they are more than one letter may bring."""
    if len(files) > MOST_FILES:
        raise BadFileError(f"最多 {MOST_FILES} 个文件，您选了 {len(files)} 个：请去掉几个，或合成一份文档。")
    if sum(file.size for file in files) > MOST_TOTAL:
        raise BadFileError(f"文件合计超过 {MOST_TOTAL // 2**20} MB：请压缩图片，或少选几个。")


def judge(file: UploadedFile) -> Judged:
    """Raises BadFileError for what is no picture or document of a kind we take, by its content and not by its name."""
    name = clean_name(file.name)
    if file.size > MOST_BYTES:
        raise BadFileError(f"“{name}”超过 {MOST_BYTES // 2**20} MB：请压缩后再选。")
    if not file.size:
        raise BadFileError(f"“{name}”是空文件：请检查后重新选择。")
    file.seek(0)
    head = file.read(512)
    file.seek(0)
    kind, ending = kind_of(file, head, name)
    file.seek(0)
    return Judged(file, f"{name.rpartition('.')[0] or name}.{ending}", kind, ending, file.size)


def kind_of(file: UploadedFile, head: bytes, name: str) -> tuple[Kind, str]:
    """What the content is, and its ending."""
    if head.startswith(b"%PDF-"):
        return Kind.PDF, "pdf"
    if head.startswith(archives.OLE):
        refuse_macros(file, name)
        return Kind.DOC, "wps" if name.lower().endswith(".wps") else "doc"
    if head.startswith(archives.ZIP):
        judge_docx(file, name)
        return Kind.DOCX, "docx"
    if is_picture(head):
        try:
            picture_format, _, _ = inspect_picture(file)
        except BadPictureError as error:
            raise BadFileError(f"“{name}”：{error}") from error
        return Kind.PICTURE, FORMATS[picture_format]
    if name.lower().endswith(".txt") and is_text(file):
        return Kind.TEXT, "txt"
    raise BadFileError(f"“{name}”的类型不收。可以寄：{TAKEN}。")


def is_picture(head: bytes) -> bool:
    return head.startswith(SIGNATURES) or head[8:12] in {b"WEBP", b"avif", b"avis"}


def is_text(file: UploadedFile) -> bool:
    """Whether all of it reads as text, in UTF-8 or in the encoding of Chinese Windows."""
    content = file.read(TEXT_MOST_BYTES + 1)
    if len(content) > TEXT_MOST_BYTES or b"\0" in content:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def judge_docx(file: UploadedFile, name: str) -> None:
    """An archive is believed to be small, and a document, only after its table of contents was read."""
    try:
        archives.judge(file, name)
    except archives.BadFileError as error:
        told = str(error).replace("再导入", "再选择").replace("，不能导入", "，不能接收").replace("导入", "选择")
        raise BadFileError(f"“{name}”：{told}") from error
    with ZipFile(file) as archive:
        if any(entry.lower().endswith(("vbaproject.bin", ".exe", ".js", ".vbs")) for entry in archive.namelist()):
            raise BadFileError(f"“{name}”带有宏程序，不能接收：请另存为不带宏的 .docx。")


def refuse_macros(file: UploadedFile, name: str) -> None:
    content = file.read()
    if any(mark in content for mark in MACROS):
        raise BadFileError(f"“{name}”带有宏程序，不能接收：请另存为 .docx。")


def clean_name(name: str) -> str:
    """The file's own name without folders, and without what a screen or a file system would take amiss."""
    base = re.split(r"[/\\]", clean_line(name or ""))[-1]
    kept = re.sub(r'[<>:"|?*\x00-\x1f]', "", base).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    stem, ending = (stem, ending[:8]) if dot else (kept, "")
    stem = stem[: LONGEST_NAME - 10] or "附件"
    return f"{stem}.{ending}" if ending else stem


@contextmanager
def kept(letter: Letter, judged: Iterable[Judged]) -> Iterator[None]:
    """Store the files of a new letter, and take them away again when the block that needs them fails."""
    shelf, names = storages["originals"], []
    try:
        for one in judged:
            names.append(keep(letter, one))
        yield
    except BaseException:
        for name in names:
            shelf.delete(name)
        raise


def keep(letter: Letter, one: Judged) -> str:
    """Store one file and its row; the name under which it lies."""
    wanted = f"letters/{timezone.localdate():%Y%m}/{secrets.token_hex(16)}.{one.ending}"
    with opened(one) as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        stored = storages["originals"].save(wanted, File(file))
    row = {"name": one.name[-LONGEST_NAME:], "kind": one.kind, "size": one.size, "sha256": digest}
    LetterFile.objects.create(letter=letter, stored=stored, **row)
    return stored


@contextmanager
def opened(one: Judged) -> Iterator[BinaryIO]:
    if one.held:
        with storages["originals"].open(one.held) as file:
            yield file
    else:
        one.file.seek(0)
        yield one.file


def discard(letter: Letter, *, only: LetterFile | None = None) -> int:
    """Delete the files of a letter, or only one of them, with the commit those of the disk; how many."""
    rows = letter.files.filter(pk=only.pk) if only else letter.files.all()
    stored = list(rows.values_list("stored", flat=True))
    rows.delete()
    transaction.on_commit(lambda: [storages["originals"].delete(name) for name in stored])
    return len(stored)


def is_ours(file: BinaryIO, stored: str) -> bool:
    """Whether a file of another portal is one that a letter could have brought here, under this name."""
    if not re.fullmatch(r"letters/[0-9]{6}/[0-9a-f]{32}\.[a-z]{2,4}", stored):
        return False
    try:
        judged = judge(UploadedFile(file, stored, size=file.seek(0, 2)))
    except BadFileError:
        return False
    finally:
        file.seek(0)
    return judged.ending == stored.rpartition(".")[2]

"""A .docx file before anything reads it: whether it is one, and whether it stays small when it is unpacked."""

import re
from typing import BinaryIO
from zipfile import ZipFile

from django.conf import settings

OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
HOW = "请在 Word 或 WPS 里另存为 .docx，再导入"
# Text takes fifty times its size in memory while it is read.
MOST_ENTRIES, MOST_UNPACKED, MOST_XML = 2000, 64 * 2**20, 4 * 2**20
ENCRYPTED = 0x1  # bit of an entry's flags
# A document type may define words by words, without end; Word writes none.
DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class BadFileError(ValueError):
    """The file is no .docx that we take. The message is Chinese and says what to do."""


def judge(file: BinaryIO, name: str = "") -> None:
    """Raises BadFileError for what is no .docx, is locked, or would unpack to more than we read."""
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if not head.startswith(ZIP):
        raise BadFileError(refusal(head, file, name.lower()))
    try:
        with ZipFile(file) as archive:
            judge_entries(archive)
    except BadFileError:
        raise
    except Exception as error:  # zipfile, zlib and their kin have a kind of their own for each way to be broken
        raise BadFileError(f"文件不完整，打不开：{HOW}。") from error
    finally:
        file.seek(0)


def refusal(head: bytes, file: BinaryIO, name: str) -> str:
    """What to tell of a file that is no archive."""
    if head == OLE:
        if "EncryptedPackage".encode("utf-16-le") in file.read(settings.DOCX_MAX_BYTES):
            return "文件有打开密码：请在 Word 里去掉密码（文件 → 信息 → 保护文档），再导入。"
        return f"这是旧的 .doc 或 .wps 文件：{HOW}。"
    if head.startswith(b"%PDF"):
        return "这是 PDF：请导入它的 Word 原稿（.docx），或从 PDF 里复制文字粘贴。"
    if head.startswith(b"{\\rtf"):
        return f"这是 RTF 文件：{HOW}。"
    return f"这个文件{f'（{name[-40:]}）' if name else ''}不是 .docx：{HOW}。"


def judge_entries(archive: ZipFile) -> None:
    """Sizes as the archive states them: no more than those is ever unpacked."""
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise BadFileError("文件解开以后太大：请分成几份，或压缩图片以后再导入。")
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise BadFileError("文件有密码：请去掉密码再导入。")
    if "[Content_Types].xml" not in archive.namelist() or not any("document" in entry.filename for entry in entries):
        raise BadFileError(f"这个文件不是 Word 文档：{HOW}。")
    parts = [entry for entry in entries if entry.filename.lower().endswith((".xml", ".rels"))]
    if sum(entry.file_size for entry in parts) > MOST_XML:
        raise BadFileError("文档的文字部分太大：请分成几份，再导入。")
    for entry in parts:
        content = archive.read(entry)
        # Also in two bytes a character, where the words of a document type could hide.
        if DOCTYPE.search(content) or DOCTYPE.search(content.replace(b"\0", b"")):
            raise BadFileError("文档里有不安全的定义，不能导入。")

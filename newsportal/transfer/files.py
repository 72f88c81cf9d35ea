"""The files that travel: original pictures, videos, readers' avatars. Other renditions are made anew from originals."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.contrib.auth import get_user_model
from django.core.files import File
from django.core.files.storage import default_storage, storages

from about.models import StaffMember
from articles.audio import audio_extension
from articles.forms import video_extension
from articles.models import Audio, Photo, Video
from comments.letters.files import is_ours
from comments.models import LetterFile
from members import avatars
from newsportal.lib.images import (
    PHOTO_WIDTHS,
    PORTRAIT_WIDTHS,
    BadPictureError,
    SmallPictureError,
    inspect_picture,
    keep_original,
    store_picture,
)

CHUNK = 256 * 1024
WIDTHS = {"photos": PHOTO_WIDTHS, "staff": PORTRAIT_WIDTHS}
# A name that can be a path below a folder and nothing else: no part begins with a dot, none is empty.
SAFE = re.compile(r"(originals|media)(/[^./\\\x00-\x1f][^/\\\x00-\x1f]*){1,8}")


class FileRefusedError(ValueError):
    """A file that cannot be taken. The message is Chinese and names it."""


@dataclass(frozen=True)
class Travelling:
    """A file on its way: its path in the folder, below `files/`; its size in bytes and its SHA-256."""

    path: str
    size: int
    sha256: str


def names() -> Iterator[tuple[str, str]]:
    """(storage, name) of every file that rows refer to, in a fixed order; one may come twice. Five queries."""
    for data in Photo.objects.order_by("pk").values_list("data", flat=True).iterator(chunk_size=1000):
        yield "originals", data.get("original", "")
    for data in StaffMember.objects.order_by("pk").values_list("photo_data", flat=True).iterator(chunk_size=1000):
        yield "originals", data.get("original", "")
    for pair in Video.objects.order_by("pk").values_list("file", "subtitles").iterator(chunk_size=1000):
        yield from (("media", name) for name in pair)
    stems = get_user_model().objects.exclude(avatar="").order_by("pk").values_list("avatar", flat=True)
    for stem in stems.iterator(chunk_size=1000):
        yield from (("media", name) for name in avatars.file_names(stem))
    for name in Audio.objects.order_by("pk").values_list("file", flat=True).iterator(chunk_size=1000):
        yield "media", name
    for name in LetterFile.objects.order_by("pk").values_list("stored", flat=True).iterator(chunk_size=1000):
        yield "originals", name


def storage_of(kind: str):
    return storages["originals"] if kind == "originals" else default_storage


def copy_out(kind: str, name: str, folder: Path) -> Travelling:
    """Copy a file of a storage to where it stands in the folder. Raises OSError when it is not there."""
    path = f"{kind}/{name}"
    target = inside(folder, path)
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with storage_of(kind).open(name) as source, target.open("wb") as copy:
        for chunk in iter(lambda: source.read(CHUNK), b""):
            digest.update(chunk)
            size += len(chunk)
            copy.write(chunk)
    return Travelling(path, size, digest.hexdigest())


def inside(folder: Path, path: str) -> Path:
    """Where a travelling file stands in the folder. Raises FileRefusedError for a path that leads anywhere else."""
    file = folder / "files" / path
    if not SAFE.fullmatch(path) or not file.resolve().is_relative_to((folder / "files").resolve()):
        raise FileRefusedError(f"路径不对：{path}")
    return file


def take_in(path: str, folder: Path) -> None:
    """Bring a file of the folder into the storage it belongs to, a picture with its renditions. Twice is once.

    Raises FileRefusedError for what is no picture or video of ours, or would stand under another name.
    """
    kind, _, name = path.partition("/")
    with inside(folder, path).open("rb") as file:
        if kind == "originals" and name.startswith("letters/"):
            take_letter_file(file, name)
        elif kind == "originals":
            take_picture(file, name)
        else:
            take_media(file, name)


def take_letter_file(file: BinaryIO, name: str) -> None:
    """What came with a letter: no address leads there, so it is taken as it is when a letter could have brought it."""
    if not is_ours(file, name):
        raise FileRefusedError(f"不是来信能带的文件：{name}")
    if not storages["originals"].exists(name):
        storages["originals"].save(name, File(file))


def take_picture(file: BinaryIO, name: str) -> None:
    shelf = name.partition("/")[0]
    if shelf not in WIDTHS:
        raise FileRefusedError(f"不认识的图片文件夹：{name}")
    try:
        # What readers get of a photo is made once its row is there, which may say that it is taken down.
        if shelf == "photos":
            original = keep_original(file, folder=shelf).name
        else:
            original = store_picture(file, folder=shelf, widths=WIDTHS[shelf])["original"]
    except BadPictureError as error:
        raise FileRefusedError(f"{name}：{error}") from error
    if original != name:
        raise FileRefusedError(f"图片的名字与内容不符：{name}")


def is_avatar(file: BinaryIO, name: str) -> bool:
    if not name.startswith("avatars/") or not name.endswith((".jpg", ".webp")):
        return False
    try:
        inspect_picture(file)
    except SmallPictureError:  # which they are: this is asked last
        return True
    except BadPictureError:
        return False
    return True


def take_media(file: BinaryIO, name: str) -> None:
    """A video, its subtitles, a recording or an avatar: nothing that a browser would run may get an address here."""
    is_video = name.endswith((".mp4", ".webm")) and video_extension(file) != ""
    is_text = name.endswith(".vtt") and file.read(16).removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT")
    file.seek(0)
    is_audio = name.endswith((".mp3", ".m4a", ".ogg")) and name.endswith(audio_extension(file.read(64)) or ".")
    file.seek(0)
    if not is_video and not is_text and not is_audio and not is_avatar(file, name):
        raise FileRefusedError(f"不是视频、字幕或音频：{name}")
    if not default_storage.exists(name):
        default_storage.save(name, File(file))
        return
    with default_storage.open(name) as present:
        if hashlib.file_digest(present, "sha256").digest() != hashlib.file_digest(file, "sha256").digest():
            raise FileRefusedError(f"本站已有另一个同名文件：{name}")

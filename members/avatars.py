"""Avatars: judged as the photo library judges, cut square, stored under a name that nobody guesses."""

import secrets
from typing import BinaryIO

from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from newsportal.lib.images import (
    EXTENSIONS,
    UNREADABLE,
    BadPictureError,
    inspect_picture,
    resized_to,
    upright_rgb,
    write_renditions,
)

from .models import AVATAR_SIDES, Member

MOST_BYTES, MOST_PIXELS = 5 * 1024 * 1024, 25_000_000


def check(file: BinaryIO) -> None:
    """Refuse, by its header alone, what is no picture or more than a face needs. Raises BadPictureError."""
    if file.size > MOST_BYTES:
        raise BadPictureError(f"图片超过 {MOST_BYTES // 2**20} MB，请压缩后再上传。")
    _, width, height = inspect_picture(file)
    if width * height > MOST_PIXELS:
        raise BadPictureError(f"图片尺寸 {width}×{height} 太大，请缩小到 {MOST_PIXELS // 10**6}00 万像素以内。")


def square_of(file: BinaryIO) -> Image.Image:
    """The middle of the picture, upright and without metadata. Raises BadPictureError for one that does not decode."""
    file.seek(0)
    try:
        image = upright_rgb(file.read())
    except UNREADABLE as error:
        raise BadPictureError("图片内容已损坏，无法解码：请重新导出后上传。") from error
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def replace(member: Member, file: BinaryIO | None) -> None:
    """Give the member this picture, or none; the files of the one before go when that is certain.

    Saves the member's column. Raises BadPictureError.
    """
    before, stem = member.avatar, ""
    if file is not None:
        image, stem = square_of(file), f"avatars/{secrets.token_urlsafe(20)}"
        for side in AVATAR_SIDES:
            write_renditions(resized_to(image, side), stem)
    with transaction.atomic():
        member.avatar = stem
        member.save(update_fields=["avatar"])
        transaction.on_commit(lambda: delete_files(before))


def delete_files(stem: str) -> None:
    for name in file_names(stem):
        default_storage.delete(name)


def file_names(stem: str) -> list[str]:
    """The names in the storage of all renditions; none for whoever has no picture."""
    return [f"{stem}-{side}.{extension}" for side in AVATAR_SIDES for extension in EXTENSIONS] if stem else []

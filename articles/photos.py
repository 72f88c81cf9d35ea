"""Pictures that come into the library otherwise than through its own form: dropped, pasted, imported, fetched."""

import hashlib
import io

from django.contrib.auth.base_user import AbstractBaseUser

from newsportal.lib.chinese import shorten
from newsportal.lib.images import PHOTO_WIDTHS, store_picture

from .models import Photo

NO_CAPTION = "图片"


def known_photo(content: bytes) -> Photo | None:
    """The library's row of the very same file. One query."""
    return Photo.objects.filter(sha256=hashlib.sha256(content).hexdigest()).first()


def keep_photo(
    content: bytes, *, caption: str = "", alt: str = "", credit: str = "", by: AbstractBaseUser | None = None
) -> tuple[Photo, bool]:
    """The library's row of a picture, and whether it is new.

    A file that is there already keeps its words: whoever wrote them knew more than a file that comes in. Words too long
    for the library are shortened. Raises BadPictureError for what is no picture that we take, before it is decoded.
    """
    if known := known_photo(content):
        return known, False
    data = store_picture(io.BytesIO(content), folder="photos", widths=PHOTO_WIDTHS)
    caption = shorten(caption or NO_CAPTION, 300)
    return Photo.objects.get_or_create(
        sha256=data["sha256"],
        defaults={
            "data": data,
            "width": data["width"],
            "height": data["height"],
            "caption": caption,
            "alt": shorten(alt or caption, 200),
            "credit": shorten(credit, 60),
            "uploaded_by": by,
        },
    )

"""Pictures that come into the library, and what is done to them before readers get them.

Whatever changes a picture that is there already is in `articles.library`.
"""

import hashlib
import io
from collections.abc import Collection
from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from newsportal.lib import watermark
from newsportal.lib.chinese import shorten
from newsportal.lib.images import PHOTO_WIDTHS, Treatment, store_picture
from newsportal.lib.metadata import Metadata, read_metadata

from .models import Photo

NO_CAPTION = "图片"


def known_photo(content: bytes) -> Photo | None:
    """The library's row of the very same file. One query."""
    return Photo.objects.filter(sha256=hashlib.sha256(content).hexdigest()).first()


def keep_photo(
    content: bytes,
    *,
    caption: str = "",
    alt: str = "",
    credit: str = "",
    by: AbstractBaseUser | None = None,
    taken_at: date | None = None,
    **values: Any,
) -> tuple[Photo, bool]:
    """The library's row of a picture, and whether it is new.

    What is not given is taken from what the file says of itself; `values` are other columns of the row. A file that is
    there already keeps its words: whoever wrote them knew more than a file that comes in. Words too long for the
    library are shortened. Raises BadPictureError for what is no picture that we take, before it is decoded.
    """
    if known := known_photo(content):
        return known, False
    photo = Photo(**values)
    data = store_picture(io.BytesIO(content), folder="photos", widths=PHOTO_WIDTHS, treatment=treatment_of(photo))
    said = read_metadata(content)
    caption = shorten(caption or said.caption or NO_CAPTION, 300)
    return Photo.objects.get_or_create(
        sha256=data["sha256"],
        defaults={
            **values,
            "data": data,
            "width": data["width"],
            "height": data["height"],
            "caption": caption,
            "alt": shorten(alt or caption, 200),
            "credit": shorten(credit or said.credit, 60),
            "taken_at": taken_at or said.taken_on,
            "uploaded_by": by,
        },
    )


def fill_from(photo: Photo, said: Metadata) -> list[str]:
    """Give a new picture what its file says, where it has nothing. Returns the Chinese names of what was filled."""
    found = {"caption": shorten(said.caption, 300), "credit": shorten(said.credit, 60), "taken_at": said.taken_on}
    filled = [name for name, value in found.items() if value and not getattr(photo, name)]
    for name in filled:
        setattr(photo, name, found[name])
    return [str(Photo._meta.get_field(name).verbose_name) for name in filled]


def treatment_of(photo: Photo) -> Treatment:
    """What is to be done to the picture's original: its crop, and the site's mark on what is its own."""
    is_marked = photo.licence == Photo.Licence.OWN and not photo.no_watermark
    return Treatment(photo.crop, watermark.configured() if is_marked else None)


def hold(ids: Collection[int]) -> list[int]:
    """Keep pictures from being deleted until this transaction ends; which of them are there. One query.

    Against `library.delete`: without it, a picture could go between the look at a text and the commit of it.
    """
    held = Photo.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    return list(held.values_list("pk", flat=True))

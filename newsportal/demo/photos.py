"""The demo's pictures as rows of the library."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from articles.models import Photo

from .drawing import Drawing

CREDIT = "本网绘图"
RIGHTS = "演示图片，由本站程序绘制。"
LENT = "演示图片，按有期限的授权登记。"
# In how many days the licences of a few pictures end: two soon, for the page of what expires to show something.
EXPIRE_IN = (9, 23, 120, 240, 360)


def photo_row(drawing: Drawing, data: dict[str, Any]) -> Photo:
    """The library's row for a stored picture; the same drawing twice is one row."""
    photo, _ = Photo.objects.update_or_create(
        sha256=data["sha256"],
        defaults={
            "data": data,
            "width": data["width"],
            "height": data["height"],
            "caption": drawing.caption,
            "alt": drawing.alt,
            "credit": CREDIT,
            "licence": Photo.Licence.OWN,
            "rights": RIGHTS,
        },
    )
    return photo


def lend(photos: Iterable[Photo], *, today: date) -> None:
    """Give the first of the pictures a licence that ends."""
    for photo, days in zip(photos, EXPIRE_IN, strict=False):
        photo.licence, photo.rights, photo.expires_on = Photo.Licence.LICENSED, LENT, today + timedelta(days=days)
        photo.save(update_fields=["licence", "rights", "expires_on"])

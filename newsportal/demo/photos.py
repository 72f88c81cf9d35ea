"""The demo's pictures as rows of the library."""

from typing import Any

from articles.models import Photo

from .drawing import Drawing

CREDIT = "本网绘图"
RIGHTS = "演示图片，由本站程序绘制。"


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
            "rights": RIGHTS,
        },
    )
    return photo

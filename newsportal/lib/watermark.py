"""The site's mark in the lower right of its own pictures: the words, or the PNG, of the setting PHOTO_WATERMARK."""

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw

from .fonts import LANGUAGE, font

# Narrower renditions are thumbnails, where a mark would be a smudge.
SMALLEST_MARKED = 640
# Of the width of the picture: the height of the letters, the widest that a mark may be, its distance from the edges.
LETTERS, WIDEST, MARGIN = 0.026, 0.3, 0.02
# White with a dark edge, neither opaque: read on snow and on a night sky, and not looked at first.
INK, EDGE = (255, 255, 255, 178), (0, 0, 0, 112)
PNG_OPACITY = 0.7
# Raised when the drawing changes, so that renditions get other names.
EDITION = 1


@dataclass(frozen=True)
class Watermark:
    """A mark as it is configured; `is_file` when `value` is the path of a PNG rather than the words."""

    value: str
    is_file: bool = False

    @cached_property
    def digest(self) -> str:
        """What names this mark and no other, in hexadecimal."""
        content = Path(self.value).read_bytes() if self.is_file else self.value.encode()
        return hashlib.sha256(b"%d:%d:%s" % (EDITION, self.is_file, content)).hexdigest()

    def drawn_on(self, image: Image.Image) -> Image.Image:
        """A copy of an RGB picture with the mark in its lower right corner."""
        mark = picture_mark(self.value, image.width) if self.is_file else word_mark(self.value, image.width)
        margin = round(image.width * MARGIN)
        marked = image.copy()
        place = (image.width - mark.width - margin, max(0, image.height - mark.height - margin))
        marked.paste(mark, place, mark)
        return marked


def configured() -> Watermark | None:
    """The mark of this site; None for a site without."""
    return watermark_of(settings.PHOTO_WATERMARK) if settings.PHOTO_WATERMARK else None


@cache
def watermark_of(value: str) -> Watermark:
    return Watermark(value, value.lower().endswith(".png"))


def word_mark(words: str, width: int) -> Image.Image:
    """The words as a transparent picture, for a picture `width` pixels wide."""
    size = max(12, round(width * LETTERS))
    edge = max(1, size // 14)
    probe = ImageDraw.Draw(Image.new("RGBA", (1, 1)))
    box = probe.textbbox((0, 0), words, font("bold", size), stroke_width=edge, **LANGUAGE)
    mark = Image.new("RGBA", (box[2] - box[0], box[3] - box[1]))
    pen, place = ImageDraw.Draw(mark), (-box[0], -box[1])
    pen.text(place, words, EDGE, font("bold", size), stroke_width=edge, stroke_fill=EDGE, **LANGUAGE)
    pen.text(place, words, INK, font("bold", size), **LANGUAGE)
    return fitted(mark, round(width * WIDEST))


def picture_mark(path: str, width: int) -> Image.Image:
    """The PNG at most WIDEST of the width, fainter than it is."""
    with Image.open(path, formats=["PNG"]) as opened:
        mark = fitted(opened.convert("RGBA"), round(width * WIDEST / 2))
    mark.putalpha(mark.getchannel("A").point(lambda value: round(value * PNG_OPACITY)))
    return mark


def fitted(mark: Image.Image, width: int) -> Image.Image:
    if mark.width <= width:
        return mark
    return mark.resize((width, max(1, round(mark.height * width / mark.width))), Image.Resampling.LANCZOS)

"""Pictures: judged by their content before they are decoded, stored once, served as renditions without metadata.

Source of the limits: settings PHOTO_MAX_BYTES and PHOTO_MAX_PIXELS. Renditions are named by the hash of the original,
so their addresses can be cached for ever.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Self

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from PIL import Image, ImageOps, UnidentifiedImageError

PHOTO_WIDTHS = (320, 640, 960, 1440)
PORTRAIT_WIDTHS = (240, 480)
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "AVIF": "avif"}
SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
SMALLEST_SIDE = 120
# Ours is the stricter limit, and it is checked from the header alone: Pillow need not warn beside it.
Image.MAX_IMAGE_PIXELS = None


class BadPictureError(ValueError):
    """The upload is no picture we take. The message is Chinese and says what to do."""


class SmallPictureError(BadPictureError):
    """A picture, but a mark, an icon or an ornament: nothing that a reader looks at by itself."""


@dataclass(frozen=True)
class Picture:
    """A stored picture as templates need it: `name` is the stem of its renditions, sizes are in pixels."""

    name: str
    width: int
    height: int
    widths: tuple[int, ...]
    alt: str = ""
    focal_x: int = 50
    focal_y: int = 50

    @classmethod
    def from_data(
        cls, data: dict[str, Any], *, alt: str, widths: Sequence[int], focal: tuple[int, int] = (50, 50)
    ) -> Self | None:
        """The picture described by what `store_picture` returned, or None for an empty description."""
        if not data:
            return None
        kept = rendition_widths(data["width"], widths)
        return cls(data["name"], data["width"], data["height"], tuple(kept), alt, *focal)

    @property
    def src(self) -> str:
        """The JPEG that browsers without WebP or srcset load: the widest up to 960 pixels."""
        return self.url(max([width for width in self.widths if width <= 960] or self.widths[:1]), "jpg")

    @property
    def largest(self) -> str:
        return self.url(self.widths[-1], "jpg")

    @property
    def smallest(self) -> str:
        return self.url(self.widths[0], "jpg")

    @property
    def srcset(self) -> str:
        return self.srcset_of("jpg")

    @property
    def srcset_webp(self) -> str:
        return self.srcset_of("webp")

    @property
    def focal_class(self) -> str:
        """The class that moves a cropped picture to its focal point, in steps of a quarter (no inline style)."""
        return f"fx{round(self.focal_x / 25)} fy{round(self.focal_y / 25)}"

    def srcset_of(self, extension: str) -> str:
        return ", ".join(f"{self.url(width, extension)} {width}w" for width in self.widths)

    def url(self, width: int, extension: str) -> str:
        return default_storage.url(self.file(width, extension))

    def file(self, width: int, extension: str) -> str:
        """The name of a rendition in the storage."""
        return f"{self.name}-{width}.{extension}"

    def height_at(self, width: int) -> int:
        return max(1, round(self.height * width / self.width))


def inspect_picture(file: BinaryIO) -> tuple[str, int, int]:
    """Format, width and height in pixels, from the header alone; nothing is decoded.

    Raises BadPictureError for what is no picture, of a kind we do not take, too large or too small.
    """
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(0)
    head = file.read(32)
    file.seek(0)
    if size > settings.PHOTO_MAX_BYTES:
        raise BadPictureError(f"图片超过 {settings.PHOTO_MAX_BYTES // 2**20} MB，请压缩后再上传。")
    if not head.startswith(SIGNATURES) and head[8:12] != b"WEBP" and head[4:12] not in {b"ftypavif", b"ftypavis"}:
        raise BadPictureError("这个文件不是图片：请上传 JPEG、PNG、WebP、AVIF 或 GIF。")
    try:
        with Image.open(file, formats=list(FORMATS)) as image:
            picture_format, (width, height) = image.format or "", image.size
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise BadPictureError("图片已损坏或过大，无法读取：请重新导出后上传。") from error
    finally:
        file.seek(0)
    if width * height > settings.PHOTO_MAX_PIXELS:
        raise BadPictureError(
            f"图片尺寸 {width}×{height} 太大，请缩小到 {settings.PHOTO_MAX_PIXELS // 10**6}00 万像素以内。"
        )
    if min(width, height) < SMALLEST_SIDE:
        raise SmallPictureError(f"图片尺寸 {width}×{height} 太小，短边至少 {SMALLEST_SIDE} 像素。")
    return picture_format, width, height


def store_picture(file: BinaryIO, *, folder: str, widths: Sequence[int]) -> dict[str, Any]:
    """Keep the original, write its renditions (WebP and JPEG at `widths`, metadata stripped), and describe them.

    Returns {"name": stem, "original": name among the originals, "width", "height": of the upright picture, "sha256"}.
    The same file stored twice is written once. Raises BadPictureError.
    """
    picture_format, _, _ = inspect_picture(file)
    content = file.read()
    file.seek(0)
    digest = hashlib.sha256(content).hexdigest()
    name = f"{folder}/{digest[:2]}/{digest[2:18]}"
    original = f"{name}.{FORMATS[picture_format]}"
    try:
        image = upright_rgb(content)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadPictureError("图片内容已损坏，无法解码：请重新导出后上传。") from error
    if not storages["originals"].exists(original):
        storages["originals"].save(original, ContentFile(content))
    smaller = image
    # Widest first, each made from the one before: less to resample, and no difference to the eye.
    for width in reversed(rendition_widths(image.width, widths)):
        smaller = resized_to(smaller, width)
        write_renditions(smaller, name)
    return {"name": name, "original": original, "width": image.width, "height": image.height, "sha256": digest}


def upright_rgb(content: bytes) -> Image.Image:
    """The decoded picture, turned as its EXIF says, transparency laid on white, without any metadata."""
    with Image.open(io.BytesIO(content), formats=list(FORMATS)) as opened:
        image = ImageOps.exif_transpose(opened)
        if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
            image = image.convert("RGBA")
            background = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(background, image)
        image = image.convert("RGB")
    image.info.clear()
    return image


def rendition_widths(width: int, widths: Sequence[int]) -> list[int]:
    """The widths to make for a picture of `width`: never enlarged; its own width where it is smaller than all."""
    return [wanted for wanted in widths if wanted <= width] or [width]


def resized_to(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def write_renditions(image: Image.Image, name: str) -> None:
    for extension, options in (
        ("webp", {"format": "WEBP", "quality": 76, "method": 2}),
        ("jpg", {"format": "JPEG", "quality": 80, "optimize": True}),
    ):
        target = f"{name}-{image.width}.{extension}"
        if default_storage.exists(target):
            continue
        buffer = io.BytesIO()
        image.save(buffer, **options)
        default_storage.save(target, ContentFile(buffer.getvalue()))

"""Pictures: judged by their content before they are decoded, stored once, served as renditions without metadata.

Source of the limits: settings PHOTO_MAX_BYTES and PHOTO_MAX_PIXELS. Renditions are named by the hash of the original
and of what was done to it (its crop, the site's mark), so their addresses can be cached for ever.
"""

import hashlib
import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple, Self

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from PIL import Image, ImageOps

from .watermark import SMALLEST_MARKED, Watermark

PHOTO_WIDTHS = (320, 640, 960, 1440)
PORTRAIT_WIDTHS = (240, 480)
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "AVIF": "avif"}
# What is written of each width, and how.
EXTENSIONS: dict[str, dict[str, Any]] = {
    "webp": {"format": "WEBP", "quality": 76, "method": 2},
    "jpg": {"format": "JPEG", "quality": 80, "optimize": True},
}
SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
SMALLEST_SIDE = 120
# What Pillow raises on a file that is broken: an EXIF header too short is a struct.error.
UNREADABLE = (OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError)
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
        """The picture described by what `store_picture` returned, or None for one without renditions."""
        if "name" not in data:
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


class Crop(NamedTuple):
    """A part of an upright original, in its pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Treatment:
    """What is done to an original before readers get it."""

    crop: Crop | None = None
    watermark: Watermark | None = None

    def stem(self, plain: str, width: int) -> str:
        """The stem of the renditions of an original `width` pixels wide; `plain` is theirs when nothing is done."""
        told = [",".join(map(str, self.crop))] if self.crop else []
        if self.watermark and (self.crop.width if self.crop else width) >= SMALLEST_MARKED:
            told.append(self.watermark.digest)
        return f"{plain}-{hashlib.sha256(';'.join(told).encode()).hexdigest()[:12]}" if told else plain


PLAIN = Treatment()


def crop_fault(crop: Crop, size: tuple[int, int]) -> str:
    """What is wrong with a crop of an original of this size, in Chinese; empty when all is well."""
    width, height = size
    if crop.x < 0 or crop.y < 0 or crop.x + crop.width > width or crop.y + crop.height > height:
        return f"裁切框超出了原图（{width}×{height} 像素）：请改小一些。"
    if min(crop.width, crop.height) < SMALLEST_SIDE:
        return f"裁切后的图片太小：宽和高都至少 {SMALLEST_SIDE} 像素。"
    return ""


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
    except UNREADABLE as error:
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


def store_picture(
    file: BinaryIO, *, folder: str, widths: Sequence[int], treatment: Treatment = PLAIN
) -> dict[str, Any]:
    """Keep the original, write its renditions (WebP and JPEG at `widths`, metadata stripped), and describe them.

    Returns {"name": stem, "original": name among the originals, "width", "height": of the upright picture as cropped,
    "sha256"}. The same file stored twice is written once. Raises BadPictureError.
    """
    kept = keep_original(file, folder=folder)
    made = make_renditions(kept.image, kept.stem, widths=widths, treatment=treatment)
    return {**made, "original": kept.name, "sha256": kept.sha256}


class Original(NamedTuple):
    """A kept original: its name in the storage, its SHA-256, and the upright picture."""

    name: str
    sha256: str
    image: Image.Image

    @property
    def stem(self) -> str:
        """The stem of its renditions when nothing is done to it."""
        return self.name.rpartition(".")[0]


def keep_original(file: BinaryIO, *, folder: str) -> Original:
    """Keep a picture among the originals, named by its content; twice is once. Raises BadPictureError."""
    picture_format, _, _ = inspect_picture(file)
    content = file.read()
    file.seek(0)
    digest = hashlib.sha256(content).hexdigest()
    name = f"{folder}/{digest[:2]}/{digest[2:18]}.{FORMATS[picture_format]}"
    try:
        image = upright_rgb(content)
    except UNREADABLE as error:
        raise BadPictureError("图片内容已损坏，无法解码：请重新导出后上传。") from error
    if not storages["originals"].exists(name):
        storages["originals"].save(name, ContentFile(content))
    return Original(name, digest, image)


def render_original(
    original: str, *, widths: Sequence[int], treatment: Treatment, anew: bool = False
) -> dict[str, Any]:
    """The renditions of a kept original made again; "name", "width" and "height" of what `store_picture` returns.

    `anew` writes files that are there once more. Raises BadPictureError when the original is lost or broken.
    """
    try:
        with storages["originals"].open(original) as file:
            image = upright_rgb(file.read())
    except UNREADABLE as error:
        raise BadPictureError("原图文件读不出来了，没有重新生成：请检查原图的存储。") from error
    return make_renditions(image, original.rpartition(".")[0], widths=widths, treatment=treatment, anew=anew)


def make_renditions(
    image: Image.Image, plain: str, *, widths: Sequence[int], treatment: Treatment, anew: bool = False
) -> dict[str, Any]:
    """Write what readers get of an upright picture whose plain stem is given: its stem, and its size as cropped."""
    name = treatment.stem(plain, image.width)
    if treatment.crop:
        x, y, width, height = treatment.crop
        image = image.crop((x, y, x + width, y + height))
    smaller = image
    # Widest first, each made from the one before: less to resample, and no difference to the eye.
    for width in reversed(rendition_widths(image.width, widths)):
        smaller = resized_to(smaller, width)
        marked = treatment.watermark is not None and width >= SMALLEST_MARKED
        write_renditions(treatment.watermark.drawn_on(smaller) if marked else smaller, name, anew=anew)
    return {"name": name, "width": image.width, "height": image.height}


def rendition_files(data: dict[str, Any], widths: Sequence[int]) -> list[str]:
    """The names in the storage of all renditions that `store_picture` describes; none for one without renditions."""
    picture = Picture.from_data(data, alt="", widths=widths)
    return [picture.file(width, extension) for width in picture.widths for extension in EXTENSIONS] if picture else []


def upright_preview(original: str, *, most: int) -> bytes:
    """The whole original as JPEG, upright and without metadata, at most `most` pixels wide. Raises BadPictureError."""
    try:
        with storages["originals"].open(original) as file:
            image = upright_rgb(file.read())
    except UNREADABLE as error:
        raise BadPictureError("原图文件读不出来了。") from error
    buffer = io.BytesIO()
    resized_to(image, min(most, image.width)).save(buffer, "JPEG", quality=82)
    return buffer.getvalue()


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


def write_renditions(image: Image.Image, name: str, *, anew: bool = False) -> None:
    for extension, options in EXTENSIONS.items():
        target = f"{name}-{image.width}.{extension}"
        if default_storage.exists(target):
            if not anew:
                continue
            default_storage.delete(target)
        buffer = io.BytesIO()
        image.save(buffer, **options)
        default_storage.save(target, ContentFile(buffer.getvalue()))

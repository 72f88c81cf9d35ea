"""Pictures: what is refused, and what is written of those that are taken."""

import hashlib
import io
import struct
import zlib

import pytest
from django.core.files.storage import default_storage, storages
from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin

from articles.tests.factories import picture_bytes
from newsportal.lib import images
from newsportal.lib.images import (
    PHOTO_WIDTHS,
    BadPictureError,
    Picture,
    inspect_picture,
    rendition_widths,
    store_picture,
)

NOT_A_PICTURE = "这个文件不是图片：请上传 JPEG、PNG、WebP、AVIF 或 GIF。"
UNREADABLE = "图片已损坏或过大，无法读取：请重新导出后上传。"
UNDECODABLE = "图片内容已损坏，无法解码：请重新导出后上传。"


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and brings one empty block of pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def encoded(image: Image.Image, picture_format: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, picture_format, **options)
    return buffer.getvalue()


def store(content: bytes, widths=(160, 320)) -> dict:
    return store_picture(io.BytesIO(content), folder="photos", widths=widths)


def opened(name: str) -> Image.Image:
    with default_storage.open(name) as file:
        image = Image.open(io.BytesIO(file.read()))
        image.load()
        return image


def files_of(storage) -> list[str]:
    """Every file below `photos/`, sorted."""
    if not storage.exists("photos"):
        return []
    folders, _ = storage.listdir("photos")
    return sorted(f"photos/{folder}/{name}" for folder in folders for name in storage.listdir(f"photos/{folder}")[1])


@pytest.fixture
def no_decoding(monkeypatch):
    """Fail the test at the first attempt to decode pixels."""

    def load(self):
        raise AssertionError("A picture was decoded.")

    for image_class in (Image.Image, PngImagePlugin.PngImageFile, JpegImagePlugin.JpegImageFile):
        monkeypatch.setattr(image_class, "load", load)


REFUSED = {
    "empty": (b"", NOT_A_PICTURE),
    "text renamed": ("这不是图片".encode(), NOT_A_PICTURE),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"/>', NOT_A_PICTURE),
    "PDF": (b"%PDF-1.7\n1 0 obj\n", NOT_A_PICTURE),
    "BMP": (encoded(Image.new("RGB", (400, 300)), "BMP"), NOT_A_PICTURE),
    "TIFF": (encoded(Image.new("RGB", (400, 300)), "TIFF"), NOT_A_PICTURE),
    "signature alone": (b"\xff\xd8\xff", UNREADABLE),
    "HTML behind the signature of a GIF": (b"GIF89a<html><script>alert(1)</script></html>", UNREADABLE),
    "nothing behind the mark of WebP": (b"RIFF\0\0\0\0WEBPVP8 nothing", UNREADABLE),
    "too narrow": (picture_bytes(size=(119, 400)), "图片尺寸 119×400 太小，短边至少 120 像素。"),
    "too flat": (picture_bytes(size=(400, 119)), "图片尺寸 400×119 太小，短边至少 120 像素。"),
    "bomb": (png_header(100_000, 100_000), "图片尺寸 100000×100000 太大，请缩小到 6000 万像素以内。"),
    "small bomb": (png_header(10_000, 6_001), "图片尺寸 10000×6001 太大，请缩小到 6000 万像素以内。"),
}


@pytest.mark.parametrize(("content", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_picture_for_us_is_refused_before_anything_is_decoded(no_decoding, content, message):
    with pytest.raises(BadPictureError) as refusal:
        store(content)

    assert str(refusal.value) == message
    assert files_of(default_storage) == files_of(storages["originals"]) == []


def test_the_guard_against_decoding_would_notice(no_decoding):
    with pytest.raises(AssertionError, match="decoded"):
        store(picture_bytes())


def test_the_limit_of_pixels_is_itself_taken():
    assert inspect_picture(io.BytesIO(png_header(10_000, 6_000))) == ("PNG", 10_000, 6_000)
    assert inspect_picture(io.BytesIO(picture_bytes(size=(120, 120)))) == ("JPEG", 120, 120)


def test_a_file_too_large_is_refused_and_one_at_the_limit_taken(settings):
    content = picture_bytes()
    settings.PHOTO_MAX_BYTES = len(content)
    assert store(content)["width"] == 400

    settings.PHOTO_MAX_BYTES = len(content) - 1
    with pytest.raises(BadPictureError, match=r"^图片超过 0 MB，请压缩后再上传。$"):
        store(content)


def test_a_truncated_picture_is_refused_and_leaves_no_file():
    content = encoded(Image.effect_noise((400, 300), 80).convert("RGB"), "JPEG")

    with pytest.raises(BadPictureError) as refusal:
        store(content[: len(content) // 2])

    assert str(refusal.value) == UNDECODABLE
    assert files_of(default_storage) == files_of(storages["originals"]) == []
    assert store(content)["width"] == 400


@pytest.mark.parametrize(
    ("picture_format", "extension"),
    [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("GIF", "gif"), ("AVIF", "avif")],
)
def test_every_kind_is_kept_as_it_came_and_written_as_webp_and_jpeg(picture_format, extension):
    content = picture_bytes(picture_format=picture_format)
    digest = hashlib.sha256(content).hexdigest()
    stem = f"photos/{digest[:2]}/{digest[2:18]}"

    data = store(content)

    assert data == {"name": stem, "original": f"{stem}.{extension}", "width": 400, "height": 300, "sha256": digest}
    assert files_of(storages["originals"]) == [f"{stem}.{extension}"]
    with storages["originals"].open(f"{stem}.{extension}") as original:
        assert original.read() == content
    assert files_of(default_storage) == [f"{stem}-{name}" for name in ("160.jpg", "160.webp", "320.jpg", "320.webp")]
    for width, height in ((160, 120), (320, 240)):
        for kind, name in (("JPEG", "jpg"), ("WEBP", "webp")):
            rendition = opened(f"{stem}-{width}.{name}")
            assert (rendition.format, rendition.mode, rendition.size) == (kind, "RGB", (width, height))


def test_the_same_file_twice_is_written_once(monkeypatch):
    content = picture_bytes()
    first = store(content)
    before = files_of(default_storage)
    monkeypatch.setattr(type(default_storage._wrapped), "save", None)  # calling it would fail

    assert store(content) == first
    assert files_of(default_storage) == before
    assert len(before) == 4
    assert files_of(storages["originals"]) == [first["original"]]


def test_a_rendition_that_is_missing_is_written_again():
    content = picture_bytes()
    name = f"{store(content)['name']}-160.webp"
    default_storage.delete(name)

    store(content)

    assert opened(name).size == (160, 120)


def test_the_picture_is_turned_upright_and_no_rendition_tells_where_it_was_taken():
    """Orientation 6: the camera stood on its side; the red left half of the file is the top of the picture."""
    image = Image.new("RGB", (400, 300), "blue")
    image.paste("red", (0, 0, 200, 300))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "MAKER-OF-CAMERAS"
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 50.0)
    content = encoded(image, "JPEG", exif=exif, comment=b"SECRET-COMMENT", quality=95)
    assert b"MAKER-OF-CAMERAS" in content
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825) == {2: (30.0, 15.0, 50.0)}

    data = store(content, widths=(150, 300))

    assert (data["width"], data["height"]) == (300, 400)
    with storages["originals"].open(data["original"]) as original:
        assert original.read() == content
    names = files_of(default_storage)
    assert len(names) == 4
    for name in names:
        rendition = opened(name)
        assert rendition.height * 3 == rendition.width * 4
        top = rendition.getpixel((rendition.width // 2, rendition.height // 8))
        bottom = rendition.getpixel((rendition.width // 2, rendition.height * 7 // 8))
        assert (top[0] > 200 and top[2] < 60, bottom[2] > 200 and bottom[0] < 60) == (True, True)
        assert not rendition.getexif()
        assert not {"exif", "comment", "icc_profile", "xmp"} & rendition.info.keys()
        with default_storage.open(name) as file:
            stored = file.read()
        assert b"MAKER-OF-CAMERAS" not in stored
        assert b"SECRET-COMMENT" not in stored


def transparent_pictures() -> dict[str, bytes]:
    see_through = Image.new("RGBA", (400, 300), (255, 0, 0, 0))
    see_through.paste((0, 0, 255, 255), (200, 0, 400, 300))
    palette = see_through.quantize(4)
    return {
        "RGBA": encoded(see_through, "PNG"),
        "LA": encoded(see_through.convert("LA"), "PNG"),
        "palette": encoded(palette, "PNG"),
        "GIF": encoded(see_through, "GIF"),
        "WebP": encoded(see_through, "WEBP", lossless=True),
    }


@pytest.mark.parametrize("kind", transparent_pictures())
def test_transparency_is_laid_on_white(kind):
    data = store(transparent_pictures()[kind])

    for extension in ("jpg", "webp"):
        rendition = opened(f"{data['name']}-320.{extension}")
        assert min(rendition.getpixel((40, 120))) > 245
        assert max(rendition.getpixel((280, 120))[:2]) < 60


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "I;16"])
def test_every_colour_mode_becomes_rgb(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"

    data = store(encoded(Image.new(mode, (400, 300)), kind))

    assert opened(f"{data['name']}-320.jpg").mode == "RGB"


@pytest.mark.parametrize(
    ("width", "expected"),
    [(120, [120]), (319, [319]), (320, [320]), (639, [320]), (640, [320, 640]), (5000, [320, 640, 960, 1440])],
)
def test_renditions_are_never_enlarged(width, expected):
    assert rendition_widths(width, PHOTO_WIDTHS) == expected


def test_a_picture_smaller_than_every_width_is_written_at_its_own():
    data = store(picture_bytes(size=(130, 200)))

    assert files_of(default_storage) == [f"{data['name']}-130.jpg", f"{data['name']}-130.webp"]
    assert opened(f"{data['name']}-130.jpg").size == (130, 200)


def test_a_broken_turn_of_the_picture_is_refused(monkeypatch):
    def broken(image):
        raise ValueError("bad EXIF")

    monkeypatch.setattr(ImageOps, "exif_transpose", broken)
    with pytest.raises(BadPictureError, match=f"^{UNDECODABLE}$"):
        store(picture_bytes())


def make_picture(width=1000, height=600, **overrides) -> Picture:
    data = {"name": "photos/ab/cd", "width": width, "height": height}
    return Picture.from_data(data, **{"alt": "替代", "widths": PHOTO_WIDTHS, **overrides})


def test_the_addresses_of_a_picture():
    picture = make_picture()

    assert (picture.width, picture.height, picture.alt) == (1000, 600, "替代")
    assert picture.src == "/media/photos/ab/cd-960.jpg"
    assert picture.largest == "/media/photos/ab/cd-960.jpg"
    assert picture.smallest == "/media/photos/ab/cd-320.jpg"
    assert picture.srcset == (
        "/media/photos/ab/cd-320.jpg 320w, /media/photos/ab/cd-640.jpg 640w, /media/photos/ab/cd-960.jpg 960w"
    )
    assert picture.srcset_webp == picture.srcset.replace(".jpg", ".webp")


def test_a_wide_picture_shows_960_pixels_where_one_size_must_do():
    picture = make_picture(width=3000)

    assert (picture.src, picture.largest) == ("/media/photos/ab/cd-960.jpg", "/media/photos/ab/cd-1440.jpg")


def test_where_every_rendition_is_wider_the_smallest_must_do():
    assert make_picture(width=3000, widths=(1200, 1600)).src == "/media/photos/ab/cd-1200.jpg"


def test_a_narrow_picture_has_one_address():
    picture = make_picture(width=200)

    assert picture.srcset == "/media/photos/ab/cd-200.jpg 200w"
    assert picture.src == picture.largest == picture.smallest == "/media/photos/ab/cd-200.jpg"


def test_no_description_is_no_picture():
    assert Picture.from_data({}, alt="", widths=PHOTO_WIDTHS) is None


@pytest.mark.parametrize(
    ("focal", "expected"),
    [
        ((0, 100), "fx0 fy4"),
        ((12, 13), "fx0 fy1"),
        ((50, 50), "fx2 fy2"),
        ((37, 38), "fx1 fy2"),
        ((87, 88), "fx3 fy4"),
    ],
)
def test_the_focal_point_is_a_class_in_steps_of_a_quarter(focal, expected):
    assert make_picture(focal=focal).focal_class == expected


def test_what_the_file_dialog_offers_is_what_is_taken():
    assert set(images.FORMATS.values()) == {"jpg", "png", "webp", "gif", "avif"}

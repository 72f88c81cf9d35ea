"""What is done to an original before readers get it: a crop, the site's mark; and what the file's name says of it."""

import io

import pytest
from django.core.files.storage import default_storage, storages
from PIL import Image, ImageChops

from articles.tests.factories import picture_bytes
from newsportal.lib import watermark
from newsportal.lib.images import (
    PHOTO_WIDTHS,
    PLAIN,
    BadPictureError,
    Crop,
    Picture,
    Treatment,
    crop_fault,
    render_original,
    rendition_files,
    store_picture,
    upright_preview,
)
from newsportal.lib.watermark import Watermark

MARK = Watermark("每日新闻网")


def halves(size=(1600, 1000)) -> bytes:
    """A picture that is red on the left and blue on the right."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def store(content: bytes, treatment: Treatment = PLAIN) -> dict:
    return store_picture(io.BytesIO(content), folder="photos", widths=PHOTO_WIDTHS, treatment=treatment)


def opened(data: dict, width: int, extension="jpg") -> Image.Image:
    with default_storage.open(f"{data['name']}-{width}.{extension}") as file:
        return Image.open(io.BytesIO(file.read())).convert("RGB")


def differing(data: dict, other: dict, width: int) -> tuple[int, int, int, int] | None:
    """The box in which two renditions differ by more than their compression; None when they do not."""
    difference = ImageChops.difference(opened(data, width), opened(other, width)).convert("L")
    return difference.point(lambda value: 255 if value > 24 else 0).getbbox()


# --- Crops ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("crop", "fault"),
    [
        (Crop(0, 0, 800, 600), ""),
        (Crop(680, 480, 120, 120), ""),
        (Crop(0, 0, 801, 600), "裁切框超出了原图（800×600 像素）：请改小一些。"),
        (Crop(700, 0, 120, 120), "裁切框超出了原图（800×600 像素）：请改小一些。"),
        (Crop(0, 500, 120, 120), "裁切框超出了原图（800×600 像素）：请改小一些。"),
        (Crop(-1, 0, 120, 120), "裁切框超出了原图（800×600 像素）：请改小一些。"),
        (Crop(0, 0, 119, 300), "裁切后的图片太小：宽和高都至少 120 像素。"),
        (Crop(0, 0, 300, 119), "裁切后的图片太小：宽和高都至少 120 像素。"),
    ],
)
def test_a_crop_lies_inside_and_is_large_enough(crop, fault):
    assert crop_fault(crop, (800, 600)) == fault


def test_a_crop_is_cut_out_of_the_original_which_stays():
    content = halves()
    data = store(content, Treatment(Crop(800, 100, 700, 500)))
    assert (data["width"], data["height"]) == (700, 500)
    assert sorted(default_storage.listdir(data["name"].rpartition("/")[0])[1]) == sorted(
        file.rpartition("/")[2] for file in rendition_files(data, PHOTO_WIDTHS)
    )
    assert opened(data, 640).size == (640, 457)
    red, _, blue = opened(data, 640).getpixel((5, 5))
    assert (red < 30, blue > 220) == (True, True)
    with storages["originals"].open(data["original"]) as original:
        assert original.read() == content


def test_each_treatment_has_a_name_of_its_own_and_none_the_plain_one():
    crop, other = Crop(0, 0, 700, 500), Crop(0, 0, 700, 501)
    treatments = [PLAIN, Treatment(crop), Treatment(other), Treatment(None, MARK), Treatment(crop, MARK)]
    names = [treatment.stem("photos/ab/cdef", 1600) for treatment in treatments]
    assert names[0] == "photos/ab/cdef"
    assert len(set(names)) == 5
    assert all(name.startswith("photos/ab/cdef-") for name in names[1:])
    assert Treatment(None, Watermark("另一个名字")).stem("photos/ab/cdef", 1600) not in names


def test_a_picture_too_narrow_for_a_mark_keeps_its_plain_name():
    assert Treatment(None, MARK).stem("photos/ab/cdef", 639) == "photos/ab/cdef"
    crop = Crop(0, 0, 500, 500)
    assert Treatment(crop, MARK).stem("photos/ab/cdef", 1600) == Treatment(crop).stem("photos/ab/cdef", 1600)


def test_a_kept_original_is_rendered_again():
    content = halves()
    plain = store(content)
    treatment = Treatment(Crop(0, 0, 400, 400))
    made = render_original(plain["original"], widths=PHOTO_WIDTHS, treatment=treatment)
    assert made == {"name": treatment.stem(plain["name"], 1600), "width": 400, "height": 400}
    assert default_storage.exists(f"{made['name']}-320.webp")
    assert {**plain, **made} == store(content, treatment)


def test_files_are_written_again_only_when_that_is_asked():
    plain = store(halves())
    name = f"{plain['name']}-320.jpg"
    with default_storage.open(name, "wb") as file:
        file.write(b"broken")
    render_original(plain["original"], widths=PHOTO_WIDTHS, treatment=PLAIN)
    with default_storage.open(name) as file:
        assert file.read() == b"broken"
    render_original(plain["original"], widths=PHOTO_WIDTHS, treatment=PLAIN, anew=True)
    assert opened(plain, 320).size == (320, 200)


def test_a_lost_original_is_told():
    for work in (
        lambda: render_original("photos/ab/none.jpg", widths=PHOTO_WIDTHS, treatment=PLAIN),
        lambda: upright_preview("photos/ab/none.jpg", most=960),
        lambda: upright_preview("", most=960),
    ):
        with pytest.raises(BadPictureError, match="原图文件读不出来了"):
            work()


def test_the_whole_original_is_shown_upright_and_no_wider_than_asked():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "GPS camera"
    data = store(picture_bytes(size=(1600, 1000), exif=exif.tobytes()))
    preview = upright_preview(data["original"], most=500)
    image = Image.open(io.BytesIO(preview))
    assert image.size == (500, 800)
    assert not image.getexif()
    assert b"GPS camera" not in preview


def test_what_has_no_renditions_is_no_picture():
    assert Picture.from_data({}, alt="", widths=PHOTO_WIDTHS) is None
    assert Picture.from_data({"original": "photos/ab/cdef.jpg"}, alt="", widths=PHOTO_WIDTHS) is None
    assert rendition_files({"original": "photos/ab/cdef.jpg"}, PHOTO_WIDTHS) == []


# --- Marks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("colour", ["white", "black", "gray"])
def test_a_mark_stands_in_the_lower_right_of_wide_renditions_alone(colour):
    content = picture_bytes(size=(1600, 1000), colour=colour, picture_format="PNG")
    plain, marked = store(content), store(content, Treatment(None, MARK))
    for width in (640, 960, 1440):
        left, top, right, bottom = differing(plain, marked, width)
        height = opened(plain, width).height
        assert (left > width * 0.65, top > height * 0.85) == (True, True)
        assert (right <= width * 0.99, bottom <= height * 0.99) == (True, True)
    assert differing(plain, marked, 320) is None


def test_a_mark_is_readable_on_light_and_dark():
    for colour in ("white", "black"):
        image = Image.new("RGB", (960, 600), colour)
        marked = MARK.drawn_on(image)
        box = ImageChops.difference(image, marked).getbbox()
        values = marked.crop(box).convert("L").tobytes()
        assert max(values) - min(values) > 80
        assert image.getpixel((900, 570)) == Image.new("RGB", (1, 1), colour).getpixel((0, 0))


def test_a_png_may_be_the_mark_and_its_content_names_it(tmp_path, settings):
    file = tmp_path / "mark.png"
    Image.new("RGBA", (400, 100), (0, 200, 0, 255)).save(file)
    settings.PHOTO_WATERMARK = str(file)
    mark = watermark.configured()
    assert mark.is_file
    marked = mark.drawn_on(Image.new("RGB", (1000, 600), "white"))
    red, green, _ = marked.getpixel((970, 560))
    assert (red < 120, green > 190) == (True, True)
    assert marked.getpixel((700, 560)) == (255, 255, 255)
    assert mark.digest != Watermark(str(file)).digest


def test_a_long_mark_is_made_to_fit():
    long = Watermark("很长的站名" * 6)
    image = Image.new("RGB", (640, 400), "white")
    left, *_ = ImageChops.difference(image, long.drawn_on(image)).getbbox()
    assert left > 640 * 0.6


def test_a_site_without_a_mark_has_none(settings):
    settings.PHOTO_WATERMARK = ""
    assert watermark.configured() is None

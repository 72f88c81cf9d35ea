"""What a poster says and how it is set: read from its words, its lines and its pixels."""

import io
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from PIL import Image

from articles.posters import drawing, poster_of
from articles.tests.factories import make_article, make_photo, make_source
from newsportal.lib.qr import modules_of

pytestmark = pytest.mark.django_db
SITE = {"site": "试刊", "site_url": "https://news.example.com"}
LONG = "国务院新闻办举行发布会介绍前三季度运行情况：GDP增长5.2%，新能源汽车产量突破1000万辆，RCEP成员国占比达32.8%"


def image_of(poster) -> Image.Image:
    return Image.open(io.BytesIO(drawing.draw(poster))).convert("RGB")


def words_of(monkeypatch, poster) -> list[str]:
    """All that is written on the poster, in the order of writing."""
    words, write = [], drawing.write

    def noted(page, x, baseline, text, face, colour):
        words.append(text)
        write(page, x, baseline, text, face, colour)

    monkeypatch.setattr(drawing, "write", noted)
    drawing.draw(poster)
    return words


def test_it_says_what_the_article_says(monkeypatch):
    article = make_article(
        title="雪来了",
        lead="一夜之间。",
        source=make_source(name="海边晚报"),
        published_at=datetime(2026, 1, 31, 16, 30, tzinfo=UTC),
        ai_use="assisted",
        cover=make_photo(size=(640, 427)),
    )
    poster = poster_of(article, **SITE)

    # The day is that of the newsroom's clock.
    assert poster.day == "2026年2月1日"
    assert poster.address == f"https://news.example.com{article.get_absolute_url()}"
    words = words_of(monkeypatch, poster)
    for expected in ("试刊", "2026年2月1日", "雪来了", "一夜之间。", "来源：海边晚报", "AI 辅助"):
        assert expected in words
    assert "长按识别二维码，阅读全文" in words


def test_the_code_can_be_read_off_the_picture():
    poster = poster_of(make_article(), **SITE)
    image, modules = image_of(poster), modules_of(poster.address)
    module = drawing.QR_SIDE // len(modules)
    side = module * len(modules)
    left = drawing.WIDTH - drawing.MARGIN - side
    top = drawing.FOOT + (drawing.HEIGHT - drawing.FOOT - side) // 2

    seen = [
        [
            image.getpixel((left + x * module + module // 2, top + y * module + module // 2))[0] < 128
            for x in range(len(modules))
        ]
        for y in range(len(modules))
    ]

    assert module >= 4
    assert seen == modules
    # The quiet zone of four modules that scanners need.
    quiet = image.crop((left - 4 * module, top - 4 * module, left + side + 4 * module, top + side + 4 * module))
    edges = [quiet.crop(box) for box in ((0, 0, quiet.width, 3 * module), (0, 0, 3 * module, quiet.height))]
    assert all(min(band[0] for band in edge.getextrema()) > 240 for edge in edges)


def test_the_cover_is_shown_around_its_focal_point():
    left_half = Image.new("RGB", (1440, 700), "blue")
    left_half.paste("yellow", (720, 0, 1440, 700))
    poster = poster_of(make_article(cover=make_photo(size=(640, 311))), **SITE)
    shown = {}
    for focal in (0, 100):
        cover = drawing.Cover(poster.cover.name, focal, 50)
        sheet = Image.new("RGB", (drawing.WIDTH, drawing.HEIGHT))
        moved = poster.__class__(**{**vars(poster), "cover": cover})
        drawing.draw_with_cover(sheet, drawing.ImageDraw.Draw(sheet), moved, left_half)
        row = [sheet.getpixel((x, 300))[0] > 128 for x in range(drawing.MARGIN, drawing.WIDTH - drawing.MARGIN)]
        shown[focal] = sum(row) / len(row)

    assert shown[0] < 0.5 < shown[100]


def test_without_a_cover_the_front_is_red():
    article = make_article(lead="")
    image = image_of(poster_of(article, **SITE))

    red, green, blue = image.getpixel((20, 600))
    assert red > 150
    assert max(green, blue) < 60
    assert image.getpixel((20, drawing.HEIGHT - 20)) == (255, 255, 255)


@pytest.mark.parametrize("sizes", [drawing.BESIDE_COVER, drawing.WITHOUT_COVER])
def test_a_title_is_as_large_as_its_length_allows(sizes):
    largest, smallest = sizes[0][0], sizes[-1][0]
    assert drawing.set_title("雪来了", sizes) == (largest, ["雪来了"])

    size, lines = drawing.set_title(LONG, sizes)
    assert size < largest
    assert "".join("".join(lines).split()) == LONG

    size, lines = drawing.set_title(LONG * 3, sizes)
    assert (size, len(lines)) == (smallest, sizes[-1][1])
    assert lines[-1].endswith("…")


@pytest.mark.parametrize("lead", ["", LONG * 2])
@pytest.mark.parametrize("title", ["雪", LONG + LONG])
@pytest.mark.parametrize("with_cover", [True, False])
def test_words_stay_inside_the_sheet(monkeypatch, title, lead, with_cover):
    """Nothing is written over the edge, over the foot or over the head."""
    boxes, write = [], drawing.write

    def noted(page, x, baseline, text, face, colour):
        boxes.append((x, baseline - face.size, x + drawing.width_of(text, face), baseline, text))
        write(page, x, baseline, text, face, colour)

    monkeypatch.setattr(drawing, "write", noted)
    values = {"title": title[:100], "source": make_source(name="融媒体中心" * 10), "lead": lead[:300]}
    cover = make_photo(size=(640, 427)) if with_cover else None
    article = make_article(**values, cover=cover, body="" if not lead else "<p>正文。</p>")
    drawing.draw(poster_of(article, **{**SITE, "site": "很长的站名" * 8}))

    assert len(boxes) >= 6
    for left, top, right, bottom, text in boxes:
        assert left >= drawing.MARGIN - 1, text
        assert right <= drawing.WIDTH - drawing.MARGIN + 1, text
        assert top >= 40, text
        assert bottom <= drawing.HEIGHT - 24, text
    words = [box for box in boxes if box[4] and box[4][:6] in (title + lead)]
    assert all(box[3] <= drawing.FOOT for box in words)
    rows = sorted((box[1], box[3]) for box in boxes if box[0] == drawing.MARGIN and box[4])
    assert all(upper[1] <= lower[1] - 20 for upper, lower in pairwise(rows))


def test_simplified_forms_are_drawn():
    """The font file's own forms are Taiwan's: there, the comma stands in the middle of its square."""
    assert drawing.LANGUAGE == {"language": "zh-Hans"}
    sheet = Image.new("RGB", (200, 100), "white")
    drawing.write(drawing.ImageDraw.Draw(sheet), 0, 88, "国，", drawing.font("regular", 100), "black")
    comma = sheet.crop((100, 0, 200, 100)).convert("L")
    left, top, right, bottom = drawing.ImageOps.invert(comma).getbbox()

    assert 0 < left < right < 50
    assert 60 < top < bottom

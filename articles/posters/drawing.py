"""Drawing a share poster: 1080 by 1440 pixels, Noto Sans CJK, the colours of static/css/tokens.css."""

import io

from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont, ImageOps

from newsportal.lib.fonts import LANGUAGE, font
from newsportal.lib.qr import modules_of
from newsportal.lib.typesetting import break_lines, spaced

from .poster import Cover, Poster

WIDTH, HEIGHT, MARGIN = 1080, 1440, 72
LINE = WIDTH - 2 * MARGIN
HEAD, FOOT = 148, 1188  # where the head ends and the foot begins
QR_SIDE = 208
PAPER, INK, INK_2, INK_3, RULE = "#ffffff", "#1a1a1c", "#47474c", "#66666c", "#dfdcd6"
ACCENT, ACCENT_DEEP, ON_ACCENT, ON_ACCENT_2 = "#b4151d", "#a51019", "#ffffff", "#f3cfcd"

# Sizes of a title in pixels, with the most lines it may take: the largest that holds all of it is chosen.
BESIDE_COVER = ((88, 1), (66, 2), (58, 3), (50, 3), (46, 4))
WITHOUT_COVER = ((96, 3), (84, 4), (72, 5), (62, 6))
LEAD_SIZE, LEAD_LEADING, TITLE_LEADING = 33, 1.68, 1.34
COVER_HEIGHTS = (468, 760)


def draw(poster: Poster) -> bytes:
    """The poster as JPEG. Reads the cover's file; a poster whose cover is lost is drawn without."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    page = ImageDraw.Draw(image)
    picture = open_cover(poster.cover)
    if picture is None:
        draw_without_cover(page, poster)
    else:
        draw_with_cover(image, page, poster, picture)
    draw_foot(page, poster)
    buffer = io.BytesIO()
    # Full colour resolution: with the usual quarter, red letters and the code's edges would blur.
    image.save(buffer, "JPEG", quality=88, subsampling=0, optimize=True, progressive=True)
    return buffer.getvalue()


def open_cover(cover: Cover | None) -> Image.Image | None:
    if cover is None:
        return None
    try:
        with default_storage.open(cover.name) as file, Image.open(file, formats=["JPEG"]) as picture:
            return picture.convert("RGB")
    except OSError:
        return None


def draw_with_cover(image: Image.Image, page: ImageDraw.ImageDraw, poster: Poster, picture: Image.Image) -> None:
    draw_head(page, poster, name=ACCENT, day=INK_3)
    size, title = set_title(poster.title, BESIDE_COVER)
    title_height = round(len(title) * size * TITLE_LEADING)
    top, gap = HEAD + 28, 34
    least, tallest = COVER_HEIGHTS
    room = FOOT - top - least - title_height - 2 * gap - 24
    lead = set_lead(poster.lead, most=min(4, int(room // (LEAD_SIZE * LEAD_LEADING))))
    lead_height = round(len(lead) * LEAD_SIZE * LEAD_LEADING)
    words = title_height + (24 + lead_height if lead else 0)
    height = min(tallest, FOOT - top - words - 2 * gap)
    centre = (poster.cover.focal_x / 100, poster.cover.focal_y / 100)
    image.paste(ImageOps.fit(picture, (LINE, height), Image.Resampling.LANCZOS, centering=centre), (MARGIN, top))
    # What room is left goes above and below the words alike.
    y = top + height + (FOOT - top - height - words) // 2
    write_lines(page, title, y, font("bold", size), INK, TITLE_LEADING)
    write_lines(page, lead, y + title_height + 24, font("regular", LEAD_SIZE), INK_2, LEAD_LEADING)


def draw_without_cover(page: ImageDraw.ImageDraw, poster: Poster) -> None:
    """A red front with the title in white, behind it the first character of the channel as a seal."""
    lead = set_lead(poster.lead, most=4)
    lead_height = round(len(lead) * LEAD_SIZE * LEAD_LEADING)
    bottom = FOOT - (lead_height + 2 * 40 if lead else 0)
    page.rectangle((0, 0, WIDTH, bottom), fill=ACCENT)
    page.text((WIDTH + 40, bottom - 30), poster.channel[:1], ACCENT_DEEP, font("bold", 620), "rs", **LANGUAGE)
    # The seal may reach over the edge of the front.
    page.rectangle((0, bottom, WIDTH, HEIGHT), fill=PAPER)
    draw_head(page, poster, name=ON_ACCENT, day=ON_ACCENT_2)
    size, title = set_title(poster.title, WITHOUT_COVER)
    title_height = round(len(title) * size * TITLE_LEADING)
    y = HEAD + (bottom - HEAD - title_height) // 2
    write(page, MARGIN, y - 44, poster.channel, font("bold", 34), ON_ACCENT_2)
    write_lines(page, title, y, font("bold", size), ON_ACCENT, TITLE_LEADING)
    write_lines(page, lead, bottom + 40, font("regular", LEAD_SIZE), INK_2, LEAD_LEADING)


def draw_head(page: ImageDraw.ImageDraw, poster: Poster, *, name: str, day: str) -> None:
    """The site's name and the day above the thick and the thin rule (文武线) of a Chinese front page."""
    day_font, name_font = font("regular", 28), font("bold", 46)
    day_width = width_of(poster.day, day_font)
    (site,) = break_lines(poster.site, measure(name_font), LINE - day_width - 40, most=1) or [""]
    write(page, MARGIN, 106, site, name_font, name)
    write(page, WIDTH - MARGIN - day_width, 106, poster.day, day_font, day)
    page.rectangle((MARGIN, 134, WIDTH - MARGIN - 1, 139), fill=name)
    page.rectangle((MARGIN, 144, WIDTH - MARGIN - 1, 145), fill=name)


def draw_foot(page: ImageDraw.ImageDraw, poster: Poster) -> None:
    page.rectangle((MARGIN, FOOT, WIDTH - MARGIN - 1, FOOT + 1), fill=RULE)
    modules = modules_of(poster.address)
    module = QR_SIDE // len(modules)
    side = module * len(modules)
    # The white margin of the sheet is the quiet zone that the code needs.
    left, top = WIDTH - MARGIN - side, FOOT + (HEIGHT - FOOT - side) // 2
    for row, line in enumerate(modules):
        for column, dark in enumerate(line):
            if dark:
                x, y = left + column * module, top + row * module
                page.rectangle((x, y, x + module - 1, y + module - 1), fill="black")
    note = font("regular", 28)
    (source,) = break_lines(f"来源：{poster.source}", measure(note), LINE - side - 60, most=1)
    write(page, MARGIN, top + 26, source, note, INK_3)
    write(page, MARGIN, top + 68, poster.label, note, INK_3)
    write(page, MARGIN, top + side - 60, "长按识别二维码，阅读全文", font("bold", 36), INK)
    write(page, MARGIN, top + side - 8, "或用手机扫一扫", note, INK_3)


def set_title(title: str, sizes: tuple[tuple[int, int], ...]) -> tuple[int, list[str]]:
    """The size and the lines of a title: the largest at which nothing is left out, else the smallest."""
    size, lines = 0, [""]
    for size, most in sizes:
        lines = break_lines(title, measure(font("bold", size)), LINE, most=most, even=True)
        if "".join("".join(lines).split()) == "".join(title.split()):
            break
    return size, lines


def set_lead(lead: str, *, most: int) -> list[str]:
    return break_lines(lead, measure(font("regular", LEAD_SIZE)), LINE, most=most) if most > 0 else []


def write_lines(
    page: ImageDraw.ImageDraw,
    lines: list[str],
    top: int,
    face: ImageFont.FreeTypeFont,
    colour: str,
    leading: float,
) -> None:
    """Lines below each other, the first's em box centred in its leading, from the left margin."""
    for number, line in enumerate(lines):
        # The em box of the font lies 0.88 above its baseline.
        baseline = top + round(face.size * (leading * number + (leading - 1) / 2 + 0.88))
        write(page, MARGIN, baseline, line, face, colour)


def write(
    page: ImageDraw.ImageDraw, x: float, baseline: int, text: str, face: ImageFont.FreeTypeFont, colour: str
) -> None:
    page.text((x, baseline), spaced(text), colour, face, "ls", **LANGUAGE)


def measure(face: ImageFont.FreeTypeFont):
    return lambda text: width_of(text, face)


def width_of(text: str, face: ImageFont.FreeTypeFont) -> float:
    """The width of a line in pixels."""
    return face.getlength(spaced(text), **LANGUAGE)

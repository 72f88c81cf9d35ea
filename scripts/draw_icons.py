"""Draw the icons of the web app from the figure of static/favicon.svg, into static/icons/ (a developer script).

    python scripts/draw_icons.py

`maskable` and the touch icon fill the square, for phones cut the corners themselves; the figure of `maskable` keeps
within the circle of 80 % that every phone leaves.
"""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent.parent / "static" / "icons"
RED, WHITE, NONE = "#b4151d", "#ffffff", (0, 0, 0, 0)
GRID, CORNER, FINE = 64, 10, 8
# Bars and blocks of the front page on the grid of 64: left, top, right, bottom.
FIGURE = [(14, 12.5, 50, 15.5), (14, 17.5, 50, 20.5), (14, 27, 31, 50)]
FIGURE += [(37, line - 1.75, 50, line + 1.75) for line in (29, 36, 43, 50)]


def draw(size: int, *, rounded: bool, scale: float = 1.0) -> Image.Image:
    """The icon at `size` pixels a side, its figure scaled about the middle; drawn large and made fine."""
    side = size * FINE
    image = Image.new("RGBA", (side, side), NONE if rounded else RED)
    pen = ImageDraw.Draw(image)
    if rounded:
        pen.rounded_rectangle((0, 0, side - 1, side - 1), radius=side * CORNER / GRID, fill=RED)
    for bar in FIGURE:
        # The figure's own middle is (32, 32.1): near enough to that of the square.
        pen.rectangle([((place - GRID / 2) * scale + GRID / 2) * side / GRID for place in bar], fill=WHITE)
    small = image.resize((size, size), Image.Resampling.LANCZOS)
    return small if rounded else small.convert("RGB")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    icons = {
        "icon-192": draw(192, rounded=True),
        "icon-512": draw(512, rounded=True),
        "maskable-512": draw(512, rounded=False, scale=0.9),
        "apple-touch-icon": draw(180, rounded=False),
    }
    for name, image in icons.items():
        image.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()

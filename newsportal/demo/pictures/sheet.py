"""The means of ink-wash painting: paper, washes, brush strokes and seals."""

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from .canvas import Box, Canvas, Pen, soften
from .noise import Field, field, smoothstep
from .palette import hexa, pick

Path = Sequence[tuple[float, float]]
Area = tuple[slice, slice]
EVERYWHERE: Area = (slice(None), slice(None))
BLACK = (1.9, 1.85, 1.7)
RED = (0.12, 1.75, 1.7)
PINK = (0.03, 0.75, 0.45)
GREEN = (0.95, 0.5, 0.95)
OCHRE = (0.2, 0.55, 1.1)
BLUE = (1.2, 0.7, 0.35)
FACTOR = 0.66


class Sheet:
    """A sheet of paper that collects the optical density of ink."""

    def __init__(self, canvas: Canvas) -> None:
        """Take a blank sheet of the canvas's size."""
        self.canvas = canvas
        self.rng = canvas.rng
        self.shape = canvas.low(FACTOR)
        self.density = np.zeros((*self.shape, 3), np.float32)
        self.grain = field(self.rng, self.shape, 1.3, "fbm")
        self.fibre = field(self.rng, self.shape, 0.8, "white")
        self.streak = field(self.rng, self.shape, 0.35, "fbm", tall=16)
        self.x, self.y = canvas.grid(FACTOR)

    def area(self, box: Box) -> Area:
        """Return the rows and columns that cover a virtual box."""
        k = self.canvas.scale * FACTOR
        rows, columns = self.shape
        top, bottom = (int(np.clip(v * k, 0, rows - 2)) for v in (box[1], box[3]))
        left, right = (int(np.clip(v * k, 0, columns - 2)) for v in (box[0], box[2]))
        return slice(top, max(bottom, top + 1) + 1), slice(left, max(right, left + 1) + 1)

    def mask(self, draw: Callable[[Pen], None], area: Area = EVERYWHERE) -> Field:
        """Return what ``draw`` paints (within an area), as an array of 0..1."""
        rows, columns = self.grain[area].shape
        big, k = Image.new("L", (columns * 2, rows * 2)), self.canvas.scale * FACTOR
        draw(Pen(big, k * 2, ((area[1].start or 0) / k, (area[0].start or 0) / k)))
        return np.asarray(big.reduce(2), dtype=np.float32) / 255

    def lay(
        self,
        cover: Field,
        strength: float,
        ink: Sequence[float] = BLACK,
        *,
        dry: float = 0,
        bleed: float = 0,
        area: Area = EVERYWHERE,
    ) -> None:
        """Add ink; ``dry`` breaks the stroke into streaks, ``bleed`` softens it into the paper."""
        if bleed:
            image = Image.fromarray((np.clip(cover, 0, 1) * 255).astype(np.uint8))
            cover = cover * 0.35 + np.asarray(soften(image, bleed * self.canvas.scale), dtype=np.float32) / 255 * 0.65
        if dry:
            cover = cover * smoothstep(dry - 0.22, dry + 0.1, self.streak[area] * 0.7 + self.fibre[area] * 0.2 + 0.1)
        tone = cover * strength * (0.55 + 0.9 * self.grain[area])
        self.density[area] += tone[..., None] * np.array(ink, np.float32)

    def strokes(self, marks: Sequence[tuple[Path, Sequence[float]]], area: Area = EVERYWHERE) -> Field:
        """Return the mask of several brush strokes."""

        def paint(pen: Pen) -> None:
            """Paint them all."""
            for path, widths in marks:
                brush(pen, path, widths)

        return self.mask(paint, area)

    def drops(self, places: Sequence[tuple[float, float, float]], flat: float = 1, area: Area = EVERYWHERE) -> Field:
        """Return the mask of round or flattened drops given as (x, y, radius)."""

        def paint(pen: Pen) -> None:
            """Paint them all."""
            for x, y, r in places:
                pen.oval(x, y, r, r * flat, 255)

        return self.mask(paint, area)

    def stroke(
        self, path: Path, widths: Sequence[float], strength: float = 1, *, dry: float = 0, bleed: float = 0
    ) -> None:
        """Paint one black brush stroke along a path."""
        margin = max(widths) + 12
        xs, ys = [p[0] for p in path], [p[1] for p in path]
        area = self.area((min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin))
        self.lay(self.strokes([(path, widths)], area), strength, area=area, dry=dry, bleed=bleed)

    def publish(self, paper: str | None = None) -> None:
        """Put paper and ink on the canvas."""
        base = np.array(hexa(paper or pick(self.rng, ("f3ecdc", "efe6d0", "f5f1e6", "e9dfc6"))), np.float32)
        age = field(self.rng, self.shape, 0.5, "soft")
        sheet = base * (0.965 + 0.05 * self.grain + 0.03 * (self.fibre - 0.5) + 0.04 * (age - 0.5))[..., None]
        self.canvas.paste(sheet * np.exp(-self.density))


def curve(path: Path, count: int = 60) -> tuple[Field, Field]:
    """Return a smooth curve through the points."""
    points = np.array(path, np.float32)
    t = np.linspace(0, 1, len(points))
    fine = np.linspace(0, 1, count)
    kernel = np.hanning(max(5, count // max(2, len(points) - 1)) | 1)
    kernel /= kernel.sum()
    pad = len(kernel) // 2
    lines = []
    for axis in (0, 1):
        values = np.interp(fine, t, points[:, axis])
        head, tail = 2 * values[0] - values[pad:0:-1], 2 * values[-1] - values[-2 : -pad - 2 : -1]
        lines.append(np.convolve(np.concatenate([head, values, tail]), kernel, mode="valid"))
    return lines[0], lines[1]


def brush(pen: Pen, path: Path, widths: Sequence[float]) -> None:
    """Fill a stroke whose width follows the list along the path."""
    x, y = curve(path)
    width = np.interp(np.linspace(0, 1, x.size), np.linspace(0, 1, len(widths)), widths) / 2
    dx, dy = np.gradient(x), np.gradient(y)
    length = np.maximum(np.hypot(dx, dy), 1e-4)
    nx, ny = -dy / length * width, dx / length * width
    pen.poly([*zip(x + nx, y + ny, strict=True), *zip((x - nx)[::-1], (y - ny)[::-1], strict=True)], 255)
    pen.dot(float(x[0]), float(y[0]), float(width[0]), 255)
    pen.dot(float(x[-1]), float(y[-1]), float(width[-1]), 255)


def stamp(canvas: Canvas, x: float, y: float, size: float) -> None:
    """Print a small red seal with abstract carving."""
    red = hexa(pick(canvas.rng, ("b8281e", "c23428", "a82a20")))
    with canvas.pen((x - size, y - size, x + size, y + size)) as pen:
        pen.rect((x - size / 2, y - size / 2, x + size / 2, y + size / 2), red, 0.92, radius=size * 0.09)
        carve(canvas, pen, x, y, size * 0.84)


def carve(
    canvas: Canvas, pen: Pen, x: float, y: float, size: float, paper: tuple[int, int, int] = (240, 228, 206)
) -> None:
    """Cut an abstract pattern of waves and quarter rings into a seal."""
    rng, cells = canvas.rng, pick(canvas.rng, (2, 3))
    step, width = size / cells, max(1.4, size * 0.045)
    for column in range(cells):
        for row in range(cells):
            left, top = x - size / 2 + column * step, y - size / 2 + row * step
            turn = int(rng.integers(4))
            cx, cy = left + step * (turn in (1, 2)), top + step * (turn in (2, 3))
            for ring in (0.34, 0.62, 0.9):
                r = step * ring
                pen.arc((cx - r, cy - r, cx + r, cy + r), turn * 90 + 4, turn * 90 + 86, paper, width)


def seals(canvas: Canvas, x: float, y: float) -> None:
    """Sign a painting with one or two seals."""
    stamp(canvas, x, y, 62)
    if canvas.rng.random() < 0.5:
        stamp(canvas, x, y + 76, 48)

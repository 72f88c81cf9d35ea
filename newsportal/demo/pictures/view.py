"""One-point perspective and building fronts for city pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from .canvas import Canvas, Pen
from .palette import Rgb, jitter, mix, pick, scale

Point3 = tuple[float, float, float]


@dataclass(frozen=True)
class View:
    """A level camera: x to the right, y up from the ground, z away; ``eye`` is the camera's height."""

    x: float
    y: float
    eye: float = 1.6
    focal: float = 900

    def at(self, x: float, y: float, z: float) -> tuple[float, float]:
        """Project a point to the picture."""
        return self.x + x * self.focal / z, self.y - (y - self.eye) * self.focal / z

    def quad(self, pen: Pen, corners: Sequence[Point3], colour: Rgb, alpha: float = 1) -> None:
        """Fill a polygon given by points in space."""
        pen.poly([self.at(*corner) for corner in corners], colour, alpha)

    def wall(self, pen: Pen, x: float, heights: tuple[float, float], depths: tuple[float, float], colour: Rgb) -> None:
        """Fill an upright rectangle parallel to the line of sight."""
        (low, high), (near, far) = heights, depths
        self.quad(pen, [(x, low, near), (x, high, near), (x, high, far), (x, low, far)], colour)

    def floor(
        self, pen: Pen, y: float, sides: tuple[float, float], depths: tuple[float, float], colour: Rgb, alpha: float = 1
    ) -> None:
        """Fill a level rectangle."""
        (left, right), (near, far) = sides, depths
        self.quad(pen, [(left, y, near), (right, y, near), (right, y, far), (left, y, far)], colour, alpha)


def haze(canvas: Canvas, colour: Sequence[float], distance: float) -> Rgb:
    """Return a colour seen through the air; ``distance`` from 0 to 1."""
    fog = mix(canvas.light.horizon, canvas.light.middle, 0.35)
    return mix(colour, fog, 1 - float(np.exp(-distance * (0.5 + canvas.light.haze))))


WINDOW_LIGHTS: tuple[Rgb, ...] = ((255, 206, 120), (255, 224, 160), (250, 190, 96), (214, 230, 255), (255, 238, 205))


def front(
    canvas: Canvas, size: tuple[int, int], wall: Rgb, glass: Rgb, cell: tuple[int, int], lamps: float
) -> Image.Image:
    """Return a building front of ``size`` pixels with rows of windows, some of them lit."""
    rng = canvas.rng
    width, height = max(2, size[0]), max(2, size[1])
    columns, rows = width // cell[0] + 1, height // cell[1] + 1
    grid = np.empty((rows, columns, 3), np.float32)
    grid[:] = np.array(glass, np.float32) * rng.uniform(0.82, 1.15, (rows, columns, 1))
    shining = rng.random((rows, columns)) < lamps * rng.uniform(0.4, 1.2, (rows, 1))
    tints = np.array(WINDOW_LIGHTS, np.float32)[rng.integers(0, len(WINDOW_LIGHTS), (rows, columns))]
    grid[shining] = (tints * rng.uniform(0.6, 1.0, (rows, columns, 1)))[shining]
    face = np.repeat(np.repeat(grid, cell[1], axis=0), cell[0], axis=1)[:height, :width]
    bar = max(1, cell[0] // 4)
    sill = max(1, cell[1] // 3)
    y, x = np.arange(face.shape[0]) % cell[1], np.arange(face.shape[1]) % cell[0]
    face[y < sill] = wall
    face[:, x < bar] = wall
    fade = np.linspace(1.06, 0.9, face.shape[0], dtype=np.float32)[:, None, None]
    return Image.fromarray(np.clip(face * fade, 0, 255).astype(np.uint8))


def tower(canvas: Canvas, x: float, foot: float, width: float, height: float, distance: float) -> None:
    """Draw one high-rise with a lit front, a darker flank and a roof."""
    rng, light, s = canvas.rng, canvas.light, canvas.scale
    stone = pick(
        rng, ((196, 188, 176), (150, 160, 172), (118, 138, 158), (172, 150, 132), (210, 206, 200), (96, 116, 134))
    )
    wall = haze(canvas, canvas.lit(jitter(rng, stone, 8), 0.6), distance)
    pane = mix(light.middle, light.zenith, 0.5) if not light.dark else scale(wall, 0.55)
    glass = haze(canvas, scale(pane, 0.7), distance)
    lamps = light.lamps * (0.62 - 0.25 * distance) * float(rng.uniform(0.4, 1.2))
    cells = ((5, 7), (7, 9), (4, 12), (10, 6), (6, 14))
    cell = tuple(max(3, round(v * s * (1.25 - 0.5 * distance))) for v in pick(rng, cells))
    left, top = round(x * s), round((foot - height) * s)
    face = front(canvas, (round(width * s), round(height * s)), wall, glass, (cell[0], cell[1]), lamps)
    flank = round(width * float(rng.uniform(0.2, 0.38)) * s)
    side = face.crop((0, 0, flank, face.height)).point([int(v * 0.62) for v in range(256)] * 3)
    canvas.im.paste(face, (left, top))
    canvas.im.paste(side, (left if rng.random() < 0.5 else left + face.width - flank, top))
    _roof(canvas, x, foot - height, width, wall)


def _roof(canvas: Canvas, x: float, top: float, width: float, wall: Rgb) -> None:
    """Crown a tower: flat with plant room, stepped, pointed, sloping or with a mast."""
    kind = pick(canvas.rng, (0, 0, 0, 1, 3, 5, 5, 2 if width < 60 else 0, 4 if width > 80 else 5))
    dark = scale(wall, 0.8)
    with canvas.pen((x - 10, top - width * 1.9, x + width + 10, top + 8)) as pen:
        if kind == 0:
            pen.rect((x + width * 0.2, top - width * 0.12, x + width * 0.75, top + 2), dark)
        elif kind == 1:
            for i in range(1, 4):
                inset = width * 0.12 * i
                pen.rect((x + inset, top - width * 0.22 * i, x + width - inset, top + 2), scale(wall, 1 - 0.05 * i))
            pen.line([(x + width / 2, top - width * 0.6), (x + width / 2, top - width * 1.3)], dark, 2.5)
        elif kind == 2:
            pen.poly([(x, top + 1), (x + width / 2, top - width * 0.9), (x + width, top + 1)], dark)
            pen.line([(x + width / 2, top - width * 0.8), (x + width / 2, top - width * 1.5)], dark, 2)
        elif kind == 3:
            pen.poly([(x, top + 1), (x, top - width * 0.5), (x + width, top + 1)], dark)
        elif kind == 4:
            pen.oval(x + width / 2, top + 1, width / 2, width * 0.34, dark)
        if kind in (0, 1) and canvas.light.dark:
            pen.dot(x + width / 2, top - width * (0.12 if kind == 0 else 1.3), 2.6, (255, 70, 60))


def street_lamp(canvas: Canvas, x: float, foot: float, height: float, colour: Rgb = (255, 206, 130)) -> None:
    """Draw a lamp post; it shines when it is dark."""
    with canvas.pen((x - height, foot - height * 1.1, x + height, foot + 4)) as pen:
        post = canvas.lit((60, 62, 66), 0.3)
        pen.line([(x, foot), (x, foot - height)], post, max(1.5, height * 0.025))
        pen.line([(x, foot - height), (x + height * 0.16, foot - height * 1.02)], post, max(1.5, height * 0.02))
        if canvas.light.dark:
            pen.oval(x + height * 0.16, foot - height, height * 0.05, height * 0.025, (255, 246, 220))
    if canvas.light.dark:
        canvas.glow(x + height * 0.16, foot - height, height * 0.42, colour, 0.8)

"""Parks, markets, fishing harbours and lantern streets."""

from collections.abc import Callable

import numpy as np

from .canvas import Canvas, Pen
from .city import towers
from .palette import Rgb, hexa, jitter, mix, pick, scale, swatch
from .props import birds, hills, tree, walker
from .sky import lay_mist, mirror_water, paint_sky
from .terrain import Ground
from .view import street_lamp


def bokeh(canvas: Canvas, colours: list[Rgb], count: int, size: float, top: float = 0, bottom: float = 1000) -> None:
    """Scatter out-of-focus lights."""
    with canvas.pen((0, top, canvas.width, bottom)) as pen:
        for _ in range(count):
            r = size * canvas.uniform(0.4, 1.2)
            x, y = canvas.uniform(0, canvas.width), canvas.uniform(top, bottom)
            colour = jitter(canvas.rng, pick(canvas.rng, colours), 12)
            pen.dot(x, y, r, colour, canvas.uniform(0.1, 0.3))
            pen.ring(x, y, r, mix(colour, (255, 255, 255), 0.3), 2, 0.18)


def park(canvas: Canvas) -> None:
    """A city park with a pond, a path, trees and people walking."""
    horizon = canvas.uniform(430, 500)
    sun_x, _ = paint_sky(canvas, horizon)
    towers(canvas, horizon + 10, canvas.uniform(150, 260), 2)
    ground = Ground(canvas, horizon, cam=1.8, near=1.4, far=30)
    lawn = ground.noise("fbm", 7)
    ground.height = (ground.noise("soft", 20) - 0.45) * 1.1
    ground.level = -0.02 if canvas.rng.random() < 0.7 else None
    ground.cover(hexa(pick(canvas.rng, ("7a9a44", "8aa24c", "6a8f48"))), 1.0, lawn, 0.35)
    bend = np.sin(ground.z * canvas.uniform(0.3, 0.5) + canvas.uniform(0, 6)) * 1.2 + canvas.uniform(-0.6, 0.6)
    path = smoothed(0.62 - np.abs(ground.x - bend))
    ground.height = np.maximum(ground.height, path * 0.04 - (1 - path)).astype(np.float32)
    ground.cover((206, 188, 158), path, lawn, 0.1)
    ground.render(sun_x)
    leaf = pick(canvas.rng, swatch("4d7a34 648a36 c48a2a b8562c e0a8b8 4a6e46"))
    with canvas.pen() as pen:
        for z in np.geomspace(26, 5.2, 15):
            foot = horizon + 1.75 * 1000 / z
            x = pick(canvas.rng, (-1, 1)) * canvas.uniform(0.25, 0.62) * 1000 + 750
            pen.oval(x + 900 / z, foot, 1500 / z, 120 / z, (20, 30, 16), 0.3)
            tree(pen, canvas, x, foot, 3300 / z * canvas.uniform(0.75, 1.15), jitter(canvas.rng, leaf, 14))
            if 7.5 < z < 20:
                px = 750 + float(np.interp(z, ground.z[:, 0], bend[:, 0])) * 1000 / z + canvas.uniform(-400, 400) / z
                coat = canvas.lit(pick(canvas.rng, swatch("2f3a4a a04a3c 8a8378 3f5a46 d8c8a0")), 0.5)
                walker(pen, px, foot, 900 / z, coat, canvas.uniform(-1, 1))
    for z in np.array((9.0, 5.4)):
        street_lamp(
            canvas,
            750 + float(np.interp(z, ground.z[:, 0], bend[:, 0])) * 1000 / z - 900 / z,
            horizon + 1780 / z,
            1900 / z,
        )


def smoothed(values: np.ndarray) -> np.ndarray:
    """Return a mask that is 1 for positive values, with a narrow soft edge."""
    return np.clip(values * 12 + 0.5, 0, 1).astype(np.float32)


def lamplit(canvas: Canvas, colour: Rgb) -> Rgb:
    """Return a colour under the warm lamps of a stall."""
    return scale(mix(colour, (255, 206, 140), 0.08), 0.8 if canvas.light.name == "night" else 0.97)


def market(canvas: Canvas) -> None:
    """A market stall heaped with produce under awnings and lamps."""
    warm = mix(canvas.light.horizon, (220, 150, 80), 0.35)
    canvas.gradient([(0, scale(warm, 0.55)), (420, warm), (1000, scale(warm, 0.4))])
    bokeh(canvas, [*swatch("ffd890 ffb870 f08a60 fff0d0 9ab870"), warm], 60, 46, 120, 560)
    _shoppers(canvas)
    stalls = 3
    awnings = swatch("b8382e 2f6a4c d08a2e 28527a 8a3a4a")
    for i in range(stalls):
        _stall(canvas, i * 540 - 60 + canvas.uniform(-30, 30), pick(canvas.rng, awnings))
    for x in np.linspace(90, 1410, 7):
        y = 300 + 26 * np.sin(x) + canvas.uniform(-10, 10)
        with canvas.pen((x - 40, 120, x + 40, y + 50)) as pen:
            pen.line([(x, 120), (x, y - 16)], (40, 34, 30), 2)
            pen.poly([(x - 26, y), (x - 9, y - 18), (x + 9, y - 18), (x + 26, y)], (70, 60, 52))
            pen.dot(x, y + 2, 12, (255, 244, 206))
        canvas.glow(x, y, 190, (255, 214, 140), 0.75)


def _shoppers(canvas: Canvas) -> None:
    """Draw blurred people behind the counter."""
    with canvas.pen((0, 200, canvas.width, 760)) as pen:
        for _ in range(15):
            coat = scale(pick(canvas.rng, swatch("2f3a4a 7a3a34 8a8378 3f5a46 c2a06a 54405a")), canvas.uniform(0.6, 1))
            walker(pen, canvas.uniform(0, 1500), 730, canvas.uniform(270, 350), coat, canvas.uniform(-1, 1))
    canvas.blur(7, (0, 200, canvas.width, 760))


def _stall(canvas: Canvas, x: float, cloth: Rgb) -> None:
    """Draw one stall: striped awning, poles and sloping crates of fruit."""
    width, top = 500.0, canvas.uniform(60, 120)
    cream = lamplit(canvas, (244, 236, 218))
    tint = lamplit(canvas, cloth)
    with canvas.pen((x - 50, 0, x + width + 60, 1000)) as pen:
        for pole in (x + 6, x + width - 12):
            pen.rect((pole, top, pole + 9, 800), canvas.lit((96, 74, 56), 0.5))
        for i in range(10):
            left, right = x + width * i / 10, x + width * (i + 1) / 10
            spread = 30 * (i - 4.5) / 4.5
            tone = tint if i % 2 else cream
            low = [(right + spread + 6, top + 120), (left + spread, top + 120)]
            pen.poly([(left, top), (right + 0.5, top), *low], tone)
            pen.pie(x + width * (i + 0.5) / 10 + spread, top + 120, width / 19, 0, 180, scale(tone, 0.8))
    for row in range(3):
        for column in range(4):
            _crate(canvas, x + column * width / 4, 640 + row * 112, width / 4 - 8)


FRUITS = swatch("c8352c d8742a e0b23a 7a9a3a 9ab84a 5a3a5a e0d8b0 b84a5a e8963a 4f7a3a")


def _crate(canvas: Canvas, x: float, y: float, width: float) -> None:
    """Draw a wooden crate heaped with round fruit."""
    colour, r = pick(canvas.rng, FRUITS), canvas.uniform(10, 19)
    wood = lamplit(canvas, (150, 112, 76))
    with canvas.pen((x - 20, y - 50, x + width + 20, y + 116)) as pen:
        pen.rect((x - 2, y + 8, x + width + 2, y + 110), scale(wood, 0.45))
        rows = int(70 / r) + 1
        for row in range(rows):
            cy = y - 12 + row * r * 1.15
            inset = max(0, (2 - row) * r * 0.9)
            for cx in np.arange(x + r + inset, x + width - r * 0.6 - inset, r * 1.75):
                px, py = cx + canvas.uniform(-3, 3), cy + canvas.uniform(-3, 3)
                tone = lamplit(canvas, jitter(canvas.rng, colour, 14))
                pen.dot(px, py, r, scale(tone, 0.66))
                pen.dot(px - r * 0.14, py - r * 0.16, r * 0.8, tone)
                pen.dot(px - r * 0.32, py - r * 0.38, r * 0.26, mix(tone, (255, 255, 255), 0.55))
        pen.rect((x - 4, y + 62, x + width + 4, y + 106), wood)
        pen.line([(x - 4, y + 84), (x + width + 4, y + 84)], scale(wood, 0.6), 3)


def fishing_boats(canvas: Canvas) -> None:
    """Fishing boats moored in a quiet harbour."""
    foot = canvas.uniform(430, 510)
    paint_sky(canvas, foot)
    hills(canvas, foot - canvas.uniform(120, 220), foot, 3, (64, 90, 84))
    mirror_water(canvas, foot, calm=0.75, tint=0.2)
    boats = sorted(canvas.uniform(0.06, 1) ** 1.5 for _ in range(int(canvas.rng.integers(7, 13))))
    for depth in boats:
        x, y, size = canvas.uniform(60, 1440), foot + 26 + depth * 330, 34 + depth * 150
        paint = canvas.lit(
            jitter(canvas.rng, pick(canvas.rng, swatch("2a5a8c b8432f e8e2d4 2f7a6a d09a3a 3a4450")), 10), 0.65
        )
        with canvas.pen((x - size * 1.7, y - size * 2, x + size * 1.7, y + size * 1.8)) as pen:
            _trawler(canvas, pen, x, y, size, paint, -0.8)
            _trawler(canvas, pen, x, y, size, paint, 1)
    birds(canvas, canvas.uniform(300, 1200), canvas.uniform(140, 340), 9, 15, canvas.lit((236, 236, 236), 0.5))
    lay_mist(canvas, foot - 70, foot + 70, canvas.uniform(0.1, 0.5))
    if canvas.light.dark:
        canvas.bloom(150, 0.9)


def _trawler(canvas: Canvas, pen: Pen, x: float, y: float, s: float, paint: Rgb, up: float) -> None:
    """Draw one boat; a negative ``up`` draws its reflection."""
    alpha = 1.0 if up > 0 else 0.42
    white, dark = canvas.lit((238, 234, 224), 0.65), canvas.lit((60, 46, 40), 0.4)

    def at(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """Scale, flip and place points."""
        return [(x + a * s, y - b * s * up) for a, b in points]

    pen.line(at([(0.1, 0.4), (0.1, 1.75)]), dark, s * 0.035, alpha)
    for end in (-1, 0.95):
        pen.line(at([(0.1, 1.7), (end, 0.42)]), dark, s * 0.012, alpha)
    pen.line(at([(0.1, 0.9), (0.75, 1.45)]), dark, s * 0.03, alpha)
    pen.poly(at([(-0.62, 0.3), (-0.6, 0.82), (-0.02, 0.82), (0.02, 0.3)]), white, alpha)
    pen.poly(at([(-0.68, 0.82), (-0.66, 0.9), (0.05, 0.9), (0.06, 0.82)]), scale(paint, 0.8), alpha)
    glass = (255, 214, 140) if canvas.light.dark else (64, 84, 98)
    for left in (-0.52, -0.33, -0.14):
        pen.poly(at([(left, 0.55), (left, 0.74), (left + 0.13, 0.74), (left + 0.13, 0.55)]), glass, alpha)
    pen.poly(at([(-1.0, 0.36), (-0.86, 0.0), (0.8, 0.0), (1.15, 0.55), (0.6, 0.36)]), paint, alpha)
    pen.poly(at([(-0.89, 0.1), (-0.86, 0.0), (0.8, 0.0), (0.87, 0.1)]), scale(paint, 0.5), alpha)
    pen.line(at([(-1.0, 0.36), (0.6, 0.36), (1.15, 0.55)]), white, s * 0.04, alpha)
    pen.dot(x + 0.35 * s, y - 0.36 * s * up, s * 0.09, (222, 120, 60), alpha)


SCENES: dict[str, Callable[[Canvas], None]] = {"park": park, "market": market, "fishing-boats": fishing_boats}

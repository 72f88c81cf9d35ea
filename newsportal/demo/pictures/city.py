"""Cities: skylines, streets, old towns, housing, parks and markets."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from .canvas import Canvas, Pen
from .palette import Rgb, hexa, jitter, mix, pick, scale, swatch
from .props import boat, figure, hills, tree, walker
from .sky import lay_mist, mirror_water, paint_sky
from .view import View, front, haze, tower


def towers(canvas: Canvas, foot: float, tall: float, layers: int = 3) -> None:
    """Draw layers of high-rises that peak in one or two clusters."""
    peak, second = canvas.uniform(300, 1200), canvas.uniform(100, 1400)
    for layer in range(layers):
        distance = (1 - (layer + 0.5) / layers) * 0.95
        x = canvas.uniform(-60, 0)
        while x < canvas.width:
            width = canvas.uniform(42, 96) * (0.72 + 0.4 * layer / layers)
            bulge = np.exp(-(((x - peak) / 260) ** 2)) + 0.6 * np.exp(-(((x - second) / 170) ** 2))
            height = tall * (0.2 + 0.8 * bulge * canvas.uniform(0.45, 1)) * (1.1 - 0.22 * layer)
            tower(canvas, x, foot, width, max(40, height * canvas.uniform(0.6, 1)), distance)
            x += width * canvas.uniform(0.75, 1.25 + 0.5 * layer)


def treeline(canvas: Canvas, foot: float, size: float, leaf: Rgb) -> None:
    """Draw a hedge of trees along a bank."""
    with canvas.pen((0, foot - size * 2.2, canvas.width, foot + 6)) as pen:
        x = -20.0
        while x < canvas.width + 20:
            tree(pen, canvas, x, foot + 2, size * canvas.uniform(0.7, 1.3), jitter(canvas.rng, leaf, 10))
            x += size * canvas.uniform(0.3, 0.62)


def skyline(canvas: Canvas) -> None:
    """High-rises on a waterfront with their reflections."""
    foot = canvas.uniform(610, 720)
    paint_sky(canvas, foot)
    if canvas.rng.random() < 0.5:
        hills(canvas, foot - 220, foot, 2, (70, 84, 92))
    towers(canvas, foot - 8, canvas.uniform(400, 540))
    treeline(canvas, foot - 2, canvas.uniform(24, 46), hexa(pick(canvas.rng, ("4c6b3c", "5b7440", "3e5d44"))))
    with canvas.pen((0, foot - 8, canvas.width, foot + 8)) as pen:
        pen.rect((0, foot - 5, canvas.width, foot + 6), canvas.lit((140, 136, 128), 0.4))
        if canvas.light.dark:
            for x in range(12, 1500, 34):
                pen.dot(x, foot - 4, 2.4, (255, 214, 150))
    lay_mist(canvas, foot - 160, foot + 20, canvas.light.haze * 0.18)
    mirror_water(canvas, foot + 5, calm=canvas.uniform(0.35, 0.8), tint=0.22)
    with canvas.pen((0, foot, canvas.width, canvas.height)) as pen:
        for _ in range(int(canvas.rng.integers(0, 3))):
            boat(
                pen,
                canvas,
                canvas.uniform(150, 1350),
                canvas.uniform(foot + 60, 930),
                canvas.uniform(40, 80),
                sail=True,
            )
    if canvas.light.dark:
        canvas.bloom(150, 0.9)


def _facades(canvas: Canvas, view: View, pen: Pen, side: int, half: float) -> None:
    """Draw one side of a street from far to near."""
    depths = [2.0]
    while depths[-1] < 70:
        depths.append(depths[-1] + canvas.uniform(3.5, 7.5) * (1 + depths[-1] / 40))
    for near, far in reversed(list(pairwise(depths))):
        distance, high = min(near / 70, 1), canvas.uniform(7, 19)
        stone = jitter(canvas.rng, pick(canvas.rng, swatch("c9b79c b48a6c 9fa6ab d8d0c2 8d7f78 a65f4a")), 8)
        wall = haze(canvas, canvas.lit(stone, 0.45 if side > 0 else 0.65), distance)
        view.wall(pen, side * half, (0, high), (near, far), wall)
        view.wall(pen, side * half, (high - 0.4, high), (near, far), scale(wall, 1.15))
        _windows(canvas, view, pen, (side * half, high, near, far), wall)


def _windows(canvas: Canvas, view: View, pen: Pen, block: tuple[float, float, float, float], wall: Rgb) -> None:
    """Draw the windows and the shop front of one building."""
    x, high, near, far = block
    columns, dark = max(2, int((far - near) / 1.5)), canvas.light.dark
    for row in range(1, int(high / 2.1)):
        for column in range(columns):
            start = near + (far - near) * (column + 0.25) / columns
            end = near + (far - near) * (column + 0.75) / columns
            shine = dark and canvas.rng.random() < 0.42
            pane = (
                mix((255, 206, 130), wall, canvas.uniform(0, 0.4)) if shine else scale(wall, canvas.uniform(0.45, 0.6))
            )
            view.wall(pen, x, (row * 2.1 + 1.1, row * 2.1 + 2.3), (start, end), pane)
    shop = pick(canvas.rng, swatch("ffd48a ffb870 ffe6bf f4a08a b8dcff")) if dark else scale(wall, 0.5)
    view.wall(pen, x, (0.2, 2.3), (near + 0.3, far - 0.3), shop)
    sign = canvas.lit(pick(canvas.rng, swatch("b3392f 2f5d50 264a73 c98a2b 7a3b55")), 0.8)
    view.wall(pen, x, (2.35, 2.95), (near + 0.2, far - 0.2), sign)


def street(canvas: Canvas) -> None:
    """A city street in perspective with shops, trees and people."""
    view = View(canvas.uniform(560, 940), canvas.uniform(520, 600))
    paint_sky(canvas, view.y)
    towers(canvas, view.y + 20, 260, 2)
    half, rng = canvas.uniform(6, 8), canvas.rng
    asphalt = canvas.lit((112, 112, 116), 0.4)
    with canvas.pen() as pen:
        view.floor(pen, 0, (-40, 40), (1, 90), canvas.lit((168, 160, 150), 0.45))
        view.floor(pen, 0, (-half * 0.55, half * 0.55), (1, 90), asphalt)
        for dash in range(2, 60, 3):
            view.floor(pen, 0, (-0.09, 0.09), (dash, dash + 1.5), canvas.lit((235, 232, 220), 0.5))
        for side in (-1, 1):
            _facades(canvas, view, pen, side, half)
        leaf = pick(rng, swatch("5a7a3a 6b8a3c c4922e 4d6e42"))
        for z in (34.0, 24.0, 17.0, 12.0, 8.5):
            for side in (-1, 1):
                tree(pen, canvas, *view.at(side * half * 0.7, 0, z), 4600 / z, leaf)
        for _ in range(26):
            away, across = canvas.uniform(7, 34), canvas.uniform(0.6, 0.95) * half * pick(rng, (-1, 1))
            px, py = view.at(across, 0, away)
            coat = canvas.lit(jitter(rng, pick(rng, swatch("2f3a4a 7a3a34 8a8378 3f5a46 c2a06a")), 10), 0.4)
            walker(pen, px, py, 1.7 * view.focal / away, coat, canvas.uniform(-1, 1))
    _traffic(canvas, view, half)
    if canvas.light.dark:
        canvas.bloom(150, 0.9)


def _traffic(canvas: Canvas, view: View, half: float) -> None:
    """Draw a few cars and their lights, and wet reflections when it rains."""
    with canvas.pen() as pen:
        for lane, z in ((-0.27, 24.0), (0.27, 15.0), (-0.27, 11.0), (0.27, 36.0)):
            x, z = lane * half, z * canvas.uniform(0.9, 1.3)
            px, py = view.at(x, 0, z)
            s = view.focal / z
            paint = canvas.lit(
                jitter(canvas.rng, pick(canvas.rng, swatch("e8e6e2 2b2d33 8b2f2a 3a5a7a c9c2b0")), 8), 0.6
            )
            pen.oval(px, py, s * 1.0, s * 0.14, (10, 10, 12), 0.5)
            pen.rect((px - s * 0.9, py - s * 0.85, px + s * 0.9, py - s * 0.12), paint, radius=s * 0.16)
            pen.poly([(px - s * 0.8, py - s * 0.8), (px - s * 0.6, py - s * 1.4), (px + s * 0.6, py - s * 1.4),
                      (px + s * 0.8, py - s * 0.8)], scale(paint, 0.45))  # fmt: skip
            lamp = (255, 240, 205) if lane < 0 else (255, 60, 44)
            for offset in (-0.68, 0.68):
                pen.oval(px + offset * s, py - s * 0.55, s * 0.16, s * 0.1, lamp)
                if canvas.light.name in ("rain", "night"):
                    pen.rect((px + offset * s - s * 0.1, py, px + offset * s + s * 0.1, py + s * 1.6), lamp, 0.25)


def oldtown(canvas: Canvas) -> None:
    """A canal between old houses with an arched bridge and red lanterns."""
    view = View(canvas.uniform(600, 900), canvas.uniform(430, 500), eye=2.2, focal=820)
    paint_sky(canvas, view.y)
    half = canvas.uniform(4.2, 5.4)
    walls = pick(
        canvas.rng, (swatch("ece6da e2dacb d6cbb8"), swatch("b98f63 a57c54 c9a57c"), swatch("e9dfcf c3b49c ddd3c4"))
    )
    depths = np.cumsum([1.7, *canvas.rng.uniform(2.6, 5.2, 14)])
    blocks = [
        (side, float(near), float(far), canvas.uniform(4.4, 7.4), pick(canvas.rng, walls), canvas.rng.integers(1 << 30))
        for side in (-1, 1)
        for near, far in zip(depths[-2::-1], depths[:0:-1], strict=True)
    ]
    with canvas.pen() as pen:
        for flip in (-1, 1):
            for side, near, far, high, wall, seed in blocks:
                _old_house(canvas, view, pen, (side * half, near, far, high, flip), wall, np.random.default_rng(seed))
            _arch(canvas, view, pen, half, 17, flip)
            if flip < 0:
                view.floor(pen, -0.3, (-half, half), (1, 60), mix(canvas.light.middle, (60, 84, 80), 0.6), 0.42)
        for z in (11.0, 6.4):
            px, py = view.at(canvas.uniform(-0.5, 0.5) * half, -0.2, z)
            boat(pen, canvas, px, py, 1500 / z)
    _lantern_rows(canvas, view, half)
    _ripple_canal(canvas, view, half)
    if canvas.light.dark:
        canvas.bloom(160, 0.9)


def _old_house(
    canvas: Canvas,
    view: View,
    pen: Pen,
    block: tuple[float, float, float, float, int],
    wall: Rgb,
    rng: np.random.Generator,
) -> None:
    """Draw one house of a canal front (or, flipped, its reflection)."""
    x, near, far, high, flip = block
    distance = min(near / 60, 1)
    face = haze(canvas, canvas.lit(wall, 0.35 if x > 0 else 0.65), distance)
    tiles = haze(canvas, canvas.lit((72, 72, 76), 0.5), distance)
    wood = haze(canvas, canvas.lit((104, 62, 44), 0.5), distance)
    view.wall(pen, x, (0, flip * high), (near, far), face)
    view.wall(pen, x, (0, flip * 0.55), (near, far), haze(canvas, canvas.lit((134, 128, 118), 0.4), distance))
    dark = canvas.light.dark
    columns = max(2, int((far - near) / 0.95))
    for level in (0.9, 3.5):
        for i in range(columns):
            start, end = (near + (far - near) * (i + o) / columns for o in (0.14, 0.86))
            pane = (255, 190, 104) if dark and rng.random() < 0.65 else scale(wood, 0.5)
            view.wall(pen, x, (flip * level, flip * (level + 1.6)), (start, end), wood)
            view.wall(pen, x, (flip * (level + 0.6), flip * (level + 1.45)), (start + 0.06, end - 0.06), pane)
    for bottom, top, out, into in ((2.75, 3.25, x * 0.8, x), (high - 0.05, high + 1.25, x * 0.86, x * 1.02)):
        _eaves(view, pen, (near, far, flip), (bottom, top, out, into), (tiles, scale(face, 0.86)))


def _eaves(
    view: View,
    pen: Pen,
    span: tuple[float, float, int],
    slope: tuple[float, float, float, float],
    paints: tuple[Rgb, Rgb],
) -> None:
    """Draw a tiled slope from (out, bottom) up to (into, top) with its soffit, gable and edge."""
    (near, far, flip), (bottom, top, out, into), (tiles, gable) = span, slope, paints
    low, high, edge = flip * bottom, flip * top, flip * (bottom - 0.14)
    view.floor(pen, low, (out, into * 1.08), (near, far), scale(tiles, 0.55))
    view.quad(pen, [(out, low, near), (into, high, near), (into * 1.27, low, near)], gable)
    view.quad(pen, [(out, low, near), (into, high, near), (into, high, far), (out, low, far)], scale(tiles, 0.95))
    view.wall(pen, out, (edge, low), (near, far), scale(tiles, 0.6))


def _arch(canvas: Canvas, view: View, pen: Pen, half: float, z: float, flip: int) -> None:
    """Draw a humpbacked stone bridge across the canal."""
    stone = haze(canvas, canvas.lit((178, 170, 156), 0.5), z / 60)
    t = np.linspace(0, np.pi, 30)
    outer = (
        [(-half - 1, 0.0)]
        + [(float(-np.cos(a)) * (half + 1), 1.4 + 2.2 * float(np.sin(a))) for a in t]
        + [(half + 1, 0.0)]
    )
    inner = [(float(np.cos(a)) * half * 0.6, 2.55 * float(np.sin(a))) for a in t]
    view.quad(pen, [(x, flip * y, z) for x, y in outer + inner], stone)
    rail = [view.at(x, flip * (y + 0.5), z) for x, y in outer[1:-1]]
    pen.line(rail, scale(stone, 1.12), 5)
    for point, (x, y) in zip(rail[::2], outer[1:-1:2], strict=True):
        pen.line([point, view.at(x, flip * y, z)], scale(stone, 0.75), 3)
    if flip > 0:
        for x in (-1.6, 0.3, 1.5):
            px, py = view.at(x, 3.35, z)
            figure(pen, px, py, 1.6 * view.focal / z, canvas.lit((64, 52, 54), 0.4))


def _lantern_rows(canvas: Canvas, view: View, half: float) -> None:
    """Hang red lanterns under the eaves."""
    places = [(side * half * 0.8, 2.5, z) for side in (-1, 1) for z in np.geomspace(5, 34, 10)]
    with canvas.pen() as pen:
        for x, y, z in reversed(places):
            px, py = view.at(x, y, z)
            r = 190 / z
            pen.oval(px, py, r, r * 0.85, (206, 44, 32))
            pen.oval(px - r * 0.2, py - r * 0.1, r * 0.5, r * 0.6, (246, 110, 60), 0.8)
            pen.rect((px - r * 0.35, py + r * 0.75, px + r * 0.35, py + r * 0.95), (222, 176, 80))
    if canvas.light.dark:
        for x, y, z in places:
            canvas.glow(*view.at(x, y, z), 1000 / z, (255, 110, 60), 0.7)


def _ripple_canal(canvas: Canvas, view: View, half: float) -> None:
    """Draw fine ripples on the canal."""
    colour = mix(canvas.light.horizon, (255, 255, 255), 0.2)
    with canvas.pen((0, view.y, canvas.width, canvas.height)) as pen:
        for z in np.geomspace(3.2, 40, 70):
            x, y = view.at(canvas.uniform(-1, 0.7) * half, -0.25, float(z))
            pen.line([(x, y), (x + canvas.uniform(200, 1200) / z, y)], colour, 4.5 / z + 0.5, 0.22)


def apartments(canvas: Canvas) -> None:
    """Blocks of flats with balconies behind greenery."""
    foot = canvas.uniform(830, 890)
    paint_sky(canvas, 700)
    towers(canvas, 760, 320, 2)
    paints = pick(
        canvas.rng, (swatch("e8dfd0 cfae8c d9c7ae"), swatch("dfe3e4 b9c4ca e9e4da"), swatch("e2c9a8 c98f6a f0e6d6"))
    )
    x, s = canvas.uniform(-120, -20), canvas.scale
    while x < 1500:
        width, height = canvas.uniform(230, 390), canvas.uniform(430, 720)
        wall = canvas.lit(pick(canvas.rng, paints), 0.65)
        glass = scale(mix(canvas.light.middle, canvas.light.zenith, 0.5), 0.6 if not canvas.light.dark else 0.3)
        size = (round(width * s), round(height * s))
        cell = (round(canvas.uniform(26, 40) * s), round(38 * s))
        canvas.im.paste(
            front(canvas, size, wall, glass, cell, canvas.light.lamps * 0.6), (round(x * s), round((foot - height) * s))
        )
        _balconies(canvas, x, foot, width, height, wall)
        x += width + canvas.uniform(10, 110)
    treeline(canvas, foot + 30, 110, pick(canvas.rng, swatch("5a7a3a 6b8a3c c4922e 4d6e42")))
    with canvas.pen((0, foot - 40, canvas.width, canvas.height)) as pen:
        pen.rect((0, foot + 26, 1500, 1000), canvas.lit((148, 144, 138), 0.5))
        pen.rect((0, foot + 26, 1500, foot + 60), canvas.lit((110, 132, 78), 0.6))
        for _ in range(9):
            coat = canvas.lit(pick(canvas.rng, swatch("2f3a4a 7a3a34 8a8378 3f5a46")), 0.5)
            walker(pen, canvas.uniform(60, 1440), foot + canvas.uniform(66, 100), 74, coat, canvas.uniform(-1, 1))
    if canvas.light.dark:
        canvas.bloom(160, 0.7)


def _balconies(canvas: Canvas, x: float, foot: float, width: float, height: float, wall: Rgb) -> None:
    """Add columns of balconies, a flank in shade and a roof edge to a block."""
    with canvas.pen((x - 20, foot - height - 40, x + width + 20, foot)) as pen:
        pen.rect((x + width * 0.82, foot - height, x + width, foot), scale(wall, 0.55), 0.5)
        pen.rect((x - 6, foot - height - 12, x + width + 6, foot - height + 6), scale(wall, 0.8))
        pen.rect((x + width * 0.3, foot - height - 34, x + width * 0.5, foot - height - 10), scale(wall, 0.7))
        for column in (0.08, 0.46):
            for row in range(int(height / 38)):
                top = foot - height + 20 + row * 38
                left, right = x + width * column, x + width * (column + 0.24)
                pen.rect((left, top + 14, right, top + 27), scale(wall, 1.1))
                pen.rect((left, top + 27, right, top + 31), scale(wall, 0.6))


SCENES: dict[str, Callable[[Canvas], None]] = {
    "skyline": skyline,
    "street": street,
    "oldtown": oldtown,
    "apartments": apartments,
}

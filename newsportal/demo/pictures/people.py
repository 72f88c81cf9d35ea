"""Small dark figures against the sky: walkers and runners."""

from collections.abc import Callable

import numpy as np

from .canvas import Canvas, Pen
from .city import towers
from .noise import profile
from .palette import Rgb, jitter, pick, scale, swatch
from .props import birds, hills, tree, walker
from .sky import paint_sky


def silhouettes(canvas: Canvas) -> None:
    """People on a crest or a pier against a wide sky."""
    foot = canvas.uniform(720, 790)
    sun_x, _ = paint_sky(canvas, foot)
    canvas.glow(sun_x, foot - 90, 620, canvas.light.sun, 0.55)
    hills(canvas, foot - 150, foot + 20, 2, (60, 70, 84))
    dark = scale(canvas.lit((46, 42, 48), 0.2), 0.8)
    x = np.linspace(0, 1500, 300)
    line = (
        foot
        - 40 * np.sin(x / canvas.uniform(330, 560) + canvas.uniform(0, 6))
        + (profile(canvas.rng, 300, 0.9) - 0.5) * 34
    )
    with canvas.pen((0, 240, canvas.width, canvas.height)) as pen:
        pen.poly([*zip(x, line, strict=True), (1500, 1000), (0, 1000)], dark)
        for place in np.arange(0, 1500, 7.0):
            y = float(np.interp(place, x, line))
            pen.line([(place, y + 4), (place + canvas.rng.normal(0, 5), y - canvas.uniform(4, 20))], dark, 1.8)
        if canvas.rng.random() < 0.7:
            place = pick(canvas.rng, (canvas.uniform(120, 300), canvas.uniform(1200, 1380)))
            _bare_tree(canvas, pen, (place, float(np.interp(place, x, line)) + 8), -1.57, 110, 26, dark)
        start, count = canvas.uniform(330, 800), int(canvas.rng.integers(3, 8))
        for i in range(count):
            place = start + i * canvas.uniform(60, 110)
            tall = canvas.uniform(120, 165) * (0.62 if canvas.rng.random() < 0.25 else 1)
            walker(pen, place, float(np.interp(place, x, line)) + 6, tall, dark, canvas.uniform(-0.9, 0.9))
    birds(canvas, canvas.uniform(300, 1200), canvas.uniform(160, 380), 8, 15, dark)


def _bare_tree(
    canvas: Canvas, pen: Pen, start: tuple[float, float], angle: float, reach: float, width: float, tone: Rgb
) -> None:
    """Draw a branching winter tree."""
    end = (start[0] + float(np.cos(angle)) * reach, start[1] + float(np.sin(angle)) * reach)
    pen.line([start, end], tone, width)
    if width < 1.6:
        return
    for turn in (-0.42, 0.38):
        _bare_tree(
            canvas,
            pen,
            end,
            angle + turn + canvas.rng.normal(0, 0.14),
            reach * canvas.uniform(0.68, 0.84),
            width * 0.62,
            tone,
        )


def runners(canvas: Canvas) -> None:
    """A field of runners on a city road."""
    foot = canvas.uniform(620, 670)
    sun_x, _ = paint_sky(canvas, foot)
    towers(canvas, foot, canvas.uniform(220, 330), 2)
    with canvas.pen((0, foot - 120, canvas.width, canvas.height)) as pen:
        leaf = pick(canvas.rng, swatch("5a7a3a 6b8a3c c4922e"))
        for place in np.arange(-20, 1520, 74):
            tree(pen, canvas, float(place), foot + 10, canvas.uniform(60, 110), jitter(canvas.rng, leaf, 10))
        pen.rect((0, foot, 1500, 1000), canvas.lit((128, 126, 126), 0.5))
        for y, thick in ((foot + 36, 4), (foot + 120, 7), (foot + 270, 11)):
            pen.rect((0, y, 1500, y + thick), canvas.lit((232, 228, 216), 0.5))
    canvas.glow(sun_x, foot - 30, 700, canvas.light.sun, 0.4)
    shirts = swatch("c8352c 2f6ab0 e0a83a 2f8a6a e8e4da d8642a 6a4a9a 2a2e38")
    direction = pick(canvas.rng, (-1, 1))
    crowd = sorted(canvas.rng.uniform(0.0, 1.0, int(canvas.rng.integers(11, 18))))
    for depth in crowd:
        x, y, tall = canvas.uniform(30, 1470), foot + 50 + depth * 260, 130 + depth * 210
        with canvas.pen((x - tall, y - tall * 1.15, x + tall, y + tall * 0.2)) as pen:
            shirt = canvas.lit(pick(canvas.rng, shirts), 0.75)
            _runner(canvas, pen, x, y, tall, shirt, direction)


def _limb(pen: Pen, joints: list[tuple[float, float]], tone: Rgb, width: float) -> None:
    """Draw a bent limb with rounded ends."""
    pen.line(joints, tone, width)
    for joint in joints:
        pen.dot(*joint, width / 2, tone)


def _runner(canvas: Canvas, pen: Pen, x: float, foot: float, tall: float, shirt: Rgb, way: int) -> None:
    """Draw one runner in mid-stride."""
    skin = canvas.lit(pick(canvas.rng, swatch("c89670 a87450 d8aa84 8a5a3c")), 0.6)
    shorts, shoe = (
        canvas.lit((38, 40, 50), 0.4),
        canvas.lit(pick(canvas.rng, swatch("e8e4da d83a2a f0c030 3a8ad8")), 0.7),
    )
    swing, s = canvas.uniform(0.6, 1.0) * pick(canvas.rng, (-1, 1)), tall

    def at(a: float, b: float) -> tuple[float, float]:
        """Place a joint, facing the way of the run."""
        return x + way * a * s, foot - b * s

    pen.oval(x, foot + 2, s * 0.26, s * 0.03, (0, 0, 0), 0.35)
    hip, neck = (0.0, 0.5), (0.06, 0.83)
    legs = [((0.13, 0.3), (0.05, 0.06)), ((-0.1, 0.27), (-0.3, 0.24))]
    arms = [((0.16, 0.66), (0.26, 0.78)), ((-0.1, 0.66), (0.02, 0.55))]
    order = (0, 1) if swing > 0 else (1, 0)
    for index in order[:1]:
        (a, b), (c, d) = arms[1 - index]
        _limb(pen, [at(*neck), at(a, b), at(c, d)], scale(skin, 0.8), s * 0.05)
    for index in order:
        (a, b), (c, d) = legs[index]
        tone = skin if index == order[1] else scale(skin, 0.78)
        _limb(pen, [at(*hip), at(a, b), at(c, d)], tone, s * 0.075)
        _limb(pen, [at(*hip), at(a * 0.75, 0.5 + (b - 0.5) * 0.75)], shorts, s * 0.105)
        _limb(pen, [at(c - 0.015, d - 0.02), at(c + 0.07, d - (0.04 if index == 0 else -0.02))], shoe, s * 0.052)
    pen.poly([at(-0.05, 0.83), at(0.13, 0.83), at(0.09, 0.48), at(-0.08, 0.48)], shirt)
    pen.poly([at(-0.03, 0.7), at(0.1, 0.7), at(0.09, 0.6), at(-0.04, 0.6)], canvas.lit((240, 238, 230), 0.7))
    (a, b), (c, d) = arms[order[0]]
    _limb(pen, [at(0.04, 0.8), at(a, b), at(c, d)], skin, s * 0.05)
    _limb(pen, [at(0.07, 0.84), at(0.09, 0.9)], skin, s * 0.05)
    pen.dot(*at(0.1, 0.945), s * 0.062, skin)
    pen.pie(*at(0.095, 0.955), s * 0.064, 170 if way > 0 else 190, 350 if way > 0 else 370, (40, 32, 30))


SCENES: dict[str, Callable[[Canvas], None]] = {"silhouettes": silhouettes, "runners": runners}

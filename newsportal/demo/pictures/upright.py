"""Upright flat graphics: staff portraits without faces and magazine covers."""

from collections.abc import Callable

import numpy as np

from .canvas import Canvas, Pen
from .graphic import colours, fill_sheet
from .palette import Rgb, mix, pick, scale, swatch


def portrait(canvas: Canvas) -> None:
    """A faceless head-and-shoulders figure in flat colours (base 900 x 1200)."""
    rng = canvas.rng
    paper, ink, first, second, third, soft = colours(canvas)
    ground = pick(
        rng, (mix(soft, paper, 0.4), mix(third, paper, 0.55), mix(second, paper, 0.5), mix(first, paper, 0.6))
    )
    canvas.gradient([(0, mix(ground, (255, 255, 255), 0.14)), (1200, scale(ground, 0.92))])
    skin = pick(rng, swatch("e8c2a0 d9ab85 f0d0b4 c8966e e0b494"))
    hair = pick(rng, swatch("241f22 2e2624 3d3230 55504e 8a8784 1c1c24"))
    coat = pick(
        rng,
        (
            ink if sum(ink) < 380 else paper,
            scale(third, 0.7),
            scale(first, 0.75),
            swatch("2c3844")[0],
            swatch("6a6258")[0],
        ),
    )
    x = 450 + canvas.uniform(-16, 16)
    long_hair = rng.random() < 0.5
    with canvas.pen() as pen:
        pen.dot(x + canvas.uniform(-140, 140), 470, 360, mix(ground, (255, 255, 255), 0.22))
        if long_hair:
            pen.rect((x - 205, 330, x + 205, canvas.uniform(640, 860)), scale(hair, 0.85), radius=170)
        _shoulders(canvas, pen, x, coat, mix(paper, (255, 255, 255), 0.5) if sum(paper) > 380 else (240, 236, 228))
        pen.poly([(x - 78, 600), (x + 78, 600), (x + 92, 800), (x, 900), (x - 92, 800)], scale(skin, 0.84))
        pen.oval(x, 470, 158, 202, skin)
        _hair(canvas, pen, x, hair, long_hair)
        if rng.random() < 0.35:
            _glasses(pen, x, scale(hair, 0.8))


def _glasses(pen: Pen, x: float, tone: Rgb) -> None:
    """Draw round spectacles."""
    for side in (-1, 1):
        pen.ring(x + side * 66, 478, 50, tone, 9)
    pen.line([(x - 18, 472), (x + 18, 472)], tone, 8)


def _shoulders(canvas: Canvas, pen: Pen, x: float, coat: Rgb, shirt: Rgb) -> None:
    """Draw the upper body with a shirt and lapels, a round neck or a high collar."""
    wide = canvas.uniform(330, 380)
    t = np.linspace(0, 1, 24)
    side = [(x + 100 + (wide - 100) * a, 770 + 190 * a**2.4) for a in t]
    body = [*side, (x + wide + 24, 1210), (x - wide - 24, 1210), *[(2 * x - a, b) for a, b in reversed(side)]]
    pen.poly(body, coat)
    kind = int(canvas.rng.integers(3))
    if kind == 0:
        pen.poly([(x - 112, 760), (x + 112, 760), (x, 1130)], shirt)
        for s in (-1, 1):
            pen.poly([(x + s * 112, 752), (x + s * 170, 890), (x + s * 110, 930), (x, 1150)], scale(coat, 1.22))
        if canvas.rng.random() < 0.5:
            tie = canvas.rng.random() < 0.5
            pen.poly(
                [(x - 24, 884), (x + 24, 884), (x + 36, 1080), (x, 1140), (x - 36, 1080)],
                (150, 52, 46) if tie else (56, 76, 100),
            )
    elif kind == 1:
        pen.oval(x, 784, 132, 74, scale(coat, 1.25))
    else:
        pen.poly([(x - 112, 748), (x + 112, 748), (x + 128, 830), (x, 900), (x - 128, 830)], scale(coat, 1.2))
        pen.line([(x, 860), (x, 1200)], scale(coat, 0.75), 6)
    pen.line([(x + wide * 0.66, 1020), (x + wide * 0.6, 1210)], scale(coat, 0.75), 6)
    pen.line([(x - wide * 0.66, 1020), (x - wide * 0.6, 1210)], scale(coat, 0.75), 6)


def _hair(canvas: Canvas, pen: Pen, x: float, hair: Rgb, long_hair: bool) -> None:
    """Draw the hair over the forehead."""
    part, line = pick(canvas.rng, (-1, 1)), canvas.uniform(350, 400)
    t = np.linspace(np.pi, 2 * np.pi, 30)
    grow = 1.12 if long_hair else 1.06
    crown = [(x + np.cos(a) * 166 * grow, 466 + np.sin(a) * 218 * grow) for a in t]
    if long_hair:
        fringe = [
            (x + 186, 640),
            (x + 142, 560),
            (x + 134, 440),
            (x + part * 60, line - 30),
            (x - 134, 440),
            (x - 142, 560),
            (x - 186, 640),
        ]
    else:
        parting = sorted([(x + part * 96, line), (x - part * 40, line + 16)], reverse=True)
        fringe = [(x + 168, 500), (x + 148, 430), *parting, (x - 148, 430), (x - 168, 500)]
    pen.poly([*crown, *fringe], hair)


def cover(canvas: Canvas) -> None:
    """The ground of a magazine cover: one strong form on a quiet field (base 900 x 1200)."""
    paper, ink, first, second, third, soft = colours(canvas)
    ground = pick(canvas.rng, (paper, first, third, mix(soft, paper, 0.3), ink))
    fill_sheet(canvas, ground)
    tones = [paper, ink, *(mix(tone, paper, 0.75) if tone == ground else tone for tone in (first, second, third, soft))]
    kind = int(canvas.rng.integers(4))
    with canvas.pen() as pen:
        (_cover_sun, _cover_arcs, _cover_steps, _cover_leaves)[kind](canvas, pen, tones)
    canvas.mottle(0.05, 1.2)


def _cover_sun(canvas: Canvas, pen: Pen, tones: list[Rgb]) -> None:
    """Draw a sun over layered waves."""
    pen.dot(canvas.uniform(260, 640), canvas.uniform(430, 560), canvas.uniform(200, 270), tones[3])
    xs = np.linspace(0, 900, 80)
    for i in range(6):
        tone = mix(tones[5], tones[1] if sum(tones[1]) < 380 else scale(tones[4], 0.4), i / 5)
        rise = canvas.uniform(60, 150)
        ys = 640 + i * 100 + rise * np.sin(xs / canvas.uniform(120, 260) + canvas.uniform(0, 6)) * (1 - i / 9)
        pen.poly([*zip(xs, ys, strict=True), (900, 1200), (0, 1200)], tone)


def _cover_arcs(canvas: Canvas, pen: Pen, tones: list[Rgb]) -> None:
    """Draw concentric arcs from a corner."""
    corner = pick(canvas.rng, ((0, 1200), (900, 1200), (450, 1200)))
    for i, r in enumerate(np.linspace(1050, 150, 9)):
        pen.dot(*corner, float(r), tones[(i * 2 + 1) % 6] if i % 2 else tones[0])
    pen.dot(canvas.uniform(240, 660), canvas.uniform(190, 300), 76, tones[2])


def _cover_steps(canvas: Canvas, pen: Pen, tones: list[Rgb]) -> None:
    """Draw rounded steps rising to the right."""
    columns = int(canvas.rng.integers(5, 9))
    for i in range(columns):
        left, right = 900 * i / columns, 900 * (i + 1) / columns
        top = 1000 - 640 * (i + 1) / columns + canvas.uniform(-90, 90)
        pen.rect((left, top, right + 1, 1200), tones[1 + (i % 5)])
        pen.pie((left + right) / 2, top, (right - left) / 2, 180, 360, tones[1 + ((i + 2) % 5)])
    pen.dot(canvas.uniform(180, 420), canvas.uniform(260, 380), 120, tones[2])


def _cover_leaves(canvas: Canvas, pen: Pen, tones: list[Rgb]) -> None:
    """Draw a stem with broad leaves."""
    t = np.linspace(0, np.pi, 24)
    stem, count = canvas.uniform(380, 520), 9
    pen.line([(stem, 1240), (stem, 260)], tones[1], 12)
    for i in range(count):
        y, side, size = 1120 - i * 98, 1 if i % 2 else -1, 250 - i * 14
        angle = -0.62 if side > 0 else np.pi + 0.62
        shape = [((1 - np.cos(a)) / 2 * size * 1.5, np.sin(a) * size * 0.3) for a in t] + [
            ((1 + np.cos(a)) / 2 * size * 1.5, -np.sin(a) * size * 0.3) for a in t
        ]
        points = [
            (stem + u * np.cos(angle) - v * np.sin(angle), y + u * np.sin(angle) + v * np.cos(angle)) for u, v in shape
        ]
        pen.poly(points, tones[2 + i % 4])
        tip = (stem + size * 1.4 * np.cos(angle), y + size * 1.4 * np.sin(angle))
        pen.line([(stem, y), tip], mix(tones[2 + i % 4], tones[0], 0.5), 5)


SCENES: dict[str, Callable[[Canvas], None]] = {"portrait": portrait, "cover": cover}

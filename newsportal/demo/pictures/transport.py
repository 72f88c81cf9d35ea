"""Bridges, stations, railways, roads, ports, lighthouses and fishing harbours."""

from collections.abc import Callable

import numpy as np

from .canvas import Canvas, Pen
from .city import towers, treeline
from .noise import profile
from .palette import Rgb, hexa, jitter, mix, pick, scale, swatch
from .props import birds, hills, ridge, walker
from .sky import lay_mist, mirror_water, paint_sky
from .terrain import Ground
from .view import View, haze


def bridge(canvas: Canvas) -> None:
    """A great bridge across the water: cable-stayed, suspended or arched."""
    foot = canvas.uniform(640, 720)
    paint_sky(canvas, foot)
    hills(canvas, foot - canvas.uniform(120, 300), foot, 3, (62, 84, 84))
    if canvas.rng.random() < 0.6:
        towers(canvas, foot - 4, canvas.uniform(120, 240), 2)
    treeline(canvas, foot + 2, 18, (70, 92, 64))
    deck = foot - canvas.uniform(95, 130)
    metal = canvas.lit(pick(canvas.rng, swatch("e8e6e0 b8452f cfd4d8 d9dcd6 8a98a2")), 0.7)
    kind = int(canvas.rng.integers(3))
    with canvas.pen((0, 40, canvas.width, foot + 20)) as pen:
        (_stayed, _suspended, _arched)[kind](canvas, pen, deck, foot, metal)
        pen.rect((0, deck - 4, 1500, deck + 12), scale(metal, 0.8))
        pen.rect((0, deck + 8, 1500, deck + 15), scale(metal, 0.5))
        for x in range(10, 1500, 44):
            pen.line([(x, deck - 4), (x, deck - 24)], scale(metal, 0.7), 1.6)
            if canvas.light.dark:
                pen.dot(x, deck - 25, 3, (255, 220, 150))
    mirror_water(canvas, foot, calm=canvas.uniform(0.4, 0.8), tint=0.2)
    lay_mist(canvas, foot - 130, foot + 30, canvas.light.haze * 0.2)
    birds(canvas, canvas.uniform(200, 1300), canvas.uniform(120, 320), 5, 13, canvas.lit((60, 62, 66), 0.3))
    if canvas.light.dark:
        canvas.bloom(140, 1.0)


def _pylon(pen: Pen, x: float, top: float, deck: float, foot: float, metal: Rgb) -> None:
    """Draw an A-shaped bridge tower."""
    for side in (-1, 1):
        tone = metal if side < 0 else scale(metal, 0.7)
        middle, half = [(4, top), (24, deck), (16, foot)], (5, 8, 9)
        right = [(x + side * a + w, y) for (a, y), w in zip(middle, half, strict=True)]
        left = [(x + side * a - w, y) for (a, y), w in zip(middle, half, strict=True)]
        pen.poly(right + left[::-1], tone)
    pen.rect((x - 26, deck + 16, x + 26, deck + 30), scale(metal, 0.7))
    pen.rect((x - 34, foot - 16, x + 34, foot + 4), scale(metal, 0.55))
    pen.rect((x - 12, top + 60, x + 12, top + 72), scale(metal, 0.85))


def _stayed(canvas: Canvas, pen: Pen, deck: float, foot: float, metal: Rgb) -> None:
    """Draw one or two towers with fans of straight cables."""
    count = pick(canvas.rng, (1, 2, 2, 3))
    top, spacing = deck - canvas.uniform(300, 420), 1500 / count
    places = [spacing * (i + 0.5) + (canvas.uniform(-160, 160) if count == 1 else 0) for i in range(count)]
    reach = spacing * 0.48 if count > 1 else 640
    for x in places:
        for i in range(1, 17):
            for side in (-1, 1):
                start, end = (x, top + 14 + i * 5), (x + side * reach * (i + 0.6) / 17, deck)
                pen.line([start, end], mix(metal, (255, 255, 255), 0.2), 1.4, 0.85)
        _pylon(pen, x, top, deck, foot, metal)


def _suspended(canvas: Canvas, pen: Pen, deck: float, foot: float, metal: Rgb) -> None:
    """Draw two towers with hanging main cables."""
    top, left, right = deck - canvas.uniform(240, 330), canvas.uniform(240, 380), canvas.uniform(1080, 1260)
    xs = np.linspace(-60, 1560, 90)
    middle, half = (left + right) / 2, (right - left) / 2
    sag = top + 8 + (deck - 22 - top) * (1 - ((xs - middle) / half) ** 2)
    outer = top + 8 + (deck - top) * np.clip(np.maximum(left - xs, xs - right) / 420, 0, 1)
    ys = np.where((xs > left) & (xs < right), sag, outer)
    for x, y in zip(xs, ys, strict=True):
        if y < deck - 4:
            pen.line([(x, y), (x, deck)], metal, 1.3, 0.8)
    pen.line(list(zip(xs, ys, strict=True)), metal, 5)
    for place in (left, right):
        _pylon(pen, place, top, deck, foot, metal)


def _arched(canvas: Canvas, pen: Pen, deck: float, foot: float, metal: Rgb) -> None:
    """Draw a row of steel arches rising over the deck."""
    count = pick(canvas.rng, (1, 2, 3))
    span = 1380 / count
    for i in range(count):
        start = 60 + span * i
        x = np.linspace(start + 10, start + span - 10, 50)
        rise = min(330, span * 0.3)
        y = deck + 10 - rise * (1 - ((x - start - span / 2) / (span / 2 - 10)) ** 2)
        for a, b in zip(x[2:-2:2], y[2:-2:2], strict=True):
            pen.line([(a, b), (a, deck)], metal, 1.8)
        pen.line(list(zip(x, y, strict=True)), metal, 13)
        pen.line(list(zip(x, y + 9, strict=True)), scale(metal, 0.6), 5)
        for edge in (start, start + span):
            pen.poly(
                [(edge - 20, deck), (edge + 20, deck), (edge + 28, foot + 4), (edge - 28, foot + 4)], scale(metal, 0.7)
            )


def _rails(canvas: Canvas, view: View, pen: Pen, centre: float) -> None:
    """Draw a track with sleepers on ballast."""
    ballast = canvas.lit((128, 118, 108), 0.45)
    view.floor(pen, 0.0, (centre - 1.5, centre + 1.5), (1, 120), ballast)
    for z in np.arange(1.4, 46, 0.62):
        view.floor(pen, 0.03, (centre - 1.15, centre + 1.15), (z, z + 0.26), canvas.lit((176, 168, 158), 0.5))
    steel = mix(canvas.lit((150, 150, 152), 0.6), canvas.light.horizon, 0.45)
    for side in (-0.72, 0.72):
        view.floor(pen, 0.1, (centre + side - 0.06, centre + side + 0.06), (1, 120), scale(steel, 0.45))
        view.floor(pen, 0.16, (centre + side - 0.035, centre + side + 0.035), (1, 120), steel)


def _train(canvas: Canvas, view: View, centre: float, near: float, far: float) -> None:
    """Draw an oncoming high-speed train."""
    body = canvas.lit((232, 234, 236), 0.7)
    stripe = canvas.lit(pick(canvas.rng, swatch("b3392f 2a5a8c 2f7a5a d08a2e")), 0.8)
    x0, x1 = centre - 1.6, centre + 1.6
    flank = x1 if centre < 0 else x0
    with canvas.pen() as pen:
        view.wall(pen, flank, (0.4, 3.5), (near, far), scale(body, 0.8))
        view.wall(pen, flank, (2.0, 2.8), (near + 0.8, far), (255, 220, 150) if canvas.light.dark else (38, 46, 58))
        view.wall(pen, flank, (1.2, 1.5), (near, far), stripe)
        px, py = view.at(centre, 0, near)
        s = view.focal / near
        pen.form(px, py, s, "-1.55,-0.3 -1.6,-1.6 -1.4,-2.9 -0.9,-3.5 0.9,-3.5 1.4,-2.9 1.6,-1.6 1.55,-0.3", body)
        pen.form(px, py, s, "-1.0,-2.1 -0.85,-3.0 0.85,-3.0 1.0,-2.1", (28, 34, 44))
        pen.form(px, py, s, "-1.58,-1.2 0,-0.85 1.58,-1.2 1.58,-0.95 0,-0.5 -1.58,-0.95", stripe)
        for side in (-1, 1):
            pen.oval(px + side * 1.1 * s, py - 1.6 * s, s * 0.2, s * 0.12, (255, 250, 230))
    for side in (-1, 1):
        canvas.glow(px + side * 1.1 * s, py - 1.6 * s, s * 1.5, (255, 244, 210), 0.7)


def railway(canvas: Canvas) -> None:
    """Tracks running to the hills under the overhead line, with a train."""
    view = View(canvas.uniform(480, 1020), canvas.uniform(480, 590), eye=canvas.uniform(2.4, 4.4))
    sun_x, _ = paint_sky(canvas, view.y)
    ground = Ground(canvas, view.y, cam=1.5, near=1.0, far=44, slices=260)
    ground.height = ground.noise("ridged", 60) * ground.ramp(16, 34) * canvas.uniform(4, 9)
    ground.cover(hexa(pick(canvas.rng, ("7a8a48", "9a9350", "5f7f46"))), 1.0, ground.noise("fbm", 6), 0.5)
    ground.render(sun_x)
    with canvas.pen() as pen:
        for centre in (-2.4, 2.4):
            _rails(canvas, view, pen, centre)
        mast = canvas.lit((92, 96, 100), 0.4)
        for z in np.geomspace(60, 5, 9):
            for side in (-1, 1):
                pen.line([view.at(side * 4.6, 0, z), view.at(side * 4.6, 6.6, z)], mast, 130 / z)
                pen.line([view.at(side * 4.6, 6.2, z), view.at(side * 1.9, 5.9, z)], mast, 70 / z)
        for side in (-1, 1):
            pen.line([view.at(side * 2.4, 5.6, 1.5), view.at(side * 2.4, 5.6, 120)], mast, 1.6)
    side = pick(canvas.rng, (-1, 1))
    _train(canvas, view, side * 2.4, canvas.uniform(9, 15), 90)
    if canvas.light.dark:
        canvas.bloom(170, 0.8)


def station(canvas: Canvas) -> None:
    """A platform hall with a waiting train and travellers."""
    view = View(canvas.uniform(640, 860), canvas.uniform(500, 560), eye=2.0)
    paint_sky(canvas, view.y)
    towers(canvas, view.y + 10, 160, 2)
    steel, floor = canvas.lit((206, 210, 212), 0.5), canvas.lit((186, 180, 172), 0.5)
    with canvas.pen() as pen:
        view.floor(pen, 0, (-30, 30), (1, 100), scale(floor, 0.6))
        for side in (-1, 1):
            _rails(canvas, view, pen, side * 3.9)
        view.floor(pen, 0.75, (-2.1, 2.1), (1, 100), floor)
        for side in (-1, 1):
            view.wall(pen, side * 2.1, (0, 0.75), (1, 100), scale(floor, 0.5))
            view.floor(pen, 0.76, (side * 1.75 - 0.08, side * 1.75 + 0.08), (1, 100), canvas.lit((232, 190, 60), 0.6))
        for z in np.geomspace(90, 4, 16):
            _truss(view, pen, float(z), haze(canvas, steel, z / 90))
    for side in (-1, 1):
        if side > 0 or canvas.rng.random() < 0.5:
            _train(canvas, view, side * 3.9, canvas.uniform(8, 13), 90)
    with canvas.pen() as pen:
        for z in sorted(canvas.rng.uniform(6, 40, 16), reverse=True):
            px, py = view.at(canvas.uniform(-1.6, 1.6), 0.75, z)
            coat = canvas.lit(pick(canvas.rng, swatch("2f3a4a 7a3a34 6a645c 3f5a46 b08a5a")), 0.4)
            walker(pen, px, py, 1.7 * view.focal / z, coat, canvas.uniform(-1, 1))
    canvas.bloom(190, 0.5)


def _truss(view: View, pen: Pen, z: float, steel: Rgb) -> None:
    """Draw one roof frame of the hall with its lamps and columns."""
    width = 700 / z / 9
    arch = [view.at(x, 8.6 - 0.055 * x * x, z) for x in np.linspace(-8, 8, 24)]
    lower = [view.at(x, 7.9 - 0.05 * x * x, z) for x in np.linspace(-8, 8, 24)]
    view.quad(pen, [(-8, 5.1, z), (-8, 5.4, z), (8, 5.4, z), (8, 5.1, z)], steel, 0.15)
    pen.poly([*arch, view.at(8, 9.2, z * 0.8), view.at(-8, 9.2, z * 0.8)], scale(steel, 0.85), 0.55)
    pen.line(arch, steel, width)
    pen.line(lower, scale(steel, 0.8), width * 0.7)
    for a, b in zip(arch[::2], lower[1::2], strict=False):
        pen.line([a, b], scale(steel, 0.8), width * 0.4)
    for side in (-8, 8):
        pen.line([view.at(side, 0, z), view.at(side, 5.2, z)], scale(steel, 0.75), width * 1.4)
    pen.line([view.at(-1.2, 6.6, z), view.at(1.2, 6.6, z)], (255, 250, 230), width * 0.6)


def road(canvas: Canvas) -> None:
    """A road curving into hills, with light trails after dark."""
    horizon = canvas.uniform(400, 500)
    sun_x, _ = paint_sky(canvas, horizon)
    ground = Ground(canvas, horizon, cam=2.2, near=1.6, far=50)
    hill = ground.noise("ridged", 60) * ground.ramp(14, 36) * canvas.uniform(4, 9)
    ground.height = hill + ground.noise("fbm", 20) * 0.5 * ground.ramp(2, 10)
    tone = ground.noise("fbm", 8)
    ground.cover(hexa(pick(canvas.rng, ("7a8a48", "a4945a", "5f7f46", "b08a5c"))), 1.0, tone, 0.5)
    sway, phase = canvas.uniform(1.0, 2.2), canvas.uniform(0, 6.28)
    bend = sway * np.sin(ground.z * canvas.uniform(0.16, 0.24) + phase) * ground.ramp(1, 10) + canvas.uniform(-0.4, 0.4)
    across = np.abs(ground.x - bend)
    lane = across < 0.85
    ground.height = np.where(across < 1.3, ground.height * np.clip(across - 0.85, 0, 0.45) / 0.45, ground.height)
    ground.height = ground.height.astype(np.float32)
    ground.cover((92, 92, 96), lane.astype(np.float32), tone, 0.12)
    dash = (across < 0.028) & (np.mod(ground.z, 1.4) < 0.8)
    ground.cover((240, 236, 220), (dash | (np.abs(across - 0.76) < 0.025)).astype(np.float32))
    ground.render(sun_x)
    if canvas.light.dark:
        _trails(canvas, horizon, np.asarray(bend[:, 0]), ground.z[:, 0])


def _trails(canvas: Canvas, horizon: float, bend: np.ndarray, z: np.ndarray) -> None:
    """Draw the long-exposure traces of head and tail lamps."""
    y = horizon + 2.0 * 1000 / z
    keep = z < 26
    with canvas.pen((0, horizon - 10, canvas.width, canvas.height)) as pen:
        for offset, colour in (
            (-0.55, (255, 244, 214)),
            (-0.3, (255, 236, 190)),
            (0.3, (255, 60, 40)),
            (0.52, (255, 90, 50)),
        ):
            for _ in range(3):
                place = offset + canvas.uniform(-0.05, 0.05)
                x = 750 + (bend + place) * 1000 / z
                rise = canvas.uniform(0.1, 0.35) * 1000 / z
                pen.line(list(zip(x[keep], (y - rise)[keep], strict=True)), colour, canvas.uniform(1.5, 4), 0.85)
    canvas.bloom(150, 1.1)


def port(canvas: Canvas) -> None:
    """Container cranes and a loaded ship at the quay."""
    foot = canvas.uniform(680, 740)
    paint_sky(canvas, foot)
    hills(canvas, foot - 130, foot, 2, (80, 96, 104))
    paints = swatch("b8432f 2f6a8c d08a2e 3f7a56 8a8f94 c9c2b4 7a3a55 26476a")
    with canvas.pen((0, foot - 130, canvas.width, foot)) as pen:
        for column in range(62):
            for row in range(int(canvas.rng.integers(1, 5))):
                box = (column * 25 - 8, foot - 14 - (row + 1) * 15, column * 25 + 15, foot - 15 - row * 15)
                pen.rect(box, haze(canvas, canvas.lit(jitter(canvas.rng, pick(canvas.rng, paints), 10), 0.5), 0.35))
    paint = canvas.lit(pick(canvas.rng, swatch("c8452f 2a62a0 e0a032 d8dcde 3d8a80")), 0.6)
    x = canvas.uniform(60, 200)
    while x < 1380:
        _crane(canvas, x, foot, canvas.uniform(300, 410), haze(canvas, paint, 0.12))
        x += canvas.uniform(250, 360)
    _ship(canvas, canvas.uniform(120, 460), foot + 26, canvas.uniform(640, 900), paints)
    mirror_water(canvas, foot + 40, calm=canvas.uniform(0.35, 0.7), tint=0.3)
    if canvas.light.dark:
        canvas.bloom(150, 1.0)


def _crane(canvas: Canvas, x: float, foot: float, high: float, paint: Rgb) -> None:
    """Draw a ship-to-shore gantry crane."""
    top, deck, dark = foot - high, foot - high * 0.62, scale(paint, 0.72)
    with canvas.pen((x - 200, top - 140, x + 260, foot + 4)) as pen:
        for leg in (0, 92):
            pen.line([(x + leg, foot), (x + leg, deck)], paint, 9)
            pen.line([(x + leg + 16, foot), (x + leg + 16, deck)], dark, 6)
        pen.line([(x, deck + high * 0.3), (x + 100, deck + high * 0.3)], dark, 7)
        pen.line([(x, deck + high * 0.3), (x + 92, deck)], dark, 4)
        pen.line([(x - 150, deck), (x + 240, deck)], paint, 11)
        pen.line([(x + 50, deck), (x + 46, top - 60)], paint, 8)
        pen.line([(x + 92, deck), (x + 46, top - 60)], dark, 5)
        for end in (-140, -60, 160, 232):
            pen.line([(x + 46, top - 56), (x + end, deck)], dark, 2.2)
        pen.rect((x + 100, deck - 26, x + 150, deck - 4), scale(paint, 0.85))
        cab = x + canvas.uniform(-110, -40)
        pen.rect((cab, deck + 6, cab + 22, deck + 22), (60, 66, 72))
        pen.line([(cab + 11, deck + 20), (cab + 11, deck + 84)], (50, 52, 56), 1.4)
        pen.rect((cab - 10, deck + 84, cab + 32, deck + 102), canvas.lit((190, 70, 50), 0.6))
        if canvas.light.dark:
            for lamp in (-140, -50, 60, 230):
                pen.dot(x + lamp, deck + 8, 4, (255, 236, 190))


def _ship(canvas: Canvas, x: float, water: float, length: float, paints: list[Rgb]) -> None:
    """Draw a container ship alongside."""
    hull, rng = canvas.lit(pick(canvas.rng, swatch("1f3550 7a2a26 2a4a3c 33363c")), 0.6), canvas.rng
    deck = water - 62
    with canvas.pen((x - 60, deck - 190, x + length + 90, water + 26)) as pen:
        for column in range(int(length * 0.78 / 26)):
            for row in range(int(rng.integers(3, 6))):
                left = x + 30 + column * 26
                box = (left, deck - (row + 1) * 18, left + 24, deck - row * 18 - 1)
                pen.rect(box, canvas.lit(jitter(rng, pick(rng, paints), 12), 0.65))
        tower_x = x + length * 0.84
        pen.rect((tower_x, deck - 150, tower_x + 62, deck), canvas.lit((236, 234, 228), 0.7))
        pen.rect((tower_x - 12, deck - 168, tower_x + 74, deck - 150), canvas.lit((220, 218, 212), 0.6))
        for row in range(5):
            pane = (255, 220, 150) if canvas.light.dark else (60, 72, 84)
            pen.rect((tower_x + 6, deck - 140 + row * 26, tower_x + 56, deck - 132 + row * 26), pane)
        pen.poly(
            [
                (x - 40, deck - 22),
                (x + 40, deck),
                (x + length + 20, deck),
                (x + length, water + 20),
                (x + 6, water + 20),
            ],
            hull,
        )
        pen.poly([(x + 2, water + 4), (x + length + 4, water + 4), (x + length, water + 22), (x + 6, water + 22)],
                 canvas.lit((150, 50, 40), 0.5))  # fmt: skip
        pen.line([(x - 34, deck - 14), (x + 40, deck + 6), (x + length + 16, deck + 6)], (236, 234, 228), 3)


def lighthouse(canvas: Canvas) -> None:
    """A lighthouse on a rocky headland."""
    horizon = canvas.uniform(600, 680)
    paint_sky(canvas, horizon)
    canvas.im.paste(canvas.lit((90, 120, 140), 0.4), (0, round(horizon * canvas.scale), *canvas.px))
    side, rock = pick(canvas.rng, (-1, 1)), canvas.lit(hexa(pick(canvas.rng, ("6f675c", "5f6468", "7d6a58"))), 0.5)
    mirror_water(canvas, horizon, calm=0.3, tint=0.4)
    t = np.linspace(0, 1, 500)
    along = t if side > 0 else 1 - t
    land = np.clip((along - 0.32) * 2.4, 0, 1) ** 0.7
    line = horizon + 60 - land * 200 - (profile(canvas.rng, 500, 0.8) - 0.5) * 150 * np.clip(land + 0.3, 0, 1)
    line = np.where(along < 0.26, 1200, line + np.clip(0.4 - along, 0, 1) * 900)
    centre = (0.72 if side > 0 else 0.28) * 1500 + canvas.uniform(-80, 80)
    foot = float(np.interp(centre, t * 1500, line)) + 14
    _light_tower(canvas, centre, foot, canvas.uniform(290, 380))
    ridge(canvas, line.astype(np.float32), rock, 1300, scale(rock, 0.4), 1.6)
    grass = canvas.lit(hexa(pick(canvas.rng, ("6f8a44", "8a8a4a", "5a7a4e"))), 0.6)
    ridge(
        canvas,
        (line + 40 + profile(canvas.rng, 500, 1.4) * 60 - np.clip(land, 0, 1) * 70).astype(np.float32),
        grass,
        900,
        rock,
        0.9,
    )
    birds(canvas, canvas.uniform(200, 1300), canvas.uniform(160, 380), 7, 15, canvas.lit((240, 240, 240), 0.4))


def _light_tower(canvas: Canvas, x: float, foot: float, high: float) -> None:
    """Draw the tapering tower, its lantern and, when dark, its beam."""
    stripe = pick(
        canvas.rng, (canvas.lit((196, 52, 42), 0.7), canvas.lit((236, 232, 224), 0.7), canvas.lit((40, 60, 90), 0.7))
    )
    white, top = canvas.lit((244, 242, 236), 0.7), foot - high
    if canvas.light.dark:
        with canvas.pen() as pen:
            for spread in (16, 34, 60):
                pen.poly(
                    [(x, top - 24), (-60, top - 110 - spread * 2), (-60, top - 110 + spread * 2)], (255, 240, 190), 0.1
                )
                pen.poly([(x, top - 24), (1560, top - 30 - spread), (1560, top - 30 + spread)], (255, 240, 190), 0.07)
    with canvas.pen((x - 260, top - 90, x + 260, foot + 10)) as pen:
        for i in range(5):
            y0, y1 = top + high * i / 5, top + high * (i + 1) / 5
            w0, w1 = 26 + 22 * i / 5, 26 + 22 * (i + 1) / 5
            tone = white if i % 2 == 0 else stripe
            pen.poly([(x - w0, y0), (x + w0, y0), (x + w1, y1 + 1), (x - w1, y1 + 1)], tone)
        pen.poly([(x + 8, top), (x + 26, top), (x + 48, foot), (x + 16, foot)], (20, 24, 40), 0.28)
        pen.rect((x - 38, top - 8, x + 38, top + 4), scale(stripe, 0.6))
        pen.rect((x - 20, top - 46, x + 20, top - 8), (255, 236, 170) if canvas.light.dark else (120, 140, 150))
        pen.poly([(x - 27, top - 44), (x, top - 76), (x + 27, top - 44)], stripe)
        pen.rect((x + 60, foot - 64, x + 190, foot + 6), scale(white, 0.92))
        pen.poly(
            [(x + 50, foot - 62), (x + 80, foot - 108), (x + 170, foot - 108), (x + 200, foot - 62)],
            scale(stripe, 0.75),
        )
    if canvas.light.dark:
        canvas.glow(x, top - 26, 190, (255, 236, 170), 1)


SCENES: dict[str, Callable[[Canvas], None]] = {
    "bridge": bridge,
    "station": station,
    "railway": railway,
    "road": road,
    "port": port,
    "lighthouse": lighthouse,
}

"""Technical interiors: greenhouse, chips, server halls, robot arms and laboratories."""

from collections.abc import Callable

import numpy as np

from .canvas import Canvas, Pen, spots
from .leisure import bokeh
from .palette import Rgb, jitter, mix, pick, scale, swatch
from .props import clump, figure
from .shapes import flask, shadow, table
from .sky import paint_sky
from .view import View, haze


def greenhouse(canvas: Canvas) -> None:
    """Rows of crops under a glass roof."""
    view = View(canvas.uniform(660, 840), canvas.uniform(450, 520), eye=2.1)
    paint_sky(canvas, view.y, 0.7)
    frame, soil = canvas.lit((226, 230, 230), 0.5), canvas.lit((176, 164, 146), 0.5)
    fog = mix(canvas.light.horizon, (255, 255, 255), 0.3)
    with canvas.pen() as pen:
        pen.rect((0, view.y - 30, 1500, 1000), fog)
        view.floor(pen, 0, (-30, 30), (1.5, 60), soil)
        for z in np.geomspace(50, 3, 14):
            roof = [(-6.4, 3.4), (-3.2, 5.6), (0, 3.6), (3.2, 5.6), (6.4, 3.4)]
            points = [view.at(x, y, float(z)) for x, y in roof]
            tone = haze(canvas, frame, z / 60)
            pen.poly([*points, view.at(6.4, 9, z), view.at(-6.4, 9, z)], mix(fog, canvas.light.middle, 0.3), 0.10)
            pen.line(points, tone, 80 / z)
            for x in (-6.4, 0, 6.4):
                pen.line([view.at(x, 0 if x else 2.4, z), view.at(x, 3.6, z)], tone, 60 / z)
        for x, y in (
            (-6.4, 3.4),
            (-3.2, 5.6),
            (0, 3.6),
            (3.2, 5.6),
            (6.4, 3.4),
            (-1.6, 4.6),
            (1.6, 4.6),
            (-4.8, 4.5),
            (4.8, 4.5),
        ):
            pen.line([view.at(x, y, 2), view.at(x, y, 60)], frame, 4)
    _crops(canvas, view)
    canvas.bloom(215, 0.4)


def _crops(canvas: Canvas, view: View) -> None:
    """Plant the beds from far to near, with fruit."""
    leaf, fruit = (
        pick(canvas.rng, swatch("5a9a3a 4a8a44 7aaa3a")),
        pick(canvas.rng, swatch("d83a2a e8a02a d8d04a e87a9a")),
    )
    with canvas.pen() as pen:
        for z in np.geomspace(42, 3.0, 26):
            for x in (-4.6, -2.3, 2.3, 4.6):
                px, py = view.at(x, 0.9, float(z))
                r = 620 / z
                tones = [haze(canvas, canvas.lit(scale(leaf, k), 0.6), z / 80) for k in (0.5, 0.9, 1.25)]
                clump(pen, canvas.rng, px, py - r * 0.3, r, tones)
                for _ in range(5 if z < 18 else 0):
                    pen.dot(px + canvas.uniform(-0.8, 0.8) * r, py + canvas.uniform(-0.8, 0.5) * r, r * 0.09, fruit)
        away = canvas.uniform(7, 14)
        px, py = view.at(canvas.uniform(-0.7, 0.7), 0, away)
        figure(pen, px, py, 1.7 * view.focal / away, canvas.lit((58, 84, 110), 0.5), hat=True)


def chips(canvas: Canvas) -> None:
    """A circuit board seen from above with a glowing processor."""
    board = pick(canvas.rng, swatch("0f3d33 10304a 1c2230 3a1420"))
    trace, glow = mix(board, (160, 220, 190), 0.32), pick(canvas.rng, swatch("5ad8ff ffb04a 7affb0 c88aff"))
    canvas.gradient([(0, scale(board, 1.25)), (1000, scale(board, 0.7))])
    cx, cy, half = canvas.uniform(560, 940), canvas.uniform(430, 570), canvas.uniform(150, 200)
    with canvas.pen() as pen:
        for _ in range(120):
            _trace(canvas, pen, (cx, cy, half), trace, glow)
        for _ in range(34):
            x, y = round(canvas.uniform(0, 1500) / 50) * 50, round(canvas.uniform(0, 1000) / 50) * 50
            if max(abs(x - cx), abs(y - cy)) > half + 90:
                _component(canvas, pen, x, y)
        for i in range(23):
            t = -half + (i + 0.5) * 2 * half / 23
            for a, b, c, d in ((t, -half - 20, t, half + 20), (-half - 20, t, half + 20, t)):
                pen.line([(cx + a, cy + b), (cx + c, cy + d)], (206, 186, 130), 6)
        pen.rect((cx - half + 10, cy - half + 22, cx + half + 22, cy + half + 26), (0, 0, 0), 0.35, radius=10)
        pen.rect((cx - half, cy - half, cx + half, cy + half), (34, 38, 44), radius=10)
        pen.rect((cx - half + 14, cy - half + 14, cx + half - 14, cy + half - 14), (48, 53, 60), radius=6)
        _die(canvas, pen, cx, cy, half * 0.56, glow)
    canvas.glow(cx, cy, half * 2.8, glow, 0.55)
    canvas.bloom(140, 0.9)


def _trace(canvas: Canvas, pen: Pen, core: tuple[float, float, float], trace: Rgb, glow: Rgb) -> None:
    """Draw one conductor leaving the processor with a bend and a via."""
    cx, cy, half = core
    side, t = pick(canvas.rng, ((1, 0), (-1, 0), (0, 1), (0, -1))), canvas.uniform(-0.95, 0.95) * half
    x, y = cx + side[0] * half + (t if side[0] == 0 else 0), cy + side[1] * half + (t if side[1] == 0 else 0)
    first, second, turn = canvas.uniform(40, 300), canvas.uniform(40, 260), pick(canvas.rng, (-1, 1))
    points = [(x, y), (x + side[0] * first, y + side[1] * first)]
    dx, dy = (side[0], turn) if side[0] else (turn, side[1])
    points.append((points[-1][0] + dx * second * 0.6, points[-1][1] + dy * second * 0.6))
    points.append((points[-1][0] + side[0] * second * 2, points[-1][1] + side[1] * second * 2))
    colour = glow if canvas.rng.random() < 0.14 else trace
    pen.line(points, colour, 3.4)
    pen.dot(*points[-1], 7, colour)
    pen.dot(*points[-1], 3, (10, 14, 18))


def _component(canvas: Canvas, pen: Pen, x: float, y: float) -> None:
    """Draw a small part: a package with pins, a capacitor or a resistor."""
    kind = int(canvas.rng.integers(3))
    pen.rect((x - 26, y - 14, x + 44, y + 40), (0, 0, 0), 0.25, radius=8)
    if kind == 0:
        for i in range(6):
            pen.rect((x - 34 + i * 13, y - 32, x - 28 + i * 13, y + 32), (196, 198, 200))
        pen.rect((x - 40, y - 24, x + 44, y + 24), (26, 28, 32), radius=3)
        pen.dot(x - 30, y - 14, 4, (70, 74, 80))
    elif kind == 1:
        pen.dot(x, y, 27, (150, 156, 162))
        pen.dot(x - 2, y - 2, 22, (206, 210, 214))
        pen.pie(x, y, 27, 100, 200, (40, 60, 90))
    else:
        pen.rect((x - 28, y - 12, x + 28, y + 12), (206, 206, 204), radius=2)
        pen.rect((x - 17, y - 12, x + 17, y + 12), pick(canvas.rng, swatch("26262a 8a6a40 3a4a5a")))


def _die(canvas: Canvas, pen: Pen, cx: float, cy: float, half: float, glow: Rgb) -> None:
    """Draw the bare die as a mosaic of blocks."""
    pen.rect((cx - half, cy - half, cx + half, cy + half), scale(glow, 0.2))
    cells = 9
    for i in range(cells):
        for j in range(cells):
            size = 2 * half / cells
            left, top = cx - half + i * size, cy - half + j * size
            tone = mix(scale(glow, 0.25), glow, canvas.uniform(0, 1) ** 2)
            pen.rect(
                (left + 2, top + 2, left + size * canvas.uniform(0.5, 0.96), top + size * canvas.uniform(0.6, 0.94)),
                tone,
            )


def servers(canvas: Canvas) -> None:
    """An aisle between server racks."""
    view = View(canvas.uniform(620, 880), canvas.uniform(420, 520), eye=1.7, focal=800)
    glow = pick(canvas.rng, swatch("4aa8ff 5ad8c8 8a7aff ff9a5a"))
    canvas.gradient([(0, (14, 18, 26)), (1000, (24, 28, 36))])
    with canvas.pen() as pen:
        view.floor(pen, 0, (-3, 3), (1, 60), (52, 58, 68))
        for z in np.arange(1.5, 40, 0.8):
            pen.line([view.at(-1.5, 0, z), view.at(1.5, 0, z)], (74, 82, 94), 8 / z)
        for z in np.geomspace(40, 2, 14):
            view.floor(pen, 3.35, (-0.5, 0.5), (z, z * 1.14), mix((240, 250, 255), glow, 0.12))
        for z in np.arange(24, 1.2, -0.9):
            for side in (-1, 1):
                _rack(canvas, view, pen, side * 1.3, float(z), glow)
    canvas.glow(view.x, view.y - 20, 420, glow, 0.65)
    _floor_shine(canvas, view, glow)
    canvas.bloom(130, 1.0)


def _floor_shine(canvas: Canvas, view: View, glow: Rgb) -> None:
    """Reflect the end of the aisle in the polished floor."""
    for i in range(7):
        canvas.glow(view.x, view.y + 90 + i * 70, 80 + i * 24, glow, 0.16)


def _rack(canvas: Canvas, view: View, pen: Pen, x: float, z: float, glow: Rgb) -> None:
    """Draw one cabinet with its units and lamps."""
    dim = 1 / (1 + z * 0.05)
    steel = mix((18, 22, 30), glow, 0.06 * dim)
    view.wall(pen, x, (0, 2.9), (z, z + 0.88), scale(steel, 1.2))
    view.wall(pen, x, (0.06, 2.82), (z + 0.05, z + 0.83), scale(steel, 0.7))
    for unit in range(22):
        low = 0.12 + unit * 0.123
        view.wall(pen, x, (low, low + 0.1), (z + 0.09, z + 0.8), scale(steel, 1.0 + 0.5 * canvas.rng.random()))
        for k in range(3):
            if canvas.rng.random() < 0.55:
                lamp = glow if canvas.rng.random() < 0.8 else pick(canvas.rng, swatch("7aff9a ffc04a ffffff"))
                start = z + 0.14 + k * 0.2 + canvas.uniform(0, 0.1)
                view.wall(pen, x, (low + 0.03, low + 0.065), (start, start + 0.05), lamp)


def robot_arm(canvas: Canvas) -> None:
    """Industrial robots over an assembly line."""
    tint = mix(canvas.light.middle, (190, 200, 208), 0.6)
    canvas.gradient([(0, scale(tint, 0.5)), (560, tint), (700, scale(tint, 0.8)), (1000, scale(tint, 0.45))])
    bokeh(canvas, [mix(tint, (255, 255, 255), 0.5), *swatch("ffd890 9ad8ff")], 34, 40, 60, 520)
    paint = pick(canvas.rng, swatch("e8822a e0b02a d8dcde c83a2e 3a7ab8"))
    with canvas.pen() as pen:
        for x in range(0, 1500, 210):
            pen.rect((x, 120, x + 16, 690), scale(tint, 0.7), 0.5)
        pen.rect((0, 100, 1500, 126), scale(tint, 0.6), 0.6)
    canvas.blur(5, (0, 0, 1500, 700))
    arms = [(canvas.uniform(200, 480), 0.62), (canvas.uniform(1080, 1320), 0.7), (canvas.uniform(620, 900), 1.0)]
    for place, size in arms:
        _arm(canvas, place, 740 + 60 * size, size, mix(tint, paint, 0.5 + 0.5 * size))
    with canvas.pen((0, 700, 1500, 1000)) as pen:
        pen.rect((0, 800, 1500, 850), scale(tint, 0.9))
        pen.rect((0, 850, 1500, 906), (44, 48, 54))
        for x in range(20, 1500, 74):
            pen.dot(x, 878, 19, (90, 96, 104))
            pen.dot(x, 878, 8, (50, 54, 60))
        for left in np.arange(canvas.uniform(-60, 60), 1500, 290):
            pen.rect((left, 742, left + 150, 802), scale(paint, 0.55), radius=8)
            pen.rect((left + 14, 752, left + 136, 768), mix(paint, (255, 255, 255), 0.3), radius=4)
    canvas.bloom(200, 0.6)


def _arm(canvas: Canvas, x: float, foot: float, s: float, paint: Rgb) -> None:
    """Draw one jointed arm with a gripper and sparks."""
    way = pick(canvas.rng, (-1, 1))
    shoulder, elbow = (x, foot - 170 * s), (x + way * canvas.uniform(-120, 40) * s, foot - 440 * s)
    wrist = (x + way * canvas.uniform(190, 270) * s, foot - canvas.uniform(330, 420) * s)
    tip = (wrist[0] + way * 44 * s, wrist[1] + 130 * s)
    dark = scale(paint, 0.55)
    with canvas.pen() as pen:
        pen.form(x, foot, s, "-96,0 -66,-70 66,-70 96,0", (54, 58, 64))
        pen.form(x, foot, s, "-60,-66 -44,-170 44,-170 60,-66", dark)
        for start, end, width in ((shoulder, elbow, 76), (elbow, wrist, 58), (wrist, tip, 34)):
            pen.line([start, end], dark, width * s)
            pen.line([(start[0] - 7 * s, start[1] - 4 * s), (end[0] - 7 * s, end[1] - 4 * s)], paint, width * 0.62 * s)
        for joint, r in ((shoulder, 58), (elbow, 47), (wrist, 34)):
            pen.dot(*joint, r * s, dark)
            pen.dot(joint[0] - 3 * s, joint[1] - 3 * s, r * 0.78 * s, paint)
            pen.dot(*joint, r * 0.36 * s, (60, 64, 70))
        hose = [(shoulder[0] - 40 * s, shoulder[1]), (elbow[0] - 62 * s, elbow[1] + 60 * s), elbow]
        pen.line(hose, (30, 32, 36), 8 * s)
        for claw in ("0,0 -26,24 -14,62", "0,0 26,24 14,62"):
            pen.line(spots(*tip, s, claw), (70, 76, 84), 12 * s)
    if s > 0.9:
        canvas.glow(tip[0], tip[1] + 70, 120, (255, 230, 180), 1)


def laboratory(canvas: Canvas) -> None:
    """Glassware with coloured liquids on a bench."""
    table(canvas, 690, spots=26)
    rng, liquids = canvas.rng, swatch("2f8ad8 e0503a 3fb87a e8b02a 9a5ad8 2ab8c8")
    places = np.linspace(190, 1310, 5) + rng.uniform(-40, 40, 5)
    with canvas.pen((0, 300, 1500, 760)) as pen:
        stand = float(places[0]) - 90
        pen.rect((stand, 380, stand + 9, 790), (120, 126, 132))
        pen.rect((stand - 70, 784, stand + 80, 800), (70, 74, 80), radius=4)
    for i, x in enumerate(places):
        foot, size = 800 + 40 * (i % 2), canvas.uniform(300, 430)
        shadow(canvas, float(x), foot - 4, size * 0.3, size * 0.06, 0.4)
        if i % 3 == 2:
            _test_tubes(canvas, float(x), foot, liquids)
        else:
            flask(
                canvas, float(x), foot, size, jitter(rng, pick(rng, liquids), 12), round_body=bool(rng.random() < 0.5)
            )
    canvas.bloom(200, 0.5)


def _test_tubes(canvas: Canvas, x: float, foot: float, liquids: list[Rgb]) -> None:
    """Draw a rack of test tubes."""
    wood = canvas.lit((176, 136, 96), 0.6)
    with canvas.pen((x - 170, foot - 330, x + 170, foot + 6)) as pen:
        pen.rect((x - 140, foot - 24, x + 140, foot), wood, radius=4)
        for i in range(5):
            left, colour = x - 122 + i * 52, pick(canvas.rng, liquids)
            top, level = foot - 280, foot - canvas.uniform(90, 180)
            pen.rect((left, top, left + 36, foot - 20), (232, 240, 244), 0.35, radius=17)
            pen.rect((left + 2, level, left + 34, foot - 22), colour, 0.9, radius=15)
            pen.line([(left + 8, top + 14), (left + 8, foot - 60)], (255, 255, 255), 4, 0.75)
            pen.rect((left - 4, top - 4, left + 40, top + 5), (244, 248, 250), 0.9, radius=4)
        pen.rect((x - 150, foot - 190, x + 150, foot - 164), wood, radius=4)
        pen.rect((x - 150, foot - 168, x + 150, foot - 160), scale(wood, 0.7))


SCENES: dict[str, Callable[[Canvas], None]] = {
    "greenhouse": greenhouse,
    "chips": chips,
    "servers": servers,
    "robot-arm": robot_arm,
    "laboratory": laboratory,
}

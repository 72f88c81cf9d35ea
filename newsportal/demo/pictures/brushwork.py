"""More ink: lotus, fish, abstract calligraphy and seals."""

from collections.abc import Callable

import numpy as np

from .canvas import Canvas, Pen
from .noise import Field, field, smoothstep
from .palette import hexa, pick
from .shapes import lathe, shadow
from .sheet import BLACK, GREEN, PINK, RED, Path, Sheet, brush, carve, seals, stamp


def ink_lotus(canvas: Canvas) -> None:
    """Broad lotus leaves, a flower and a seed head."""
    sheet, rng = Sheet(canvas), canvas.rng
    ink = pick(rng, (BLACK, BLACK, GREEN))
    for i in range(int(rng.integers(3, 6))):
        x, y = canvas.uniform(100, 1400), canvas.uniform(380, 800)
        _leaf(sheet, x, y, canvas.uniform(150, 260), rng.uniform(0.35, 1.0) * (0.6 if i < 2 else 1), ink)
    for _ in range(int(rng.integers(1, 4))):
        x, y = canvas.uniform(220, 1280), canvas.uniform(190, 420)
        sheet.stroke(
            [(x, y + 40), (x + rng.normal(0, 30), (y + 1000) / 2), (x + rng.normal(0, 40), 1020)],
            [7, 8, 10],
            0.8,
            dry=0.2,
        )
        _flower(sheet, x, y, canvas.uniform(80, 125), pick(rng, (PINK, PINK, (0.08, 1.1, 0.7))))
    x = canvas.uniform(150, 1350)
    sheet.stroke([(x, 330), (x + 40, 640), (x - 10, 1020)], [5, 6, 7], 0.8)
    sheet.stroke([(x - 44, 318), (x, 340), (x + 44, 318)], [8, 34, 8], 1.0)
    for _ in range(14):
        a, b = canvas.uniform(0, 1500), canvas.uniform(840, 980)
        sheet.stroke([(a, b), (a + canvas.uniform(60, 200), b + rng.normal(0, 5))], [1, 3, 1], 0.28)
    sheet.publish()
    seals(canvas, pick(rng, (100.0, 1400.0)), canvas.uniform(110, 200))


def _leaf(sheet: Sheet, x: float, y: float, r: float, tone: float, ink: tuple[float, float, float]) -> None:
    """Paint one leaf as a wash with veins, on a stem."""
    rng = sheet.rng
    flat, turn = rng.uniform(0.32, 0.6), rng.uniform(-0.4, 0.4)
    sheet.stroke(
        [(x, y), (x + rng.normal(0, 30), (y + 1020) / 2), (x + rng.normal(0, 40), 1030)],
        [9, 9, 12],
        0.7 * tone,
        dry=0.24,
    )
    area = sheet.area((x - r * 1.25, y - r * 1.1, x + r * 1.25, y + r * 1.1))
    dx, dy = sheet.x[:, area[1]] - np.float32(x), sheet.y[area[0]] - np.float32(y)
    px = dx * np.cos(turn) + dy * np.sin(turn)
    py = (dy * np.cos(turn) - dx * np.sin(turn)) / flat
    radius, around = np.hypot(px, py) / r, np.arctan2(py, px)
    edge = 1 + 0.07 * np.sin(around * 5 + turn * 9) + 0.05 * np.sin(around * 11 + x)
    inside = smoothstep(0.0, 0.05, edge - radius)
    pool = 0.45 + 0.75 * field(rng, inside.shape, 0.2, "fbm") + 0.25 * smoothstep(0.75, 1.0, radius / edge)
    veins = smoothstep(0.93, 0.99, np.abs(np.cos(around * 6.5 + turn))) * smoothstep(0.08, 0.3, radius)
    sheet.lay((inside * pool * (1 - 0.6 * veins)).astype(np.float32), 0.85 * tone, ink, area=area)
    sheet.lay((inside * veins * smoothstep(1.0, 0.2, radius)).astype(np.float32), 0.7 * tone, BLACK, area=area)


def _flower(sheet: Sheet, x: float, y: float, r: float, colour: tuple[float, float, float]) -> None:
    """Paint layered pointed petals with thin outlines."""
    rng = sheet.rng
    area = sheet.area((x - r * 2.4, y - r * 1.8, x + r * 2.4, y + r * 1.1))
    height = np.clip((y + r * 0.5 - sheet.y[area[0]]) / (r * 1.6), 0, 1) ** 1.4
    angles = [*np.linspace(-1.35, 1.35, 7), *np.linspace(-0.8, 0.8, 5), *np.linspace(-0.35, 0.35, 3)]
    for i, angle in enumerate(angles):
        length = r * (1.25 if i < 7 else 1.4 if i < 12 else 1.3) * rng.uniform(0.9, 1.1)
        tip = (x + np.sin(angle) * length * 1.05, y + r * 0.4 - np.cos(angle) * length)
        belly = (x + np.sin(angle * 1.15) * length * 0.55, y + r * 0.42 - np.cos(angle) * length * 0.42)
        path = [(x, y + r * 0.42), belly, tip]
        wide = r * rng.uniform(0.46, 0.6)
        outer, inner = [4, wide, wide * 1.02, wide * 0.5, 1], [1, wide - 7, wide - 6, wide * 0.5 - 6, 0]
        petal = sheet.strokes([(path, outer)], area)
        within = sheet.strokes([(path, inner)], area)
        sheet.density[area] *= (1 - 0.85 * petal)[..., None]
        sheet.lay(petal * (0.12 + 0.95 * height), 0.9, colour, area=area)
        sheet.lay(np.clip(petal - within, 0, 1), 0.5, BLACK, area=area)


def ink_fish(canvas: Canvas) -> None:
    """Carp gliding between water plants."""
    sheet, rng = Sheet(canvas), canvas.rng
    for _ in range(int(rng.integers(3, 6))):
        _weed(sheet, canvas.uniform(40, 1460), canvas.uniform(700, 1000))
    middle, heading = (canvas.uniform(600, 900), canvas.uniform(420, 560)), rng.uniform(0, 6.28)
    count = int(rng.integers(3, 7))
    for i in range(count):
        around = heading + i * 6.28 / count
        x, y = (
            middle[0] + np.cos(around) * canvas.uniform(230, 430),
            middle[1] + np.sin(around) * canvas.uniform(130, 260),
        )
        colour = pick(rng, (BLACK, RED, RED, (0.15, 0.95, 1.5)))
        _carp(sheet, x, y, around + 1.9 + rng.normal(0, 0.3), canvas.uniform(230, 330), colour)
    petals = [(canvas.uniform(30, 1470), canvas.uniform(30, 960), canvas.uniform(5, 15)) for _ in range(26)]
    sheet.lay(sheet.drops(petals, 0.6), 0.4, pick(rng, (GREEN, BLACK)))
    sheet.publish()
    seals(canvas, pick(rng, (100.0, 1400.0)), canvas.uniform(120, 800))


def _weed(sheet: Sheet, x: float, y: float) -> None:
    """Paint trailing water grass."""
    rng = sheet.rng
    strokes: list[Path] = []
    for _ in range(9):
        sway = rng.normal(0, 60)
        strokes.append(
            [(x + rng.normal(0, 20), y + 60), (x + sway * 0.4, y - 80), (x + sway + 30, y - rng.uniform(150, 320))]
        )
    sheet.lay(
        sheet.strokes([(path, [3, 9, 6, 1]) for path in strokes]),
        0.42,
        pick(rng, (BLACK, GREEN)),
        bleed=2,
    )


def _carp(sheet: Sheet, x: float, y: float, angle: float, length: float, colour: tuple[float, float, float]) -> None:
    """Paint one fish seen from above, bent in a gentle curve."""
    rng = sheet.rng
    bend = rng.uniform(-0.9, 0.9)
    t = np.linspace(0, 1, 12)
    heading = angle + bend * (t - 0.3)
    px = x + np.cumsum(np.cos(heading)) * length / 12
    py = y + np.cumsum(np.sin(heading)) * length / 12
    spine = list(zip(px[::-1], py[::-1], strict=True))
    wide = length * 0.24
    area = sheet.area((x - length * 2, y - length * 2, x + length * 2, y + length * 2))
    widths = [wide * share for share in (0.4, 0.85, 1, 0.95, 0.7, 0.4, 0.22)]
    body = sheet.strokes([(spine, widths)], area)
    sheet.lay(sheet.mask(lambda pen: _fins(pen, spine, length), area), 0.32, colour, bleed=1, area=area)
    patches = smoothstep(0.38, 0.58, field(rng, body.shape, 0.4, "fbm"))
    sheet.lay(body, 0.12, BLACK, area=area)
    sheet.lay(body if colour == BLACK else body * patches, 0.75, colour, area=area)
    back = sheet.strokes([(spine[1:9], [2, wide * 0.3, wide * 0.24, 2])], area)
    sheet.lay(back, 0.45, BLACK, bleed=4, area=area)
    (hx, hy), way = spine[0], float(heading[-1])
    dx, dy = float(np.cos(way)), float(np.sin(way))
    eyes = [(hx - dx * 8 - s * dy * wide * 0.27, hy - dy * 8 + s * dx * wide * 0.27, 5.0) for s in (-1, 1)]
    sheet.lay(sheet.drops(eyes, area=area), 1.2, area=area)


def _fins(pen: Pen, spine: list[tuple[float, float]], length: float) -> None:
    """Paint tail and side fins."""
    (tx, ty), (bx, by) = spine[-1], spine[-3]
    back = np.arctan2(ty - by, tx - bx)
    for spread in (-0.5, -0.2, 0.2, 0.5):
        reach = length * (0.42 if abs(spread) > 0.3 else 0.32)
        end = (tx + np.cos(back + spread) * reach, ty + np.sin(back + spread) * reach)
        brush(pen, [(bx, by), (tx, ty), end], [6, 16, 24, 5])
    for index in (3, 7):
        (ax, ay), (cx, cy) = spine[index], spine[index + 1]
        along = np.arctan2(cy - ay, cx - ax)
        for side in (-1, 1):
            reach = length * (0.26 if index == 3 else 0.17)
            end = (ax + np.cos(along + side * 1.0) * reach, ay + np.sin(along + side * 1.0) * reach)
            brush(pen, [(ax, ay), end], [12, 26, 4])


def calligraphy(canvas: Canvas) -> None:
    """Gestural brush strokes: a ring, wild lines or columns of abstract marks."""
    sheet, rng = Sheet(canvas), canvas.rng
    kind = int(rng.integers(3))
    if kind == 0:
        _ring(sheet, canvas.uniform(600, 900), canvas.uniform(470, 530), canvas.uniform(270, 340))
    elif kind == 1:
        _wild(sheet)
    else:
        _columns(sheet)
    splashes: list[tuple[float, float, float]] = []
    for _ in range(24):
        splashes.append((canvas.uniform(100, 1400), canvas.uniform(100, 900), 1 + rng.uniform(1, 7) * rng.random()))
    sheet.lay(sheet.drops(splashes), 0.9)
    sheet.publish()
    seals(canvas, canvas.uniform(1180, 1360), canvas.uniform(700, 820))


def _ring(sheet: Sheet, x: float, y: float, r: float) -> None:
    """Paint one circle in a single breath, dry at its end."""
    rng, start = sheet.rng, sheet.rng.uniform(0, 6.28)
    distance = np.hypot(sheet.x - np.float32(x), (sheet.y - np.float32(y)) * 1.06)
    around = np.mod(np.arctan2(sheet.y - np.float32(y), sheet.x - np.float32(x)) - start, 2 * np.pi) / (2 * np.pi)
    width = r * (0.34 - 0.2 * around)
    offset = distance - r * (1 + 0.06 * np.sin(around * 7) - 0.05 * around)
    inside = smoothstep(0, 0.12, 1 - np.abs(offset) / width) * (around < 0.955)
    hairs = np.interp(offset, np.linspace(-140, 140, 260), rng.random(260)).astype(np.float32)
    dryness = np.clip(around * 1.35 - 0.25, 0, 1)
    ink = inside * smoothstep(dryness - 0.18, dryness + 0.12, hairs * 0.9 + 0.14)
    sheet.lay(ink.astype(np.float32), 1.15)


def _wild(sheet: Sheet) -> None:
    """Paint a few sweeping connected lines."""
    rng = sheet.rng
    for x in (420.0, 960.0) if rng.random() < 0.6 else (680.0,):
        points, widths = [(x, 90.0)], [10.0]
        for i in range(15):
            sway = 210 * np.sin(i * 1.7 + rng.uniform(-0.6, 0.6))
            points.append((x + sway + rng.normal(0, 40), 110 + i * 55 + rng.normal(0, 30)))
            widths.append(rng.uniform(8, 62) if i % 2 else rng.uniform(24, 74))
        sheet.stroke(points, widths, 1.1, dry=0.3)


def _columns(sheet: Sheet) -> None:
    """Paint columns of invented marks made of bars, falls and dots."""
    rng = sheet.rng
    columns = int(rng.integers(3, 7))
    size = min(210.0, 1050 / columns)
    for column in range(columns):
        x = 1290 - column * size * 1.18
        for row in range(int(840 / size)):
            _mark(sheet, x - rng.uniform(0, 10), 130 + row * size * 1.05 + size * 0.4, size * 0.42)


def _mark(sheet: Sheet, x: float, y: float, s: float) -> None:
    """Paint one abstract gesture of loops, hooks and splashes that is no character."""
    rng = sheet.rng
    strokes: list[tuple[Path, list[float]]] = []
    turn, swing = rng.uniform(0, 6.28), rng.uniform(1.1, 2.6) * pick(rng, (-1, 1))
    t = np.linspace(0, 1, int(rng.integers(7, 11)))
    radius = s * (0.95 - 0.6 * t * rng.uniform(0.4, 1))
    loop = [
        (x + float(np.cos(turn + swing * 2.4 * a) * r), y + float(np.sin(turn + swing * 2.4 * a) * r))
        for a, r in zip(t, radius, strict=True)
    ]
    strokes.append((loop, [s * w for w in rng.uniform(0.05, 0.3, 5)]))
    for _ in range(int(rng.integers(1, 4))):
        angle, reach = rng.uniform(0, 3.14), rng.uniform(0.35, 0.9) * s
        cx, cy, bow = x + rng.normal(0, 0.35) * s, y + rng.normal(0, 0.4) * s, rng.normal(0, 0.35) * s
        dx, dy = float(np.cos(angle)) * reach, float(np.sin(angle)) * reach
        strokes.append(
            (
                [(cx - dx, cy - dy), (cx + bow, cy - bow), (cx + dx, cy + dy)],
                [s * 0.05, s * rng.uniform(0.1, 0.28), s * 0.04],
            )
        )
    for _ in range(int(rng.integers(0, 3))):
        dx, dy = rng.uniform(-0.9, 0.9) * s, rng.uniform(-0.9, 0.9) * s
        strokes.append(([(x + dx, y + dy), (x + dx + s * 0.1, y + dy + s * 0.14)], [s * 0.08, s * 0.22]))
    area = sheet.area((x - 2 * s, y - 2 * s, x + 2 * s, y + 2 * s))
    sheet.lay(sheet.strokes(strokes, area), 1.1, dry=0.22, area=area)


def seal(canvas: Canvas) -> None:
    """A carved stone seal beside its red imprint."""
    sheet, rng = Sheet(canvas), canvas.rng
    side = pick(rng, (-1, 1))
    sheet.publish()
    x, y, size = 750 + side * 250, canvas.uniform(520, 580), canvas.uniform(330, 400)
    red = hexa(pick(rng, ("b8281e", "c23428", "a82a20")))
    with canvas.pen((x - size, y - size, x + size, y + size)) as pen:
        round_seal = rng.random() < 0.3
        if round_seal:
            pen.dot(x, y, size * 0.58, red, 0.95)
            carve(canvas, pen, x, y, size * 0.74)
        else:
            pen.rect((x - size / 2, y - size / 2, x + size / 2, y + size / 2), red, 0.95, radius=size * 0.06)
            carve(canvas, pen, x, y, size * 0.86)
    worn = smoothstep(0.7, 0.76, sheet.fibre * 0.6 + sheet.grain * 0.55)
    canvas.paste((240, 230, 210), worn * 0.8)
    sx, foot = 750 - side * 330, 830.0
    shadow(canvas, sx, foot, 130, 30, 0.5)
    stone = pick(rng, ("c8b48a", "8fa08a", "b87a5a", "d8d0c4"))
    _stone(canvas, sx, foot, hexa(stone))
    for i in range(3):
        stamp(canvas, 750 + side * (560 + 0 * i), 220 + i * 90, 60)


def _stone(canvas: Canvas, x: float, foot: float, colour: tuple[int, int, int]) -> None:
    """Draw an upright seal stone with a rounded top and veins."""
    veins = field(canvas.rng, (300, 300), 0.4, "fbm")
    base = np.array(colour, np.float32)

    def skin(angle: Field, height: Field) -> Field:
        """Return the colour at an angle and a height."""
        angle, height = np.broadcast_arrays(angle, height)
        tone = veins[(np.clip(height, 0, 1) * 299).astype(int), (np.clip(angle + 0.5, 0, 1) * 299).astype(int)]
        mark = smoothstep(0.05, 0.0, np.abs(tone - 0.5))
        return base * (0.75 + 0.5 * tone)[..., None] + (mark * 40)[..., None]

    lathe(canvas, x, foot, [(0, 118), (330, 112), (400, 104), (450, 84), (485, 48), (498, 12)], skin, 0.7)
    with canvas.pen((x - 130, foot - 40, x + 130, foot + 24)) as pen:
        pen.oval(x, foot + 2, 116, 18, (176, 42, 34), 0.85)


SCENES: dict[str, Callable[[Canvas], None]] = {
    "ink-lotus": ink_lotus,
    "ink-fish": ink_fish,
    "calligraphy": calligraphy,
    "seal": seal,
}

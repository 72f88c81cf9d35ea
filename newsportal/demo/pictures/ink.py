"""Ink-wash paintings: mountains in mist, bamboo and plum blossom."""

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from .canvas import Canvas, Pen, soften
from .noise import Field, field, profile, smoothstep
from .palette import pick
from .sheet import BLACK, BLUE, FACTOR, GREEN, PINK, RED, Path, Sheet, seals


def ink_mountain(canvas: Canvas) -> None:
    """Peaks in mist with pines, a hut and a boat."""
    sheet, rng = Sheet(canvas), canvas.rng
    layers, foot = int(rng.integers(4, 6)), canvas.uniform(640, 760)
    if rng.random() < 0.5:
        sx, sy, r = canvas.uniform(200, 1300), canvas.uniform(130, 260), canvas.uniform(46, 74)
        sheet.lay(sheet.drops([(sx, sy, r)]), 0.75, RED, bleed=3)
    for i in range(layers):
        near = (i + 1) / layers
        _peaks(sheet, near, foot - 330 + 330 * near)
    _shore(sheet, foot + 90)
    boat_x, boat_y = canvas.uniform(250, 1250), foot + canvas.uniform(120, 200)
    sheet.stroke([(boat_x - 60, boat_y - 8), (boat_x, boat_y + 8), (boat_x + 66, boat_y - 12)], [3, 13, 3], 1.2)
    sheet.stroke([(boat_x - 8, boat_y), (boat_x - 4, boat_y - 30)], [13, 7], 1.1)
    sheet.stroke([(boat_x - 22, boat_y - 28), (boat_x - 4, boat_y - 40), (boat_x + 14, boat_y - 28)], [2, 9, 2], 1.2)
    for _ in range(5):
        y, x = foot + canvas.uniform(120, 260), canvas.uniform(60, 1300)
        sheet.stroke([(x, y), (x + canvas.uniform(80, 260), y + canvas.uniform(-3, 3))], [1, 3, 1], 0.3)
    sheet.publish()
    seals(canvas, pick(rng, (90.0, 1405.0)), canvas.uniform(120, 800))


def _peaks(sheet: Sheet, near: float, base: float) -> None:
    """Paint one range: a wet edge that fades into mist, wrinkled with texture strokes."""
    rng, canvas = sheet.rng, sheet.canvas
    x = np.linspace(0, 1500, 900)
    outline = np.zeros(900)
    for _ in range(int(rng.integers(2, 5))):
        centre, half = canvas.uniform(-100, 1600), canvas.uniform(120, 330) * (0.7 + 0.5 * near)
        tall = canvas.uniform(180, 430) * (1.15 - 0.45 * near)
        bump = np.clip(1 - (np.abs(x - centre) / half) ** canvas.uniform(1.0, 1.7), 0, 1) * tall
        outline = np.maximum(outline, bump)
    rough = (profile(rng, 900, 0.9) - 0.5) * 90 + (profile(rng, 900, 3.2, "ridged") - 0.4) * 26
    line = base - outline - rough * np.clip(outline / 160, 0.15, 1)
    edge = np.interp(sheet.x[0], x, line).astype(np.float32)[None, :]
    depth = sheet.y - edge
    inside = np.clip(depth * canvas.scale * FACTOR + 0.5, 0, 1)
    reach = 75 + 90 * (1 - near) + 30 * near
    sheet.density *= (1 - inside * (0.93 - 0.25 * np.exp(-np.clip(depth, 0, None) / 30)))[..., None]
    fade = np.exp(-np.clip(depth, 0, None) / reach) * inside
    folds = field(rng, sheet.shape, 1.0, "ridged", tall=0.55)
    wrinkles = (
        smoothstep(0.42, 0.8, folds + 0.25 * sheet.streak) * np.exp(-np.clip(depth, 0, None) / (reach * 0.9)) * inside
    )
    sheet.lay(fade, 0.16 + 0.42 * near**2)
    sheet.lay(wrinkles, 0.12 + 0.95 * near**2)
    rim = np.exp(-((np.clip(depth, -20, 400) / (7 + 5 * near)) ** 2)) * inside
    sheet.lay(rim, 0.25 + 0.55 * near, dry=0.3)
    if near > 0.6:
        _dots(sheet, x, line, near)


def _dots(sheet: Sheet, x: Field, line: Field, near: float) -> None:
    """Dot moss and trees along the ridges."""
    rng = sheet.rng

    def draw(pen: Pen) -> None:
        """Dot clusters at random places."""
        for start in rng.integers(0, 860, 16):
            for k in rng.integers(0, 36, 14):
                place = int(start + k)
                px, py = x[place] + rng.normal(0, 5), line[place] + rng.normal(2, 9)
                pen.oval(px, py, rng.uniform(2, 7) * near, rng.uniform(4, 11) * near, 255)

    sheet.lay(sheet.mask(draw), 0.9, dry=0.1)


def _shore(sheet: Sheet, y: float) -> None:
    """Paint a bank with pines and a hut in the foreground."""
    rng, canvas = sheet.rng, sheet.canvas
    side = pick(rng, (-1, 1))
    origin = 750 - side * 720
    line = np.interp(sheet.x[0], np.linspace(0, 1500, 500), (profile(rng, 500, 0.8) - 0.5) * 90).astype(np.float32)[
        None, :
    ]
    bank = sheet.y - (y + 40 + line - 130 * np.exp(-(((sheet.x - origin) / 420) ** 2)))
    reach = smoothstep(760, 300, np.abs(sheet.x - origin))
    sheet.lay(np.clip(bank / 2, 0, 1) * np.exp(-np.clip(bank, 0, None) / 70) * reach, 0.8)
    for _ in range(int(rng.integers(2, 5))):
        _pine(
            sheet, origin + side * canvas.uniform(60, 380), y - canvas.uniform(20, 70), canvas.uniform(130, 260), side
        )
    hut, top = origin + side * canvas.uniform(300, 440), y - 10
    sheet.stroke([(hut - 54, top), (hut, top - 40), (hut + 54, top)], [4, 20, 4], 1.0)
    for leg in (-34, 34):
        sheet.stroke([(hut + leg, top), (hut + leg, top + 42)], [4, 4], 0.9)


def _pine(sheet: Sheet, x: float, foot: float, tall: float, side: int) -> None:
    """Paint a pine with flat clouds of needles."""
    rng = sheet.rng
    lean = rng.uniform(-0.25, 0.35) * tall * side
    trunk = [
        (x, foot + 20),
        (x + lean * 0.2, foot - tall * 0.4),
        (x + lean * 0.7, foot - tall * 0.7),
        (x + lean, foot - tall),
    ]
    sheet.stroke(trunk, [tall * 0.075, tall * 0.05, tall * 0.03, 3], 1.0, dry=0.22)

    def needles(pen: Pen) -> None:
        """Fan needles in flat tufts."""
        for level in np.linspace(0.45, 1.05, 7):
            cx = x + lean * level**1.6 + rng.normal(0, tall * 0.13)
            cy, half = foot - tall * level, tall * rng.uniform(0.1, 0.24)
            for _ in range(46):
                px, py = cx + rng.uniform(-half, half), cy + rng.normal(0, tall * 0.018)
                reach, angle = tall * 0.055, rng.uniform(-2.7, -0.4)
                pen.line([(px, py), (px + np.cos(angle) * reach, py + np.sin(angle) * reach)], 255, 1.5)

    sheet.lay(sheet.mask(needles), 1.0)
    sheet.lay(sheet.mask(needles), 0.35, BLUE, bleed=5)


def ink_bamboo(canvas: Canvas) -> None:
    """Stalks of bamboo with leaves in light and dark ink."""
    sheet, rng = Sheet(canvas), canvas.rng
    green, wind = rng.random() < 0.4, rng.uniform(-0.3, 0.3)
    for tone in (0.22, 0.5, 1.0):
        count = int(rng.integers(2, 5)) if tone < 1 else int(rng.integers(1, 3))
        for _ in range(count):
            _stalk(sheet, canvas.uniform(120, 1380), rng.uniform(20, 34) * (0.5 + 0.6 * tone), tone, wind, green)
    sheet.publish()
    seals(canvas, pick(rng, (100.0, 1400.0)), canvas.uniform(640, 850))


def _stalk(sheet: Sheet, x: float, width: float, tone: float, wind: float, green: bool) -> None:
    """Paint one jointed stalk with twigs and leaves."""
    rng, y, lean = sheet.rng, 1040.0, sheet.rng.uniform(-0.12, 0.12)
    ink = GREEN if green else BLACK
    strokes, nodes = [], []
    while y > -60:
        length = rng.uniform(120, 210)
        strokes.append([(x, y - 5), (x + lean * length / 2, y - length / 2), (x + lean * length, y - length + 5)])
        x, y, lean = x + lean * length, y - length, lean + rng.normal(0, 0.015) + wind * 0.03
        nodes.append((x, y))
    shafts = [(path, [width * 1.12, width * 0.86, width * 0.86, width * 1.12]) for path in strokes]
    sheet.lay(sheet.strokes(shafts), tone * 0.75, ink, dry=0.16 + 0.1 * tone)
    for nx, ny in nodes:
        sheet.stroke([(nx - width * 0.6, ny - 2), (nx, ny + 4), (nx + width * 0.6, ny - 2)], [4, 3, 4], tone)
    leaves: list[tuple[Path, float]] = []
    for nx, ny in nodes:
        if rng.random() < 0.8:
            leaves += _spray(rng, nx, ny, wind)
    sheet.lay(
        sheet.strokes([(path, [1, size, size * 0.9, size * 0.4, 1]) for path, size in leaves]),
        tone * 1.05,
        ink,
    )


def _spray(rng: np.random.Generator, x: float, y: float, wind: float) -> list[tuple[Path, float]]:
    """Return the twig and leaf strokes of one joint."""
    side = 1 if rng.random() < 0.5 + wind else -1
    tip = (x + side * rng.uniform(70, 190), y - rng.uniform(20, 120))
    strokes: list[tuple[Path, float]] = [([(x, y), ((x + tip[0]) / 2, (y + tip[1]) / 2 - 10), tip], 4.0)]
    for _ in range(int(rng.integers(4, 9))):
        share = rng.uniform(0.45, 1)
        sx, sy = x + (tip[0] - x) * share, y + (tip[1] - y) * share
        angle = rng.normal(1.35 - side * 0.45, 0.5) - wind
        length = rng.uniform(80, 180)
        ex, ey = sx + np.cos(angle) * length, sy + np.sin(angle) * length
        bend = rng.normal(0, 9)
        strokes.append(([(sx, sy), ((sx + ex) / 2 + bend, (sy + ey) / 2), (ex, ey)], rng.uniform(14, 26)))
    return strokes


def ink_plum(canvas: Canvas) -> None:
    """A gnarled branch with red blossoms."""
    sheet, rng = Sheet(canvas), canvas.rng
    side = pick(rng, (-1, 1))
    if rng.random() < 0.55:
        mx, my, r = 750 + side * canvas.uniform(150, 450), canvas.uniform(230, 380), canvas.uniform(120, 190)
        disc = sheet.drops([(mx, my, r)])
        halo = (
            np.asarray(soften(Image.fromarray((disc * 255).astype(np.uint8)), 46 * canvas.scale), dtype=np.float32)
            / 255
        )
        sheet.lay(np.clip(halo * 1.3 - disc, 0, 1), 0.3)
    tips: list[tuple[float, float]] = []
    start = (750 - side * 790, canvas.uniform(620, 960))
    _branch(sheet, start, -0.3 if side > 0 else np.pi + 0.3, 70, 0, tips, side)
    colour = pick(rng, (RED, RED, PINK, (0.1, 1.2, 0.9)))
    order = rng.permutation(len(tips))[:90]
    for k in order:
        x, y = tips[int(k)]
        _blossom(sheet, x + rng.normal(0, 14), y + rng.normal(0, 12), rng.uniform(13, 27), colour)
    sheet.publish()
    seals(canvas, 750 + side * 640, canvas.uniform(660, 840))


def _branch(
    sheet: Sheet, start: tuple[float, float], angle: float, width: float, level: int, tips: list, side: int
) -> None:
    """Paint a crooked branch and its twigs."""
    rng, (x, y) = sheet.rng, start
    steps = int(rng.integers(6, 9)) - level
    path, widths, forks, home = [start], [width], [], angle
    for i in range(max(3, steps)):
        angle += rng.normal(0, 0.3) - 0.3 * (angle - home)
        reach = rng.uniform(120, 210) * (0.62**level)
        x, y = x + np.cos(angle) * reach, y + np.sin(angle) * reach
        path.append((x, y))
        widths.append(width * (1 - 0.8 * (i + 1) / max(3, steps)))
        forks.append((x, y, angle, widths[-1]))
        if level > 0:
            tips += [(x, y), ((x + path[-2][0]) / 2, (y + path[-2][1]) / 2)]
    sheet.stroke(path, widths, 1.15, dry=0.3 - 0.06 * level)
    sheet.stroke([(a, b + widths[0] * 0.12) for a, b in path], [w * 0.5 for w in widths], 0.5)
    if level < 2:
        for fx, fy, fa, fw in forks[:-1] if level == 0 else forks[:3]:
            if rng.random() < 0.9:
                turn = fa + pick(rng, (-1, 1)) * rng.uniform(0.5, 1.0)
                _branch(sheet, (fx, fy), turn, max(5, fw * 0.5), level + 1, tips, side)


def _blossom(sheet: Sheet, x: float, y: float, r: float, colour: Sequence[float]) -> None:
    """Paint a five-petalled blossom, within its own small area."""
    rng, k = sheet.rng, sheet.canvas.scale * FACTOR
    size = int(r * 2.6 * k)
    left, top = int(x * k) - size, int(y * k) - size
    if left < 0 or top < 0 or left + 2 * size > sheet.shape[1] or top + 2 * size > sheet.shape[0]:
        return
    yy, xx = np.mgrid[-size:size, -size:size].astype(np.float32) / (r * k)
    yy = yy * rng.uniform(1.0, 1.5)
    turn = rng.uniform(0, 6.28)
    tone = np.zeros_like(xx)
    for i in range(5):
        a = turn + i * 1.2566
        distance = np.hypot(xx - np.cos(a) * 0.72, yy - np.sin(a) * 0.72)
        tone = np.maximum(tone, smoothstep(0.66, 0.52, distance) * (0.35 + 0.75 * distance))
    area = (slice(top, top + 2 * size), slice(left, left + 2 * size))
    self_tone = tone * (0.6 + 0.8 * sheet.grain[area])
    sheet.density[area] += self_tone[..., None] * np.array(colour, np.float32)
    radius, around = np.hypot(xx, yy), np.arctan2(yy, xx)
    stamen = (
        smoothstep(0.5, 0.9, np.cos(around * 9 + turn)) * smoothstep(0.62, 0.5, radius) * smoothstep(0.05, 0.12, radius)
    )
    sheet.density[area] += (stamen * 0.8)[..., None] * np.array(BLACK, np.float32)


SCENES: dict[str, Callable[[Canvas], None]] = {
    "ink-mountain": ink_mountain,
    "ink-bamboo": ink_bamboo,
    "ink-plum": ink_plum,
}

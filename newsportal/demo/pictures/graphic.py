"""Flat graphics: charts without lettering, posters, covers and portraits."""

from collections.abc import Callable

import numpy as np

from .canvas import Canvas, Pen
from .palette import Rgb, jitter, mix, pick, scale, swatch

# Each set: paper, ink, then accents.
SETS = (
    "f4efe4 22303c c8432f e0a83a 2f6f73 8aa7a0",
    "efe6d6 2a2421 b8382a d98c3a 35506b c9b79a",
    "f2f0ea 1c2b3a 1f6f8b e2703a f0c24b 9bb8c4",
    "1f2a38 f0e8d8 e0603f f0b850 4f9a94 8a9ab0",
    "f6ecd9 3a2a34 a83c4f e79a5b 4a6f5a d8b8a0",
    "e9eee9 20352f 2f7a5b d8a83a c85a3f 9fbfae",
    "f3e3d0 2b2b33 d6492f f2a541 3b5f8a 7fa39b",
    "22302b efe7d3 d9a441 c8553a 6fa287 a9b89a",
)


def colours(canvas: Canvas) -> list[Rgb]:
    """Return paper, ink and four accents in random order."""
    paper, ink, *accents = swatch(pick(canvas.rng, SETS))
    order = canvas.rng.permutation(len(accents))
    return [paper, ink, *(jitter(canvas.rng, accents[int(i)], 5) for i in order)]


def fill_sheet(canvas: Canvas, paper: Rgb) -> None:
    """Fill with paper and a slightly lighter light from above."""
    canvas.gradient([(0, mix(paper, (255, 255, 255), 0.06)), (canvas.height, scale(paper, 0.97))])


def _axes(pen: Pen, box: tuple[float, float, float, float], ink: Rgb, paper: Rgb) -> None:
    """Draw grid lines and a base line."""
    left, top, right, bottom = box
    for i in range(5):
        y = top + (bottom - top) * i / 5
        pen.line([(left, y), (right, y)], mix(paper, ink, 0.16), 2)
    pen.line([(left, bottom), (right, bottom)], ink, 5)


def chart_bars(canvas: Canvas) -> None:
    """Grouped, stacked or single bars, one of them stressed."""
    paper, ink, first, second, third, soft = colours(canvas)
    fill_sheet(canvas, paper)
    count, kind = int(canvas.rng.integers(6, 12)), int(canvas.rng.integers(3))
    trend = np.linspace(0.35, 0.9, count)[:: pick(canvas.rng, (1, 1, -1))] + canvas.rng.normal(0, 0.12, count)
    step, floor = 1240 / count, 850.0
    with canvas.pen() as pen:
        _axes(pen, (130, 170, 1370, floor), ink, paper)
        for i, value in enumerate(np.clip(trend, 0.12, 1)):
            x, high = 130 + step * (i + 0.5), float(value) * 640
            if kind == 0:
                tone = first if i == int(np.argmax(trend)) else mix(soft, paper, 0.25)
                pen.rect((x - step * 0.32, floor - high, x + step * 0.32, floor), tone)
            elif kind == 1:
                for k, (share, tone) in enumerate(((0.45, third), (0.3, second), (0.25, first))):
                    base = floor - high * (0, 0.45, 0.75)[k]
                    pen.rect((x - step * 0.33, base - high * share, x + step * 0.33, base - 3), tone)
            else:
                pen.rect((x - step * 0.36, floor - high, x - 3, floor), first)
                other = high * canvas.uniform(0.45, 0.95)
                pen.rect((x + 3, floor - other, x + step * 0.36, floor), mix(third, paper, 0.2))
            pen.rect((x - step * 0.2, floor + 28, x + step * 0.2, floor + 38), mix(paper, ink, 0.3))
        if kind == 0:
            points = [
                (130 + step * (i + 0.5), floor - float(v) * 640 - 46) for i, v in enumerate(np.clip(trend, 0.12, 1))
            ]
            pen.line(points, ink, 5)
            for x, y in points:
                pen.dot(x, y, 11, paper)
                pen.ring(x, y, 11, ink, 5)


def chart_lines(canvas: Canvas) -> None:
    """Several curves, one of them filled below."""
    paper, ink, *accents = colours(canvas)
    fill_sheet(canvas, paper)
    xs, floor = np.linspace(130, 1370, 90), 850.0
    with canvas.pen() as pen:
        _axes(pen, (130, 170, 1370, floor), ink, paper)
        for i, tone in enumerate(accents[: int(canvas.rng.integers(2, 5))][::-1]):
            steps = canvas.rng.normal(canvas.uniform(0.0, 0.05), 0.1, 13)
            walk = np.cumsum(steps)
            smooth = np.interp(np.linspace(0, 12, 90), np.arange(13), walk)
            smooth = np.convolve(np.pad(smooth, 6, mode="edge"), np.hanning(13) / np.hanning(13).sum(), mode="valid")
            ys = np.clip(floor - 140 - i * 90 - (smooth - smooth.min()) * 420, 190, floor - 30)
            points = list(zip(xs, ys, strict=True))
            if i == 0:
                pen.poly([*points, (1370, floor), (130, floor)], tone, 0.25)
            pen.line(points, tone, 9 if i == 0 else 6)
            for k in range(0, 90, 15):
                pen.dot(*points[k], 10, paper)
                pen.ring(*points[k], 11, tone, 5)
            pen.dot(*points[-1], 18, tone)


def chart_donut(canvas: Canvas) -> None:
    """A ring divided into shares, with bars for its parts."""
    paper, ink, *accents = colours(canvas)
    fill_sheet(canvas, paper)
    side = pick(canvas.rng, (-1, 1))
    x, y, r = 750 - side * 260, 500.0, 320.0
    shares = canvas.rng.dirichlet(np.array([5, 3, 2.4, 1.6, 1.2]))
    shares = np.sort(shares)[::-1]
    tones = [*accents, mix(ink, paper, 0.5)]
    start = canvas.uniform(-120, -60)
    with canvas.pen() as pen:
        for i, (share, tone) in enumerate(zip(shares, tones, strict=True)):
            end = start + float(share) * 360
            pen.pie(x, y, r * (1.07 if i == 0 else 1), start + 0.9, end - 0.9, tone)
            start = end
        pen.dot(x, y, r * 0.6, mix(paper, (255, 255, 255), 0.03))
        pen.ring(x, y, r * 0.5, mix(paper, ink, 0.14), 3)
        pen.pie(x, y, r * 0.4, -90, -90 + 360 * float(shares[0]), mix(tones[0], paper, 0.6))
        left = 750 + side * 330 - 210
        for i, (share, tone) in enumerate(zip(shares, tones, strict=True)):
            row = 270 + i * 100
            pen.dot(left, row + 22, 20, tone)
            pen.rect((left + 46, row + 12, left + 420, row + 32), mix(paper, ink, 0.1), radius=10)
            pen.rect(
                (left + 46, row + 12, left + 46 + 374 * float(share) / float(shares[0]), row + 32), tone, radius=10
            )


def poster_abstract(canvas: Canvas) -> None:
    """A grid of quarter circles, bars and dots."""
    paper, ink, *accents = colours(canvas)
    fill_sheet(canvas, paper)
    cells, rng = pick(canvas.rng, ((6, 4), (9, 6), (3, 2))), canvas.rng
    size, palette = 1500 / cells[0], [ink, *accents, *accents]
    with canvas.pen() as pen:
        for column in range(cells[0]):
            for row in range(cells[1]):
                box = (column * size, row * size, (column + 1) * size, (row + 1) * size)
                ground = pick(rng, [paper, paper, *accents])
                tile_mark(canvas, pen, box, ground, pick(rng, [c for c in palette if c != ground]))


def tile_mark(canvas: Canvas, pen: Pen, box: tuple[float, float, float, float], ground: Rgb, tone: Rgb) -> None:
    """Fill one cell of a geometric pattern."""
    left, top, right, bottom = box
    size, kind, turn = right - left, int(canvas.rng.integers(7)), int(canvas.rng.integers(4))
    corner = ((left, top), (right, top), (right, bottom), (left, bottom))[turn]
    pen.rect((left, top, right + 1, bottom + 1), ground)
    if kind <= 1:
        pen.pie(*corner, size, turn * 90, turn * 90 + 90, tone)
        if kind == 1:
            pen.pie(*corner, size * 0.5, turn * 90, turn * 90 + 90, ground)
    elif kind == 2:
        pen.dot(left + size / 2, top + size / 2, size * 0.36, tone)
    elif kind == 3:
        for i in range(0, 6, 2):
            pen.rect((left, top + size * i / 6, right, top + size * (i + 1) / 6), tone)
    elif kind == 4:
        pen.poly([(left, top), (right, bottom), (left, bottom) if turn % 2 else (right, top)], tone)
    elif kind == 5:
        middle = (left + size / 2, top if turn % 2 else bottom)
        pen.pie(*middle, size / 2, 0 if turn % 2 else 180, 180 if turn % 2 else 360, tone)
    else:
        pen.ring(left + size / 2, top + size / 2, size * 0.36, tone, size * 0.13)


def poster_festival(canvas: Canvas) -> None:
    """A sun of rays, hills, bunting and lanterns."""
    paper, ink, first, second, third, soft = colours(canvas)
    fill_sheet(canvas, mix(paper, second, 0.16))
    x, y, rays = canvas.uniform(450, 1050), canvas.uniform(430, 560), int(canvas.rng.integers(12, 22))
    with canvas.pen() as pen:
        for i in range(rays):
            pen.pie(x, y, 1700, 360 * i / rays, 360 * (i + 0.5) / rays, second, 0.5)
        for r, tone in ((300, paper), (270, first), (170, mix(first, second, 0.6)), (90, paper)):
            pen.dot(x, y, r, tone)
        for i, tone in enumerate((soft, third, ink)):
            shift, swell = canvas.uniform(0, 6), canvas.uniform(40, 90)
            xs = np.linspace(0, 1500, 80)
            ys = 700 + i * 100 + swell * np.sin(xs / canvas.uniform(170, 320) + shift)
            pen.poly([*zip(xs, ys, strict=True), (1500, 1000), (0, 1000)], tone)
        for row, sag in ((60, 120), (20, 220)):
            for i in range(17):
                t = i / 16
                px, py = 1500 * t, row + sag * 4 * t * (1 - t)
                tone = (first, third, second, ink)[i % 4]
                if row == 60:
                    pen.poly([(px - 36, py), (px + 36, py), (px, py + 84)], tone)
                else:
                    pen.dot(px, py + 26, 24, tone)
        for _ in range(60):
            size = canvas.uniform(4, 11)
            pen.dot(
                canvas.uniform(0, 1500), canvas.uniform(240, 760), size, pick(canvas.rng, (first, second, third, paper))
            )


def poster_reading(canvas: Canvas) -> None:
    """An open book from which leaves, birds or stars rise."""
    paper, ink, first, second, third, soft = colours(canvas)
    fill_sheet(canvas, pick(canvas.rng, (paper, mix(paper, soft, 0.5), mix(paper, second, 0.35))))
    x, y, s, t = canvas.uniform(620, 880), canvas.uniform(740, 800), canvas.uniform(1.0, 1.2), np.linspace(0, 1, 30)
    with canvas.pen() as pen:
        pen.dot(x + canvas.uniform(-160, 160), y - 360, canvas.uniform(230, 310), mix(second, paper, 0.1))
        for tone, drop, grow in ((ink, 40, 1.06), (soft, 22, 1.03), (mix(paper, (255, 255, 255), 0.7), 0, 1.0)):
            for side in (-1, 1):
                upper = [(x + side * 400 * s * grow * a, y - 90 * s * np.sin(np.pi * a**0.75) + drop) for a in t]
                lower = [(px, py + 150 * s) for px, py in upper[::-1]]
                pen.poly(upper + lower, tone if side < 0 else scale(tone, 0.94))
        for side in (-1, 1):
            for row in range(4):
                line = [
                    (x + side * 400 * s * a, y + 26 * s + row * 30 * s - 90 * s * np.sin(np.pi * a**0.75))
                    for a in t[4:26]
                ]
                pen.line(line, mix(soft, paper, 0.2), 5)
        for i in range(26):
            rise = canvas.uniform(0, 1)
            cx, cy = x + canvas.rng.normal(0, 120 + 260 * rise), y - 130 - rise * 560
            _leaflet(canvas, pen, cx, cy, 26 + 26 * rise, (first, third, ink, second)[i % 4])


def _leaflet(canvas: Canvas, pen: Pen, x: float, y: float, size: float, tone: Rgb) -> None:
    """Draw a leaf or a folded-paper bird."""
    a = canvas.uniform(0, 6.28)
    cos, sin = np.cos(a) * size, np.sin(a) * size
    if canvas.rng.random() < 0.6:
        t = np.linspace(0, np.pi, 14)
        shape = [(u, 0.4 * v) for u, v in zip(np.cos(t), np.sin(t), strict=True)] + [
            (-u, -0.4 * v) for u, v in zip(np.cos(t), np.sin(t), strict=True)
        ]
        pen.poly([(x + u * cos - v * sin, y + u * sin + v * cos) for u, v in shape], tone)
    else:
        pen.poly(
            [(x - size, y), (x, y - size * 0.3), (x + size * 1.1, y - size * 0.7), (x + size * 0.1, y + size * 0.2)],
            tone,
        )
        pen.poly(
            [(x - size * 0.2, y - size * 0.1), (x - size * 0.1, y - size), (x + size * 0.4, y - size * 0.2)],
            scale(tone, 0.8),
        )


SCENES: dict[str, Callable[[Canvas], None]] = {
    "chart-bars": chart_bars,
    "chart-lines": chart_lines,
    "chart-donut": chart_donut,
    "poster-festival": poster_festival,
    "poster-abstract": poster_abstract,
    "poster-reading": poster_reading,
}

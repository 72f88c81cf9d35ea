"""Lanterns, a piano, a bicycle, a window and umbrellas."""

from collections.abc import Callable

import numpy as np

from .canvas import Canvas, Pen, spots
from .leisure import bokeh
from .noise import Field, field
from .palette import Rgb, hexa, jitter, mix, pick, scale, swatch
from .props import clump, hills
from .shapes import BACKDROPS, lathe, shadow
from .sky import paint_sky
from .still import CLAY, lamp


def lantern(canvas: Canvas) -> None:
    """Red paper lanterns hanging at different depths."""
    near, far, _ = (hexa(code) for code in pick(canvas.rng, BACKDROPS[canvas.light.name]))
    canvas.gradient([(0, scale(far, 0.75)), (600, mix(near, far, 0.4)), (1000, scale(far, 0.6))])
    bokeh(canvas, swatch("ffb060 ff7a4a ffd890 e8553a"), 50, 52)
    canvas.blur(4)
    paper = pick(canvas.rng, (hexa("c8281e"), hexa("d0331f"), hexa("b8221e"), hexa("e0852a")))
    for size in sorted(canvas.rng.uniform(0.25, 0.5, 6)):
        paper_lantern(canvas, canvas.uniform(40, 1460), canvas.uniform(120, 620), 230 * size, mix(paper, far, 0.35))
    canvas.blur(6)
    middle = canvas.uniform(300, 520)
    for i in range(int(canvas.rng.integers(2, 4))):
        paper_lantern(
            canvas, middle + i * canvas.uniform(320, 420), canvas.uniform(330, 560), canvas.uniform(130, 210), paper
        )
    canvas.bloom(190, 0.6)


def paper_lantern(canvas: Canvas, x: float, y: float, r: float, paper: Rgb) -> None:
    """Draw one ribbed lantern glowing from inside, with a tassel."""
    base, hot = np.array(paper, np.float32), np.array((255, 176, 84), np.float32)
    dim = 1.0 if canvas.light.dark else 0.6

    def skin(angle: Field, height: Field) -> Field:
        """Light the paper from inside, in ribs."""
        rib = 0.78 + 0.22 * np.abs(np.cos(angle * np.pi * 7))
        core = np.exp(-((angle / 0.24) ** 2) - ((height - 0.45) / 0.3) ** 2) * dim
        return (base + (hot - base) * core[..., None]) * (rib * (0.95 + 0.9 * core))[..., None]

    canvas.glow(x, y, r * 2.6, (255, 120, 60), 0.55 * dim)
    gold, tall = lamp(canvas, (214, 168, 72)), r * 1.55
    with canvas.pen((x - r, 0, x + r, y + r * 3)) as pen:
        pen.line([(x, 0), (x, y - tall / 2)], scale(gold, 0.5), max(2, r * 0.02))
        for k in range(-6, 7):
            pen.line(
                [(x + k * r * 0.012, y + tall * 0.56), (x + k * r * 0.022, y + tall * 0.56 + r * 0.95)],
                scale(paper, 0.7 + 0.04 * (k % 4)),
                r * 0.02,
            )
        pen.dot(x, y + tall * 0.6, r * 0.07, gold)
    points = [(h * tall, r * max(0.36, float(np.sqrt(max(0, 1 - (2 * h - 1) ** 2))))) for h in np.linspace(0, 1, 24)]
    lathe(canvas, x, y + tall / 2, points, skin, 0.12)
    for level in (-tall / 2, tall / 2 + r * 0.03):
        lathe(canvas, x, y + level + r * 0.06, [(0, r * 0.4), (r * 0.11, r * 0.4)], (206, 160, 66), 0.8)


def piano(canvas: Canvas) -> None:
    """A keyboard in close-up running out of focus."""
    dark = pick(canvas.rng, swatch("16130f 221610 101318 2a1a14"))
    warm = mix(canvas.light.horizon, (240, 190, 120), 0.4)
    canvas.gradient([(0, scale(warm, 0.55)), (330, scale(warm, 0.8)), (1000, scale(warm, 0.3))])
    bokeh(canvas, [warm, (255, 236, 190), (255, 190, 120)], 46, 54, 0, 380)
    canvas.blur(5, (0, 0, 1500, 400))
    slant = canvas.uniform(-0.5, 0.5)
    ivory = lamp(canvas, (246, 240, 226))

    def at(u: float, v: float) -> tuple[float, float]:
        """Project a place on the keyboard: key number and depth."""
        return 750 + (u - 9 + slant * (1 - v) * 6) * (62 + 62 * v), 420 + v * 420 + (u - 9) * slant * 10

    with canvas.pen() as pen:
        pen.poly([at(-12, -0.34), at(32, -0.34), at(32, 0.0), at(-12, 0.0)], scale(dark, 1.7))
        pen.poly([at(-12, 1.0), at(32, 1.0), (1700, 1100), (-200, 1100)], dark)
        for key in range(-10, 30):
            tone = scale(ivory, canvas.uniform(0.93, 1.0))
            pen.poly([at(key + 0.03, 0), at(key + 0.97, 0), at(key + 0.97, 1), at(key + 0.03, 1)], tone)
            low = at(key + 0.97, 1)
            pen.poly(
                [at(key + 0.03, 1), low, (low[0], low[1] + 42), (at(key + 0.03, 1)[0], low[1] + 42)], scale(tone, 0.62)
            )
            pen.line([at(key, 0), at(key, 1)], (60, 52, 44), 3)
        for key in range(-10, 30):
            if key % 7 not in (0, 3):
                _black_key(pen, at, key, dark)
        pen.poly([at(-12, -0.02), at(32, -0.02), at(32, 0.03), at(-12, 0.03)], (120, 26, 30))
    canvas.glow(canvas.uniform(200, 1300), 520, 560, warm, 0.35)
    canvas.blur(4, (0, 330, 1500, 470))


def _black_key(pen: Pen, at: Callable[[float, float], tuple[float, float]], key: int, dark: Rgb) -> None:
    """Draw one raised black key with its shadow and highlight."""
    pen.poly([at(key - 0.2, 0), at(key + 0.42, 0), at(key + 0.42, 0.66), at(key - 0.2, 0.66)], (0, 0, 0), 0.3)
    pen.poly([at(key - 0.3, 0), at(key + 0.3, 0), at(key + 0.3, 0.62), at(key - 0.3, 0.62)], dark)
    top = [at(key - 0.22, -0.02), at(key + 0.2, -0.02), at(key + 0.2, 0.55), at(key - 0.22, 0.55)]
    pen.poly([(a, b - 12) for a, b in top], scale(dark, 2.2))
    pen.line([(a, b - 12) for a, b in (top[0], top[3])], (170, 160, 150), 4, 0.6)


def bicycle(canvas: Canvas) -> None:
    """A bicycle leaning against a sunny wall."""
    wall = pick(canvas.rng, swatch("d8b88a c8705a e8e0d0 8fa8a8 b8c4b0 a85a4a 6a8a9a"))
    base = canvas.lit(wall, 0.6)
    x, y = canvas.grid(0.4)
    shape = np.broadcast_shapes(x.shape, y.shape)
    rough = field(canvas.rng, shape, 1.2, "fbm") * 0.3 + field(canvas.rng, shape, 0.3, "soft") * 0.4
    offset = np.where(np.mod(np.floor(y / 34), 2) == 0, 0, 45)
    joints = (np.mod(y, 34) < 3) | (np.mod(x + offset, 90) < 3)
    brick = 1 - 0.16 * joints * (field(canvas.rng, shape, 0.5, "soft") > 0.47)
    canvas.paste(np.array(base, np.float32) * ((0.66 + rough) * brick)[..., None])
    street = canvas.lit((150, 142, 132), 0.5)
    canvas.paste(street, np.broadcast_to(np.clip((y - 820) / 2, 0, 1), shape))
    canvas.mottle(0.08, 1.4)
    cx, frame = canvas.uniform(620, 880), pick(canvas.rng, swatch("2a6a6a b8322a 26303a e0b03a 3a5a8a e8e4da"))
    _cycle(canvas, cx + 40, 822, 1.0, (24, 20, 24), 0.28)
    _cycle(canvas, cx, 830, 1.0, frame, 1)
    _shutter(canvas, cx + pick(canvas.rng, (-520, 520)))


def _shutter(canvas: Canvas, x: float) -> None:
    """Draw a shuttered window with a flower box."""
    paint = canvas.lit(pick(canvas.rng, swatch("3f6a5a 3a5a7a 7a4a34 d8d0c0")), 0.6)
    with canvas.pen((x - 220, 100, x + 220, 640)) as pen:
        pen.rect((x - 90, 160, x + 90, 500), scale(paint, 0.4))
        for side in (-1, 1):
            left = x + side * 92 - (84 if side < 0 else 0)
            pen.rect((left + 10, 170, left + 94, 514), (10, 10, 14), 0.25)
            pen.rect((left, 160, left + 84, 500), paint)
            for row in range(22):
                pen.line([(left + 9, 172 + row * 15), (left + 75, 172 + row * 15)], scale(paint, 0.7), 4)
        pen.rect((x - 110, 500, x + 110, 546), canvas.lit((126, 82, 58), 0.5))
        clump(pen, canvas.rng, x - 50, 486, 46, [canvas.lit(c, 0.7) for c in swatch("3a5a30 5a7a3a 7a9a4a")])
        clump(pen, canvas.rng, x + 50, 486, 46, [canvas.lit(c, 0.7) for c in swatch("3a5a30 5a7a3a 7a9a4a")])
        bloom = pick(canvas.rng, swatch("d8403a e88ab0 f0d04a f4f0e8"))
        for _ in range(30):
            pen.dot(
                x + canvas.uniform(-96, 96),
                478 + canvas.uniform(-34, 24),
                canvas.uniform(5, 10),
                jitter(canvas.rng, bloom, 12),
            )


def _cycle(canvas: Canvas, x: float, foot: float, s: float, paint: Rgb, alpha: float) -> None:
    """Draw a town bicycle from the side; a low alpha draws its shadow."""
    shade = alpha < 1
    tone, dark = (paint, paint) if shade else (canvas.lit(paint, 0.7), (34, 34, 38))
    axle, bar = foot - 168 * s, 14 * s
    with canvas.pen((x - 480 * s, foot - 560 * s, x + 480 * s, foot + 10)) as pen:
        for cx in (x - 270 * s, x + 270 * s):
            _wheel(pen, cx, axle, 168 * s, dark, alpha)
        for path in (
            "-270,0 -110,-240 180,-240 -40,16 -270,0",
            "-40,16 -124,-286",
            "180,-240 270,0",
            "174,-236 156,-320",
        ):
            pen.line(spots(x, axle, s, path), tone, bar, alpha)
        pen.line(spots(x, axle, s, "80,-336 156,-324 200,-360"), dark, 12 * s, alpha)
        pen.form(x, axle, s, "-194,-306 -54,-290 -130,-274 -190,-278", dark, alpha)
        pen.ring(x - 40 * s, axle + 16 * s, 46 * s, dark, 8 * s, alpha)
        pen.line(spots(x, axle, s, "-90,62 10,-30"), dark, 8 * s, alpha)
        if not shade:
            _basket(canvas, pen, x + 210 * s, axle - 340 * s, s)


def _wheel(pen: Pen, x: float, y: float, r: float, tone: Rgb, alpha: float) -> None:
    """Draw a wheel, with spokes unless it is a shadow."""
    for angle in np.linspace(0, np.pi, 17)[:16] if alpha == 1 else ():
        dx, dy = float(np.cos(angle)) * r, float(np.sin(angle)) * r
        pen.line([(x - dx, y - dy), (x + dx, y + dy)], (200, 200, 204), 1.6, 0.8)
    pen.ring(x, y, r, tone, r * 0.077, alpha)
    pen.dot(x, y, r * 0.077, tone, alpha)


def _basket(canvas: Canvas, pen: Pen, x: float, y: float, s: float) -> None:
    """Draw a wicker basket with flowers."""
    wicker = canvas.lit((176, 132, 84), 0.7)
    petals = [canvas.lit(c, 0.8) for c in swatch("4a6a34 7a9a4a e8c4c8")]
    clump(pen, canvas.rng, x + 60 * s, y - 4, 50 * s, petals)
    pen.form(x, y, s, "0,0 124,0 106,100 14,100", wicker)
    for k in range(1, 6):
        pen.line(spots(x, y + k * 17 * s, s, "2,0 120,0"), scale(wicker, 0.72), 3)


def window(canvas: Canvas) -> None:
    """A window sill with plants, looking out to hills."""
    paint_sky(canvas, 640)
    hills(canvas, canvas.uniform(330, 430), 720, 4, pick(canvas.rng, swatch("4a6a4a 5a6a7a 6a6a4a")))
    canvas.blur(5)
    if canvas.light.name == "rain":
        _drops(canvas)
    wall, wood = (
        lamp(canvas, c)
        for c in (
            pick(canvas.rng, swatch("d8cbb8 8a9a94 b89a7c e0dcd4")),
            pick(canvas.rng, swatch("f0ece4 6a4a34 3f4a4a")),
        )
    )
    wall = scale(wall, 0.62)
    with canvas.pen() as pen:
        for box in ((0, 0, 150, 1000), (1350, 0, 1500, 1000), (0, 0, 1500, 70), (0, 850, 1500, 1000)):
            pen.rect(box, wall)
        for box in (
            (150, 70, 182, 850),
            (1318, 70, 1350, 850),
            (150, 70, 1350, 102),
            (736, 70, 766, 850),
            (150, 400, 1350, 422),
        ):
            pen.rect(box, scale(wood, 0.82))
            pen.rect((box[0], box[1], min(box[2], box[0] + 8), box[3]), wood)
        pen.poly([(110, 822), (1390, 822), (1450, 880), (50, 880)], wood)
        pen.rect((50, 880, 1450, 908), scale(wood, 0.66))
    canvas.glow(750, 860, 620, canvas.light.horizon, 0.28)
    for _ in range(int(canvas.rng.integers(2, 5))):
        _pot(canvas, canvas.uniform(260, 1240), 862, canvas.uniform(56, 84))
    _curtain(canvas, pick(canvas.rng, swatch("e8e0d4 b8705a 8aa0a8 d8b88a")))


def _drops(canvas: Canvas) -> None:
    """Cover the pane with rain drops."""
    with canvas.pen((150, 70, 1350, 850)) as pen:
        for _ in range(260):
            x, y, r = canvas.uniform(150, 1350), canvas.uniform(70, 850), canvas.uniform(2, 9)
            pen.oval(x, y, r, r * 1.2, (60, 70, 78), 0.35)
            pen.oval(x - r * 0.2, y - r * 0.3, r * 0.7, r * 0.8, (214, 222, 226), 0.5)


def _pot(canvas: Canvas, x: float, foot: float, r: float) -> None:
    """Draw a flowering pot plant."""
    shadow(canvas, x, foot, r * 0.7, r * 0.18)
    leaf = pick(canvas.rng, swatch("4f7a3f 6a8a44 3f6a50"))
    with canvas.pen((x - r * 3, foot - r * 5, x + r * 3, foot)) as pen:
        clump(pen, canvas.rng, x, foot - r * 2.1, r * 1.15, [lamp(canvas, scale(leaf, k)) for k in (0.55, 0.85, 1.15)])
        bloom = pick(canvas.rng, swatch("d8403a e88ab0 f0d04a f4f0e8 b88ad8"))
        for _ in range(16):
            pen.dot(
                x + canvas.rng.normal(0, r * 0.6),
                foot - r * 2.2 + canvas.rng.normal(0, r * 0.5),
                canvas.uniform(6, 12),
                lamp(canvas, bloom),
            )
    lathe(
        canvas,
        x,
        foot,
        [(0, r * 0.6), (r * 0.1, r * 0.62), (r * 1.1, r * 0.86), (r * 1.12, r * 0.95), (r * 1.35, r * 0.96)],
        pick(canvas.rng, CLAY),
        0.4,
    )


def _curtain(canvas: Canvas, cloth: Rgb) -> None:
    """Hang a folded curtain on one side."""
    left = canvas.rng.random() < 0.5
    with canvas.pen() as pen:
        for i in range(46):
            t = i / 46
            tone = lamp(canvas, scale(cloth, 0.62 + 0.34 * float(np.sin(t * 26)) ** 2 + 0.1 * t))
            a, b = 30 + t * 250, 30 + (t + 0.03) * 250
            a, b = (a, b) if left else (1500 - b, 1500 - a)
            pen.rect((a, 30, b, 1000), tone)
        pen.rect((0, 22, 1500, 38), lamp(canvas, (92, 70, 52)))


def umbrella(canvas: Canvas) -> None:
    """Oil-paper umbrellas on a wet street."""
    near, far, _ = (hexa(code) for code in pick(canvas.rng, BACKDROPS[canvas.light.name]))
    canvas.gradient([(0, near), (560, mix(near, far, 0.5)), (640, scale(far, 0.7)), (1000, scale(far, 0.5))])
    bokeh(canvas, [mix(near, (255, 220, 150), 0.6), near, mix(far, (255, 190, 120), 0.5)], 50, 44, 100, 600)
    canvas.blur(7)
    paints = swatch("c8322a e0a83a 2f5a7a 3f7a5a d86a4a 6a3a5a e8ddc8")
    order = sorted(canvas.rng.uniform(0.4, 1, int(canvas.rng.integers(3, 6))))
    for size in order:
        x, y = canvas.uniform(180, 1320), 330 + size * 160
        _parasol(canvas, x, y, 300 * size, mix(far, pick(canvas.rng, paints), 0.4 + 0.6 * size))
    canvas.bloom(220, 0.4)


def _parasol(canvas: Canvas, x: float, y: float, r: float, paint: Rgb) -> None:
    """Draw an open umbrella from the side with a figure beneath and a reflection on the ground."""
    tone, dark, foot = lamp(canvas, paint), (38, 36, 42), y + r * 1.42
    with canvas.pen((x - r * 1.2, y - r, x + r * 1.2, 1000)) as pen:
        pen.oval(x, foot + r * 0.3, r * 0.5, r * 0.3, tone, 0.22)
        pen.oval(x, foot, r * 0.34, r * 0.05, (10, 10, 14), 0.5)
        pen.poly(
            [
                (x - r * 0.2, y + r * 0.3),
                (x + r * 0.2, y + r * 0.3),
                (x + r * 0.33, y + r * 1.05),
                (x - r * 0.33, y + r * 1.05),
            ],
            dark,
        )
        for leg in (-0.11, 0.09):
            pen.line([(x + leg * r, y + r), (x + leg * r * 1.4, foot)], dark, r * 0.1)
        pen.dot(x, y + r * 0.17, r * 0.115, dark)
        pen.line([(x + r * 0.1, y - r * 0.5), (x + r * 0.1, y + r * 0.62)], (96, 70, 46), r * 0.025)
        panels = 10
        for k in range(panels):
            a0, a1 = np.pi * k / panels, np.pi * (k + 1) / panels
            rim = [(x - r * np.cos(a), y + r * 0.1 * np.sin(a)) for a in (a0, (a0 + a1) / 2, a1)]
            points = [(x, y - r * 0.62), rim[0], (rim[1][0], rim[1][1] - r * 0.04), rim[2]]
            pen.poly(points, scale(tone, 0.72 + 0.42 * float(np.sin(np.pi * (0.15 + 0.6 * (1 - k / panels))))))
            pen.line([points[0], points[1]], scale(tone, 0.5), 2)
        pen.dot(x, y - r * 0.63, r * 0.04, dark)


SCENES: dict[str, Callable[[Canvas], None]] = {
    "lantern": lantern,
    "piano": piano,
    "bicycle": bicycle,
    "window": window,
    "umbrella": umbrella,
}

"""More things close up: a desk, tools, medicine, scales, lanterns, a piano, a bicycle, a window and umbrellas."""

from collections.abc import Callable

import numpy as np

from .canvas import Canvas, spots
from .noise import field
from .palette import Rgb, hexa, jitter, mix, pick, scale, swatch
from .shapes import ball, lathe, mouth, shadow, table
from .still import CLAY, lamp, teacup


def desk(canvas: Canvas) -> None:
    """A writing desk with a laptop, a lamp, papers and a plant."""
    table(canvas, canvas.uniform(620, 670), spots=26)
    side = pick(canvas.rng, (-1, 1))
    _laptop(canvas, 750 + side * canvas.uniform(0, 90), 820)
    _plant(canvas, 750 + side * 560, 830)
    _desk_lamp(canvas, 750 - side * 520, 830, side)
    teacup(canvas, 750 - side * 330, 925, 62)
    paper = lamp(canvas, (242, 238, 228))
    x = 750 + side * 420
    with canvas.pen((x - 260, 840, x + 260, 990)) as pen:
        for shift in (12, 0):
            pen.poly(
                [(x - 150 + shift, 872 - shift), (x + 120 + shift, 880 - shift), (x + 170, 965), (x - 190, 950)],
                scale(paper, 1 - shift / 90),
            )
        for i in range(5):
            pen.line([(x - 136 - i * 8, 890 + i * 12), (x + 90 + i * 8, 896 + i * 12)], scale(paper, 0.72), 2)
        pen.line([(x + 30, 905), (x + 160, 946)], lamp(canvas, (36, 62, 104)), 8)


def _laptop(canvas: Canvas, x: float, foot: float) -> None:
    """Draw an open laptop showing an abstract chart."""
    shadow(canvas, x, foot + 40, 300, 40, 0.45, lean=0)
    metal = lamp(canvas, (186, 190, 194))
    with canvas.pen((x - 340, foot - 340, x + 340, foot + 80)) as pen:
        pen.rect((x - 236, foot - 318, x + 236, foot), (28, 30, 34), radius=12)
        pen.rect((x - 222, foot - 304, x + 222, foot - 14), mix((24, 44, 70), canvas.light.middle, 0.25))
        tone = pick(canvas.rng, swatch("5ac8e8 f0b04a 7ad89a e87a6a"))
        for i in range(9):
            high = canvas.uniform(30, 150)
            pen.rect(
                (x - 190 + i * 26, foot - 50 - high, x - 174 + i * 26, foot - 50), mix(tone, (255, 255, 255), i / 20)
            )
        points = [(x + 70 + i * 18, foot - 90 - canvas.uniform(0, 90) - i * 8) for i in range(8)]
        pen.line(points, tone, 4)
        pen.poly([(x - 236, foot), (x + 236, foot), (x + 300, foot + 58), (x - 300, foot + 58)], metal)
        pen.poly(
            [(x - 212, foot + 8), (x + 212, foot + 8), (x + 244, foot + 36), (x - 244, foot + 36)], scale(metal, 0.5)
        )
        pen.rect((x - 300, foot + 58, x + 300, foot + 67), scale(metal, 0.7), radius=4)


def _plant(canvas: Canvas, x: float, foot: float) -> None:
    """Draw a pot plant with long leaves."""
    shadow(canvas, x, foot, 66, 16)
    leaf = hexa(pick(canvas.rng, ("4f8a4a", "6a9a4a", "3f7a5a")))
    with canvas.pen((x - 260, foot - 420, x + 260, foot - 80)) as pen:
        for angle in sorted(canvas.rng.uniform(-1.1, 1.1, 15), key=abs, reverse=True):
            length = canvas.uniform(130, 260)
            bend = angle * 1.7
            tip = (x + np.sin(bend) * length * 0.8, foot - 120 - np.cos(angle) * length)
            middle = (x + np.sin(angle) * length * 0.5, foot - 120 - np.cos(angle) * length * 0.66)
            tone = lamp(canvas, jitter(canvas.rng, leaf, 14))
            pen.poly([(x, foot - 110), (middle[0] - 15, middle[1] - 6), tip, (middle[0] + 15, middle[1] + 8)], tone)
            pen.line([(x, foot - 110), middle, tip], scale(tone, 1.25), 2)
    lathe(canvas, x, foot, [(0, 52), (10, 54), (110, 74), (122, 78)], pick(canvas.rng, CLAY), 0.4)


def _desk_lamp(canvas: Canvas, x: float, foot: float, side: int) -> None:
    """Draw a jointed lamp that shines when it is dark."""
    paint = lamp(canvas, pick(canvas.rng, swatch("b8432f 2f3a44 d8a03a e8e2d8 2f6a5a")))
    shadow(canvas, x, foot, 80, 18)
    head = (x + side * 150, foot - 400)
    if canvas.light.name in ("dusk", "night", "rain"):
        canvas.glow(head[0] + side * 30, head[1] + 160, 420, (255, 214, 140), 0.6)
    with canvas.pen((x - 300, foot - 520, x + 300, foot + 20)) as pen:
        pen.oval(x, foot - 4, 80, 18, scale(paint, 0.7))
        pen.oval(x, foot - 10, 78, 16, paint)
        pen.line([(x, foot - 12), (x - side * 70, foot - 230), head], scale(paint, 0.8), 9)
        pen.dot(x - side * 70, foot - 230, 11, scale(paint, 0.6))
        outline = ((-44, -34), (14, -62), (130, 50), (-50, 84))
        shade = [(head[0] + side * a, head[1] + b) for a, b in outline]
        pen.poly(shade, paint)
        pen.poly([shade[3], shade[2], (head[0] + side * 50, head[1] + 86)], (255, 240, 200))


def tools(canvas: Canvas) -> None:
    """Craftsman's tools laid out on a bench."""
    wood = pick(canvas.rng, swatch("a8794a 7a5638 c49a6a 5a4a40"))
    base = lamp(canvas, wood)
    x, y = canvas.grid(0.4)
    grain = field(canvas.rng, np.broadcast_shapes(x.shape, y.shape), 0.3, "fbm", tall=14)
    planks = 1 - 0.45 * (np.mod(y, 214) < 5)
    canvas.paste(np.array(base, np.float32) * ((0.72 + 0.55 * grain) * planks)[..., None])
    kinds = [_wrench, _hammer, _driver, _saw, _chisel]
    order = canvas.rng.permutation(5)
    for i, place in enumerate(np.linspace(200, 1300, 5)):
        kinds[int(order[i])](canvas, float(place), canvas.uniform(470, 530))
    for _ in range(26):
        curl(canvas, canvas.uniform(0, 1500), canvas.uniform(700, 1000), mix(base, (255, 230, 190), 0.5))


def curl(canvas: Canvas, x: float, y: float, colour: Rgb) -> None:
    """Draw a wood shaving."""
    r = canvas.uniform(9, 24)
    with canvas.pen((x - 40, y - 40, x + 40, y + 40)) as pen:
        pen.arc((x - r + 3, y - r + 5, x + r + 3, y + r + 5), 10, 300, scale(colour, 0.4), 5)
        pen.arc((x - r, y - r, x + r, y + r), 10, 300, colour, 6)
        pen.arc((x - r * 0.5, y - r * 0.5, x + r * 0.5, y + r * 0.5), 60, 340, scale(colour, 0.9), 4)


def _parts(canvas: Canvas, x: float, parts: list[tuple[list[tuple[float, float]], Rgb]]) -> None:
    """Draw flat parts with a drop shadow and a bright left edge."""
    with canvas.pen((x - 170, 60, x + 190, 940)) as pen:
        for outline, _ in parts:
            pen.poly([(a + 15, b + 17) for a, b in outline], (10, 8, 6), 0.35)
        for outline, tone in parts:
            pen.poly(outline, lamp(canvas, tone))
            pen.line([*outline, outline[0]], lamp(canvas, scale(tone, 0.6)), 2.5)
            middle = sum(a for a, _ in outline) / len(outline)
            pen.poly(
                [(a if a < middle else a * 0.35 + middle * 0.65, b) for a, b in outline],
                lamp(canvas, scale(tone, 1.16)),
                0.5,
            )


STEEL, GRIP = (176, 182, 188), swatch("b8432f 2f5a8a d8a03a 3a3f44 2f6a4a")


def _wrench(canvas: Canvas, x: float, y: float) -> None:
    """Draw a spanner."""
    t = np.linspace(0.6, 5.7, 22)
    head = [(x + 66 * float(np.sin(a)), y - 300 - 66 * float(np.cos(a))) for a in t]
    jaw = [(x - 18, y - 318), (x, y - 296), (x + 24, y - 318)]
    bar = [(x - 24, y - 250), (x + 24, y - 250), (x + 30, y + 290), (x, y + 320), (x - 30, y + 290)]
    _parts(canvas, x, [(bar, STEEL), (head + jaw, STEEL)])


def _hammer(canvas: Canvas, x: float, y: float) -> None:
    """Draw a hammer."""
    handle = [
        (x - 17, y - 300),
        (x + 17, y - 300),
        (x + 22, y + 60),
        (x + 27, y + 330),
        (x - 27, y + 330),
        (x - 22, y + 60),
    ]
    head = spots(x, y, 1, "-112,-330 -84,-344 40,-340 120,-300 126,-286 40,-266 -84,-258 -112,-272")
    _parts(canvas, x, [(handle, (168, 116, 70)), (head, (96, 102, 110))])


def _driver(canvas: Canvas, x: float, y: float) -> None:
    """Draw a screwdriver."""
    grip = [
        (x - 40, y + 60),
        (x - 30, y + 30),
        (x + 30, y + 30),
        (x + 40, y + 60),
        (x + 36, y + 310),
        (x, y + 332),
        (x - 36, y + 310),
    ]
    rod = [(x - 11, y - 310), (x + 11, y - 310), (x + 9, y + 34), (x - 9, y + 34)]
    tip = [
        (x - 18, y - 318),
        (x - 11, y - 352),
        (x + 11, y - 352),
        (x + 18, y - 318),
        (x + 11, y - 300),
        (x - 11, y - 300),
    ]
    _parts(canvas, x, [(rod, STEEL), (tip, STEEL), (grip, pick(canvas.rng, GRIP))])


def _saw(canvas: Canvas, x: float, y: float) -> None:
    """Draw a hand saw."""
    teeth = [(x - 66 + (0 if i % 2 else -13), y + 80 - i * 11) for i in range(38)]
    blade = [(x + 66, y + 80), (x + 30, y - 350), (x - 10, y - 350), *reversed(teeth)]
    grip = [
        (x - 74, y + 70),
        (x + 74, y + 70),
        (x + 92, y + 190),
        (x + 60, y + 320),
        (x - 46, y + 320),
        (x - 66, y + 210),
    ]
    _parts(
        canvas,
        x,
        [
            (blade, (190, 196, 202)),
            (grip, (150, 92, 56)),
            ([(x - 20, y + 150), (x + 42, y + 150), (x + 40, y + 260), (x - 14, y + 260)], (80, 54, 38)),
        ],
    )


def _chisel(canvas: Canvas, x: float, y: float) -> None:
    """Draw a chisel."""
    blade = [
        (x - 30, y - 320),
        (x + 30, y - 350),
        (x + 30, y - 120),
        (x + 14, y - 60),
        (x - 14, y - 60),
        (x - 30, y - 120),
    ]
    collar = [(x - 20, y - 66), (x + 20, y - 66), (x + 24, y - 20), (x - 24, y - 20)]
    grip = [
        (x - 30, y - 20),
        (x + 30, y - 20),
        (x + 40, y + 120),
        (x + 34, y + 290),
        (x - 34, y + 290),
        (x - 40, y + 120),
    ]
    _parts(canvas, x, [(blade, STEEL), (grip, (188, 138, 86)), (collar, (206, 172, 84))])


def medicine(canvas: Canvas) -> None:
    """Mortar, herbs and medicine bottles."""
    table(canvas, canvas.uniform(620, 670), spots=24)
    side = pick(canvas.rng, (-1, 1))
    glass = swatch("7a4a24 2f5a46 3a5a7a 8a5a2a")
    for i, offset in enumerate((-520, -380, -250)):
        x, foot, tall = 750 + side * offset, 800 + 34 * (i % 2), canvas.uniform(210, 310)
        shadow(canvas, x, foot, 54, 13)
        lathe(
            canvas,
            x,
            foot,
            [(0, 56), (6, 60), (tall * 0.62, 60), (tall * 0.74, 30), (tall * 0.86, 26)],
            pick(canvas.rng, glass),
            1.0,
        )
        lathe(canvas, x, foot - tall * 0.85, [(0, 34), (tall * 0.16, 33), (tall * 0.17, 30)], (226, 222, 212), 0.4)
        with canvas.pen((x - 70, foot - tall, x + 70, foot)) as pen:
            pen.rect((x - 55, foot - tall * 0.48, x + 50, foot - tall * 0.14), lamp(canvas, (240, 234, 218)), 0.92)
            pen.oval(x - 3, foot - tall * 0.31, 26, tall * 0.1, lamp(canvas, (92, 132, 84)))
            pen.line([(x - 3, foot - tall * 0.2), (x - 3, foot - tall * 0.42)], lamp(canvas, (240, 234, 218)), 3)
    _mortar(canvas, 750 + side * 150, 860)
    _herbs(canvas, 750 + side * 520, 880)
    _pills(canvas, 750 - side * 90, 925)


def _mortar(canvas: Canvas, x: float, foot: float) -> None:
    """Draw a stone mortar with its pestle."""
    stone = pick(canvas.rng, swatch("d8d4cc 8f9496 b8b0a0"))
    shadow(canvas, x, foot, 110, 26, 0.6)
    with canvas.pen((x - 60, foot - 420, x + 240, foot - 150)) as pen:
        for tone, width in ((scale(stone, 0.6), 46), (stone, 30)):
            pen.line([(x + 10, foot - 190), (x + 150, foot - 360)], lamp(canvas, tone), width)
        pen.dot(x + 156, foot - 366, 31, lamp(canvas, stone))
    lathe(canvas, x, foot, [(0, 92), (20, 92), (34, 74), (60, 104), (130, 142), (210, 156)], stone, 0.3)
    mouth(canvas, x, foot - 210, 156, lamp(canvas, scale(stone, 1.06)), lamp(canvas, scale(stone, 0.5)), 0.14)
    with canvas.pen((x - 60, foot - 420, x + 240, foot - 196)) as pen:
        for tone, width in ((scale(stone, 0.6), 46), (stone, 28)):
            pen.line([(x + 22, foot - 208), (x + 150, foot - 360)], lamp(canvas, tone), width)


def _herbs(canvas: Canvas, x: float, y: float) -> None:
    """Heap dried roots, leaves and berries."""
    shadow(canvas, x, y, 190, 40, 0.4, lean=0)
    with canvas.pen((x - 260, y - 120, x + 260, y + 60)) as pen:
        for _ in range(90):
            px = x + canvas.rng.normal(0, 80)
            py = y - abs(canvas.rng.normal(0, 26)) * np.exp(-(((px - x) / 120) ** 2)) + canvas.uniform(-10, 24)
            tone = lamp(canvas, jitter(canvas.rng, pick(canvas.rng, swatch("8a6a3a b8894a 5a7a3a 7a3a2a c8a86a")), 12))
            dx, dy = canvas.rng.normal(0, 30), canvas.rng.normal(0, 9)
            if canvas.rng.random() < 0.3:
                pen.dot(px, py, 8, (172, 38, 34))
            else:
                pen.poly([(px - dx, py - dy), (px + 4, py - 7), (px + dx, py + dy), (px - 4, py + 7)], tone)


def _pills(canvas: Canvas, x: float, y: float) -> None:
    """Scatter a few capsules."""
    for _ in range(6):
        px, py, turn = x + canvas.uniform(-110, 110), y + canvas.uniform(-26, 26), canvas.uniform(0, 3.1)
        dx, dy = float(np.cos(turn)) * 22, float(np.sin(turn)) * 9
        with canvas.pen((px - 60, py - 40, px + 60, py + 40)) as pen:
            pen.line([(px - dx + 6, py - dy + 9), (px + dx + 6, py + dy + 9)], (10, 8, 8), 18, 0.3)
            for end, tone in ((-1, (206, 58, 48)), (1, (240, 236, 226))):
                pen.line([(px, py), (px + end * dx, py + end * dy)], lamp(canvas, tone), 20)
                pen.dot(px + end * dx, py + end * dy, 10, lamp(canvas, tone))
            pen.line([(px - dx, py - dy - 5), (px + dx, py + dy - 5)], (255, 255, 255), 4, 0.6)


def scales(canvas: Canvas) -> None:
    """A balance of brass before books."""
    table(canvas, canvas.uniform(660, 710), spots=26)
    x, foot, tilt = canvas.uniform(660, 840), 880.0, canvas.uniform(-34, 34)
    brass = pick(canvas.rng, swatch("c8983a b8863a a8a8ac 8a6a3a"))
    shadow(canvas, x, foot, 170, 30, 0.6)
    lathe(canvas, x, foot, [(0, 170), (16, 170), (26, 140), (44, 60), (70, 26)], brass, 0.9)
    lathe(canvas, x, foot - 64, [(0, 22), (60, 30), (90, 15), (380, 12), (440, 22), (470, 12)], brass, 0.9)
    ball(canvas, x, foot - 552, 26, brass, 1.0)
    tone, beam_y = lamp(canvas, brass), foot - 500
    ends = [(x + side * 380, beam_y + side * tilt) for side in (-1, 1)]
    with canvas.pen((x - 520, beam_y - 70, x + 520, foot)) as pen:
        curve = [(x + t * 380, beam_y + t * tilt - 30 * (1 - abs(t)) * 1.4) for t in np.linspace(-1, 1, 40)]
        pen.line(curve, scale(tone, 0.6), 16)
        pen.line([(a, b - 3) for a, b in curve], scale(tone, 1.15), 8)
        for ex, ey in ends:
            for reach in (-118, 0, 118):
                pen.line([(ex, ey), (ex + reach, ey + 250)], scale(tone, 0.75), 3)
            pen.dot(ex, ey, 11, tone)
    for ex, ey in ends:
        lathe(canvas, ex, ey + 306, [(0, 30), (16, 80), (38, 116), (56, 130)], brass, 0.9)
        mouth(canvas, ex, ey + 250, 130, scale(tone, 1.1), scale(tone, 0.6), 0.12)


SCENES: dict[str, Callable[[Canvas], None]] = {"desk": desk, "tools": tools, "medicine": medicine, "scales": scales}

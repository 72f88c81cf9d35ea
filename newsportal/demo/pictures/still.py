"""Still lifes: books, tea, vases, fruit, tools and other things on a table."""

from collections.abc import Callable

import numpy as np

from .canvas import Canvas, Pen
from .noise import Field, field
from .palette import Rgb, hexa, jitter, mix, pick, scale, swatch
from .shapes import Skin, ball, glaze, lathe, mouth, shadow, table

CLOTH = swatch("8a2f2a 24506e 2f5a46 c9953a 5a3a5a d8c9a8 3a3f4a b8653a 7a8a6a e0d8c8 1f3a3a a8473f")
CLAY = swatch("e8e2d4 d6dfe0 c9b28c 8fa89a 6f8a9a b8653f 3f5a5a f0ece4 a88f70")
INKS = swatch("27457e 3a5a4a 7a3a2a 2a2c33 c8a25a")


def lamp(canvas: Canvas, colour: Rgb) -> Rgb:
    """Return a flat thing's colour in the light of the room."""
    dim = {"night": 0.78, "dusk": 0.9, "rain": 0.88}.get(canvas.light.name, 1.0)
    return scale(mix(colour, canvas.light.sun, 0.06), dim)


def books(canvas: Canvas) -> None:
    """Stacked and standing books, one of them open."""
    edge = canvas.uniform(600, 650)
    table(canvas, edge, spots=30)
    side = pick(canvas.rng, (-1, 1))
    _standing(canvas, 750 + side * 260, 800)
    _stack(canvas, 750 - side * 330, 850, int(canvas.rng.integers(3, 7)))
    _open_book(canvas, 750 + side * 70, 905, canvas.uniform(0.9, 1.1))
    if canvas.rng.random() < 0.6:
        teacup(canvas, 750 - side * 640, 900, 74)


def _standing(canvas: Canvas, middle: float, foot: float) -> None:
    """Draw a row of upright books seen from their spines."""
    count = int(canvas.rng.integers(7, 11))
    x = middle - count * 27
    shadow(canvas, middle, foot, count * 29, 26, 0.55)
    with canvas.pen((x - 80, 150, middle + count * 50, foot + 10)) as pen:
        for i in range(count):
            width, high = canvas.uniform(38, 74), canvas.uniform(300, 430)
            lean = 46 if i == count - 1 else 0
            _spine(
                canvas, pen, (x, foot, width, high), lamp(canvas, jitter(canvas.rng, pick(canvas.rng, CLOTH), 8)), lean
            )
            x += width + (lean + 6 if lean else 1.5)


def _spine(canvas: Canvas, pen: Pen, box: tuple[float, float, float, float], cloth: Rgb, lean: float) -> None:
    """Draw one rounded spine with bands and a label."""
    x, foot, width, high = box
    steps = 16
    for k in range(steps):
        t = (k + 0.5) / steps
        tone = scale(cloth, 0.55 + 0.62 * float(np.sin(np.pi * (0.12 + 0.78 * (1 - t)))))
        a, b = x + width * k / steps, x + width * (k + 1) / steps + 0.8
        pen.poly([(a + lean, foot), (a, foot - high), (b, foot - high), (b + lean, foot)], tone)
    gold = lamp(canvas, pick(canvas.rng, swatch("d8b868 e8dcc0 c8a25a")))
    for level in (0.1, 0.13, 0.84, 0.87):
        shift = lean * (1 - level)
        pen.rect((x + 3 + shift, foot - high * level - 3, x + width - 3 + shift, foot - high * level), gold, 0.8)
    if canvas.rng.random() < 0.5:
        shift = lean * 0.35
        pen.rect(
            (x + 7 + shift, foot - high * 0.74, x + width - 7 + shift, foot - high * 0.56), scale(gold, 0.95), 0.75
        )


def _stack(canvas: Canvas, middle: float, foot: float, count: int) -> None:
    """Draw a pile of lying books with page edges."""
    shadow(canvas, middle, foot, 190, 30, 0.6)
    y = foot
    with canvas.pen((middle - 260, foot - count * 72 - 30, middle + 260, foot + 10)) as pen:
        for _ in range(count):
            high, half, shift = canvas.uniform(38, 66), canvas.uniform(140, 190), canvas.uniform(-26, 26)
            cloth = lamp(canvas, jitter(canvas.rng, pick(canvas.rng, CLOTH), 8))
            left, right, top = middle + shift - half, middle + shift + half, y - high
            pen.poly([(left + 14, top - 13), (right + 10, top - 13), (right, top), (left, top)], scale(cloth, 1.18))
            pen.rect((left, top, right, y), cloth, radius=5)
            pages = lamp(canvas, (238, 228, 206))
            pen.rect((left + 26, top + 6, right - 1, y - 6), pages)
            for line in np.arange(top + 9, y - 7, 4.2):
                pen.line([(left + 30, line), (right - 2, line)], scale(pages, canvas.uniform(0.78, 0.93)), 1.2)
            pen.rect((left, y - 5, right, y), scale(cloth, 0.62))
            pen.rect((left + 2, top + 3, left + 8, y - 4), scale(cloth, 1.3), 0.5)
            if canvas.rng.random() < 0.4:
                pen.rect((right - 60, top + 6, right - 50, y + 22), canvas.lit((184, 44, 40), 0.7))
            y = top


def _open_book(canvas: Canvas, x: float, y: float, s: float) -> None:
    """Draw an open book lying towards the viewer, with grey lines for print."""
    shadow(canvas, x, y + 10, 330 * s, 46 * s, 0.5, lean=0)
    paper = lamp(canvas, (246, 240, 224))
    t = np.linspace(0, 1, 30)
    with canvas.pen((x - 380 * s, y - 190 * s, x + 380 * s, y + 70 * s)) as pen:
        for layer in range(6, -1, -1):
            for side in (-1, 1):
                near = [
                    (x + side * 330 * s * a, y + 30 * s + layer * 3 * s - 46 * s * float(np.sin(np.pi * a**0.7)))
                    for a in t
                ]
                far = [
                    (x + side * 262 * s * a, y - 104 * s + layer * 3 * s - 30 * s * float(np.sin(np.pi * a**0.7)))
                    for a in t
                ]
                shade = 0.84 if layer else (1.0 if side < 0 else 0.93)
                pen.poly(near + far[::-1], scale(paper, shade - 0.03 * (layer % 2)))
        for side in (-1, 1):
            for row in range(11):
                f = row / 11
                a0, a1 = 0.14, 0.9 if row % 4 != 3 else canvas.uniform(0.4, 0.8)
                line = []
                for a in np.linspace(a0, a1, 14):
                    reach, base = 330 - 68 * f, 30 - 134 * f
                    line.append(
                        (x + side * reach * s * a, y + base * s - (46 - 16 * f) * s * float(np.sin(np.pi * a**0.7)))
                    )
                pen.line(line, scale(paper, 0.62), 2.4 * s, 0.75)
        pen.line([(x, y + 30 * s), (x, y - 104 * s)], scale(paper, 0.5), 5 * s, 0.6)


def teacup(canvas: Canvas, x: float, foot: float, r: float) -> None:
    """Draw a handleless cup of tea with steam."""
    shadow(canvas, x, foot, r * 0.95, r * 0.24)
    skin = glaze(canvas.rng, pick(canvas.rng, CLAY), pick(canvas.rng, INKS), int(canvas.rng.integers(4)))
    lathe(
        canvas,
        x,
        foot,
        [(0, r * 0.5), (r * 0.1, r * 0.5), (r * 0.14, r * 0.44), (r * 0.5, r * 0.82), (r, r)],
        skin,
        0.7,
    )
    tea = lamp(canvas, pick(canvas.rng, swatch("a8702a 8a9a3a b8863a")))
    mouth(canvas, x, foot - r, r, lamp(canvas, (240, 236, 226)), tea, 0.2)
    for i in range(9):
        canvas.glow(x + np.sin(i * 0.9) * 13, foot - r * 1.2 - i * 20, 26 + i * 4, (220, 220, 220), 0.13)


def teaset(canvas: Canvas) -> None:
    """A teapot with cups on a tray."""
    table(canvas, canvas.uniform(560, 620), spots=24)
    rng, side = canvas.rng, pick(canvas.rng, (-1, 1))
    clay, ink, kind = (
        pick(rng, swatch("7a3f2c e8e2d4 3f5a52 8fa89a 2f3136 d6dfe0 a85a3a")),
        pick(rng, INKS),
        int(rng.integers(4)),
    )
    _tray(canvas, 750, 868, 560)
    x, foot, r = 750 - side * 130, 850.0, 190.0
    shadow(canvas, x, foot, 150, 30)
    _pot(canvas, x, foot, r, side, clay, glaze(rng, clay, ink, kind))
    for offset, y in ((250, 838), (420, 868), (150, 890)):
        teacup(canvas, 750 + side * offset - side * 40, y, 66)


def _tray(canvas: Canvas, x: float, y: float, half: float) -> None:
    """Draw a dark wooden tray."""
    wood = lamp(canvas, pick(canvas.rng, swatch("4a3024 2c2622 6a4a34 8a6a48")))
    shadow(canvas, x, y + 26, half, 62, 0.4, lean=0.05)
    with canvas.pen((x - half - 20, y - 80, x + half + 20, y + 90)) as pen:
        pen.poly([(x - half * 0.86, y - 56), (x + half * 0.86, y - 56), (x + half, y + 50), (x - half, y + 50)], wood)
        pen.poly([(x - half, y + 50), (x + half, y + 50), (x + half, y + 66), (x - half, y + 66)], scale(wood, 0.6))
        pen.line([(x - half * 0.86, y - 56), (x + half * 0.86, y - 56)], scale(wood, 1.5), 4)
        for k in range(1, 12):
            top, low = x + half * 0.86 * (k / 6 - 1), x + half * (k / 6 - 1)
            pen.line([(top, y - 54), (low, y + 50)], scale(wood, 0.78), 2)


def _pot(canvas: Canvas, x: float, foot: float, r: float, side: int, clay: Rgb, skin: Skin) -> None:
    """Draw the teapot: spout, handle, body and lid."""
    body, top = lamp(canvas, clay), foot - r * 1.06
    with canvas.pen((x - 2.2 * r, foot - 2 * r, x + 2.2 * r, foot)) as pen:
        for tone, width in ((scale(body, 0.5), 34), (scale(body, 0.85), 22)):
            angles = np.linspace(-1.5, 1.5, 24)
            bow = [(x - side * r * (0.8 + 0.62 * np.cos(a)), foot - r * (0.62 - 0.4 * np.sin(a))) for a in angles]
            pen.line(bow, tone, width)
        spout = [
            (0.7, 0.5),
            (1.1, 0.62),
            (1.32, 0.98),
            (1.5, 1.08),
            (1.44, 1.2),
            (1.2, 1.12),
            (0.96, 0.86),
            (0.6, 0.86),
        ]
        pen.poly([(x + side * a * r, foot - b * r) for a, b in spout], scale(body, 0.62))
        upper = [(0.7, 0.66), (1.08, 0.76), (1.3, 1.06), (1.44, 1.2), (1.2, 1.12), (0.96, 0.86), (0.6, 0.86)]
        pen.poly([(x + side * a * r, foot - b * r) for a, b in upper], scale(body, 0.95))
    outline = [(0, 0.55), (0.05, 0.56), (0.2, 0.84), (0.5, 1.0), (0.78, 0.88), (0.98, 0.55), (1.06, 0.42)]
    lathe(canvas, x, foot, [(h * r, w * r) for h, w in outline], skin, 0.7)
    lathe(canvas, x, top + 6, [(0, r * 0.48), (r * 0.1, r * 0.45), (r * 0.2, r * 0.2), (r * 0.22, r * 0.08)], body, 0.6)
    ball(canvas, x, top - r * 0.24, r * 0.1, body, 0.8)


def vase(canvas: Canvas) -> None:
    """A vase with a flowering branch, fruit beside it."""
    table(canvas, canvas.uniform(640, 690), spots=20)
    rng, x = canvas.rng, canvas.uniform(480, 1020)
    tall, wide = canvas.uniform(330, 430), canvas.uniform(110, 160)
    foot = 890.0
    blossom = pick(rng, swatch("f4b8c4 f6f0e4 e8c23a d84a5a c8a0e0 f0945a"))
    _bouquet(canvas, x, foot - tall + 10, blossom)
    shadow(canvas, x, foot, wide * 0.75, wide * 0.16, 0.6)
    _vessel(canvas, x, foot, tall, wide)
    for side in (-1, 1):
        if rng.random() < 0.75:
            _piece(canvas, x + side * canvas.uniform(230, 420), foot + canvas.uniform(-14, 40), canvas.uniform(52, 74))


def _vessel(canvas: Canvas, x: float, foot: float, tall: float, wide: float) -> None:
    """Draw one vase of a random shape and glaze."""
    shapes = (
        [(0, 0.5), (0.06, 0.52), (0.45, 0.95), (0.68, 1.0), (0.84, 0.55), (0.92, 0.4), (1, 0.5)],
        [(0, 0.55), (0.2, 0.8), (0.4, 1.0), (0.6, 0.78), (0.76, 0.34), (0.94, 0.3), (1, 0.46)],
        [(0, 0.42), (0.3, 0.66), (0.72, 1.0), (0.88, 0.9), (0.95, 0.44), (1, 0.48)],
        [(0, 0.7), (0.1, 0.82), (0.5, 0.88), (0.86, 0.84), (0.93, 0.5), (1, 0.54)],
    )
    outline = [(h * tall, r * wide) for h, r in pick(canvas.rng, shapes)]
    skin = glaze(canvas.rng, pick(canvas.rng, CLAY), pick(canvas.rng, INKS), int(canvas.rng.integers(4)))
    lathe(canvas, x, foot, outline, skin, 0.8)
    mouth(canvas, x, foot - tall, outline[-1][1], lamp(canvas, (226, 220, 208)), (40, 34, 32), 0.17)


def _bouquet(canvas: Canvas, x: float, y: float, blossom: Rgb) -> None:
    """Draw branching twigs with blossoms and leaves."""
    twig, leaf = lamp(canvas, (82, 62, 48)), lamp(canvas, (86, 116, 68))
    with canvas.pen((x - 520, 20, x + 520, y + 10)) as pen:
        for _ in range(int(canvas.rng.integers(4, 7))):
            angle, length = canvas.uniform(-0.95, 0.95), canvas.uniform(260, 470)
            curve = canvas.uniform(-0.5, 0.5)
            points = [(x, y + 8)]
            for i in range(1, 15):
                t = angle + curve * i / 14
                points.append((points[-1][0] + np.sin(t) * length / 14, points[-1][1] - np.cos(t) * length / 14))
            pen.line(points, twig, 5)
            for px, py in points[4:]:
                _sprig(canvas, pen, px, py, blossom, leaf)


def _sprig(canvas: Canvas, pen: Pen, x: float, y: float, blossom: Rgb, leaf: Rgb) -> None:
    """Draw a flower or a leaf at a point of a twig."""
    dx, dy = canvas.rng.normal(0, 17), canvas.rng.normal(0, 15)
    if canvas.rng.random() < 0.35:
        pen.poly(
            [(x, y), (x + dx * 1.4 + 5, y + dy), (x + dx * 2.6, y + dy * 2 - 6), (x + dx * 1.4 - 5, y + dy + 7)], leaf
        )
        return
    r, turn = canvas.uniform(9, 17), canvas.uniform(0, 6)
    tone = lamp(canvas, jitter(canvas.rng, blossom, 10))
    for k in range(5):
        angle = turn + k * 1.2566
        petal = (x + dx + np.cos(angle) * r * 0.62, y + dy + np.sin(angle) * r * 0.55)
        pen.dot(*petal, r * 0.56, scale(tone, 0.88 + 0.05 * (k % 3)))
    pen.dot(x + dx, y + dy, r * 0.28, (226, 178, 60))


FRUIT = (("c8352c", "e0a03a"), ("d8862a", "e8b04a"), ("8aa83a", "c8d06a"), ("e0c03a", "f0dc7a"), ("6a2a4a", "9a4a6a"))


def _piece(canvas: Canvas, x: float, foot: float, r: float, kind: int | None = None) -> None:
    """Draw one fruit with a blush, a stalk and a shadow."""
    base, blush = (
        np.array(hexa(c), np.float32) for c in FRUIT[kind if kind is not None else int(canvas.rng.integers(5))]
    )
    speckle = field(canvas.rng, (64, 64), 0.5, "fbm")
    lean = canvas.uniform(-0.5, 0.5)

    def skin(nx: Field, ny: Field) -> Field:
        """Mix ground colour and blush."""
        share = np.clip(
            0.5 + nx * lean + ny * 0.5 + (speckle[((ny + 1) * 31).astype(int), ((nx + 1) * 31).astype(int)] - 0.5), 0, 1
        )
        return base + (blush - base) * share[..., None]

    shadow(canvas, x, foot, r * 0.85, r * 0.22, 0.6)
    ball(canvas, x, foot - r * 0.9, r, skin, 0.6, 0.93)
    with canvas.pen((x - r, foot - r * 2.4, x + r, foot - r)) as pen:
        pen.oval(x, foot - r * 1.68, r * 0.2, r * 0.07, (50, 40, 26), 0.6)
        pen.line([(x, foot - r * 1.66), (x + r * 0.08, foot - r * 2.05)], (74, 56, 36), r * 0.07)
        pen.poly(
            [(x + r * 0.06, foot - r * 1.9), (x + r * 0.4, foot - r * 2.2), (x + r * 0.6, foot - r * 2.0)],
            lamp(canvas, (88, 122, 60)),
        )


def fruit(canvas: Canvas) -> None:
    """Fruit piled in and around a bowl."""
    table(canvas, canvas.uniform(600, 650), spots=20)
    x, kinds = canvas.uniform(600, 900), canvas.rng.integers(0, 5, 9)
    for i, offset in enumerate((-120, 120, 0, -70, 75)):
        _piece(canvas, x + offset, 720 - (44 if i > 2 else 0) + 6 * i, 88, int(kinds[i]))
    _basin(canvas, x, 880, 290)
    for offset, kind in zip((-470, -360, 400, 520), kinds[5:], strict=True):
        _piece(
            canvas,
            x + offset + canvas.uniform(-20, 20),
            890 + canvas.uniform(-20, 30),
            canvas.uniform(70, 88),
            int(kind),
        )


def _basin(canvas: Canvas, x: float, foot: float, r: float) -> None:
    """Draw a wide bowl seen from the side."""
    shadow(canvas, x, foot, r * 0.62, r * 0.14, 0.6)
    skin = glaze(canvas.rng, pick(canvas.rng, CLAY), pick(canvas.rng, INKS), int(canvas.rng.integers(4)))
    outline = [(0, 0.36), (0.05, 0.36), (0.08, 0.33), (0.2, 0.62), (0.4, 0.86), (0.62, 1.0)]
    lathe(canvas, x, foot, [(h * r, w * r) for h, w in outline], skin, 0.8)


def bowl(canvas: Canvas) -> None:
    """A bowl of food with chopsticks and a small dish."""
    table(canvas, canvas.uniform(560, 620), spots=20)
    x, side = canvas.uniform(620, 880), pick(canvas.rng, (-1, 1))
    foot, r = 880.0, 270.0
    _basin(canvas, x, foot, r)
    top = foot - r * 0.62
    broth = lamp(canvas, pick(canvas.rng, swatch("c88a3a b8552a e8dcb8 8a5a2a")))
    mouth(canvas, x, top, r, lamp(canvas, (238, 232, 220)), broth, 0.24)
    with canvas.pen((x - r, top - 90, x + r, top + 70)) as pen:
        for _ in range(70):
            angle, reach = canvas.uniform(0, 6.28), canvas.uniform(0, 0.8) * r
            px, py = x + np.cos(angle) * reach, top + np.sin(angle) * reach * 0.19 + 4
            colour = lamp(canvas, pick(canvas.rng, swatch("f0e0b0 e8d090 6a9a3a d84a3a f4ecd8 4f7a34")))
            pen.oval(px, py, canvas.uniform(9, 24), canvas.uniform(4, 8), colour, 0.9)
    with canvas.pen() as pen:
        for k in (0, 26):
            pen.line(
                [(x - side * 60, top - 10 + k), (x + side * 520, top - 150 + k * 1.6)], lamp(canvas, (92, 50, 36)), 9
            )
            pen.line(
                [(x - side * 60, top - 12 + k), (x + side * 520, top - 153 + k * 1.6)], lamp(canvas, (176, 112, 80)), 3
            )
    for i in range(12):
        canvas.glow(x + np.sin(i * 0.8) * 50, top - 30 - i * 30, 70 + i * 6, (226, 222, 214), 0.14)
    teacup(canvas, x - side * 470, 890, 66)


def ceramics(canvas: Canvas) -> None:
    """A row of vessels on a shelf."""
    table(canvas, canvas.uniform(680, 720), spots=14)
    x = canvas.uniform(120, 190)
    while x < 1400:
        wide = canvas.uniform(70, 125)
        tall = canvas.uniform(150, 420)
        foot = 870 + canvas.uniform(-26, 34)
        shadow(canvas, x, foot, wide * 0.75, wide * 0.17)
        _vessel(canvas, x, foot, tall, wide)
        x += wide * 2 + canvas.uniform(10, 60)


SCENES: dict[str, Callable[[Canvas], None]] = {
    "books": books,
    "teaset": teaset,
    "vase": vase,
    "fruit": fruit,
    "bowl": bowl,
    "ceramics": ceramics,
}

"""The worked land: terraces, paddies, fields, orchards, tea hills, wetlands, karst rivers, villages and woods."""

from collections.abc import Callable

import numpy as np

from .canvas import Canvas, Pen
from .noise import Field, field, profile, smoothstep
from .palette import Rgb, hexa, jitter, mix, pick, scale, swatch
from .props import birds, boat, figure, hills, house, ridge, tree
from .sky import lay_mist, mirror_water, paint_sky
from .terrain import Ground


def forest(canvas: Canvas) -> None:
    """The inside of a wood with trunks fading into light."""
    light = canvas.light
    leaf = hexa(pick(canvas.rng, ("4f7a34", "5e8a2e", "b8862c", "3c6644", "a85a2a", "708a30")))
    glow = mix(light.horizon, light.sun, 0.5)
    canvas.gradient([(0, mix(glow, leaf, 0.25)), (620, glow), (1000, mix(glow, leaf, 0.3))])
    canvas.glow(canvas.uniform(300, 1200), canvas.uniform(150, 420), 700, light.sun, 0.8)
    layers = 6
    for i in range(layers):
        near = (i + 1) / layers
        shade = mix(glow, canvas.lit(scale(leaf, 0.5), 0.3), near**1.2 * (0.95 if light.name != "mist" else 0.75))
        _foliage(canvas, near, mix(shade, canvas.lit(leaf, 0.9), 0.45), shade)
        _trunks(canvas, near, mix(glow, canvas.lit((62, 50, 40), 0.35), near**0.9 * 0.95))
    _sunbeams(canvas, glow)


def _foliage(canvas: Canvas, near: float, bright: Rgb, shade: Rgb) -> None:
    """Paint one depth layer of leaves above and undergrowth below."""
    rows, columns = canvas.low(0.5)
    _, y = canvas.grid(0.5)
    leaves = field(canvas.rng, (rows, columns), 1.1 - 0.6 * near, "fbm") * 0.6
    leaves += field(canvas.rng, (rows, columns), 0.95 - 0.3 * near, "cells") * 0.22
    leaves += field(canvas.rng, (rows, columns), 0.5, "white") * 0.26
    crown = smoothstep(0.58, 0.68, leaves + np.clip((260 + 90 * near - y) / 900, -0.6, 0.25))
    floor = 640 + 250 * near
    bushes = smoothstep(0.5, 0.58, leaves + np.clip((y - floor) / 300, -0.6, 0.6))
    tone = field(canvas.rng, (rows, columns), 0.9, "fbm")[..., None]
    colours = np.array(shade, np.float32) * (1 - tone) + np.array(bright, np.float32) * tone
    canvas.paste(colours, np.maximum(crown, bushes))


def _trunks(canvas: Canvas, near: float, colour: Rgb) -> None:
    """Draw the trunks of one depth layer with a lit edge."""
    rim = mix(colour, canvas.light.sun, 0.3)
    with canvas.pen() as pen:
        for _ in range(int(15 - 10 * near)):
            x, width, foot = canvas.uniform(0, 1500), (5 + 40 * near**2) * canvas.uniform(0.6, 1.3), 660 + 330 * near
            lean = canvas.rng.normal(0, 26)
            bark = [(0.75, foot, 0), (0.45, foot - 70, 0), (0.36, -10, lean)]
            left = [(x + shift - width * a, y) for a, y, shift in bark]
            right = [(x + shift + width * a, y) for a, y, shift in bark]
            pen.poly(left + right[::-1], colour)
            pen.poly([(x - width * 0.45, foot - 70), (x + lean - width * 0.36, -10),
                      (x + lean - width * 0.2, -10), (x - width * 0.25, foot - 70)], rim, 0.6)  # fmt: skip


def _sunbeams(canvas: Canvas, colour: Rgb) -> None:
    """Lay slanted shafts of light."""
    if canvas.light.name in ("rain", "night"):
        return
    x, y = canvas.grid(0.15)
    slant = canvas.uniform(-0.5, 0.5)
    beams = profile(canvas.rng, 700, 0.45, "fbm")
    place = np.clip(((x - slant * y) + 500) / 2500 * 699, 0, 699).astype(np.int32)
    canvas.paste(colour, smoothstep(0.52, 0.75, beams[place]) * np.clip(0.55 - y / 1700, 0, 1))


def terraces(canvas: Canvas) -> None:
    """Rice terraces stepping down a mountainside, some flooded and some green."""
    horizon = canvas.uniform(150, 230)
    sun_x, _ = paint_sky(canvas, horizon)
    ground = Ground(canvas, horizon, cam=5.4, near=3.6, far=44, slices=520)
    bowl = ground.noise("soft", canvas.uniform(26, 36)) * 7.5 + ground.noise("soft", 13) * 0.9
    raw = bowl + ground.ramp(12, 44) * 4.5 - 3.6 + (ground.z - 8) * 0.05
    step = np.float32(canvas.uniform(0.34, 0.48))
    phase = np.mod(raw / step, 1)
    ground.height = (np.floor(raw / step) + smoothstep(0.8, 0.97, phase)) * step
    field_id = ground.noise("soft", 11) + np.mod(np.floor(raw / step) * 0.37, 0.35)
    green = hexa(pick(canvas.rng, ("7fa336", "94a832", "5f9440", "c2a43a")))
    ground.cover(green, 1.0, ground.noise("fbm", 6), 0.3)
    ground.cover(hexa("b6b05a"), smoothstep(0.6, 0.7, field_id) * 0.7)
    bank = smoothstep(0.72, 0.8, phase)
    ground.cover((72, 84, 44), bank, ground.noise("fbm", 5), 0.5)
    share = canvas.uniform(0.35, 0.75)
    ground.gloss = smoothstep(share + 0.02, share - 0.02, field_id) * (1 - bank) * 0.88
    wood = smoothstep(0.56, 0.62, ground.noise("fbm", 26)) * ground.ramp(9, 16)
    crowns = ground.noise("cells", 9)
    ground.height += wood * (0.3 + crowns * 0.6)
    ground.gloss *= 1 - np.clip(wood * 3, 0, 1)
    ground.cover((52, 76, 44), np.clip(wood * 3, 0, 1), crowns, 0.7)
    ground.render(sun_x)
    lay_mist(canvas, horizon - 40, horizon + 150, canvas.uniform(0.2, 0.6))


def paddy(canvas: Canvas) -> None:
    """Flooded paddies with rows of seedlings and a planter."""
    horizon = canvas.uniform(330, 400)
    sun_x, _ = paint_sky(canvas, horizon)
    hills(canvas, horizon - 130, horizon + 4, 3, (60, 84, 60))
    ground = Ground(canvas, horizon, cam=1.7, near=1.2, far=44, slices=420)
    turn = canvas.uniform(-0.5, 0.5)
    u = ground.x * np.cos(turn) + ground.z * np.sin(turn) + ground.noise("soft", 30) * 3
    v = ground.z * np.cos(turn) - ground.x * np.sin(turn) + ground.noise("soft", 30) * 4
    dike = np.minimum(np.abs(np.mod(u, 3.4) - 1.7), np.abs(np.mod(v, 5.2) - 2.6))
    raised = smoothstep(0.2, 0.1, dike)
    plot = np.mod(np.floor(u / 3.4 + 0.5) * 0.37 + np.floor(v / 5.2 + 0.5) * 0.61, 1)
    rows = smoothstep(0.55, 0.8, np.cos(u * 26)) * smoothstep(0.2, 0.7, np.cos(v * 30)) * (1 - 0.6 * ground.ramp(6, 20))
    tuft = np.where(plot < canvas.uniform(0.3, 0.6), 0.85 + 0.15 * rows, rows) * (1 - raised)
    ground.cover((96, 84, 62), 1.0)
    ground.cover(hexa(pick(canvas.rng, ("78a83c", "8cb048", "6a9a44"))), tuft, ground.noise("fbm", 6), 0.3)
    ground.cover((98, 116, 58), raised, ground.noise("fbm", 3), 0.5)
    ground.height = raised * 0.1 + tuft * 0.05
    ground.gloss = np.clip(0.86 - raised - tuft, 0, 1)
    ground.render(sun_x)
    _planters(canvas, horizon)


def _planters(canvas: Canvas, horizon: float) -> None:
    """Draw a few bent figures in the field."""
    with canvas.pen((0, horizon, canvas.width, canvas.height)) as pen:
        x = canvas.uniform(200, 1000)
        for _ in range(int(canvas.rng.integers(1, 5))):
            x += canvas.uniform(60, 160)
            y = horizon + canvas.uniform(110, 220)
            size = (y - horizon) * 0.52
            coat = canvas.lit(pick(canvas.rng, swatch("2d4b6e 7a3a34 3f5a46 5a5048")), 0.5)
            figure(pen, x, y, size, coat, hat=True)
            pen.oval(x, y + size * 0.2, size * 0.1, size * 0.18, scale(coat, 0.8), 0.4)


def wheatfield(canvas: Canvas) -> None:
    """Ripe wheat to the horizon, with ears in the foreground."""
    horizon = canvas.uniform(400, 560)
    sun_x, _ = paint_sky(canvas, horizon, 1.1)
    hills(canvas, horizon - 70, horizon + 3, 2, (74, 92, 58))
    ground = Ground(canvas, horizon, cam=1.1, near=0.9, far=40)
    gold = hexa(pick(canvas.rng, ("d9ab46", "cf9c3c", "dfba5c", "b9b04e")))
    wave = ground.noise("fbm", 22, 0.5)
    ground.height = wave * 0.3 + ground.noise("white", 30) * 0.05 + ground.noise("soft", 30) * ground.ramp(4, 30) * 1.4
    ground.cover(gold, 1.0, wave, 0.6)
    track = np.abs(np.mod(ground.x + canvas.uniform(0, 3) + ground.z * canvas.uniform(-0.2, 0.2), 7) - 3.5)
    ground.cover((128, 98, 54), smoothstep(0.16, 0.05, track) * 0.7)
    ground.render(sun_x)
    with canvas.pen() as pen:
        for _ in range(int(canvas.rng.integers(0, 4))):
            tree(pen, canvas, canvas.uniform(100, 1400), horizon + 22, canvas.uniform(60, 130), (70, 96, 50))
    _ears(canvas, gold)


def _ears(canvas: Canvas, gold: Rgb) -> None:
    """Draw bending stalks with ears of grain along the lower edge."""
    wind = canvas.uniform(-60, 60)
    with canvas.pen((0, 520, canvas.width, canvas.height)) as pen:
        for i in range(150):
            near = i / 150
            x, top = canvas.uniform(-40, 1540), 1000 - canvas.uniform(60, 150) - 190 * near * canvas.uniform(0.3, 1)
            colour = canvas.lit(jitter(canvas.rng, scale(gold, 0.72 + 0.4 * near), 12), 0.8)
            bend = wind * canvas.uniform(0.5, 1.2)
            pen.line([(x, 1010), (x + bend * 0.3, (top + 1010) / 2), (x + bend, top)], scale(colour, 0.86), 2.2)
            for k in range(7):
                t = k / 7
                cx, cy, r = x + bend + bend * 0.35 * t, top - 52 * t + 6, (5 - 2.4 * t) * (0.7 + 0.5 * near)
                pen.oval(cx - r * 0.8, cy, r * 0.8, r * 1.5, colour)
                pen.oval(cx + r * 0.8, cy - 4, r * 0.8, r * 1.5, scale(colour, 1.14))


def orchard(canvas: Canvas) -> None:
    """Rows of fruit trees running to the hills."""
    horizon = canvas.uniform(360, 430)
    paint_sky(canvas, horizon)
    hills(canvas, horizon - 150, horizon + 4, 3, (66, 92, 66))
    ground = Ground(canvas, horizon, cam=1.5, near=1.1, far=40, slices=260)
    ground.cover(hexa(pick(canvas.rng, ("7a9a48", "8c9a4c", "6d8f44"))), 1.0, ground.noise("fbm", 7), 0.5)
    ground.height = ground.noise("fbm", 4) * 0.08
    ground.render(canvas.uniform(100, 1400))
    leaf = pick(canvas.rng, swatch("4d7a34 5f8236 d9a0b4 e8d8dc 6a7f38"))
    fruit = pick(canvas.rng, swatch("c8352c e08a2a d9b83a e6e0d0"))
    shift, gap = canvas.uniform(-1.2, 1.2), 3.0
    with canvas.pen() as pen:
        for z in np.geomspace(26, 2.4, 13):
            for column in range(-8, 9):
                x = 750 + ((column + 0.5) * gap + shift) / z * 1000
                if -160 < x < 1660:
                    _fruit_tree(canvas, pen, x, horizon + 1500 / z, 1750 / z, leaf, fruit)


def _fruit_tree(canvas: Canvas, pen: Pen, x: float, foot: float, size: float, leaf: Rgb, fruit: Rgb) -> None:
    """Draw one tree with its shadow and fruit."""
    near = float(np.clip(size / 500, 0, 1))
    haze = mix(canvas.light.horizon, canvas.light.middle, 0.4)
    pen.oval(x + size * 0.08, foot, size * 0.42, size * 0.06, (20, 30, 16), 0.35)
    tree(pen, canvas, x, foot, size, mix(haze, leaf, 0.45 + 0.55 * near**0.5))
    for _ in range(int(26 * near)):
        angle, reach = canvas.uniform(0, 6.28), canvas.uniform(0, 1) ** 0.5 * size * 0.33
        r = size * 0.014 + 1
        fx, fy = x + np.cos(angle) * reach, foot - size * 0.62 + np.sin(angle) * reach * 0.8
        pen.dot(fx, fy, r, canvas.lit(fruit, 0.8))
        pen.dot(fx - r * 0.3, fy - r * 0.3, r * 0.3, (255, 255, 255), 0.5)


def teahills(canvas: Canvas) -> None:
    """Tea gardens whose hedges follow the hills."""
    horizon = canvas.uniform(230, 330)
    sun_x, _ = paint_sky(canvas, horizon)
    ground = Ground(canvas, horizon, cam=3.9, near=2.4, far=42, slices=480)
    base = (
        ground.noise("soft", canvas.uniform(16, 22)) * 4.4 + ground.noise("ridged", 60) * ground.ramp(18, 40) * 7 - 1.4
    )
    along = base * 1.5 + ground.x * canvas.uniform(0.1, 0.5) + ground.z * canvas.uniform(0.05, 0.3)
    hedge = np.abs(np.sin(along * 5.2)) ** 0.7
    hedge = hedge.astype(np.float32)
    leaves = ground.noise("cells", 6)
    garden = 1 - ground.ramp(20, 27)
    ground.height = base + hedge * 0.2 * garden + leaves * 0.05
    ground.cover(hexa(pick(canvas.rng, ("5d8a35", "6d9638", "4c7d3c"))), 1.0, leaves, 0.5)
    ground.cover((70, 62, 40), smoothstep(0.5, 0.2, hedge) * garden)
    wood = np.maximum(smoothstep(0.6, 0.66, ground.noise("fbm", 24)) * ground.ramp(6, 10), 1 - garden)
    ground.height += wood * leaves * 0.7
    ground.cover((46, 70, 46), wood, leaves, 0.8)
    ground.render(sun_x)
    lay_mist(canvas, horizon - 30, horizon + 120, canvas.uniform(0.15, 0.7))


def wetland(canvas: Canvas) -> None:
    """Reed beds and pools with egrets."""
    horizon = canvas.uniform(360, 430)
    sun_x, _ = paint_sky(canvas, horizon)
    hills(canvas, horizon - 50, horizon + 3, 2, (70, 90, 80))
    ground = Ground(canvas, horizon, cam=2.0, near=1.5, far=44)
    bed = ground.noise("fbm", canvas.uniform(20, 30)) - canvas.uniform(0.47, 0.54)
    reeds = ground.noise("white", 36)
    ground.height = bed * 1.1 + smoothstep(0.02, 0.08, bed) * reeds * 0.24
    ground.level, ground.calm = 0.0, 0.88
    ground.cover(hexa(pick(canvas.rng, ("a89a50", "8a9a4a", "b58f4c", "6f8f4e"))), 1.0, reeds, 0.6)
    ground.cover((84, 104, 52), smoothstep(0.1, 0.02, bed))
    ground.render(sun_x)
    _egrets(canvas, horizon)
    birds(canvas, canvas.uniform(300, 1200), horizon * 0.5, 9, 15, canvas.lit((70, 70, 76), 0.3))


def _egrets(canvas: Canvas, horizon: float) -> None:
    """Draw white wading birds."""
    white = canvas.lit((250, 250, 246), 0.7)
    with canvas.pen((0, horizon, canvas.width, canvas.height)) as pen:
        for _ in range(int(canvas.rng.integers(4, 9))):
            x, y = canvas.uniform(120, 1380), horizon + canvas.uniform(60, 300)
            s, way = (y - horizon) * 0.16 + 6, pick(canvas.rng, (-1, 1))
            pen.line([(x, y), (x, y - s)], scale(white, 0.4), 2)
            pen.oval(x, y - s * 1.35, s * 0.6, s * 0.27, white)
            pen.poly([(x, y - s * 1.5), (x - way * s * 0.95, y - s * 1.02), (x, y - s * 1.1)], white)
            neck = ((0.5, 1.5), (0.85, 2.0), (0.6, 2.4), (0.75, 2.7))
            pen.line([(x + way * s * a, y - s * b) for a, b in neck], white, s * 0.13)
            pen.line([(x + way * s * 0.75, y - s * 2.7), (x + way * s * 1.25, y - s * 2.6)], (206, 160, 60), s * 0.1)


def _towers(canvas: Canvas, foot: float, tall: float, count: int, width: float) -> Field:
    """Return the outline of a row of steep limestone hills."""
    x = np.linspace(0, 1500, 700)
    top = np.zeros(700)
    for _ in range(count):
        centre, half = canvas.uniform(-60, 1560), width * canvas.uniform(0.5, 1.2)
        t = np.clip(np.abs(x - centre) / half, 0, 1)
        top = np.maximum(top, tall * canvas.uniform(0.45, 1) * (1 - t ** canvas.uniform(1.7, 3)) ** 0.8)
    rough = (profile(canvas.rng, 700, 0.7) - 0.5) * tall * 0.22 * np.clip(top / tall, 0, 1)
    return (foot - top - rough).astype(np.float32)


def karst(canvas: Canvas) -> None:
    """Limestone towers along a still river with a bamboo raft."""
    foot = canvas.uniform(600, 680)
    paint_sky(canvas, foot)
    fog = mix(canvas.light.horizon, canvas.light.sun, 0.15)
    dark = pick(canvas.rng, swatch("3c5a4a 3a5266 4a5a3e"))
    for i in range(6):
        near = (i + 1) / 6
        line = _towers(canvas, foot - 4, (430 - 190 * near) * canvas.uniform(0.8, 1.2), 12 - i, 70 + 90 * near)
        tone = mix(fog, canvas.lit(dark, 0.5), near ** (0.9 + canvas.light.haze * 0.35) * 0.95)
        ridge(canvas, line, tone, foot + 40 + 120 * near, mix(fog, tone, 0.35), 0.9 * near)
    bank = foot - 10 - profile(canvas.rng, 500, 1.5) * 34
    ridge(canvas, bank, canvas.lit(scale(dark, 0.7), 0.4), foot + 60, canvas.lit(dark, 0.5), 0.8)
    mirror_water(canvas, foot, calm=canvas.uniform(0.8, 1.0), tint=0.12)
    lay_mist(canvas, foot - 120, foot + 60, canvas.uniform(0.2, 0.6))
    with canvas.pen((0, foot, canvas.width, canvas.height)) as pen:
        boat(pen, canvas, canvas.uniform(250, 1250), foot + canvas.uniform(110, 240), canvas.uniform(70, 110))


def village(canvas: Canvas) -> None:
    """White-walled houses under misty hills, mirrored in a pond."""
    foot = canvas.uniform(640, 710)
    paint_sky(canvas, foot - 120)
    hills(canvas, foot - canvas.uniform(640, 800), foot - 60, 4, pick(canvas.rng, swatch("3e5a48 46604a 3d5560")), 1.2)
    lay_mist(canvas, foot - 330, foot - 90, canvas.uniform(0.4, 0.9))
    slope = canvas.uniform(-130, 130)
    walls = pick(
        canvas.rng, (swatch("f0ece2 e6e2d8 ddd8cc"), swatch("e8d9bc d6bf98 c9a878"), swatch("f2efe8 d9d4c8 b9a58a"))
    )
    roof = pick(canvas.rng, swatch("3a3d42 46423e 4d3a32"))
    leaf = pick(canvas.rng, swatch("5a7a3a 6f8238 c49a36 e0a0b0 4c6e40"))
    with canvas.pen((0, 120, canvas.width, foot + 40)) as pen:
        for row in range(4):
            base, x = foot - 132 + row * 44, canvas.uniform(-140, -20) + (3 - row) * (110 + slope)
            size = 0.62 + row * 0.15
            while x < 1520 - (3 - row) * (110 - slope):
                width, height = canvas.uniform(110, 220) * size, canvas.uniform(84, 150) * size
                if canvas.rng.random() < 0.28:
                    tree(pen, canvas, x - 8, base, height * canvas.uniform(1.2, 1.9), jitter(canvas.rng, leaf, 12))
                house(pen, canvas, x, base + canvas.uniform(-8, 8), width, height, pick(canvas.rng, walls), roof)
                x += width * canvas.uniform(0.85, 1.3)
        pen.rect((0, foot - 8, canvas.width, foot + 14), canvas.lit((128, 122, 112), 0.5))
    mirror_water(canvas, foot + 12, calm=canvas.uniform(0.8, 1), tint=0.2)
    if canvas.light.dark:
        canvas.bloom(170, 0.8)


SCENES: dict[str, Callable[[Canvas], None]] = {
    "forest": forest,
    "terraces": terraces,
    "paddy": paddy,
    "wheatfield": wheatfield,
    "orchard": orchard,
    "teahills": teahills,
    "wetland": wetland,
    "karst": karst,
    "village": village,
}

"""Wild landscapes: mountains, lakes, seas, deserts and plains."""

from collections.abc import Callable

import numpy as np

from .canvas import Canvas
from .noise import Field, smoothstep
from .palette import hexa, mix, pick, scale
from .sky import lay_mist, paint_sky
from .terrain import Ground

GREENS = ("4f6b35", "5d7a3c", "6b7f42", "48663f", "7b8546")
ROCKS = ("7d7870", "8a7f73", "6f7178", "85796a")


def forest_floor(ground: Ground, mask: Field, size: float = 0.12) -> Field:
    """Raise tree crowns where the mask is 1 and return their pattern."""
    crowns = ground.noise("cells", 96 * size * 0.55)
    ground.height += mask * crowns * np.float32(size * 1.6)
    return crowns


def alpine(ground: Ground, snow_line: float, tree_line: float) -> None:
    """Colour high land by altitude and slope: meadow, forest, rock and snow."""
    rng = ground.canvas.rng
    steep = ground.slope()
    detail = ground.noise("fbm", 6)
    ground.cover(hexa(pick(rng, GREENS)), 1.0, detail, 0.4)
    wood = smoothstep(0.42, 0.58, detail) * smoothstep(tree_line, tree_line * 0.6, ground.height)
    crowns = forest_floor(ground, wood * ground.ramp(2, 6), 0.14)
    ground.cover(hexa(pick(rng, ("2f4a30", "38523a", "46572f"))), wood, crowns, 0.7)
    rock = smoothstep(tree_line * 0.7, tree_line * 1.25, ground.height + detail * 1.2)
    ground.cover(hexa(pick(rng, ROCKS)), rock, detail, 0.45)
    snow = smoothstep(snow_line - 0.5, snow_line + 0.7, ground.height + (detail - 0.5) * 3 - steep * 0.35)
    ground.cover((244, 247, 252), snow)


def mountain(canvas: Canvas) -> None:
    """Snowy peaks behind a meadow valley."""
    horizon = canvas.uniform(560, 660)
    sun_x, _ = paint_sky(canvas, horizon)
    ground = Ground(canvas, horizon, cam=1.5, far=46, slices=420)
    peaks = ground.noise("ridged", canvas.uniform(60, 85)) ** np.float32(1.15)
    hills = ground.noise("fbm", 26) * 1.6 - 0.9
    ground.height = peaks * ground.ramp(9, 27) * canvas.uniform(12, 16) + hills * ground.ramp(1, 9)
    alpine(ground, canvas.uniform(2.8, 5.8), 2.8)
    ground.render(sun_x)
    lay_mist(canvas, horizon - 120, horizon + 90, canvas.uniform(0.1, 0.55))


def lake(canvas: Canvas) -> None:
    """A calm lake among wooded mountains."""
    horizon = canvas.uniform(430, 520)
    sun_x, _ = paint_sky(canvas, horizon)
    ground = Ground(canvas, horizon, cam=1.25, near=1.4, far=44)
    relief = ground.noise("ridged", canvas.uniform(55, 80)) * canvas.uniform(8, 12)
    shore = ground.noise("fbm", 30) * 3.2 - 1.75
    ground.height = shore + relief * ground.ramp(11, 28) - ground.ramp(7, 2) * 0.9
    ground.level = 0.0
    ground.calm = canvas.uniform(0.7, 0.95)
    alpine(ground, canvas.uniform(5, 9), 4.5)
    ground.render(sun_x)
    lay_mist(canvas, horizon - 70, horizon + 60, canvas.uniform(0.1, 0.6))


def reservoir(canvas: Canvas) -> None:
    """A dammed valley with a concrete wall across the water."""
    horizon = canvas.uniform(330, 390)
    sun_x, _ = paint_sky(canvas, horizon)
    ground = Ground(canvas, horizon, cam=3.2, near=2.4, far=44)
    valley = np.abs(ground.x + np.sin(ground.z * 0.22 + canvas.uniform(0, 6)) * 1.6) - (2.2 + ground.z * 0.16)
    ground.height = np.clip(valley, -1.5, 6) * 0.75 + ground.noise("ridged", 50) * 3.4 * ground.ramp(3, 14) - 0.5
    ground.level = 0.0
    alpine(ground, 40, 9)
    shore = smoothstep(0.32, 0.1, ground.height) * smoothstep(-0.05, 0.02, ground.height)
    ground.cover((186, 164, 128), shore)
    ground.render(sun_x)
    _dam(canvas, canvas.uniform(690, 740))


def _dam(canvas: Canvas, top: float) -> None:
    """Draw a curved dam wall with spillways in the foreground."""
    concrete, x = canvas.lit((196, 192, 182)), np.linspace(-20, canvas.width + 20, 60)
    crest = top + 46 * ((x / canvas.width - 0.5) * 2) ** 2
    with canvas.pen((0, top - 60, canvas.width, canvas.height)) as pen:
        pen.poly([*zip(x, crest, strict=True), (canvas.width, canvas.height), (0, canvas.height)], concrete)
        pen.line([(a, b + 13) for a, b in zip(x, crest, strict=True)], scale(concrete, 0.62), 11)
        pen.line([(a, b - 9) for a, b in zip(x, crest, strict=True)], scale(concrete, 1.12), 5)
        for i in range(1, 59):
            pen.line([(x[i], crest[i] - 9), (x[i], crest[i])], scale(concrete, 0.7), 2)
            if i % 4 == 0:
                bottom = canvas.height + 40
                pen.poly([(x[i], crest[i] + 34), (x[i] + 26, crest[i] + 34), (x[i] + 34, bottom), (x[i] - 6, bottom)],
                         scale(concrete, 0.8))  # fmt: skip
                pen.line([(x[i] + 4, crest[i] + 60), (x[i] + 2, bottom)], mix(concrete, (255, 255, 255), 0.7), 5, 0.5)


def _open_sea(canvas: Canvas, horizon: float, level_noise: float = 0.28) -> tuple[Ground, float]:
    """Return a sea surface of swell waves; its gloss mirrors the sky."""
    sun_x, _ = paint_sky(canvas, horizon)
    ground = Ground(canvas, horizon, cam=1.35, near=1.3, far=90, slices=520)
    swell = ground.noise("fbm", 16, 0.45) * 0.6 + ground.noise("cells", 40, 0.4) * 0.25
    chop = ground.noise("fbm", 3.2, 0.6) * 0.16
    ground.height = (swell + chop - 0.5) * level_noise * 2.2
    light = canvas.light
    deep = scale(mix(light.zenith, hexa(pick(canvas.rng, ("0e4f5c", "12466b", "1b5a66"))), 0.55), 0.95)
    ground.cover(deep, 1.0, swell + chop, 0.5)
    ground.gloss = np.clip(0.18 + (swell + chop - 0.45) * 1.5, 0.04, 0.75) * (0.4 + 0.6 * ground.ramp(1, 30))
    ground.haze = 0.55
    return ground, sun_x


def sea(canvas: Canvas) -> None:
    """Open water with a rolling swell and the sun's path on it."""
    horizon = canvas.uniform(370, 520)
    ground, sun_x = _open_sea(canvas, horizon, canvas.uniform(0.22, 0.42))
    crest = smoothstep(0.16, 0.24, ground.height) * ground.noise("fbm", 2.4)
    ground.cover((236, 242, 244), np.clip(crest * 1.3, 0, 0.85))
    ground.render(sun_x)
    glitter(canvas, sun_x, horizon, 1.0)


def glitter(canvas: Canvas, sun_x: float, horizon: float, strength: float) -> None:
    """Scatter the sun's or moon's reflections over water below the horizon."""
    light = canvas.light
    if light.name in ("rain", "mist"):
        return
    rng, count = canvas.rng, 340
    depth = rng.random(count) ** 1.6
    reach = canvas.height - horizon
    spread = (16 + depth * 130) * rng.normal(0, 1, count)
    with canvas.pen((0, horizon, canvas.width, canvas.height)) as pen:
        for d, s, r in zip(depth, spread, rng.random(count), strict=True):
            alpha = strength * (0.25 + 0.6 * r) * (0.5 if light.altitude > 0.4 else 1)
            pen.oval(sun_x + s, horizon + 3 + d * reach, 3 + d * 22 * (0.4 + r), 0.8 + d * 1.8, light.sun, alpha)


def island(canvas: Canvas) -> None:
    """Rocky green islands in a bay."""
    horizon = canvas.uniform(430, 490)
    sun_x, _ = paint_sky(canvas, horizon)
    ground = Ground(canvas, horizon, cam=1.9, near=2, far=60, slices=420)
    bumps = np.full_like(ground.x, -1.2)
    for _ in range(int(canvas.rng.integers(3, 7))):
        cz = canvas.uniform(11, 34)
        cx, radius = canvas.uniform(-0.6, 0.6) * cz, canvas.uniform(1.8, 4.2) * (0.6 + cz / 40)
        distance = np.hypot((ground.x - cx) / 1.5, ground.z - cz) / np.float32(radius)
        bumps = np.maximum(bumps, np.exp(-(distance**2)) * np.float32(canvas.uniform(2.4, 5)) - 1.0)
    ground.height = bumps + (ground.noise("ridged", 34) - 0.35) * np.clip(bumps + 1, 0, 1.6) * 1.1
    ground.level, ground.calm = 0.0, 0.55
    ground.water = scale(mix(canvas.light.zenith, (20, 110, 120), 0.45), 0.85)
    alpine(ground, 40, 7)
    ground.cover(hexa(pick(canvas.rng, ROCKS)), smoothstep(0.5, 0.25, ground.height))
    ground.render(sun_x)
    glitter(canvas, sun_x, horizon + 4, 0.35)


def coast(canvas: Canvas) -> None:
    """A beach curving to cliffs, with surf."""
    horizon = canvas.uniform(360, 430)
    sun_x, _ = paint_sky(canvas, horizon)
    ground = Ground(canvas, horizon, cam=2.4, near=2.0, far=60, slices=420)
    side = pick(canvas.rng, (-1, 1))
    curve = 0.4 + 0.9 * np.sin(ground.z * canvas.uniform(0.14, 0.2) + canvas.uniform(-0.6, 0.5)) + ground.z * 0.13
    inland = side * ground.x + curve - ground.z * 0.12 + (ground.noise("fbm", 16) - 0.5) * 1.6
    cliff = smoothstep(1.8, 3.6, inland - 1.5 * ground.ramp(12, 3)) * (1.4 + ground.noise("ridged", 40) * 2.6)
    ground.height = np.clip(inland * 0.12, -0.2, 0.4) + cliff * ground.ramp(3, 9)
    ground.level, ground.calm = 0.0, 0.5
    ground.water = scale(mix(canvas.light.zenith, (16, 116, 128), 0.5), 0.85)
    grain = ground.noise("fbm", 4)
    ground.cover((214, 190, 150), 1.0, grain, 0.14)
    ground.cover((168, 142, 106), smoothstep(0.05, 0.0, ground.height))
    ground.cover(hexa(pick(canvas.rng, ROCKS)), smoothstep(0.35, 0.8, ground.height), grain, 0.5)
    ground.cover(hexa(pick(canvas.rng, GREENS)), smoothstep(1.0, 1.7, ground.height - ground.slope() * 0.3), grain, 0.5)
    _surf(ground, inland + (grain - 0.5) * 0.5)
    ground.render(sun_x)


def _surf(ground: Ground, inland: Field) -> None:
    """Lay lines of foam along the shore by lifting thin strips out of the water."""
    for offset, width in ((-0.02, 0.1), (-0.55, 0.07), (-1.15, 0.05)):
        strip = np.exp(-(((inland - offset) / width) ** 2))
        ground.cover((246, 248, 248), strip)
        ground.height = np.where(strip > 0.4, np.maximum(ground.height, 0.004), ground.height).astype(np.float32)


def river(canvas: Canvas) -> None:
    """A river winding through hills."""
    horizon = canvas.uniform(330, 400)
    sun_x, _ = paint_sky(canvas, horizon)
    ground = Ground(canvas, horizon, cam=3.0, near=2.2, far=46, slices=420)
    bend = np.sin(ground.z * canvas.uniform(0.2, 0.3) + canvas.uniform(0, 6)) * (1.2 + ground.z * 0.09)
    bank = np.abs(ground.x - bend) - (0.7 + ground.z * 0.045)
    plain = np.clip(bank * 0.5, -0.4, 0.35)
    ground.height = plain + ground.noise("ridged", 60) * smoothstep(1.5, 9, bank) * ground.ramp(5, 24) * 6.5
    ground.level, ground.calm = 0.0, 0.85
    alpine(ground, canvas.uniform(6, 20), 7)
    ground.cover((178, 166, 140), smoothstep(0.14, 0.05, ground.height))
    ground.render(sun_x)
    lay_mist(canvas, horizon - 40, horizon + 80, canvas.uniform(0.1, 0.5))


def canyon(canvas: Canvas) -> None:
    """Layered red rock walls over a gorge."""
    horizon = canvas.uniform(300, 360)
    sun_x, _ = paint_sky(canvas, horizon, 0.7)
    ground = Ground(canvas, horizon, cam=3.4, near=2.6, far=46, slices=460)
    bend = np.sin(ground.z * 0.25 + canvas.uniform(0, 6)) * 1.6
    away = np.abs(ground.x - bend) - 0.5 + (ground.noise("fbm", 14) - 0.5) * 4.5 - ground.z * 0.05
    raw = np.clip(away * 0.95, -1.1, 3.0) + ground.noise("fbm", 7) * 0.5
    step = np.floor(raw / 0.52) + smoothstep(0.55, 1.0, np.mod(raw / 0.52, 1))
    ground.height = (step * 0.52 - 0.4).astype(np.float32)
    ground.level, ground.calm = -0.62, 0.8
    ground.water = scale(mix(canvas.light.zenith, (70, 120, 100), 0.6), 0.8)
    strata = np.sin(ground.height * 21 + ground.noise("fbm", 30) * 5) * 0.5 + 0.5
    red = hexa(pick(canvas.rng, ("b5623c", "a8553a", "c47b4e")))
    ground.cover(red, 1.0, ground.noise("fbm", 5), 0.35)
    ground.cover((226, 178, 128), strata.astype(np.float32) * 0.6)
    ground.cover(
        (122, 128, 74), smoothstep(0.6, 0.2, ground.slope()) * smoothstep(0.4, 0.6, ground.noise("fbm", 6)) * 0.6
    )
    ground.render(sun_x)


def desert(canvas: Canvas) -> None:
    """Wind-formed dunes with sharp crests."""
    horizon = canvas.uniform(400, 480)
    sun_x, _ = paint_sky(canvas, horizon, 0.35)
    ground = Ground(canvas, horizon, cam=1.7, near=1.1, far=40, slices=460)
    bend = ground.noise("soft", 30) * 9
    wave = ground.x * canvas.uniform(0.35, 0.6) + ground.z * canvas.uniform(0.3, 0.5) + bend
    phase = np.mod(wave / np.float32(3.4), 1).astype(np.float32)
    dune = np.where(phase < 0.72, (phase / 0.72) ** 1.4, ((1 - phase) / 0.28) ** 1.1).astype(np.float32)
    size = 0.3 + 2.1 * ground.ramp(2, 16) * (0.35 + ground.noise("soft", 22))
    ripples = np.sin(wave * 38 + ground.noise("fbm", 6) * 26) * 0.008 * (1 - ground.ramp(2, 9))
    ground.height = (dune * size + ripples).astype(np.float32)
    ground.cover(hexa(pick(canvas.rng, ("d9a468", "e0b47a", "cf9257"))), 1.0, ground.noise("fbm", 12), 0.1)
    ground.relief = 1.35
    ground.render(sun_x)


def grassland(canvas: Canvas) -> None:
    """Rolling grass under a wide sky, with flowers near and herds far."""
    horizon = canvas.uniform(520, 610)
    sun_x, _ = paint_sky(canvas, horizon, 1.2)
    ground = Ground(canvas, horizon, cam=1.3, near=0.9, far=40)
    ground.height = ground.noise("soft", 26) * (0.25 + 2.0 * ground.ramp(3, 30)) + ground.noise("white", 40) * 0.045
    tone, dry = ground.noise("fbm", 16), ground.noise("fbm", 9)
    ground.cover(hexa(pick(canvas.rng, ("6f8f3c", "88983f", "5f8a44"))), 1.0, tone, 0.45)
    ground.cover(hexa("b9a253"), smoothstep(0.5, 0.75, dry) * 0.7, tone, 0.3)
    bloom = smoothstep(0.66, 0.7, ground.noise("cells", 9)) * smoothstep(0.45, 0.6, dry) * (1 - ground.ramp(3, 10))
    ground.cover(hexa(pick(canvas.rng, ("f0d34a", "e9e4f2", "c987c2", "e0703c"))), bloom)
    ground.render(sun_x)
    herd(canvas, horizon)


def herd(canvas: Canvas, horizon: float) -> None:
    """Scatter small grazing animals."""
    colour = pick(canvas.rng, ((238, 234, 224), (104, 76, 56)))
    middle = canvas.uniform(300, 1200)
    with canvas.pen((0, horizon - 20, canvas.width, horizon + 190)) as pen:
        for _ in range(26):
            depth = canvas.uniform(0.15, 1)
            x, y, size = middle + canvas.rng.normal(0, 260), horizon + 20 + depth * 100, 3 + depth * 5
            body = canvas.lit(scale(colour, canvas.uniform(0.8, 1.05)))
            pen.oval(x, y + size, size * 1.3, size * 0.35, (40, 50, 30), 0.4)
            pen.oval(x, y, size * 1.35, size * 0.75, body)
            pen.oval(x + size * 1.5, y + size * 0.35, size * 0.5, size * 0.42, scale(body, 0.7))


def snowfield(canvas: Canvas) -> None:
    """Snow-covered hills with conifers."""
    horizon = canvas.uniform(430, 520)
    sun_x, _ = paint_sky(canvas, horizon)
    ground = Ground(canvas, horizon, cam=1.6, near=1.2, far=42)
    ground.height = ground.noise("soft", 17) * (0.4 + 3.0 * ground.ramp(3, 22)) + ground.noise("ridged", 60) * (
        ground.ramp(16, 36) * 6
    )
    drift = ground.noise("fbm", 9)
    ground.height += drift * 0.12
    ground.cover((236, 241, 250), 1.0, drift, 0.05)
    wood = smoothstep(0.52, 0.6, ground.noise("fbm", 19)) * ground.ramp(6, 12)
    crowns = forest_floor(ground, wood, 0.2)
    ground.cover((70, 84, 84), wood * smoothstep(0.75, 0.45, crowns), crowns, 0.6)
    ground.render(sun_x)


SCENES: dict[str, Callable[[Canvas], None]] = {
    "mountain": mountain,
    "lake": lake,
    "reservoir": reservoir,
    "sea": sea,
    "island": island,
    "coast": coast,
    "river": river,
    "canyon": canyon,
    "desert": desert,
    "grassland": grassland,
    "snowfield": snowfield,
}

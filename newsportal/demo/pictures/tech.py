"""Industry, energy and science: factories, turbines, solar fields, telescopes, chips, servers, robots, laboratories."""

from collections.abc import Callable

import numpy as np

from .canvas import Canvas, Pen
from .noise import field, profile
from .palette import Rgb, hexa, jitter, mix, pick, scale
from .props import conifer, hills, tree
from .sky import paint_sky
from .terrain import Ground
from .view import View, haze


def meadow(canvas: Canvas, horizon: float, sun_x: float, *, high: float = 1.6, cam: float = 1.6) -> None:
    """Lay rolling grass or stubble below the horizon."""
    ground = Ground(canvas, horizon, cam=cam, near=1.1, far=40, slices=280)
    ground.height = ground.noise("soft", 24) * (0.1 + high * ground.ramp(4, 30)) + ground.noise("white", 40) * 0.03
    tone = ground.noise("fbm", 12)
    ground.cover(hexa(pick(canvas.rng, ("6f8f3c", "98983f", "b09a50", "5f8a44"))), 1.0, tone, 0.45)
    ground.render(sun_x)


def factory(canvas: Canvas) -> None:
    """A works with saw-tooth halls, chimneys and tanks."""
    foot = canvas.uniform(730, 790)
    paint_sky(canvas, foot)
    hills(canvas, foot - 170, foot, 2, (84, 92, 92))
    for _ in range(int(canvas.rng.integers(2, 5))):
        _chimney(canvas, canvas.uniform(150, 1350), foot, canvas.uniform(320, 520))
    wall = canvas.lit(hexa(pick(canvas.rng, ("b9583f", "c9c2b4", "8fa0a8", "d0c4ac"))), 0.65)
    x = -60.0
    with canvas.pen((0, foot - 330, canvas.width, foot + 20)) as pen:
        while x < 1500:
            width, high = canvas.uniform(260, 430), canvas.uniform(120, 200)
            if canvas.rng.random() < 0.3:
                _tanks(canvas, pen, x, foot, high)
            else:
                _hall(canvas, pen, x, foot, (width, high), jitter(canvas.rng, wall, 8))
            x += width + 8
        pen.rect((0, foot, 1500, foot + 12), canvas.lit((110, 106, 100), 0.4))
    meadow_strip(canvas, foot + 6)
    if canvas.light.dark:
        canvas.bloom(150, 1)


def meadow_strip(canvas: Canvas, top: float) -> None:
    """Cover the foreground with a road and shrubs."""
    with canvas.pen((0, top - 40, canvas.width, canvas.height)) as pen:
        pen.rect((0, top, 1500, 1000), canvas.lit((118, 122, 92), 0.5))
        pen.rect((0, top + 70, 1500, top + 160), canvas.lit((104, 104, 106), 0.45))
        for x in range(0, 1500, 90):
            pen.rect((x, top + 112, x + 46, top + 117), canvas.lit((226, 222, 208), 0.5))
        for _ in range(16):
            tree(pen, canvas, canvas.uniform(0, 1500), top + 40, canvas.uniform(40, 90), (92, 122, 64))


def _chimney(canvas: Canvas, x: float, foot: float, high: float) -> None:
    """Draw a banded chimney with a plume."""
    stone, top = canvas.lit((196, 186, 176), 0.6), foot - high
    drift, plume = canvas.uniform(-1, 1), mix(canvas.light.horizon, (250, 250, 250), 0.35)
    for i in range(14):
        canvas.glow(x + drift * i * 22, top - 16 * i, 26 + 11 * i, plume, 0.34 if canvas.light.dark else 0.5)
    with canvas.pen((x - 40, top - 6, x + 40, foot)) as pen:
        pen.poly([(x - 15, top), (x + 15, top), (x + 27, foot), (x - 27, foot)], stone)
        pen.poly([(x + 4, top), (x + 15, top), (x + 27, foot), (x + 8, foot)], scale(stone, 0.7))
        for i in range(3):
            pen.rect((x - 16 - i, top + 14 + i * 46, x + 16 + i, top + 34 + i * 46), canvas.lit((188, 60, 48), 0.6))


def _hall(canvas: Canvas, pen: Pen, x: float, foot: float, size: tuple[float, float], wall: Rgb) -> None:
    """Draw a hall with a saw-tooth roof and tall windows."""
    width, high = size
    top, teeth = foot - high, 4
    glass = (255, 216, 140) if canvas.light.dark else scale(mix(canvas.light.middle, wall, 0.2), 0.7)
    for i in range(teeth):
        left, right = x + width * i / teeth, x + width * (i + 1) / teeth
        pen.poly([(left, top + 1), (left, top - 48), (right, top + 1)], scale(wall, 0.62))
        pen.poly([(left + 3, top - 4), (left + 3, top - 40), (left + 14, top - 32), (left + 14, top - 4)], glass)
    pen.rect((x, top, x + width, foot), wall)
    pen.rect((x, top, x + width, top + 7), scale(wall, 1.12))
    for i in range(int(width / 34)):
        pane = glass if canvas.rng.random() < 0.7 else scale(wall, 0.5)
        pen.rect((x + 10 + i * 34, top + 34, x + 32 + i * 34, top + 78), pane)
        pen.line([(x + 21 + i * 34, top + 34), (x + 21 + i * 34, top + 78)], scale(wall, 0.7), 2)
    pen.rect((x + width * 0.4, foot - 54, x + width * 0.62, foot), scale(wall, 0.4))


def _tanks(canvas: Canvas, pen: Pen, x: float, foot: float, high: float) -> None:
    """Draw three silos joined by pipes."""
    steel = canvas.lit((206, 210, 212), 0.6)
    for i in range(3):
        left = x + 20 + i * 104
        for k in range(22):
            tone = scale(steel, 0.62 + 0.5 * float(np.sin(np.pi * (k + 0.5) / 22 * 0.9 + 0.1)))
            pen.rect((left + k * 4, foot - high, left + k * 4 + 4, foot), tone)
        pen.pie(left + 44, foot - high, 44, 180, 360, scale(steel, 0.9))
        pen.line([(left, foot - high * 0.5), (left + 88, foot - high * 0.5)], scale(steel, 0.5), 2)
    pen.line([(x + 60, foot - high - 40), (x + 270, foot - high - 40)], scale(steel, 0.7), 7)


def wind_turbines(canvas: Canvas) -> None:
    """Wind turbines along rolling hills."""
    horizon = canvas.uniform(560, 660)
    sun_x, _ = paint_sky(canvas, horizon)
    hills(canvas, horizon - 110, horizon, 2, (84, 104, 84))
    places = sorted(canvas.uniform(0.12, 1) ** 1.4 for _ in range(int(canvas.rng.integers(5, 10))))
    with canvas.pen() as pen:
        for depth in places:
            tone = haze(canvas, canvas.lit((246, 246, 244), 0.6), (1 - depth) * 0.6)
            _turbine(
                pen, canvas.uniform(60, 1440), horizon + 20 + depth * 60, 130 + 420 * depth, tone, canvas.uniform(0, 2)
            )
    meadow(canvas, horizon + 26, sun_x, high=1.1)


def _turbine(pen: Pen, x: float, foot: float, high: float, tone: Rgb, turn: float) -> None:
    """Draw one three-bladed turbine."""
    top = foot - high
    pen.poly(
        [(x - high * 0.008, top), (x + high * 0.008, top), (x + high * 0.016, foot), (x - high * 0.016, foot)], tone
    )
    pen.poly([(x, top), (x + high * 0.008, top), (x + high * 0.016, foot), (x, foot)], scale(tone, 0.78))
    for k in range(3):
        angle = turn + k * 2 * np.pi / 3
        dx, dy, reach = float(np.cos(angle)), float(np.sin(angle)), high * 0.55
        wide = high * 0.022
        pen.poly([(x, top), (x + dx * reach * 0.2 - dy * wide, top + dy * reach * 0.2 + dx * wide),
                  (x + dx * reach, top + dy * reach), (x + dx * reach * 0.1 + dy * wide * 0.4,
                                                      top + dy * reach * 0.1 - dx * wide * 0.4)], tone)  # fmt: skip
    pen.dot(x, top, high * 0.02, scale(tone, 0.85))


def solar(canvas: Canvas) -> None:
    """Rows of solar panels reflecting the sky."""
    horizon = canvas.uniform(380, 460)
    sun_x, _ = paint_sky(canvas, horizon)
    hills(canvas, horizon - 110, horizon + 4, 3, (74, 96, 78))
    meadow(canvas, horizon, sun_x, high=0.5, cam=2.2)
    view = View(canvas.uniform(300, 1200), horizon, eye=3.4, focal=1000)
    lean = canvas.uniform(-0.25, 0.25)
    low, high = mix((16, 32, 74), canvas.light.zenith, 0.3), mix((40, 66, 120), canvas.light.horizon, 0.4)
    with canvas.pen((0, horizon, canvas.width, canvas.height)) as pen:
        for z in np.arange(44, 4.2, -3.3):
            for start in np.arange(-z * 0.95, z * 0.95, 4.2):
                _panel(canvas, view, pen, (start + z * lean, float(z)), (low, high))


def _panel(canvas: Canvas, view: View, pen: Pen, place: tuple[float, float], tones: tuple[Rgb, Rgb]) -> None:
    """Draw one tilted table of cells."""
    x, z = place
    width, rise, depth = 3.9, 1.25, 1.0
    post = canvas.lit((120, 124, 126), 0.4)
    for leg in (0.5, width - 0.5):
        pen.line([view.at(x + leg, 0, z + 0.5), view.at(x + leg, 0.9, z + 0.5)], post, 70 / z)
    for i in range(6):
        t0, t1 = i / 6, (i + 1) / 6
        corners = [(x, 0.4 + rise * t0, z + depth * t0), (x + width, 0.4 + rise * t0, z + depth * t0),
                   (x + width, 0.4 + rise * t1, z + depth * t1), (x, 0.4 + rise * t1, z + depth * t1)]  # fmt: skip
        view.quad(pen, corners, haze(canvas, mix(*tones, t1), z / 90))
    line = haze(canvas, canvas.lit((190, 200, 208), 0.5), z / 90)
    for k in range(7):
        a = x + width * k / 6
        pen.line([view.at(a, 0.4, z), view.at(a, 0.4 + rise, z + depth)], line, 10 / z)
    for t in (0, 0.5, 1):
        pen.line(
            [view.at(x, 0.4 + rise * t, z + depth * t), view.at(x + width, 0.4 + rise * t, z + depth * t)], line, 10 / z
        )


def satellite(canvas: Canvas) -> None:
    """A satellite over the curve of the planet."""
    rng, (x, y) = canvas.rng, canvas.grid(0.5)
    canvas.gradient([(0, (3, 5, 14)), (1000, (8, 14, 32))])
    with canvas.pen() as pen:
        for a, b, s in zip(rng.random(260), rng.random(260), rng.random(260), strict=True):
            pen.dot(a * 1500, b * 1000, 0.5 + 1.2 * s**4, (230, 235, 250), 0.3 + 0.6 * s)
    cx, cy, r = canvas.uniform(200, 1300), canvas.uniform(1500, 1750), canvas.uniform(900, 1050)
    distance = np.hypot(x - cx, y - cy) / r
    shape = distance.shape
    nx, ny = (x - cx) / r, (y - cy) / r
    swirl = field(rng, shape, 0.5, "fbm") * 0.7 + field(rng, shape, 0.35, "ridged", 2) * 0.4
    land = np.clip((field(rng, shape, 0.22, "fbm") - 0.5) * 9, 0, 1)[..., None]
    cloud = np.clip((swirl - 0.5) * 3.4, 0, 0.95)[..., None]
    earth = np.array((24, 74, 138), np.float32) * (1 - land) + np.array((96, 104, 66), np.float32) * land
    earth = earth * (1 - cloud) + 245 * cloud
    sun = np.clip(0.62 - nx * canvas.uniform(-0.9, 0.9) - ny * 0.7 - distance**6 * 0.35, 0.04, 1.15)[..., None]
    canvas.paste(earth * sun, np.clip((1 - distance) * r * canvas.scale * 0.5, 0, 1))
    ring = np.exp(-np.abs(distance - 1.0) * np.where(distance > 1, 26, 60)) * 0.85
    canvas.paste((120, 190, 255), ring)
    _spacecraft(
        canvas, canvas.uniform(480, 1020), canvas.uniform(270, 420), canvas.uniform(0.9, 1.3), canvas.uniform(-0.5, 0.5)
    )


def _spacecraft(canvas: Canvas, x: float, y: float, s: float, turn: float) -> None:
    """Draw a satellite body with two wings and a dish."""
    cos, sin = float(np.cos(turn)) * s, float(np.sin(turn)) * s

    def at(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """Turn and place points."""
        return [(x + a * cos - b * sin, y + a * sin + b * cos) for a, b in points]

    with canvas.pen((x - 460, y - 400, x + 460, y + 400)) as pen:
        for side in (-1, 1):
            pen.line(at([(side * 50, 0), (side * 330, 0)]), (170, 174, 180), 5)
            for i in range(4):
                left = side * (84 + i * 66)
                for row in range(4):
                    top = -58 + row * 29
                    tone = mix((22, 40, 104), (80, 124, 200), (i + row) / 9 + 0.1)
                    pen.poly(
                        at([(left, top), (left + side * 60, top), (left + side * 60, top + 27), (left, top + 27)]), tone
                    )
        pen.poly(at([(-50, -62), (50, -62), (50, 62), (-50, 62)]), (206, 164, 82))
        pen.poly(at([(10, -62), (50, -62), (50, 62), (10, 62)]), (146, 106, 46))
        for k in range(5):
            pen.line(at([(-50, -50 + k * 25), (50, -40 + k * 22)]), (240, 206, 130), 1.6)
        pen.line(at([(0, 62), (0, 100)]), (180, 184, 190), 5)
        pen.poly(at([(-52, 96), (52, 96), (30, 128), (-30, 128)]), (226, 228, 232))
        pen.line(at([(0, 110), (0, 158)]), (200, 202, 206), 3)
    canvas.glow(x - 40 * cos, y - 50 * s, 60, (255, 250, 230), 0.7)


def observatory(canvas: Canvas) -> None:
    """A telescope dome on a ridge under the stars."""
    horizon = canvas.uniform(700, 760)
    paint_sky(canvas, horizon, 0.5)
    if canvas.light.dark:
        _milky_way(canvas)
    hills(canvas, horizon - 160, horizon + 40, 3, (52, 64, 84))
    dark = canvas.lit((70, 76, 70), 0.3)
    line = (
        horizon - 30 - 90 * np.exp(-(((np.linspace(0, 1, 300) - 0.5) / 0.4) ** 2)) + profile(canvas.rng, 300, 0.6) * 40
    )
    from_x = canvas.uniform(420, 1000)
    spots = [(from_x, canvas.uniform(120, 165))] + [(from_x + side * canvas.uniform(280, 430), 70) for side in (-1, 1)]
    for x, r in spots:
        foot = float(np.interp(x, np.linspace(0, 1500, 300), line)) + 12
        _dome(canvas, x, foot, r)
    with canvas.pen((0, horizon - 220, canvas.width, canvas.height)) as pen:
        pen.poly([*zip(np.linspace(0, 1500, 300), line, strict=True), (1500, 1000), (0, 1000)], dark)
        for _ in range(40):
            x = canvas.uniform(0, 1500)
            y = float(np.interp(x, np.linspace(0, 1500, 300), line)) + canvas.uniform(20, 280)
            conifer(pen, canvas, x, y, canvas.uniform(50, 120), scale(dark, canvas.uniform(0.5, 0.9)))


def _milky_way(canvas: Canvas) -> None:
    """Lay a band of star dust across the night."""
    x, y = canvas.grid(0.4)
    centre = canvas.uniform(300, 1200) + (y - 300) * canvas.uniform(-1.2, 1.2)
    dust = (
        field(canvas.rng, canvas.low(0.4), 0.8, "fbm") * 1.4 + field(canvas.rng, canvas.low(0.4), 1.4, "ridged") * 0.3
    )
    band = np.exp(-(((x - centre) / 190) ** 2)) * np.clip(dust - 0.3, 0, 1) * np.clip(1 - y / 760, 0, 1)
    canvas.paste((196, 196, 226), band * 0.75)


def _dome(canvas: Canvas, x: float, foot: float, r: float) -> None:
    """Draw one dome with an open slit."""
    white = canvas.lit((240, 242, 244), 0.7)
    with canvas.pen((x - r * 1.3, foot - r * 2.1, x + r * 1.3, foot + 4)) as pen:
        for k in range(30):
            share = (k + 0.5) / 30
            tone = scale(white, 0.5 + 0.55 * float(np.sin(np.pi * (0.15 + 0.75 * share))))
            left, right = x + r * (2 * k / 30 - 1), x + r * (2 * (k + 1) / 30 - 1) + 0.6
            rise = r * max(0.0, 1 - (2 * share - 1) ** 2) ** 0.5
            pen.rect((left, foot - r * 0.85 - rise, right, foot - r * 0.85), tone)
            pen.rect((left, foot - r * 0.85, right, foot), scale(tone, 0.85))
        pen.rect((x - r * 1.06, foot - r * 0.92, x + r * 1.06, foot - r * 0.8), scale(white, 0.7))
        slit = (255, 190, 110) if canvas.light.dark else (40, 46, 56)
        pen.poly([(x - r * 0.1, foot - r * 1.86), (x + r * 0.2, foot - r * 1.84), (x + r * 0.26, foot - r * 0.95),
                  (x - r * 0.08, foot - r * 0.95)], slit)  # fmt: skip
        pen.poly([(x + r * 0.02, foot - r * 1.2), (x + r * 0.5, foot - r * 2.02), (x + r * 0.62, foot - r * 1.94),
                  (x + r * 0.2, foot - r * 1.1)], scale(white, 0.45))  # fmt: skip
        pen.rect(
            (x - r * 0.5, foot - r * 0.4, x - r * 0.26, foot),
            (255, 206, 120) if canvas.light.dark else scale(white, 0.4),
        )


SCENES: dict[str, Callable[[Canvas], None]] = {
    "factory": factory,
    "wind-turbines": wind_turbines,
    "solar": solar,
    "satellite": satellite,
    "observatory": observatory,
}

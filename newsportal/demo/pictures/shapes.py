"""Softly shaded solids on a table: backdrops, bodies of revolution, balls and shadows for still lifes."""

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from .canvas import Canvas, soften, to_image
from .noise import Field, field, smoothstep
from .palette import Rgb, hexa, jitter, mix, pick, scale

Skin = Callable[[Field, Field], Field]
BACKDROPS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "day": (("dfe4e2", "b8c4c4", "c9a27a"), ("e8e0d0", "c9b99e", "8f6a4a"), ("d0dbe0", "9fb4bf", "d8cfc0")),
    "dawn": (("f2d9c4", "d9a98c", "a8744e"), ("f4dfd4", "d8b0a8", "c49a7c")),
    "dusk": (("b8683e", "5a3038", "6a4030"), ("8a5a6a", "3f2f4a", "7a4a34")),
    "night": (("26324a", "10151f", "3a2c26"), ("3a3040", "15121c", "2c2a34")),
    "rain": (("a4aeb4", "6f7c84", "6f6258"), ("8f9ea8", "5a6872", "4f4a48")),
    "mist": (("eeece4", "d2d0c6", "cbb59a"), ("e4e8e6", "c4ccca", "b8a890")),
}


def table(canvas: Canvas, edge: float = 640, *, spots: int = 16) -> Rgb:
    """Paint an out-of-focus backdrop and a wooden or stone table; return the table's colour."""
    rng, light = canvas.rng, canvas.light
    near, far, wood = (hexa(code) for code in pick(rng, BACKDROPS[light.name]))
    shift = rng.normal(0, 9, 3)
    near, far, wood = (jitter(rng, np.add(c, shift), 6) for c in (near, far, wood))
    x, y = canvas.grid(0.2)
    window = np.exp(-(((x - canvas.uniform(100, 1400)) / 620) ** 2) - ((y - canvas.uniform(50, 350)) / 420) ** 2)[
        ..., None
    ]
    canvas.paste(np.array(far, np.float32) * (1 - window) + np.array(near, np.float32) * window)
    _blurred_shapes(canvas, near, far, edge, spots)
    _top(canvas, wood, edge)
    return wood


def _blurred_shapes(canvas: Canvas, near: Rgb, far: Rgb, edge: float, spots: int) -> None:
    """Suggest a room behind the table: window bars, plants and lamps far out of focus."""
    with canvas.pen((0, 0, canvas.width, edge)) as pen:
        for _ in range(int(canvas.rng.integers(2, 6))):
            left, width = canvas.uniform(-100, 1400), canvas.uniform(60, 320)
            pen.rect((left, canvas.uniform(-50, 260), left + width, edge), scale(far, canvas.uniform(0.7, 1.2)), 0.5)
    canvas.blur(26, (0, 0, canvas.width, edge))
    lamps = [mix(near, (255, 220, 160), 0.5), mix(near, (255, 255, 255), 0.3), mix(near, (255, 170, 100), 0.4)]
    with canvas.pen((0, 0, canvas.width, edge)) as pen:
        for _ in range(spots if canvas.light.dark else spots // 2):
            pen.dot(
                canvas.uniform(0, 1500),
                canvas.uniform(0, edge * 0.8),
                canvas.uniform(18, 62),
                pick(canvas.rng, lamps),
                0.2,
            )
    canvas.blur(3, (0, 0, canvas.width, edge))


def _top(canvas: Canvas, wood: Rgb, edge: float) -> None:
    """Paint the table top with grain and a sheen."""
    x, y = canvas.grid(0.4)
    shape = np.broadcast_shapes(x.shape, y.shape)
    grain = field(canvas.rng, shape, 0.35, "fbm", tall=9) - 0.5
    sheen = np.exp(-(((x - canvas.uniform(300, 1200)) / 500) ** 2)) * np.clip(1.2 - (y - edge) / 300, 0, 1)
    tone = (0.86 + grain * 0.4 + sheen * 0.28 - (y - edge) / 1500)[..., None]
    canvas.paste(np.array(wood, np.float32) * tone, np.clip((y - edge) / 3 + 0.5, 0, 1))


def shadow(canvas: Canvas, x: float, y: float, rx: float, ry: float, alpha: float = 0.5, lean: float = 0.35) -> None:
    """Lay a soft shadow on the table under an object that stands at (x, y)."""
    mask = canvas.mask(0.25)
    with canvas.stencil(mask, double=False) as pen:
        pen.oval(x + rx * lean, y + ry * 0.2, rx * 1.25, ry * 1.2, 255)
    mask = soften(mask, max(2, rx * 0.09 * canvas.scale * 0.6))
    contact = canvas.mask(0.25)
    with canvas.stencil(contact, double=False) as pen:
        pen.oval(x, y, rx * 0.92, ry * 0.7, 255)
    canvas.shade(mask, (14, 12, 16), alpha * 0.75)
    canvas.shade(soften(contact, 3), (8, 7, 10), alpha)


def shaded(nx: Field, ny: Field, albedo: Field, gloss: float, canvas: Canvas) -> Field:
    """Light a surface with normal (nx, ny) from the upper left with a rim from the right."""
    nz = np.sqrt(np.clip(1 - nx * nx - ny * ny, 0, 1))
    warm = np.array(mix(canvas.light.sun, (255, 244, 228), 0.5), np.float32) / 255
    cool = np.array(mix(canvas.light.middle, (120, 130, 150), 0.5), np.float32) / 255
    diffuse = np.clip(-0.55 * nx - 0.5 * ny + 0.62 * nz, 0, 1)[..., None]
    rim = (np.clip(nx, 0, 1) ** 3 * 0.35)[..., None]
    bright = 0.95 if canvas.light.name != "night" else 0.72
    result = albedo * (0.22 + diffuse * bright * warm + rim * cool)
    spark = np.clip(-0.42 * nx - 0.5 * ny + 0.76 * nz, 0, 1) ** 60
    strip = np.exp(-(((nx + 0.5) / 0.07) ** 2)) * np.clip(0.9 - np.abs(ny) * 1.5, 0, 1) * 0.35
    return result + ((spark + strip) * gloss * 235)[..., None]


def _stamp(canvas: Canvas, colours: Field, cover: Field, left: float, top: float, size: tuple[int, int]) -> None:
    """Paste an array of colours with its cover at a virtual place."""
    mask = Image.fromarray((np.clip(cover, 0, 1) * 255).astype(np.uint8)).resize(size, Image.Resampling.BILINEAR)
    face = to_image(colours).resize(size, Image.Resampling.BILINEAR)
    canvas.im.paste(face, (round(left * canvas.scale), round(top * canvas.scale)), mask)


def lathe(
    canvas: Canvas, x: float, foot: float, outline: Sequence[tuple[float, float]], skin: Rgb | Skin, gloss: float = 0.6
) -> None:
    """Draw a body of revolution; the outline lists (height above the foot, radius) upwards."""
    heights, radii = np.array([p[0] for p in outline]), np.array([p[1] for p in outline])
    tall, wide = float(heights[-1]), float(radii.max())
    bulge = 0.16
    size = (max(4, round(2 * wide * canvas.scale)), max(4, round((tall + wide * bulge) * canvas.scale)))
    u = np.linspace(-1, 1, size[0], dtype=np.float32)[None, :] * np.float32(wide)
    v = np.linspace(tall, -wide * bulge, size[1], dtype=np.float32)[:, None]
    smooth = _smooth(heights, radii)
    for _ in range(2):
        radius = np.interp(v, smooth[0], smooth[1]).astype(np.float32)
        across = np.clip(u / np.maximum(radius, 1), -1, 1)
        lift = bulge * radius * np.sqrt(1 - across**2) * np.clip(1 - v / tall, 0, 1)
        v_round = v + lift
        radius = np.interp(v_round, smooth[0], smooth[1]).astype(np.float32)
    slope = np.interp(v_round, smooth[0], np.gradient(smooth[1], smooth[0])).astype(np.float32)
    across = np.clip(u / np.maximum(radius, 1), -1, 1)
    tilt = 1 / np.sqrt(1 + slope**2)
    cover = np.clip((radius - np.abs(u)) * canvas.scale + 0.5, 0, 1) * (v_round >= 0) * (v_round <= tall)
    albedo = skin(np.arcsin(across) / np.pi, v_round / tall) if callable(skin) else np.array(skin, np.float32)
    colours = shaded(across * tilt, slope * tilt * 0.9, albedo, gloss, canvas)
    _stamp(canvas, colours, cover, x - wide, foot - tall, size)


def _smooth(heights: Field, radii: Field) -> tuple[Field, Field]:
    """Round an outline's corners."""
    fine = np.linspace(heights[0], heights[-1], 240)
    curve = np.interp(fine, heights, radii)
    kernel = np.hanning(25) / np.hanning(25).sum()
    return fine, np.convolve(np.pad(curve, 12, mode="edge"), kernel, mode="valid")


def ball(canvas: Canvas, x: float, y: float, r: float, skin: Rgb | Skin, gloss: float = 0.6, squash: float = 1) -> None:
    """Draw a ball, or a squashed one, centred at (x, y)."""
    size = (max(4, round(2 * r * canvas.scale)), max(4, round(2 * r * squash * canvas.scale)))
    nx = np.linspace(-1, 1, size[0], dtype=np.float32)[None, :]
    ny = np.linspace(-1, 1, size[1], dtype=np.float32)[:, None]
    distance = np.hypot(nx, ny)
    albedo = skin(*np.broadcast_arrays(nx, ny)) if callable(skin) else np.array(skin, np.float32)
    grow = np.minimum(1, 0.999 / np.maximum(distance, 1e-3))
    colours = shaded(nx * grow, ny * grow, albedo, gloss, canvas)
    _stamp(canvas, colours, (1 - distance) * r * canvas.scale + 0.5, x - r, y - r * squash, size)


def mouth(canvas: Canvas, x: float, y: float, r: float, rim: Rgb, inside: Rgb, flat: float = 0.16) -> None:
    """Draw the open top of a vessel with its rim."""
    with canvas.pen((x - r - 6, y - r * flat - 6, x + r + 6, y + r * flat + 6)) as pen:
        pen.oval(x, y, r, r * flat, rim)
        pen.oval(x, y + r * flat * 0.08, r * 0.93, r * flat * 0.86, inside)
        pen.oval(x + r * 0.05, y + r * flat * 0.3, r * 0.8, r * flat * 0.56, mix(inside, rim, 0.25))


def glaze(rng: np.random.Generator, base: Rgb, ink: Rgb, kind: int) -> Skin:
    """Return a ceramic skin: plain with a drip, banded, speckled, or painted in blue-and-white manner."""
    tall, wave, phase = rng.uniform(0.4, 0.7), rng.uniform(5, 9), rng.uniform(0, 6)
    first, second = np.array(base, np.float32), np.array(ink, np.float32)
    flowers = field(rng, (200, 200), 0.35, "fbm")
    bands = rng.uniform(0.1, 0.9, 4)

    def skin(angle: Field, height: Field) -> Field:
        """Return the colour at an angle and a height."""
        angle, height = np.broadcast_arrays(angle, height)
        if kind == 0:
            share = smoothstep(0.03, -0.03, tall + 0.05 * np.sin(angle * 30 + phase) - height)
        elif kind == 1:
            share = sum(np.exp(-(((height - band) / 0.022) ** 2)) for band in bands)
        elif kind == 2:
            speck = flowers[(height * 1990).astype(int) % 200, (angle * 1990).astype(int) % 200]
            share = smoothstep(0.6, 0.66, speck)
        else:
            vine = np.sin(angle * wave * 4 + np.sin(height * 24 + phase) * 2.2) * np.sin(
                height * 27 + np.cos(angle * 14) * 2
            )
            share = (
                smoothstep(0.35, 0.5, vine) * 0.9
                + np.exp(-(((height - 0.9) / 0.012) ** 2))
                + np.exp(-(((height - 0.1) / 0.012) ** 2))
            )
        weight = np.clip(share, 0, 1)[..., None].astype(np.float32)
        return first + (second - first) * weight

    return skin


def flask(canvas: Canvas, x: float, foot: float, size: float, liquid: Rgb, *, round_body: bool) -> None:
    """Draw a laboratory flask with coloured liquid."""
    glass = mix(canvas.light.horizon, (235, 242, 246), 0.6)
    body: list[tuple[float, float]] = [(1.0, 0.12), (0.62, 0.12)]
    if round_body:
        body += [(0.31 + 0.3 * float(np.cos(a)), 0.12 + 0.2 * float(np.sin(a))) for a in np.linspace(0.4, np.pi, 14)]
    else:
        body += [(0.06, 0.36), (0.0, 0.33)]
    right = [(x + r * size, foot - h * size) for h, r in body]
    left = [(2 * x - a, b) for a, b in reversed(right)]
    level = foot - size * (0.3 if round_body else 0.32)
    with canvas.pen((x - size * 0.5, foot - size * 1.1, x + size * 0.5, foot + 6)) as pen:
        pen.poly([*right, *left], glass, 0.28)
        wet = [p for p in right if p[1] >= level] or right[-1:]
        edge = float(np.interp(level, [p[1] for p in right], [p[0] for p in right])) if not round_body else wet[0][0]
        outline = [(edge, level), *wet]
        pen.poly([*outline, *[(2 * x - a, b) for a, b in reversed(outline)]], liquid, 0.85)
        pen.oval(x, level, edge - x, size * 0.03, mix(liquid, (255, 255, 255), 0.35))
        pen.line([*right, *left], mix(glass, (255, 255, 255), 0.5), size * 0.012, 0.9)
        pen.oval(x, foot - size, size * 0.14, size * 0.025, mix(glass, (255, 255, 255), 0.6))
        pen.line(
            [(x - size * 0.07, foot - size * 0.94), (x - size * 0.07, foot - size * 0.66)],
            (255, 255, 255),
            size * 0.02,
            0.8,
        )
        pen.line(
            [(x - size * 0.15, foot - size * 0.4), (x - size * 0.2, foot - size * 0.12)],
            (255, 255, 255),
            size * 0.022,
            0.7,
        )

"""Things that stand in many outdoor pictures: ridges, trees, houses, boats, birds and small figures."""

from collections.abc import Sequence

import numpy as np

from .canvas import Canvas, Pen
from .noise import Field, field, profile
from .palette import Rgb, mix, scale

FACTOR = 0.5


def ridge(canvas: Canvas, line: Field, colour: Rgb, foot: float, fade: Rgb, texture: float = 0.0) -> None:
    """Paint a silhouette below ``line`` (virtual heights) that fades into mist at its foot."""
    x, y = canvas.grid(FACTOR)
    edge = np.interp(x[0], np.linspace(0, canvas.width, line.size), line).astype(np.float32)[None, :]
    mask = np.clip((y - edge) * canvas.scale * FACTOR + 0.5, 0, 1)
    depth = np.clip((y - edge) / np.maximum(foot - edge, 1), 0, 1)[..., None]
    base = np.array(colour, np.float32)
    tone = np.broadcast_to(base, (*mask.shape, 3))
    if texture:
        tone = base * (1 + (field(canvas.rng, mask.shape, 1.6, "fbm", 1) - 0.5)[..., None] * texture)
    canvas.paste(tone + (np.array(fade, np.float32) - tone) * depth**1.5, mask)


def hills(canvas: Canvas, top: float, foot: float, layers: int, dark: Rgb, rough: float = 1.0) -> None:
    """Paint layers of hills, pale in the distance and dark near by."""
    fog = mix(canvas.light.horizon, canvas.light.middle, 0.3)
    for i in range(layers):
        near = (i + 1) / layers
        height = (foot - top) * (1 - 0.6 * i / layers)
        raw = profile(canvas.rng, 500, 0.35 + 0.3 * near)
        line = foot - height * (0.25 + 1.1 * (raw - 0.5) * rough + 0.35 * profile(canvas.rng, 500, 0.16, "soft"))
        weight = near ** (0.9 + canvas.light.haze * 0.4) * 0.85
        ridge(canvas, line.astype(np.float32), mix(fog, canvas.lit(dark, 0.4), weight), foot + 30, mix(fog, dark, 0.1))


def clump(pen: Pen, rng: np.random.Generator, x: float, y: float, r: float, tones: Sequence[Rgb]) -> None:
    """Draw a leafy crown from overlapping boughs of small dabs, dark below and light above."""
    boughs = int(np.clip(r / 9, 3, 13))
    angles, reaches = rng.random(boughs) * 6.28, rng.random(boughs) ** 0.5 * r * 0.66
    centres = [(x, y), *zip(x + np.cos(angles) * reaches, y + np.sin(angles) * reaches * 0.8, strict=True)]
    grain = float(np.clip(r * 0.13, 1.6, 9))
    for cx, cy in centres:
        pen.oval(cx, cy, r * 0.42, r * 0.36, tones[0])
    for cx, cy in sorted(centres, key=lambda c: -c[1]):
        for level, tone in enumerate(tones):
            count = int(np.clip(r * (0.5, 0.55, 0.22)[level], 4, 34))
            spread = r * (0.5, 0.44, 0.3)[level]
            turn, far, size = rng.random(count) * 6.28, rng.random(count) ** 0.6 * spread, rng.random(count)
            for a, d, k in zip(turn, far, size, strict=True):
                dab = grain * (0.7 + 0.7 * k)
                px, py = cx - level * r * 0.05 + np.cos(a) * d, cy - level * r * 0.09 + np.sin(a) * d * 0.8
                pen.oval(px, py, dab, dab * 0.8, tone)


def tree(pen: Pen, canvas: Canvas, x: float, foot: float, height: float, leaf: Rgb) -> None:
    """Draw a broad-leaved tree."""
    crown = height * 0.36
    trunk = canvas.lit((84, 66, 52), 0.4)
    pen.poly([(x - height * 0.035, foot), (x - height * 0.012, foot - height * 0.6),
              (x + height * 0.012, foot - height * 0.6), (x + height * 0.035, foot)], trunk)  # fmt: skip
    tones = [canvas.lit(scale(leaf, 0.6), 0.3), canvas.lit(leaf, 0.55), canvas.lit(scale(leaf, 1.2), 0.85)]
    clump(pen, canvas.rng, x, foot - height * 0.64, crown, tones)


def conifer(pen: Pen, canvas: Canvas, x: float, foot: float, height: float, colour: Rgb) -> None:
    """Draw a spruce from drooping tiers of branches."""
    rng, tiers = canvas.rng, max(5, int(height / 14))
    points: list[tuple[float, float]] = [(x, foot - height)]
    left: list[tuple[float, float]] = []
    for i in range(1, tiers + 1):
        y, reach = foot - height * (1 - i / tiers * 0.93), height * 0.19 * (i / tiers) ** 0.85
        for side, edge in ((1, points), (-1, left)):
            grow = reach * (0.75 + 0.5 * float(rng.random()))
            edge += [(x + side * grow, y), (x + side * grow * 0.45, y - height / tiers * 0.25)]
    pen.rect((x - height * 0.018, foot - height * 0.1, x + height * 0.018, foot), scale(colour, 0.6))
    pen.poly([*points, *reversed(left)], colour)


def house(pen: Pen, canvas: Canvas, x: float, foot: float, width: float, height: float, wall: Rgb, roof: Rgb) -> None:
    """Draw a white-walled, dark-roofed house with stepped gables."""
    rng, light = canvas.rng, canvas.light
    face, tiles = canvas.lit(wall, 0.6), canvas.lit(roof, 0.4)
    top = foot - height
    rise = width * float(rng.uniform(0.12, 0.2))
    pen.rect((x, top, x + width, foot), face)
    pen.rect((x, foot - height * 0.12, x + width, foot), mix(face, tiles, 0.3))
    pen.poly([(x - 5, top + 3), (x + 7, top - rise), (x + width - 7, top - rise), (x + width + 5, top + 3)], tiles)
    pen.line([(x + 4, top - rise), (x + width - 4, top - rise)], scale(tiles, 0.7), 3)
    pen.line([(x, top + 6), (x + width, top + 6)], scale(face, 0.72), 4)
    if rng.random() < 0.6:
        _gables(pen, x, width, top, rise, face, tiles)
    lamp = (255, 196, 104)
    count = max(1, int(width / 42))
    for floor in range(max(1, int(height / 62))):
        for i in range(count):
            shine = light.dark and rng.random() < 0.55 + 0.3 * light.lamps
            cx, cy = x + width * (i + 0.5) / count, top + height * 0.2 + floor * 56
            pen.rect((cx - 8, cy, cx + 8, min(cy + 21, foot - 4)), lamp if shine else mix(tiles, (30, 26, 24), 0.4))
            pen.line([(cx, cy), (cx, min(cy + 21, foot - 4))], tiles, 1.6)


def _gables(pen: Pen, x: float, width: float, top: float, rise: float, face: Rgb, tiles: Rgb) -> None:
    """Draw the stepped fire walls at both ends of a roof."""
    for side, edge in ((1, x - 3), (-1, x + width + 3)):
        for step in range(3):
            reach = 9 + step * 9
            y = top - rise * 1.25 + step * rise * 0.42
            left, right = min(edge, edge + side * reach), max(edge, edge + side * reach)
            pen.rect((left, y, right, top + 8), face)
            pen.rect((left - 3, y - 4, right + 3, y + 1), tiles)


def boat(pen: Pen, canvas: Canvas, x: float, y: float, size: float, *, sail: bool = False, side: int = 1) -> None:
    """Draw a small boat with a rower, or with a sail."""
    hull = canvas.lit((92, 66, 50), 0.4)
    pen.form(x, y, size, "-1,-0.16 -0.72,0.12 0.72,0.12 1,-0.2 0.5,-0.03 -0.5,-0.03", hull)
    if sail:
        cloth = canvas.lit((226, 208, 180), 0.7)
        pen.line([(x, y), (x, y - size * 1.5)], hull, size * 0.04)
        pen.poly([(x + side * 3, y - size * 1.45), (x + side * size * 0.75, y - size * 0.3),
                  (x + side * 3, y - size * 0.2)], cloth)  # fmt: skip
        pen.poly([(x - side * 3, y - size * 1.2), (x - side * size * 0.5, y - size * 0.25),
                  (x - side * 3, y - size * 0.2)], scale(cloth, 0.85))  # fmt: skip
        return
    figure(pen, x - side * size * 0.3, y, size * 0.55, scale(hull, 0.6), hat=True)
    pen.line([(x - side * size * 0.2, y - size * 0.3), (x - side * size * 0.95, y + size * 0.22)], hull, size * 0.035)


def figure(pen: Pen, x: float, foot: float, height: float, colour: Rgb, *, hat: bool = False) -> None:
    """Draw a small standing figure seen from afar."""
    pen.poly([(x - height * 0.12, foot - height * 0.82), (x + height * 0.12, foot - height * 0.82),
              (x + height * 0.15, foot - height * 0.4), (x + height * 0.09, foot), (x - height * 0.09, foot),
              (x - height * 0.15, foot - height * 0.4)], colour)  # fmt: skip
    pen.dot(x, foot - height * 0.9, height * 0.09, colour)
    if hat:
        pen.poly([(x - height * 0.22, foot - height * 0.9), (x, foot - height * 1.08),
                  (x + height * 0.22, foot - height * 0.9)], scale(colour, 1.3))  # fmt: skip


def walker(pen: Pen, x: float, foot: float, height: float, colour: Rgb, stride: float) -> None:
    """Draw a walking figure; ``stride`` from -1 to 1 opens the legs."""
    hip, neck = foot - height * 0.47, foot - height * 0.84
    reach = height * 0.17 * stride
    width = height * 0.085
    pen.line([(x, hip), (x + reach * 0.5, foot - height * 0.24), (x + reach, foot)], colour, width)
    pen.line([(x, hip), (x - reach * 0.4, foot - height * 0.24), (x - reach, foot)], colour, width)
    pen.poly([(x - height * 0.1, neck), (x + height * 0.1, neck), (x + height * 0.075, hip + height * 0.04),
              (x - height * 0.075, hip + height * 0.04)], colour)  # fmt: skip
    pen.line([(x, neck + height * 0.04), (x - reach * 0.7, hip - height * 0.1)], colour, width * 0.7)
    pen.line([(x, neck + height * 0.04), (x + reach * 0.7, hip - height * 0.1)], colour, width * 0.7)
    pen.dot(x, foot - height * 0.92, height * 0.075, colour)


def birds(canvas: Canvas, x: float, y: float, count: int, size: float, colour: Rgb) -> None:
    """Draw a loose flock in flight."""
    with canvas.pen((x - 300, y - 180, x + 300, y + 180)) as pen:
        for _ in range(count):
            cx, cy = x + canvas.rng.normal(0, 90), y + canvas.rng.normal(0, 40)
            flap, s = canvas.uniform(0.15, 0.7), size * canvas.uniform(0.7, 1.2)
            pen.line([(cx - s, cy - s * flap), (cx - s * 0.4, cy - s * flap * 0.8), (cx, cy),
                      (cx + s * 0.4, cy - s * flap * 0.8), (cx + s, cy - s * flap)], colour, 2)  # fmt: skip

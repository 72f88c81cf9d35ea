"""Skies, water surfaces, mist and rain for every light."""

import numpy as np
from PIL import Image, ImageChops

from .canvas import BICUBIC, Canvas, to_image
from .noise import Field, field, resize, sample, smoothstep
from .palette import mix, scale


def paint_sky(canvas: Canvas, horizon: float, clouds: float = 1.0) -> tuple[float, float]:
    """Fill the picture with a sky above ``horizon``; return the place of the sun or moon."""
    light = canvas.light
    sun_x = canvas.uniform(0.12, 0.88) * canvas.width
    sun_y = horizon * (1 - light.altitude) + 0.04 * canvas.height
    sky = _dome(canvas, horizon, sun_x, sun_y)
    _cirrus(canvas, sky, horizon)
    _cumulus(canvas, sky, horizon, light.cover * clouds, sun_x)
    canvas.im = to_image(sky).resize(canvas.px, BICUBIC)
    if light.name == "night":
        _stars(canvas, horizon)
    _disc(canvas, sun_x, sun_y)
    return sun_x, sun_y


def _dome(canvas: Canvas, horizon: float, sun_x: float, sun_y: float) -> Field:
    """Return the clear sky with a glow round the sun."""
    light = canvas.light
    x, y = canvas.grid(0.3)
    stops = [0, horizon * 0.55, horizon]
    bands = [np.interp(y[:, 0], stops, [light.zenith[i], light.middle[i], light.horizon[i]]) for i in range(3)]
    sky = np.repeat(np.stack(bands, axis=1)[:, None, :], x.shape[1], axis=1).astype(np.float32)
    if light.name in ("rain", "mist"):
        return sky
    distance = np.hypot((x - sun_x) * 0.75, y - sun_y) / canvas.height
    glow = np.exp(-distance * (3.2 if light.altitude < 0.3 else 5.5)) * (0.22 if light.name == "night" else 0.62)
    return sky + glow[..., None] * (np.array(light.sun, np.float32) - sky)


def _cirrus(canvas: Canvas, sky: Field, horizon: float) -> None:
    """Add high streaks of thin cloud."""
    x, y = canvas.grid(0.3)
    depth = 1 / np.maximum((horizon + 60 - y) / horizon, 0.07)
    u = (x / canvas.width - 0.5) * depth * 0.16 + canvas.uniform(0, 1)
    v = depth * 0.34 + (x / canvas.width) * canvas.uniform(-0.2, 0.2)
    veil = smoothstep(0.5, 0.85, sample("soft", *np.broadcast_arrays(u, v))) * 0.4
    veil *= smoothstep(horizon, horizon * 0.55, y)
    bright = np.array(mix(canvas.light.horizon, canvas.light.sun, 0.6), np.float32)
    sky += veil[..., None] * (bright - sky)


def _cumulus(canvas: Canvas, sky: Field, horizon: float, cover: float, sun_x: float) -> None:
    """Add a perspective deck of lit clouds; cover 0 is clear and 1 overcast."""
    light = canvas.light
    x, y = canvas.grid(0.3)
    depth = 1 / np.maximum((horizon + 30 - y) / horizon, 0.06)
    u = (x - sun_x) / canvas.width * depth * 0.26 + canvas.uniform(0, 1)
    v = depth * 0.30 + canvas.uniform(0, 1)
    u, v = np.broadcast_arrays(u.astype(np.float32), v.astype(np.float32))
    puff = sample("fbm", u, v) * 0.75 + sample("billow", u * 1.6, v * 1.6) * 0.3
    toward = sample("fbm", u * 0.985, v - 0.012) * 0.75 + sample("billow", u * 1.576, v * 1.6 - 0.02) * 0.3
    edge = 0.82 - 0.5 * cover
    body = smoothstep(edge, edge + 0.2, puff) * smoothstep(horizon + 20, horizon * 0.7, y)
    relief = np.clip(0.62 + (puff - toward) * 4.5 - (puff - edge) * 0.55, 0, 1)[..., None]
    bright, dull = _cloud_colours(canvas)
    tone = dull + (bright - dull) * relief
    opacity = (body * (0.55 if light.name == "mist" else 0.9))[..., None]
    sky += opacity * (tone - sky)


def _cloud_colours(canvas: Canvas) -> tuple[Field, Field]:
    """Return the sunlit and the shaded colour of clouds."""
    light = canvas.light
    bright, dull = mix(light.horizon, light.sun, 0.75), mix(light.middle, light.horizon, 0.45)
    if light.name == "dusk":
        bright, dull = mix(light.horizon, light.sun, 0.4), mix(light.zenith, light.middle, 0.4)
    elif light.name == "night":
        bright, dull = mix(light.middle, light.horizon, 0.9), scale(light.middle, 0.8)
    elif light.name == "rain":
        bright, dull = light.horizon, scale(light.zenith, 0.92)
    return np.array(bright, np.float32), np.array(dull, np.float32)


def _stars(canvas: Canvas, horizon: float) -> None:
    """Scatter stars of different brightness."""
    count = 160
    xs, ys = canvas.rng.random(count) * canvas.width, canvas.rng.random(count) ** 1.3 * horizon * 0.9
    sizes = canvas.rng.random(count) ** 4 * 1.3 + 0.5
    with canvas.pen((0, 0, canvas.width, horizon)) as pen:
        for x, y, size in zip(xs, ys, sizes, strict=True):
            pen.dot(x, y, size, (230, 235, 250), 0.35 + 0.3 * size)


def _disc(canvas: Canvas, x: float, y: float) -> None:
    """Draw the sun or the moon."""
    light = canvas.light
    if light.name == "rain" or (light.name == "day" and light.cover > 0.5):
        return
    if light.name == "night":
        canvas.glow(x, y, 210, light.sun, 0.35)
        with canvas.pen((x - 60, y - 60, x + 60, y + 60)) as pen:
            pen.dot(x, y, 25, light.sun, 0.95)
        return
    canvas.glow(x, y, 330, light.sun, 0.5)
    canvas.glow(x, y, 95, (255, 250, 235), 0.9)
    if light.altitude < 0.55:
        with canvas.pen((x - 60, y - 60, x + 60, y + 60)) as pen:
            pen.dot(x, y, 24, mix(light.sun, (255, 255, 250), 0.7), 0.95)


def mirror_water(canvas: Canvas, line: float, *, calm: float = 0.7, tint: float = 0.35, bottom: float = 0) -> None:
    """Cover everything below ``line`` with water that reflects what stands above it."""
    end = round((bottom or canvas.height) * canvas.scale)
    start = round(line * canvas.scale)
    pixels = np.asarray(canvas.im)
    rows, columns = end - start, pixels.shape[1]
    if rows < 2:
        return
    depth = (np.arange(rows, dtype=np.float32) / rows)[:, None]
    ripple = _ripples(canvas, rows, columns)
    reach = (2 + depth * 46 * (1.15 - calm)) * canvas.scale
    source = start - 1 - (np.arange(rows, dtype=np.float32)[:, None] * min(1, start / rows)) + ripple * reach * 1.6
    source = np.clip(source, 0, start - 1).astype(np.int32)
    across = np.clip(np.arange(columns)[None, :] + (ripple * reach * 0.35).astype(np.int32), 0, columns - 1)
    image = pixels[source, across].astype(np.float32)
    shade = np.array(scale(mix(canvas.light.zenith, canvas.light.middle, 0.35), 0.62), np.float32)
    weight = np.clip(tint + depth * 0.25 + ripple * 0.35 * (1.2 - calm), 0, 0.9)[..., None]
    image += (shade - image) * weight
    canvas.im.paste(to_image(image), (0, start))


def _ripples(canvas: Canvas, rows: int, columns: int) -> Field:
    """Return waves from -0.5 to 0.5 that widen towards the viewer."""
    small_rows, small_columns = max(2, rows // 2), max(2, columns // 3)
    y = np.linspace(0, 1, small_rows, dtype=np.float32)[:, None]
    x = np.linspace(-0.5, 0.5, small_columns, dtype=np.float32)[None, :]
    z = 1 / (y * 1.1 + 0.09)
    start = canvas.uniform(0, 1)
    u, v = np.broadcast_arrays(x * z * 0.24 + start, z * 0.62 + start)
    waves = sample("fbm", u, v) * 0.6 + sample("cells", u * 0.5, v * 0.8) * 0.4
    return resize(waves - 0.5, (columns, rows))


def lay_mist(canvas: Canvas, top: float, bottom: float, strength: float, across: float = 0.8) -> None:
    """Lay a bank of drifting mist between two heights."""
    _, y = canvas.grid(0.2)
    bank = smoothstep(top, (top * 0.45 + bottom * 0.55), y) * smoothstep(bottom, (top * 0.3 + bottom * 0.7), y)
    drift = 0.45 + 0.9 * field(canvas.rng, canvas.low(0.2), across, "soft", tall=3)
    colour = mix(canvas.light.horizon, canvas.light.sun, 0.15)
    if canvas.light.name == "night":
        colour = canvas.light.horizon
    canvas.paste(colour, np.clip(bank * drift * strength, 0, 1))


def fall_rain(canvas: Canvas) -> None:
    """Add fine slanted streaks of rain and a slight veil."""
    rng, count = canvas.rng, 420
    layer = Image.new("L", canvas.px)
    slant = canvas.uniform(-0.16, 0.16)
    with canvas.stencil(layer, double=False) as pen:
        for x, y, size in zip(rng.random(count), rng.random(count), rng.random(count), strict=True):
            left, top, length = x * canvas.width, y * canvas.height, 16 + 42 * size
            pen.line([(left, top), (left + slant * length, top + length)], int(26 + 52 * size), 1)
    canvas.im = ImageChops.screen(canvas.im, Image.merge("RGB", (layer, layer, layer)))

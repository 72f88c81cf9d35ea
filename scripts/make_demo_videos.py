"""Render the six silent demo clips and their poster frames (a developer script, never run by the site).

Needs Pillow, numpy and PyAV: ``pip install pillow numpy av``, then ``python scripts/make_demo_videos.py [name ...]``.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from newsportal.demo.pictures import draw  # noqa: E402
from newsportal.demo.pictures.canvas import Canvas  # noqa: E402
from newsportal.demo.pictures.leisure import bokeh  # noqa: E402
from newsportal.demo.pictures.noise import Field, field, generator, sample, smoothstep  # noqa: E402
from newsportal.demo.pictures.palette import Rgb, mix, mood, swatch  # noqa: E402
from newsportal.demo.pictures.sky import paint_sky  # noqa: E402
from newsportal.demo.pictures.street_things import paper_lantern  # noqa: E402

OUT = ROOT / "newsportal" / "demo" / "content" / "videos"
WIDTH, HEIGHT, RATE, SECONDS = 854, 480, 15, 8
FRAMES = RATE * SECONDS
LIMIT = 350_000
Clip = Callable[[], Iterator[Image.Image]]


def times() -> Iterator[float]:
    """Yield the phase of every frame, 0 to 1; motions with whole periods loop seamlessly."""
    for i in range(FRAMES):
        yield i / FRAMES


def backdrop(seed: str, light: str) -> Canvas:
    """Return a canvas of the clip's size under a light."""
    rng = generator(seed)
    return Canvas((1500, 1000), WIDTH / 1500, rng, mood(rng, light))


def crop(canvas: Canvas) -> Image.Image:
    """Cut a canvas to the clip's format."""
    top = (canvas.im.height - HEIGHT) // 2
    return canvas.im.crop((0, top, WIDTH, top + HEIGHT))


def as_image(pixels: Field) -> Image.Image:
    """Turn an array of 0..255 into a frame."""
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def ground(horizon: int, eye: float) -> tuple[Field, Field]:
    """Return the x and z of the level ground under every pixel below the horizon."""
    rows = np.arange(HEIGHT - horizon, dtype=np.float32)[:, None] + 1.5
    z = np.broadcast_to(eye * 520 / rows, (HEIGHT - horizon, WIDTH)).astype(np.float32)
    x = (np.arange(WIDTH, dtype=np.float32)[None, :] - WIDTH / 2) / 520 * z
    return x, z


def tint(low: Rgb, high: Rgb, share: Field) -> Field:
    """Mix two colours by an array."""
    first, second = np.array(low, np.float32), np.array(high, np.float32)
    return first + (second - first) * np.clip(share, 0, 1)[..., None]


def sea() -> Iterator[Image.Image]:
    """Waves running up a beach in the morning."""
    horizon, canvas = 176, backdrop("clip-sea", "dawn")
    paint_sky(canvas, (horizon + (canvas.im.height - HEIGHT) / 2) / canvas.scale)
    base = np.asarray(crop(canvas), dtype=np.float32)
    x, z = ground(horizon, 2.2)
    foam_grain, sand_grain = sample("fbm", x * 0.16, z * 0.1), sample("white", x * 0.25, z * 0.25)
    curve = 5.2 + x * 0.16 + np.sin(x * 0.45) * 0.25 + (sample("soft", x * 0.03, z * 0.02) - 0.5) * 1.2
    for t in times():
        turn = 2 * np.pi * t
        shore = curve + 0.55 * np.sin(2 * turn) - 0.25
        away = z - shore
        swell = 0.5 + 0.25 * np.sin(z * 2.2 + x * 0.5 + 6 * turn) + 0.25 * np.sin(z * 0.9 - x * 0.35 + 4 * turn)
        pixels = tint((46, 92, 116), (206, 178, 172), swell * 0.3 + smoothstep(4, 90, z) * 0.55)
        pixels = tint_over(pixels, (86, 146, 150), smoothstep(3.2, 0, away) * 0.6)
        for k in range(4):
            place = np.mod(k * 1.6 - 6.4 * t, 6.4) + 0.12
            crest = np.exp(-(((away - place) / (0.1 + 0.06 * place)) ** 2)) * (1 - place / 6.6)
            pixels = tint_over(
                pixels, (250, 246, 240), crest * smoothstep(0.4, 0.62, foam_grain + 0.12 * (1 - place / 6))
            )
        sand = tint((150, 122, 98), (202, 172, 138), smoothstep(0.2, -1.6, away) + (sand_grain - 0.5) * 0.12)
        pixels = pixels + (sand - pixels) * smoothstep(0.03, -0.03, away)[..., None]
        edge = np.exp(-((away / 0.13) ** 2)) + 0.55 * smoothstep(0.9, 0, away) * (away > 0)
        pixels = tint_over(pixels, (252, 249, 244), edge * smoothstep(0.36, 0.56, foam_grain + 0.08 * np.sin(2 * turn)))
        frame = base.copy()
        frame[horizon:] = pixels
        yield as_image(frame)


def tint_over(pixels: Field, colour: Rgb, weight: Field) -> Field:
    """Blend one colour over an array of pixels."""
    return pixels + (np.array(colour, np.float32) - pixels) * np.clip(weight, 0, 1)[..., None]


def _towers(rng: np.random.Generator, foot: int) -> tuple[Image.Image, Image.Image, Field]:
    """Return a city's silhouette mask, its window colours and the moment each window lights up."""
    walls, panes = Image.new("L", (WIDTH, HEIGHT)), Image.new("RGB", (WIDTH, HEIGHT))
    moments = Image.new("F", (WIDTH, HEIGHT), 9.0)
    mask, glass, clock = ImageDraw.Draw(walls), ImageDraw.Draw(panes), ImageDraw.Draw(moments)
    x = -10
    while x < WIDTH:
        width = int(rng.integers(34, 76))
        swell = np.exp(-(((x - 520) / 190) ** 2)) + 0.5 * np.exp(-(((x - 170) / 110) ** 2))
        top = foot - int(50 + 210 * swell * rng.uniform(0.6, 1) + rng.uniform(0, 50))
        mask.rectangle((x, top, x + width, foot), fill=int(rng.integers(150, 255)))
        for wy in range(top + 7, foot - 5, 9):
            for wx in range(x + 5, x + width - 6, 8):
                if rng.random() < 0.62:
                    box = (wx, wy, wx + 3, wy + 4)
                    colour = swatch("ffd27a ffe2a6 ffbe66 d8e8ff fff0cf")[int(rng.integers(5))]
                    glass.rectangle(box, fill=colour)
                    clock.rectangle(box, fill=float(rng.beta(1.6, 1.6)))
        x += width + int(rng.integers(-6, 12))
    return walls, panes, np.asarray(moments, dtype=np.float32)


def city() -> Iterator[Image.Image]:
    """Windows lighting up over a river at nightfall."""
    rng, foot = generator("clip-city"), 340
    evening = backdrop("clip-city", "dusk")
    paint_sky(evening, (foot + (evening.im.height - HEIGHT) / 2) / evening.scale)
    early = np.asarray(crop(evening), dtype=np.float32)
    late = tint(
        (10, 16, 40), (70, 62, 104), np.linspace(0, 1.2, HEIGHT, dtype=np.float32)[:, None] * np.ones((1, WIDTH))
    )
    walls, panes, moments = _towers(rng, foot)
    solid = (np.asarray(walls, dtype=np.float32) / 255)[..., None]
    lights = np.asarray(panes, dtype=np.float32)
    rows = np.arange(HEIGHT - foot, dtype=np.float32)[:, None]
    for t in times():
        dark = smoothstep(0.05, 0.95, np.float32(t))
        frame = early + (late * 0.55 + early * 0.45 * 0.5 - early) * dark
        wall = np.array((66, 58, 84), np.float32) * (1 - 0.62 * dark)
        frame = np.where(solid > 0, wall * (0.55 + 0.45 * solid), frame)
        on = (moments < t * 1.05)[..., None] * lights
        halo = np.asarray(as_image(on).filter(ImageFilter.GaussianBlur(5)), dtype=np.float32)
        frame = np.where(on > 0, on, frame) + halo * 0.9
        wave = np.sin(rows * 0.55 - 2 * np.pi * 5 * t) * (1 + rows * 0.05) + np.sin(rows * 0.21 + 2 * np.pi * 3 * t) * (
            1 + rows * 0.03
        )
        source = np.clip(foot - 1 - rows * 1.7 + wave, 0, foot - 1).astype(int)
        shift = np.clip(np.arange(WIDTH)[None, :] + np.rint(wave * 0.9).astype(int), 0, WIDTH - 1)
        frame[foot:] = frame[source, shift] * 0.62 + np.array((8, 12, 26), np.float32)
        yield as_image(frame)


def rain() -> Iterator[Image.Image]:
    """Rings of rain drops on a lake."""
    horizon, rng = 120, generator("clip-rain")
    still = np.asarray(
        draw("lake", "clip-rain-3", "rain", (WIDTH, HEIGHT)).filter(ImageFilter.GaussianBlur(1.4)), dtype=np.float32
    )
    x, z = ground(horizon, 2.6)
    surface = tint((58, 82, 84), (156, 172, 174), smoothstep(2, 26, z) * 0.9)
    patches = field(rng, x.shape, 0.5, "soft", tall=3)
    surface *= (0.82 + 0.36 * patches)[..., None]
    drops = [(rng.uniform(-1, 1), float(rng.uniform(3.2, 24)), float(rng.random())) for _ in range(110)]
    for t in times():
        relief = 0.05 * np.sin(z * 1.6 + x * 0.8 + 4 * np.pi * t) + 0.05 * np.sin(z * 2.3 - x + 6 * np.pi * t)
        for side, depth, start in drops:
            age = np.mod(t - start, 1) * 5
            if age < 1.6:
                _ring(relief, x, z, (side * depth * 0.85, depth), age)
        frame = still.copy()
        frame[:horizon] = still[60 : 60 + horizon]
        frame[horizon:] = surface + relief[..., None] * 105
        blend = np.linspace(0, 1, 26, dtype=np.float32)[:, None, None]
        frame[horizon : horizon + 26] = frame[horizon : horizon + 26] * blend + frame[horizon - 1] * (1 - blend)
        yield _streaks(as_image(frame), rng, 46)


def _ring(relief: Field, x: Field, z: Field, place: tuple[float, float], age: float) -> None:
    """Add one spreading ring to the surface."""
    reach, row = age * 0.62, 520 * 2.6 / place[1]
    top, bottom = (
        int(max(0, 520 * 2.6 / (place[1] + 1.4) - 2)),
        int(min(len(z), 520 * 2.6 / max(1.4, place[1] - 1.4) + 2)),
    )
    middle, half = WIDTH / 2 + place[0] * 520 / place[1], 1.5 * 520 / place[1]
    area = (slice(top, bottom), slice(int(max(0, middle - half)), int(min(WIDTH, max(1, middle + half)))))
    if row > len(z) + 60:
        return
    distance = np.hypot(x[area] - place[0], z[area] - place[1])
    wave = np.sin((distance - reach) * 21) * np.exp(-(((distance - reach) / 0.2) ** 2))
    relief[area] += wave * (1 - age / 1.6) * 0.75


def _streaks(frame: Image.Image, rng: np.random.Generator, count: int) -> Image.Image:
    """Draw falling rain."""
    pen = ImageDraw.Draw(frame, "RGBA")
    for x, y, size in zip(
        rng.uniform(0, WIDTH, count), rng.uniform(-40, HEIGHT, count), rng.uniform(14, 34, count), strict=True
    ):
        pen.line((x, y, x - size * 0.12, y + size), fill=(226, 234, 238, 58), width=1)
    return frame


def snow() -> Iterator[Image.Image]:
    """Snow falling on hills."""
    rng, still = generator("clip-snow"), draw("snowfield", "clip-snow-5", "dawn", (WIDTH, HEIGHT))
    still = still.filter(ImageFilter.GaussianBlur(0.8))
    dim = still.point([int(v * 0.78) for v in range(256)] * 3)
    flakes = [
        (
            rng.uniform(0, WIDTH),
            rng.uniform(0, 1),
            float(size),
            int(rng.integers(1, 3)) if size > 2 else 1,
            rng.uniform(0, 6.28),
        )
        for size in rng.choice([0.9, 1.3, 1.9, 2.8, 4.0], 210, p=[0.3, 0.3, 0.2, 0.14, 0.06])
    ]
    for t in times():
        layer = Image.new("L", (WIDTH * 2, HEIGHT * 2))
        pen = ImageDraw.Draw(layer)
        for x, start, size, laps, phase in flakes:
            y = np.mod(start + t * laps, 1) * (HEIGHT + 30) - 15
            px = np.mod(x + 22 * np.sin(2 * np.pi * t + phase), WIDTH)
            box = ((px - size) * 2, (y - size) * 2, (px + size) * 2, (y + size) * 2)
            pen.ellipse(box, fill=int(255 - 22 * size))
        mask = layer.filter(ImageFilter.GaussianBlur(1.6)).reduce(2)
        frame = dim.copy()
        frame.paste((255, 255, 255), (0, 0), mask)
        yield frame


def wheat() -> Iterator[Image.Image]:
    """Wind running through ripe wheat."""
    horizon, rng = 190, generator("clip-field")
    canvas = backdrop("clip-field-4", "day")
    paint_sky(canvas, (horizon + (canvas.im.height - HEIGHT) / 2) / canvas.scale)
    base = np.asarray(crop(canvas), dtype=np.float32)
    x, z = ground(horizon, 1.5)
    stalks = [
        (rng.uniform(-30, WIDTH + 30), rng.uniform(0, 1) ** 0.8, rng.uniform(0, 1), rng.uniform(0.7, 1.2))
        for _ in range(420)
    ]
    stalks.sort(key=lambda s: s[1])
    for t in times():
        gust = sample("soft", x * 0.03 - t, z * 0.03) * 0.7 + sample("soft", x * 0.06 - 2 * t, z * 0.05 + 0.3) * 0.5
        texture = sample("white", x * 0.09 + gust * 0.012, z * 0.02) * 0.5 + sample("fbm", x * 0.3, z * 0.06) * 0.3
        light = smoothstep(0.35, 0.85, gust) * 0.55 + texture * 0.6 * np.clip(9 / z, 0.25, 1)
        frame = base.copy()
        frame[horizon:] = tint((142, 98, 34), (244, 206, 112), light)
        far = smoothstep(12, 120, z)[..., None]
        frame[horizon:] += (np.array((206, 196, 160), np.float32) - frame[horizon:]) * far * 0.7
        picture = as_image(frame)
        _sway(picture, stalks, t)
        yield picture


def _sway(picture: Image.Image, stalks: list[tuple[float, float, float, float]], t: float) -> None:
    """Draw the foreground ears bending in the wind."""
    pen = ImageDraw.Draw(picture)
    for x, near, phase, tone in stalks:
        bend = 15 + 17 * np.sin(2 * np.pi * (2 * t - x / 520 + phase * 0.12)) + 4 * np.sin(2 * np.pi * (5 * t + phase))
        size = 0.55 + near * 0.75
        foot, top = 330 + near * 190, 330 + near * 190 - 108 * size
        colour = tuple(int(v * tone * (0.62 + 0.38 * near)) for v in (226, 178, 84))
        px, py = x + bend * size, top + abs(bend) * 0.16
        pen.line(
            (x, foot, x + bend * size * 0.35, (foot + top) / 2, px, py), fill=colour, width=max(1, round(1.6 * size))
        )
        for k in range(6):
            ear, r = k / 6, (3.4 - 1.6 * k / 6) * size
            cx, cy = px + bend * 0.34 * ear * size, py - 30 * ear * size
            pen.ellipse(
                (cx - r, cy - r * 1.5, cx + r, cy + r * 1.5),
                fill=tuple(min(255, int(v * (1 + 0.12 * ear))) for v in colour),
            )


def lanterns() -> Iterator[Image.Image]:
    """Red lanterns swaying before a dim street."""
    canvas = backdrop("clip-lanterns", "night")
    canvas.gradient([(0, (20, 14, 26)), (600, (64, 32, 34)), (1000, (22, 14, 18))])
    bokeh(canvas, swatch("ffb060 ff7a4a ffd890 e8553a"), 46, 54)
    canvas.blur(5)
    base = np.asarray(crop(canvas), dtype=np.float32)
    plan = [
        (150, 250, 60, 1),
        (360, 190, 84, 1),
        (590, 270, 74, 2),
        (760, 170, 52, 1),
        (250, 120, 38, 2),
        (690, 90, 34, 1),
    ]
    sprites = [(x, laps, *_sprite(y, r)) for x, y, r, laps in plan[::-1]]
    for t in times():
        frame = base.copy()
        for i, (x, laps, light, through) in enumerate(sprites):
            angle = 3.2 * np.sin(2 * np.pi * (laps * t + i * 0.37)) + 1.1 * np.sin(2 * np.pi * (3 * t + i * 0.2))
            pivot = (light.width / 2, 0)
            added = np.asarray(light.rotate(angle, Image.Resampling.BILINEAR, center=pivot), dtype=np.float32)
            kept = np.asarray(
                through.rotate(angle, Image.Resampling.BILINEAR, center=pivot, fillcolor=(255, 255, 255)),
                dtype=np.float32,
            )
            left, right = max(0, x - light.width // 2), min(WIDTH, x + light.width // 2)
            cut = (slice(0, HEIGHT), slice(left - x + light.width // 2, right - x + light.width // 2))
            frame[:, left:right] = added[cut] + frame[:, left:right] * kept[cut] / 255
        yield as_image(frame)


def _sprite(y: int, r: int) -> tuple[Image.Image, Image.Image]:
    """Return a lantern's own light and how much of the background shows through it."""
    pictures = []
    for ground_colour in ((0, 0, 0), (255, 255, 255)):
        rng = generator("clip-lanterns")
        canvas = Canvas((r * 6, HEIGHT), 1.0, rng, replace(mood(rng, "night"), lamps=1.0))
        canvas.im.paste(ground_colour, (0, 0, *canvas.px))
        paper_lantern(canvas, r * 3, y, r, mix((200, 40, 30), (216, 60, 34), 0.5))
        pictures.append(np.asarray(canvas.im, dtype=np.float32))
    return as_image(pictures[0]), as_image(pictures[1] - pictures[0])


CLIPS: dict[str, Clip] = {
    "clip-sea": sea,
    "clip-city": city,
    "clip-rain": rain,
    "clip-snow": snow,
    "clip-field": wheat,
    "clip-lanterns": lanterns,
}


def encode(path: Path, frames: list[Image.Image], bits: int) -> None:
    """Write frames as VP9 in WebM at about ``bits`` per second."""
    with av.open(str(path), "w", format="webm") as container:
        stream = container.add_stream("libvpx-vp9", rate=RATE)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = WIDTH, HEIGHT, "yuv420p", bits
        stream.options = {"deadline": "good", "cpu-used": "3", "crf": "33", "row-mt": "1", "g": "240"}
        for frame in frames:
            for packet in stream.encode(av.VideoFrame.from_image(frame)):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


def main(names: list[str]) -> None:
    """Render the named clips, or all, lowering the bit rate until each fits the limit."""
    OUT.mkdir(parents=True, exist_ok=True)
    for name in names or list(CLIPS):
        frames = list(CLIPS[name]())
        frames[FRAMES * 3 // 4].save(OUT / f"{name}.jpg", quality=80, optimize=True)
        path, bits = OUT / f"{name}.webm", int(LIMIT * 8 / SECONDS * 0.92)
        encode(path, frames, bits)
        while path.stat().st_size > LIMIT:
            bits = int(bits * 0.85)
            encode(path, frames, bits)
        print(f"{path.name}: {path.stat().st_size // 1000} kB, {SECONDS} s")


if __name__ == "__main__":
    main(sys.argv[1:])

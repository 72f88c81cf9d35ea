"""The drawing surface: virtual coordinates, antialiased vector shapes, gradients, glows and the photographic finish."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .noise import Field, field, tile
from .palette import Light, Rgb, clip

Points = Sequence[tuple[float, float]]
Box = tuple[float, float, float, float]
BICUBIC = Image.Resampling.BICUBIC


class Pen:
    """Vector drawing in virtual coordinates on an enlarged image."""

    def __init__(self, image: Image.Image, scale: float, origin: tuple[float, float] = (0, 0)) -> None:
        """Draw on an image whose pixels are ``scale`` to the unit and start at ``origin``."""
        self.draw = ImageDraw.Draw(image, "RGBA" if image.mode == "RGB" else None)
        self.scale = scale
        self.origin = origin

    def _map(self, points: Points) -> list[tuple[float, float]]:
        """Turn virtual coordinates into pixels."""
        left, top = self.origin
        return [((x - left) * self.scale, (y - top) * self.scale) for x, y in points]

    def _ink(self, fill: Rgb | int, alpha: float) -> tuple[int, ...] | int:
        """Return the fill as Pillow wants it: a grey value or red, green, blue and opacity."""
        if isinstance(fill, int):
            return fill
        return (*fill, int(255 * alpha))

    def poly(self, points: Points, fill: Rgb | int, alpha: float = 1) -> None:
        """Fill a polygon."""
        self.draw.polygon(self._map(points), fill=self._ink(fill, alpha))

    def form(self, x: float, y: float, size: float, outline: str, fill: Rgb | int, alpha: float = 1) -> None:
        """Fill a polygon written as ``"x,y x,y ..."`` in units of ``size`` round a place."""
        self.poly(spots(x, y, size, outline), fill, alpha)

    def line(self, points: Points, fill: Rgb | int, width: float = 1, alpha: float = 1) -> None:
        """Draw a polyline with round joints."""
        pixels = max(1, round(width * self.scale))
        self.draw.line(self._map(points), fill=self._ink(fill, alpha), width=pixels, joint="curve")

    def rect(self, box: Box, fill: Rgb | int, alpha: float = 1, radius: float = 0) -> None:
        """Fill a rectangle (left, top, right, bottom), ignoring empty ones."""
        (left, top), (right, bottom) = self._map([(box[0], box[1]), (box[2], box[3])])
        if right < left or bottom < top:
            return
        if radius:
            self.draw.rounded_rectangle((left, top, right, bottom), radius * self.scale, fill=self._ink(fill, alpha))
        else:
            self.draw.rectangle((left, top, right, bottom), fill=self._ink(fill, alpha))

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Rgb | int, alpha: float = 1) -> None:
        """Fill an ellipse given by its centre and radii."""
        corners = self._map([(x - rx, y - ry), (x + rx, y + ry)])
        self.draw.ellipse([*corners[0], *corners[1]], fill=self._ink(fill, alpha))

    def dot(self, x: float, y: float, r: float, fill: Rgb | int, alpha: float = 1) -> None:
        """Fill a circle."""
        self.oval(x, y, r, r, fill, alpha)

    def ring(self, x: float, y: float, r: float, fill: Rgb | int, width: float = 2, alpha: float = 1) -> None:
        """Draw the outline of a circle."""
        corners = self._map([(x - r, y - r), (x + r, y + r)])
        pixels = max(1, round(width * self.scale))
        self.draw.ellipse([*corners[0], *corners[1]], outline=self._ink(fill, alpha), width=pixels)

    def arc(self, box: Box, start: float, end: float, fill: Rgb | int, width: float) -> None:
        """Draw a part of an ellipse's outline; angles in degrees, clockwise from the right."""
        corners = self._map([(box[0], box[1]), (box[2], box[3])])
        pixels = max(1, round(width * self.scale))
        self.draw.arc([*corners[0], *corners[1]], start, end, fill=self._ink(fill, 1), width=pixels)

    def pie(self, x: float, y: float, r: float, start: float, end: float, fill: Rgb | int, alpha: float = 1) -> None:
        """Fill a sector of a circle; angles in degrees, clockwise from the right."""
        corners = self._map([(x - r, y - r), (x + r, y + r)])
        self.draw.pieslice([*corners[0], *corners[1]], start, end, fill=self._ink(fill, alpha))


def spots(x: float, y: float, size: float, outline: str) -> list[tuple[float, float]]:
    """Parse ``"x,y x,y ..."`` in units of ``size`` round a place."""
    pairs = (pair.split(",") for pair in outline.split())
    return [(x + float(a) * size, y + float(b) * size) for a, b in pairs]


@lru_cache(maxsize=1)
def _halo() -> Image.Image:
    """Return a round falloff used for glows."""
    axis = np.linspace(-1, 1, 256, dtype=np.float32)
    distance = np.hypot(axis[None, :], axis[:, None])
    falloff = np.clip(1 - distance, 0, 1) ** 2.2
    return Image.fromarray((falloff * 255).astype(np.uint8))


class Canvas:
    """An RGB image addressed in virtual units, with the random generator and light of its picture."""

    def __init__(self, base: tuple[int, int], scale: float, rng: np.random.Generator, light: Light) -> None:
        """Start a black picture of a virtual size, at ``scale`` pixels to the unit."""
        self.width, self.height = base
        self.scale = scale
        self.rng = rng
        self.light = light
        self.im = Image.new("RGB", (round(base[0] * scale), round(base[1] * scale)))

    @property
    def px(self) -> tuple[int, int]:
        """Return the size in pixels."""
        return self.im.size

    def low(self, factor: float) -> tuple[int, int]:
        """Return the array shape (rows, columns) of this canvas at a fraction of its resolution."""
        return max(2, round(self.im.height * factor)), max(2, round(self.im.width * factor))

    def grid(self, factor: float) -> tuple[Field, Field]:
        """Return virtual x (row vector) and y (column vector) of a reduced pixel grid."""
        rows, columns = self.low(factor)
        x = (np.arange(columns, dtype=np.float32) + 0.5) * (self.width / columns)
        y = (np.arange(rows, dtype=np.float32) + 0.5) * (self.height / rows)
        return x[None, :], y[:, None]

    def lit(self, colour: Sequence[float], sunny: float = 0.7) -> Rgb:
        """Return a surface colour under the light of this picture."""
        light = self.light
        return clip([c * (a + sunny * d) for c, a, d in zip(colour, light.ambient, light.direct, strict=True)])

    def uniform(self, low: float, high: float) -> float:
        """Return a random number."""
        return float(self.rng.uniform(low, high))

    @contextmanager
    def pen(self, box: Box | None = None) -> Iterator[Pen]:
        """Draw antialiased shapes; a box limits (and speeds up) the work."""
        left, top, right, bottom = box or (0, 0, self.width, self.height)
        x0, y0 = max(0, int(left * self.scale)), max(0, int(top * self.scale))
        x1, y1 = min(self.im.width, int(right * self.scale) + 1), min(self.im.height, int(bottom * self.scale) + 1)
        if x1 <= x0 or y1 <= y0:
            x0, y0, x1, y1 = 0, 0, 1, 1
        part = self.im.crop((x0, y0, x1, y1))
        part = part.resize((part.width * 2, part.height * 2), Image.Resampling.NEAREST)
        yield Pen(part, self.scale * 2, (x0 / self.scale, y0 / self.scale))
        self.im.paste(part.reduce(2), (x0, y0))

    @contextmanager
    def stencil(self, mask: Image.Image, double: bool = True) -> Iterator[Pen]:
        """Draw white on a mask of the size of this canvas."""
        factor = 2 if double else 1
        big = Image.new("L", (mask.width * factor, mask.height * factor))
        yield Pen(big, self.scale * factor * mask.width / self.im.width)
        mask.paste(big.reduce(factor) if double else big)

    def mask(self, factor: float = 1) -> Image.Image:
        """Return an empty mask."""
        rows, columns = self.low(factor)
        return Image.new("L", (columns, rows))

    def paste(self, colours: Field | Rgb, mask: Field | Image.Image | None = None) -> None:
        """Lay colours (an array of any resolution, or one colour) over the picture through a mask of 0..1."""
        cover = mask if mask is None or isinstance(mask, Image.Image) else to_mask(mask)
        if cover is not None and cover.size != self.px:
            cover = cover.resize(self.px, BICUBIC)
        source: Image.Image | Rgb = (
            colours if isinstance(colours, tuple) else to_image(colours).resize(self.px, BICUBIC)
        )
        box = (0, 0, *self.px)
        if cover is None:
            self.im.paste(source, box)
        else:
            self.im.paste(source, box, cover)

    def gradient(self, stops: Sequence[tuple[float, Rgb]]) -> None:
        """Fill the canvas with a vertical gradient; stops are (virtual y, colour)."""
        y = (np.arange(self.im.height) + 0.5) / self.scale
        heights = [s[0] for s in stops]
        rows = np.stack([np.interp(y, heights, [s[1][i] for s in stops]) for i in range(3)], axis=1)
        noise = self.rng.random((self.im.height, 1)) * 0.6
        strip = Image.fromarray(np.clip(rows + noise, 0, 255).astype(np.uint8)[:, None, :])
        self.im.paste(strip.resize(self.px, Image.Resampling.NEAREST), (0, 0))

    def glow(self, x: float, y: float, radius: float, colour: Rgb, strength: float = 1) -> None:
        """Add a soft round light."""
        size = max(2, round(radius * 2 * self.scale))
        left, top = round((x - radius) * self.scale), round((y - radius) * self.scale)
        area = (max(0, left), max(0, top), min(self.im.width, left + size), min(self.im.height, top + size))
        if area[2] <= area[0] or area[3] <= area[1]:
            return
        halo = _halo().resize((size, size), Image.Resampling.BILINEAR)
        halo = halo.crop((area[0] - left, area[1] - top, area[2] - left, area[3] - top))
        bands = [halo.point([int(v * c / 255 * strength) for v in range(256)]) for c in colour]
        self.im.paste(ImageChops.screen(self.im.crop(area), Image.merge("RGB", bands)), area[:2])

    def bloom(self, threshold: int = 150, strength: float = 0.8, radius: float = 3) -> None:
        """Let bright spots bleed into their surroundings as in a lens."""
        small = self.im.reduce(6).point([max(0, v - threshold) * 255 // (255 - threshold) for v in range(256)] * 3)
        wide = ImageChops.add(small.filter(ImageFilter.GaussianBlur(radius)), small.filter(ImageFilter.GaussianBlur(9)))
        wide = wide.point([int(v * strength) for v in range(256)] * 3)
        self.im = ImageChops.screen(self.im, wide.resize(self.px, Image.Resampling.BILINEAR))

    def shade(self, mask: Image.Image, colour: Rgb, alpha: float) -> None:
        """Lay one colour over the picture through a mask, at most ``alpha`` opaque."""
        cover = mask.point([int(v * alpha) for v in range(256)])
        self.paste(colour, cover)

    def blur(self, radius: float, box: Box | None = None) -> None:
        """Blur the picture (or a part) by a virtual radius, cheaply."""
        left, top, right, bottom = (round(v * self.scale) for v in box or (0, 0, self.width, self.height))
        area = (left, top, min(right, self.im.width), min(bottom, self.im.height))
        part = self.im.crop(area)
        factor = max(1, int(radius * self.scale / 3))
        small = part.reduce(factor).filter(ImageFilter.GaussianBlur(radius * self.scale / factor))
        self.im.paste(small.resize(part.size, BICUBIC), area[:2])

    def mottle(self, amount: float, across: float = 1.5, kind: str = "fbm", tall: float = 1) -> None:
        """Vary brightness by noise so that flat areas look like a material."""
        noise = (field(self.rng, self.low(0.4), across, kind, tall) - 0.5) * (2 * amount)
        layer = np.clip(128 + noise * 255, 0, 255).astype(np.uint8)
        big = Image.fromarray(layer).resize(self.px, Image.Resampling.BILINEAR)
        self.im = ImageChops.overlay(self.im, Image.merge("RGB", (big, big, big)))

    def finish(self, vignette: float = 0.22, grain: float = 5.0) -> None:
        """Darken the corners and add film grain."""
        pixels: Field = np.asarray(self.im, dtype=np.float32)
        rows, columns = pixels.shape[:2]
        x = np.linspace(-1, 1, columns, dtype=np.float32)[None, :]
        y = np.linspace(-1, 1, rows, dtype=np.float32)[:, None]
        fall = 1 - np.float32(vignette) * np.clip(x * x * 0.62 + y * y * 0.5 - 0.15, 0, 1)
        noise = (np.tile(tile("white"), (rows // 1024 + 1, columns // 1024 + 1))[:rows, :columns] - 0.5) * (grain * 5)
        pixels = pixels * fall[..., None]
        pixels += noise[..., None]
        self.im = Image.fromarray(np.clip(pixels, 0, 255, out=pixels).astype(np.uint8))


def to_image(colours: Field) -> Image.Image:
    """Turn an array of 0..255 (rows, columns, 3) into an image."""
    return Image.fromarray(np.clip(colours, 0, 255).astype(np.uint8))


def to_mask(values: Field) -> Image.Image:
    """Turn an array of 0..1 into a mask."""
    return Image.fromarray((np.clip(values, 0, 1) * 255).astype(np.uint8))


def soften(mask: Image.Image, radius: float) -> Image.Image:
    """Blur a mask by a radius in its pixels, cheaply."""
    factor = max(1, int(radius / 3))
    small = mask.reduce(factor).filter(ImageFilter.GaussianBlur(radius / factor))
    return small.resize(mask.size, BICUBIC)

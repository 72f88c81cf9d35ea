"""Perspective terrain: a height field sampled on depth slices, shaded, cut to what is seen and mirrored in water."""

import numpy as np
from numpy.typing import NDArray

from .canvas import BICUBIC, Canvas, to_image
from .noise import Field, sample, smoothstep
from .palette import Rgb, mix, scale

QUALITY = 0.56


class Ground:
    """A piece of land seen by a level camera; scenes set ``height`` and ``albedo`` and call ``render``."""

    def __init__(
        self, canvas: Canvas, horizon: float, *, cam: float = 1.0, near: float = 1.2, far: float = 40, slices: int = 360
    ) -> None:
        """Lay flat land from ``near`` to ``far`` before a camera ``cam`` units above it."""
        self.canvas = canvas
        self.rows, self.columns = canvas.low(QUALITY)
        self.horizon = horizon / canvas.height * self.rows
        self.focal = self.columns / 1.5
        self.cam = cam
        self.z = np.geomspace(near, far, slices, dtype=np.float32)[:, None]
        self.x = self.z * np.linspace(-0.75, 0.75, self.columns, dtype=np.float32)[None, :]
        self.height: Field = np.zeros_like(self.x)
        self.albedo: Field = np.zeros((*self.x.shape, 3), np.float32)
        self.gloss: Field | None = None
        self.level: float | None = None
        self.water: Rgb | None = None
        self.calm = 0.75
        self.haze = 1.0
        self.relief = 1.0

    def noise(self, kind: str, period: float, squeeze: float = 1.0) -> Field:
        """Sample a noise field over the land; one period spans ``period`` units, turned and shifted at random."""
        rng = self.canvas.rng
        angle, du, dv = rng.uniform(0, 6.28), rng.random(), rng.random()
        cos, sin = np.float32(np.cos(angle) / period), np.float32(np.sin(angle) / period)
        across = np.float32(squeeze)
        u = (self.x * cos + self.z * sin) * across + np.float32(du)
        return sample(kind, u, self.z * cos - self.x * sin + np.float32(dv))

    def ramp(self, low: float, high: float) -> Field:
        """Return a smooth ramp over depth as a column."""
        return smoothstep(low, high, self.z)

    def cover(self, colour: Rgb, mask: Field | float = 1.0, vary: Field | None = None, amount: float = 0.35) -> None:
        """Blend a surface colour into the land where the mask is 1; ``vary`` modulates its brightness."""
        target = np.array(colour, np.float32)
        paint = target if vary is None else target * (1 + (vary - 0.5)[..., None] * (2 * amount))
        weight = np.asarray(mask, np.float32)
        self.albedo += (weight[..., None] if weight.ndim else weight) * (paint - self.albedo)

    def slope(self) -> Field:
        """Return how steep the land is, 0 (flat) and up."""
        dx, dz = self._slopes()
        return np.hypot(dx, dz)

    def _slopes(self) -> tuple[Field, Field]:
        """Return the slopes to the right and into the depth."""
        step = self.x[:, 1:2] - self.x[:, 0:1]
        dx = np.zeros_like(self.height)
        dx[:, 1:-1] = (self.height[:, 2:] - self.height[:, :-2]) / (2 * step)
        dz = np.zeros_like(self.height)
        dz[1:-1] = (self.height[2:] - self.height[:-2]) / (self.z[2:] - self.z[:-2])
        return dx, dz

    def _shaded(self, sun_x: float) -> Field:
        """Return the land's colours under the light of the picture, with aerial perspective."""
        light = self.canvas.light
        dx, dz = self._slopes()
        dx, dz = dx * np.float32(self.relief), dz * np.float32(self.relief)
        side = (sun_x / self.canvas.width - 0.5) * 2
        sun = np.array([side * 0.9 + (0.25 if side > 0 else -0.25), 0.34 + light.altitude * 0.55, 0.05], np.float32)
        sun /= np.linalg.norm(sun)
        facing = (-dx * sun[0] + sun[1] - dz * sun[2]) / np.sqrt(1 + dx * dx + dz * dz)
        facing = np.clip(facing, 0, 1)[..., None]
        open_sky = (1 / (1 + 0.35 * np.hypot(dx, dz)))[..., None]
        ambient = np.array(light.ambient, np.float32) * open_sky
        colours = self.albedo * (ambient + facing * np.array(light.direct, np.float32))
        far = float(self.z[-1, 0])
        thickness = 1 - np.exp(-((self.z / far) * light.haze * self.haze * 1.9))
        low = np.clip(1.15 - self.height / (0.22 * far), 0.55, 1.15)
        fog = np.array(self._fog(), np.float32)
        return colours + np.clip(thickness * low, 0, 1)[..., None] * (fog - colours)

    def _fog(self) -> Rgb:
        """Return the colour of distant air."""
        light = self.canvas.light
        return mix(light.horizon, light.middle, 0.12 if light.name == "mist" else 0.4)

    def _resolve(self, rows_down: Field) -> tuple[NDArray[np.intp], Field, Field]:
        """Find for every pixel the nearest slice that covers it, its blend with the slice before, and land or sky."""
        count, columns = rows_down.shape
        top = np.minimum.accumulate(rows_down, axis=0)
        cut = np.clip(np.ceil(top), 0, self.rows).astype(np.intp)
        histogram = np.bincount((cut * columns + np.arange(columns)).ravel(), minlength=(self.rows + 1) * columns)
        above = histogram.reshape(self.rows + 1, columns)[1:]
        index = np.cumsum(above[::-1], axis=0)[::-1]
        land = index < count
        index = np.minimum(index, count - 1)
        here = np.take_along_axis(top, index, axis=0)
        before = np.take_along_axis(top, np.maximum(index - 1, 0), axis=0)
        row = np.arange(self.rows, dtype=np.float32)[:, None]
        share = np.clip((before - row) / np.maximum(before - here, 1e-3), 0, 1)
        return index, share.astype(np.float32), land.astype(np.float32)

    def _gather(self, values: Field, index: NDArray[np.intp], share: Field) -> Field:
        """Look the values of slices up for every pixel."""
        flat = values.reshape(-1, values.shape[-1])
        place = index * self.columns + np.arange(self.columns)
        back = np.maximum(place - self.columns, place % self.columns)
        return flat[back] * (1 - share[..., None]) + flat[place] * share[..., None]

    def _project(self, height: Field, cam: float) -> Field:
        """Return the picture row of every point for a camera height."""
        return np.float32(self.horizon) - (height - np.float32(cam)) * np.float32(self.focal) / self.z

    def render(self, sun_x: float) -> None:
        """Paint the land (and its water) over the sky that the canvas already holds."""
        sky = np.asarray(self.canvas.im.resize((self.columns, self.rows)), dtype=np.float32)
        self._sink_foreground()
        wet = None if self.level is None else self.height < self.level
        if self.level is not None:
            self.height = np.maximum(self.height, np.float32(self.level))
        colours = self._shaded(sun_x)
        if wet is not None:
            colours = np.concatenate([colours, wet[..., None].astype(np.float32)], axis=-1)
        index, share, land = self._resolve(self._project(self.height, self.cam))
        picture = self._gather(colours, index, share)
        result = picture[..., :3]
        if wet is not None and wet.any():
            result = self._flood(result, picture[..., 3:], colours[..., :3], wet, sky, index)
        elif self.gloss is not None:
            shine = self._gather(self.gloss[..., None], index, share)
            result = result + shine * (self._mirror(sky) - result)
        self.canvas.paste(result, land)

    def _sink_foreground(self) -> None:
        """Press land down that would rise like a wall at the lower edge of the picture."""
        limit = self.cam - (self.rows - self.horizon) * float(self.z[0, 0]) / self.focal
        excess = np.clip(self.height[0] - np.float32(limit), 0, None)
        near = float(self.z[0, 0])
        self.height = self.height - excess[None, :] * np.exp(-(self.z - near) / np.float32(near * 0.9))

    def _mirror(self, sky: Field) -> Field:
        """Return the sky turned upside down at the horizon."""
        row = np.clip(np.abs(2 * self.horizon - np.arange(self.rows)), 0, self.rows - 1).astype(np.intp)
        return sky[row]

    def _flood(
        self, result: Field, cover: Field, colours: Field, wet: NDArray[np.bool_], sky: Field, seen: NDArray[np.intp]
    ) -> Field:
        """Blend the mirrored land and sky into the wet pixels."""
        deep = np.clip(np.arange(self.rows, dtype=np.float32)[:, None] - self.horizon, 0, None)
        knee, rest = np.float32(0.7 * self.horizon), np.float32(0.28 * self.horizon)
        bent = np.where(deep < knee, deep, knee + rest * (1 - np.exp(-(deep - knee) / rest)))
        ripple = self._ripple()
        sway = ripple * deep * (1.05 - self.calm) * 1.3
        source = np.clip(self.horizon - bent + sway, 0, self.rows - 1).astype(np.intp)
        mirrored = self._reflect(
            colours, wet, sky[source, np.arange(self.columns)[None, :]], seen, np.minimum(sway, 0) - deep
        )
        light = self.canvas.light
        body = np.array(self.water or scale(mix(light.zenith, light.middle, 0.35), 0.6), np.float32)
        depth = np.clip(deep / (self.rows - self.horizon), 0, 1)
        weight = np.clip(0.1 + 0.55 * depth + ripple * (1.3 - self.calm) * 0.9, 0.05, 0.85)[..., None]
        return result + cover * (mirrored + weight * (body - mirrored) - result)

    def _reflect(
        self, colours: Field, wet: NDArray[np.bool_], sky: Field, seen: NDArray[np.intp], rise: Field
    ) -> Field:
        """Return what the water mirrors: for every pixel the first land behind it that the reflected ray meets."""
        top = max(0, int(self.horizon))
        rows, columns = slice(top, self.rows, 2), slice(0, self.columns, 3)
        target, start = self.horizon + rise[rows, columns], seen[rows, columns]
        below = self._project(self.height, 2 * (self.level or 0.0) - self.cam)[:, columns]
        below = np.where(wet[:, columns], np.float32(1e6), below)
        best = np.full(target.shape, -1, np.intp)
        for place in range(len(below) - 1, -1, -1):
            np.putmask(best, (below[place] <= target) & (start < place), place)
        column = np.arange(self.columns)[columns][None, :]
        small = np.where((best >= 0)[..., None], colours[best, column], sky[rows, columns])
        mirrored = np.zeros_like(sky)
        mirrored[top:] = np.asarray(to_image(small).resize((self.columns, self.rows - top), BICUBIC), dtype=np.float32)
        return mirrored

    def _ripple(self) -> Field:
        """Return waves from -0.5 to 0.5 in perspective."""
        row = np.arange(self.rows, dtype=np.float32)[:, None]
        z = self.focal * 0.8 / np.maximum(row - self.horizon, 1.5)
        x = np.linspace(-0.5, 0.5, self.columns, dtype=np.float32)[None, :]
        u, v = np.broadcast_arrays(x * z * 0.05, z * 0.12)
        return sample("fbm", u, v) - np.float32(0.5)

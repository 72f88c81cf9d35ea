"""Seamless noise fields: built once per process from fixed seeds, then sampled at seed-dependent places."""

import zlib
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Field = NDArray[np.floating[Any]]
TILE = 1024
FIXED_SEEDS = {"fbm": 11, "ridged": 23, "soft": 37, "cells": 41, "white": 53, "billow": 67}


def generator(*parts: object) -> np.random.Generator:
    """Return a random generator that depends on the given parts only."""
    return np.random.default_rng(zlib.crc32("|".join(map(str, parts)).encode()))


def _frequencies() -> Field:
    """Return the radial frequency of every bin of a half-plane spectrum of one tile."""
    rows = np.fft.fftfreq(TILE, 1 / TILE)[:, None]
    columns = np.fft.rfftfreq(TILE, 1 / TILE)[None, :]
    return np.hypot(rows, columns).astype(np.float32)


def _shaped(rng: np.random.Generator, amplitude: Field) -> Field:
    """Return a periodic Gaussian field of unit variance whose spectrum has the given amplitude."""
    spectrum = np.fft.rfft2(rng.standard_normal((TILE, TILE)).astype(np.float32)) * amplitude
    field = np.fft.irfft2(spectrum, s=(TILE, TILE)).astype(np.float32)
    return (field - field.mean()) / field.std()


def _power(slope: float, low: float) -> Field:
    """Return a power-law amplitude that starts at frequency ``low``."""
    freq = _frequencies()
    return np.where(freq >= low, np.maximum(freq, 1) ** -slope, 0).astype(np.float32)


def _band(centre: float) -> Field:
    """Return an amplitude of about one octave round ``centre``."""
    ratio = np.log2(np.maximum(_frequencies(), 0.01) / centre)
    return np.exp(-((ratio / 0.45) ** 2)).astype(np.float32)


def _unit(field: Field, spread: float = 5.0) -> Field:
    """Map a standard normal field to 0..1."""
    return np.clip(field / spread + 0.5, 0, 1).astype(np.float32)


def _octaves(rng: np.random.Generator, ridged: bool) -> Field:
    """Return a multifractal of sharp crests (ridged) or round lumps (not ridged)."""
    total = np.zeros((TILE, TILE), np.float32)
    weight = np.ones((TILE, TILE), np.float32)
    amplitude = 1.0
    for octave in range(7):
        bumps = np.minimum(np.abs(_shaped(rng, _band(2.5 * 2**octave))) / 1.8, 1)
        signal = ((1 - bumps) ** 2 if ridged else bumps) * weight
        total += signal * amplitude
        weight = np.clip(signal * 1.6, 0.1, 1) if ridged else weight
        amplitude *= 0.42
    low, high = np.quantile(total, [0.005, 0.999])
    return np.clip((total - low) / (high - low), 0, 1).astype(np.float32)


@lru_cache(maxsize=16)
def tile(kind: str) -> Field:
    """Return the named periodic field with values in 0..1."""
    rng = np.random.default_rng(FIXED_SEEDS[kind])
    if kind in ("ridged", "billow"):
        return _octaves(rng, ridged=kind == "ridged")
    if kind == "white":
        return _unit(rng.standard_normal((TILE, TILE)).astype(np.float32))
    if kind == "cells":
        return _unit(_shaped(rng, _band(96)))
    return _unit(_shaped(rng, _power(1.75 if kind == "fbm" else 2.6, 2.0)))


def sample(kind: str, u: Field, v: Field) -> Field:
    """Sample a tile bilinearly; one unit of ``u`` or ``v`` is one period."""
    source = tile(kind).ravel()
    x, y = u * np.float32(TILE), v * np.float32(TILE)
    x_floor, y_floor = np.floor(x), np.floor(y)
    fx, fy = x - x_floor, y - y_floor
    x0 = x_floor.astype(np.int32) & (TILE - 1)
    y0 = (y_floor.astype(np.int32) & (TILE - 1)) * TILE
    x1 = (x0 + 1) & (TILE - 1)
    y1 = (y0 + TILE) & (TILE * TILE - 1)
    top = source[y0 + x0] * (1 - fx) + source[y0 + x1] * fx
    bottom = source[y1 + x0] * (1 - fx) + source[y1 + x1] * fx
    return top + (bottom - top) * fy


def field(rng: np.random.Generator, shape: tuple[int, int], across: float, kind: str = "fbm", tall: float = 1) -> Field:
    """Return an axis-aligned patch of a tile; ``across`` is its width in periods, ``tall`` its vertical density."""
    rows, columns = shape
    u = np.linspace(0, across, columns, dtype=np.float32) + np.float32(rng.random())
    v = np.linspace(0, across * tall * rows / columns, rows, dtype=np.float32) + np.float32(rng.random())
    return sample(kind, *np.broadcast_arrays(u[None, :], v[:, None]))


def profile(rng: np.random.Generator, count: int, across: float, kind: str = "fbm") -> Field:
    """Return a one-dimensional cut through a tile."""
    return field(rng, (1, count), across, kind)[0]


def resize(values: Field, size: tuple[int, int]) -> Field:
    """Resample a field smoothly to (width, height)."""
    return np.asarray(Image.fromarray(values.astype(np.float32)).resize(size, Image.Resampling.BICUBIC))


def smoothstep(low: float, high: float, values: Field) -> Field:
    """Return the smooth ramp from 0 at ``low`` to 1 at ``high``."""
    t = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    return t * t * (3 - 2 * t)

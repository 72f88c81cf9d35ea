"""Colours: light moods for photographs and helpers to mix and vary colours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Light:
    """The mood of a picture: sky colours, light on things and how thick the air is."""

    name: str
    zenith: Rgb
    middle: Rgb
    horizon: Rgb
    sun: Rgb
    ambient: tuple[float, float, float]
    direct: tuple[float, float, float]
    haze: float
    cover: float
    altitude: float
    lamps: float = 0.0

    @property
    def dark(self) -> bool:
        """Tell whether lamps and windows shine."""
        return self.lamps > 0.3


_MOODS: dict[str, tuple[Light, ...]] = {
    "day": (
        Light("day", (46, 104, 170), (112, 164, 210), (208, 224, 232), (255, 247, 230),
              (0.42, 0.47, 0.55), (0.78, 0.71, 0.58), 0.55, 0.45, 0.8),
        Light("day", (70, 130, 176), (150, 188, 208), (226, 226, 214), (255, 242, 214),
              (0.46, 0.48, 0.50), (0.76, 0.68, 0.52), 0.75, 0.6, 0.7),
        Light("day", (28, 84, 158), (86, 146, 206), (190, 216, 234), (255, 250, 238),
              (0.38, 0.45, 0.56), (0.84, 0.77, 0.66), 0.4, 0.25, 0.9),
    ),
    "dawn": (
        Light("dawn", (92, 120, 172), (214, 172, 172), (255, 212, 158), (255, 226, 176),
              (0.44, 0.41, 0.48), (0.80, 0.54, 0.36), 0.95, 0.4, 0.16),
        Light("dawn", (120, 140, 180), (232, 188, 176), (252, 226, 190), (255, 236, 204),
              (0.48, 0.45, 0.50), (0.72, 0.52, 0.40), 1.2, 0.3, 0.2),
        Light("dawn", (66, 92, 140), (190, 140, 160), (250, 180, 138), (255, 214, 150),
              (0.38, 0.36, 0.46), (0.84, 0.50, 0.32), 0.8, 0.6, 0.12),
    ),
    "dusk": (
        Light("dusk", (34, 44, 92), (142, 84, 116), (248, 152, 86), (255, 196, 110),
              (0.27, 0.25, 0.37), (0.78, 0.40, 0.22), 0.7, 0.55, 0.08, 0.8),
        Light("dusk", (40, 52, 104), (108, 96, 148), (226, 156, 142), (255, 190, 150),
              (0.28, 0.28, 0.42), (0.60, 0.36, 0.30), 0.9, 0.45, 0.05, 0.9),
        Light("dusk", (52, 40, 74), (186, 82, 76), (255, 176, 82), (255, 206, 110),
              (0.29, 0.24, 0.32), (0.86, 0.44, 0.18), 0.6, 0.65, 0.12, 0.7),
    ),
    "night": (
        Light("night", (6, 12, 32), (16, 30, 62), (42, 58, 94), (226, 232, 244),
              (0.10, 0.13, 0.22), (0.16, 0.19, 0.28), 0.5, 0.3, 0.62, 1.0),
        Light("night", (10, 10, 30), (30, 26, 60), (70, 56, 92), (240, 230, 214),
              (0.12, 0.12, 0.20), (0.16, 0.16, 0.24), 0.7, 0.45, 0.5, 1.0),
    ),
    "rain": (
        Light("rain", (84, 94, 104), (122, 132, 140), (172, 180, 184), (190, 196, 198),
              (0.50, 0.54, 0.57), (0.10, 0.10, 0.10), 1.5, 1.0, 0.9, 0.45),
        Light("rain", (70, 84, 100), (106, 122, 136), (156, 170, 178), (180, 190, 196),
              (0.42, 0.48, 0.54), (0.08, 0.09, 0.10), 1.3, 1.0, 0.9, 0.5),
    ),
    "mist": (
        Light("mist", (172, 188, 196), (202, 212, 214), (230, 232, 226), (248, 244, 232),
              (0.58, 0.61, 0.63), (0.22, 0.20, 0.17), 3.0, 0.5, 0.5),
        Light("mist", (186, 190, 190), (216, 212, 202), (238, 230, 214), (250, 240, 220),
              (0.60, 0.58, 0.56), (0.26, 0.21, 0.15), 2.6, 0.4, 0.4),
    ),
}  # fmt: skip

LIGHT_NAMES = tuple(_MOODS)


def mood(rng: np.random.Generator, name: str) -> Light:
    """Return one of the variants of a light, with its colours slightly shifted."""
    if name not in _MOODS:
        raise ValueError(f"Unknown light: {name}")
    variants = _MOODS[name]
    light = variants[int(rng.integers(len(variants)))]
    shift = rng.normal(0, 5, 3)
    return replace(
        light,
        zenith=clip(np.add(light.zenith, shift)),
        middle=clip(np.add(light.middle, shift * 0.8)),
        horizon=clip(np.add(light.horizon, shift * 0.5)),
        cover=float(np.clip(light.cover + rng.normal(0, 0.12), 0.05, 1)),
    )


def clip(values: Sequence[float] | np.ndarray) -> Rgb:
    """Round and clip three numbers to a colour."""
    red, green, blue = (int(min(255, max(0, round(float(v))))) for v in values)
    return red, green, blue


def mix(first: Sequence[float], second: Sequence[float], share: float) -> Rgb:
    """Return the colour that lies ``share`` of the way from the first to the second."""
    return clip([a + (b - a) * share for a, b in zip(first, second, strict=True)])


def scale(colour: Sequence[float], factor: float) -> Rgb:
    """Make a colour darker (below 1) or lighter."""
    return clip([v * factor for v in colour])


def hexa(code: str) -> Rgb:
    """Parse a colour such as ``c23a2e``."""
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


def swatch(codes: str) -> list[Rgb]:
    """Parse a space-separated list of colour codes."""
    return [hexa(code) for code in codes.split()]


def jitter(rng: np.random.Generator, colour: Sequence[float] | np.ndarray, amount: float = 10) -> Rgb:
    """Vary brightness more than hue, as real surfaces of one material do."""
    return clip(np.add(colour, rng.normal(0, amount)) + rng.normal(0, amount * 0.35, 3))


def pick[T](rng: np.random.Generator, options: Sequence[T]) -> T:
    """Choose one of the options."""
    return options[int(rng.integers(len(options)))]

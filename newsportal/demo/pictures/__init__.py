"""Procedural demo pictures: every scene is drawn from a seed, without text, faces or outside material."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from . import (
    brushwork,
    city,
    country,
    graphic,
    indoors,
    ink,
    landscape,
    leisure,
    objects,
    people,
    still,
    street_things,
    tech,
    transport,
    upright,
)
from .canvas import Canvas
from .noise import generator
from .palette import LIGHT_NAMES, mood
from .sky import fall_rain

__all__ = ["LIGHT_NAMES", "SCENES", "Scene", "draw"]

WIDE, TALL = (1500, 1000), (900, 1200)


@dataclass(frozen=True)
class Scene:
    """How a scene is painted: its painter, virtual size, weather and finish."""

    paint: Callable[[Canvas], None]
    base: tuple[int, int] = WIDE
    lit: bool = True
    outdoors: bool = True
    zoom: float = 1.0
    anchor: float = 0.5
    vignette: float = 0.22
    grain: float = 5.0


def _register() -> dict[str, Scene]:
    """Collect the scenes of all modules."""
    scenes: dict[str, Scene] = {}
    for module in (landscape, country, city, transport, leisure, tech, people):
        scenes |= {name: Scene(paint) for name, paint in module.SCENES.items()}
    for module in (indoors, street_things):
        scenes |= {name: Scene(paint, outdoors=False) for name, paint in module.SCENES.items()}
    for module in (still, objects):
        scenes |= {name: Scene(paint, outdoors=False, zoom=1.14, anchor=0.85) for name, paint in module.SCENES.items()}
    for module in (ink, brushwork):
        scenes |= {name: Scene(paint, lit=False, vignette=0.1, grain=3) for name, paint in module.SCENES.items()}
    scenes |= {name: Scene(paint, lit=False, vignette=0, grain=1.6) for name, paint in graphic.SCENES.items()}
    scenes |= {name: Scene(paint, TALL, lit=False, vignette=0, grain=1.6) for name, paint in upright.SCENES.items()}
    return scenes


SCENES: dict[str, Scene] = _register()


def draw(scene: str, seed: str, light: str = "day", size: tuple[int, int] = (1600, 1067)) -> Image.Image:
    """Return the picture of a scene; the same arguments always give the same pixels.

    The scene is composed on its own base format and cropped at the centre to ``size``.
    """
    if scene not in SCENES:
        raise ValueError(f"Unknown scene: {scene}")
    spec = SCENES[scene]
    rng = generator(scene, seed)
    chosen = mood(rng, light if spec.lit else "day")
    scale = max(size[0] / spec.base[0], size[1] / spec.base[1]) * spec.zoom
    canvas = Canvas(spec.base, scale, rng, chosen)
    spec.paint(canvas)
    left, top = (canvas.im.width - size[0]) // 2, int((canvas.im.height - size[1]) * spec.anchor)
    canvas.im = canvas.im.crop((left, top, left + size[0], top + size[1]))
    if light == "rain" and spec.lit and spec.outdoors:
        fall_rain(canvas)
    canvas.finish(spec.vignette, spec.grain)
    return canvas.im

"""The newsroom's back office, a module per job."""

from . import articles, channels, magazine, media, names, placements, pushes, topics, words

__all__ = ["articles", "channels", "magazine", "media", "names", "placements", "pushes", "topics", "words"]

"""Share posters (分享海报): one picture of an article to send to a friend or into a group chat."""

from .drawing import draw
from .keeping import BusyError, drawn, forget, kept
from .poster import Poster, poster_of

__all__ = ["BusyError", "Poster", "draw", "drawn", "forget", "kept", "poster_of"]

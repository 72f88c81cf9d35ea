"""The letter desk in the back office."""

from . import letters, templates  # noqa: F401 -- register their models

"""The back office of what readers write."""

from comments.letters import admin  # noqa: F401 -- registers its models

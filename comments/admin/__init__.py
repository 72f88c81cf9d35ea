"""The back office of what readers write, a module per job."""

from comments.letters import admin as letters

from . import policies, queue, records, sanctions

__all__ = ["letters", "policies", "queue", "records", "sanctions"]

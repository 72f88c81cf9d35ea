"""The back office of comments, a module per job."""

from . import policies, queue, records, sanctions

__all__ = ["policies", "queue", "records", "sanctions"]

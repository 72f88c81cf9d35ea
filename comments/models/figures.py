from django.db import models


class DayFigures(models.Model):
    """What happened to comments on one day, counted once it was over (每日统计), for the public report.

    Derived: comments.moderation.figures counts it from the record, and can do so again.
    """

    day = models.DateField("日期", primary_key=True)
    # {"posted": 12, "rejected": {"attack": 3}, "waits": {"40": 2}, …}: comments.moderation.figures.count_day.
    figures = models.JSONField("数字", default=dict)

    class Meta:
        verbose_name = "评论每日统计"
        verbose_name_plural = "评论每日统计"
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}"

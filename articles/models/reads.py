"""Reads (点击): counted apart from the article rows, by the hour. Indexes as in `derived`: none beside a constraint."""

from django.db import models
from django.db.models import Q

from .articles import Article


class ArticleReads(models.Model):
    """All reads of one article."""

    article = models.OneToOneField(Article, primary_key=True, on_delete=models.CASCADE, related_name="read_total")
    total = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "累计点击"
        verbose_name_plural = "累计点击"


class HourlyReads(models.Model):
    """Reads of one article within one hour, given by its start."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="hourly_reads", db_index=False)
    hour = models.DateTimeField()
    reads = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "每小时点击"
        constraints = [models.UniqueConstraint(fields=["article", "hour"], name="hourly_reads_once")]
        # The ranking sums all articles of a window.
        indexes = [models.Index(fields=["hour", "article", "reads"], name="hourly_reads_window")]


class ReadMark(models.Model):
    """That somebody's read was counted, so that a reload is not. `reader` is a keyed hash that changes daily."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+", db_index=False)
    reader = models.BinaryField(max_length=16)
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "阅读标记"
        constraints = [models.UniqueConstraint(fields=["article", "reader"], name="read_mark_once")]
        indexes = [models.Index(fields=["counted_at"], name="read_mark_age")]


class RankingEntry(models.Model):
    """A line of a ranking (热榜), recounted every few minutes by `counters.refresh_rankings`."""

    class Period(models.TextChoices):
        HOT = "hot", "热点"
        DAY = "day", "日榜"
        WEEK = "week", "周榜"
        MONTH = "month", "月榜"

    period = models.CharField(max_length=6, choices=Period)
    position = models.PositiveSmallIntegerField()
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    reads = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "热榜名次"
        ordering = ["period", "position"]
        constraints = [
            models.UniqueConstraint(fields=["period", "position"], name="ranking_position_once"),
            models.UniqueConstraint(fields=["period", "article"], name="ranking_article_once"),
        ]


class RankingRefresh(models.Model):
    """When the rankings were recounted last; its one row is what concurrent recounts contend for."""

    refreshed_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "热榜更新"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="ranking_refresh_is_one_row")]

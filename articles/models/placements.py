from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .articles import Article
from .media import Photo


class PlacementQuerySet(models.QuerySet):
    def active(self, at: datetime | None = None):
        """Placements in force at the moment `at` (now by default)."""
        at = at or timezone.now()
        return self.filter(Q(starts_at=None) | Q(starts_at__lte=at), Q(ends_at=None) | Q(ends_at__gt=at))


class Placement(models.Model):
    """An article put by hand into a slot of the home page (推荐位). An empty slot falls back to the newest."""

    class Slot(models.TextChoices):
        HEADLINE = "headline", "头条"
        CAROUSEL = "carousel", "焦点图"
        PICK = "pick", "推荐（要闻）"
        HOT = "hot", "今日热点"

    slot = models.CharField("位置", max_length=10, choices=Slot)
    article = models.ForeignKey(Article, verbose_name="稿件", on_delete=models.CASCADE, related_name="placements")
    position = models.PositiveSmallIntegerField("次序", default=0, help_text="小的在前。")
    starts_at = models.DateTimeField("开始", null=True, blank=True, help_text="留空表示立即。")
    ends_at = models.DateTimeField("结束", null=True, blank=True, help_text="留空表示一直有效；到时由最新稿件补位。")
    title = models.CharField("另用标题", max_length=60, blank=True)
    picture = models.ForeignKey(
        Photo, verbose_name="另用图片", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = "推荐位"
        verbose_name_plural = "推荐位"
        ordering = ["slot", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "article"],
                name="placement_once",
                violation_error_message="这篇稿件已经在这个位置上了。",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="placement_ends_after_start",
                violation_error_message="结束时间必须晚于开始时间。",
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at"], name="placement_end"),
            models.Index("starts_at", name="placement_start"),
        ]

    def __str__(self) -> str:
        return f"{self.get_slot_display()}：{self.title or self.article}"

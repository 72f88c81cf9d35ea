from django.conf import settings
from django.db import models
from django.db.models import Q

from .articles import Article


class ArticleEvent(models.Model):
    """What happened to an article that readers can or could open (留痕): one link of the article's chain.

    Written by `articles.trace` alone and never changed: a trigger in the database refuses it.
    """

    class Kind(models.TextChoices):
        ADOPTED = "adopted", "留痕开始"
        SCHEDULED = "scheduled", "定时"
        RECALLED = "recalled", "取消定时"
        PUBLISHED = "published", "发布"
        CHANGED = "changed", "修改"
        CORRECTED = "corrected", "更正"
        WITHDRAWN = "withdrawn", "撤稿"
        RESTORED = "restored", "恢复发布"

    article = models.ForeignKey(
        Article, verbose_name="稿件", on_delete=models.PROTECT, related_name="events", db_index=False
    )
    number = models.PositiveIntegerField("序号")
    kind = models.CharField("事项", max_length=10, choices=Kind)
    reason = models.CharField("说明", max_length=300, blank=True)
    at = models.DateTimeField("时间")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经手人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text_digest = models.CharField("文本指纹", max_length=64)
    previous = models.CharField("上一条的指纹", max_length=64, blank=True)
    digest = models.CharField("本条的指纹", max_length=64)

    class Meta:
        verbose_name = "留痕"
        verbose_name_plural = "留痕"
        ordering = ["-id"]
        constraints = [
            # Its index also reads one article's chain in order.
            models.UniqueConstraint(fields=["article", "number"], name="article_event_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="article_event_numbered"),
            models.CheckConstraint(
                condition=~Q(kind__in=["corrected", "withdrawn"]) | ~Q(reason=""), name="article_event_says_why"
            ),
        ]
        indexes = [
            # The public list of corrections, the newest first. Not partial: SQLite cannot tell that a parameter in the
            # query is "corrected", and would read every event there is.
            models.Index(fields=["kind", "-at", "-id"], name="article_event_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}（第 {self.number} 条）"

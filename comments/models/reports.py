from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from .comments import PEOPLES_REASONS, Comment


class Report(models.Model):
    """That a reader finds a comment should not stand there (举报)."""

    class State(models.TextChoices):
        OPEN = "open", "待处理"
        UPHELD = "upheld", "举报成立"
        DISMISSED = "dismissed", "不成立"

    # Found by the constraints below.
    comment = models.ForeignKey(
        Comment, verbose_name="评论", on_delete=models.PROTECT, related_name="reports", db_index=False
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="举报人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    visitor = models.CharField("游客标识", max_length=32, blank=True)
    network = models.CharField("网络", max_length=43, blank=True)
    reason = models.CharField("理由", max_length=12, choices=[(r.value, r.label) for r in PEOPLES_REASONS])
    note = models.CharField("说明", max_length=300, blank=True)
    # Told to whoever reported, who follows the case by it: comments.reporting.new_receipt.
    receipt = models.CharField("受理编号", max_length=20, unique=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="处理人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    handled_at = models.DateTimeField("处理时间", null=True)
    # Shown to whoever reported.
    answer = models.CharField("答复", max_length=300, blank=True)
    created_at = models.DateTimeField("举报时间", default=timezone.now)

    class Meta:
        verbose_name = "举报"
        verbose_name_plural = "举报"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "reporter"], condition=Q(reporter__isnull=False), name="report_once"
            ),
            models.UniqueConstraint(
                fields=["comment", "visitor"], condition=~Q(visitor=""), name="report_once_by_visitor"
            ),
            models.CheckConstraint(condition=Q(state__in=["open", "upheld", "dismissed"]), name="report_state_known"),
            models.CheckConstraint(
                condition=Q(reason__in=[reason.value for reason in PEOPLES_REASONS]), name="report_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", handled_at=None) | (~Q(state="open") & Q(handled_at__isnull=False)),
                name="report_handled_at",
            ),
        ]
        indexes = [
            # All reports of a comment: not all fall under one constraint.
            models.Index(fields=["comment", "-id"], name="report_comment"),
            # What waits, the oldest first.
            models.Index(fields=["id"], name="report_open", condition=Q(state="open")),
            # A month, for the public report.
            models.Index(fields=["created_at", "id"], name="report_time"),
            # What became of them, for the same.
            models.Index(fields=["handled_at"], name="report_handled", condition=Q(handled_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}（{self.receipt}）"

    def get_absolute_url(self) -> str:
        return reverse("comments:report_status", args=[self.receipt])

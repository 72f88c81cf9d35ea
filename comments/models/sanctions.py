from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.models import Channel

from .comments import Comment


class SanctionQuerySet(models.QuerySet):
    def in_force(self, at: datetime | None = None):
        """Not lifted, and not past their time: `Sanction.is_in_force`."""
        return self.filter(Q(until=None) | Q(until__gt=at or timezone.now()), lifted_at=None)


class Sanction(models.Model):
    """What was imposed on an account or a network (处罚), told to whom it meets. There is none in secret."""

    class Kind(models.TextChoices):
        # Asks to be acknowledged before the next comment; takes nothing away.
        WARN = "warn", "警告"
        SLOW = "slow", "限速"
        HOLD = "hold", "逐条先审"
        MUTE = "mute", "禁言"
        BAN = "ban", "封禁"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="会员",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="comment_sanctions",
        db_index=False,
    )
    network = models.CharField(
        "网络", max_length=43, blank=True, help_text="没有账号的游客按网络处罚，例如 192.0.2.0/24。"
    )
    kind = models.CharField("处罚", max_length=10, choices=Kind)
    reason = models.CharField("原因", max_length=300, help_text="当事人会看到。")
    channel = models.ForeignKey(
        Channel,
        verbose_name="只限栏目",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="留空是全站。",
    )
    comment = models.ForeignKey(
        Comment, verbose_name="起因", null=True, blank=True, on_delete=models.SET_NULL, related_name="sanctions"
    )
    until = models.DateTimeField("到期时间", null=True, blank=True, help_text="禁言和限速必须有到期时间。")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="经手人",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField("时间", default=timezone.now, editable=False)
    acknowledged_at = models.DateTimeField("当事人已读", null=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="解除人",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    lifted_at = models.DateTimeField("解除时间", null=True, editable=False)
    lifted_reason = models.CharField("解除原因", max_length=300, blank=True, editable=False)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = "评论处罚"
        verbose_name_plural = "评论处罚"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["warn", "slow", "hold", "mute", "ban"]), name="sanction_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, network="") | (Q(user=None) & ~Q(network="")),
                name="sanction_of_user_or_network",
                violation_error_message="会员和网络只填一个。",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["mute", "slow"]) | Q(until__isnull=False),
                name="sanction_ends",
                violation_error_message="禁言和限速必须有到期时间。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="warn") | Q(user__isnull=False),
                name="sanction_warns_a_member",
                violation_error_message="警告只能发给会员。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="sanction_says_why", violation_error_message="处罚要写明原因。"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_reason="") | (Q(lifted_at__isnull=False) & ~Q(lifted_reason="")),
                name="sanction_lifted_with_reason",
                violation_error_message="解除要写明原因。",
            ),
        ]
        indexes = [
            # Those of an account and of a network: with each comment, and in the queue.
            models.Index(fields=["user", "-id"], name="sanction_user", condition=Q(user__isnull=False)),
            models.Index(fields=["network", "-id"], name="sanction_network", condition=~Q(network="")),
            # A day, for the public report.
            models.Index(fields=["at"], name="sanction_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.user or self.network}"

    def clean(self) -> None:
        if self.until and self.until <= self.at:
            raise ValidationError({"until": "到期时间必须在以后。"})

    def is_in_force_at(self, at: datetime) -> bool:
        """`SanctionQuerySet.in_force` for one sanction."""
        return self.lifted_at is None and (self.until is None or self.until > at)

    @property
    def is_in_force(self) -> bool:
        return self.is_in_force_at(timezone.now())

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Notice(models.Model):
    """What an account is told (通知): on the site, and by mail where it is wanted."""

    class Kind(models.TextChoices):
        REPLY = "reply", "回复"
        DECISION = "decision", "审核结果"
        SANCTION = "sanction", "处罚"
        APPEAL = "appeal", "申诉"
        REPORT = "report", "举报"
        LETTER = "letter", "来信"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="会员",
        on_delete=models.CASCADE,
        related_name="comment_notices",
        db_index=False,
    )
    kind = models.CharField("类别", max_length=10, choices=Kind)
    text = models.CharField("内容", max_length=500)
    link = models.CharField("地址", max_length=200, blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("已读时间", null=True)

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(link="") | (Q(link__startswith="/") & ~Q(link__startswith="//")),
                name="notice_leads_to_a_page_of_ours",
            ),
        ]
        indexes = [
            # Those of an account, the newest first.
            models.Index(fields=["user", "-id"], name="notice_user"),
            # How many are unread.
            models.Index(fields=["user"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.text


class NoticeSettings(models.Model):
    """Whether an account wants its notices by mail too. No row: no."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="会员",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="notice_settings",
    )
    by_mail = models.BooleanField("也发邮件", default=False)

    class Meta:
        verbose_name = "通知设置"
        verbose_name_plural = "通知设置"

    def __str__(self) -> str:
        return "也发邮件" if self.by_mail else "只在站内"

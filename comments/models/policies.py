from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from articles.models import Channel

LONGEST_COMMENT = 5000


class CommentPolicy(models.Model):
    """The rules of commenting: one row for the site, and one for each channel that has its own.

    A channel's row stands in for the site's whole row, but for the one switch: what is closed for the site is closed
    everywhere. Without any row the defaults of these fields hold.
    """

    class Mode(models.TextChoices):
        PRE = "pre", "先审后发"
        TRUSTED = "trusted", "受信任的会员先发后审"
        AFTER_N = "after_n", "通过若干条后先发后审"

    channel = models.OneToOneField(
        Channel,
        verbose_name="栏目",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="comment_policy",
        help_text="留空是全站的规则；选了栏目，这个栏目就用这一套，不用全站的。",
    )
    is_open = models.BooleanField(
        "开放评论",
        default=True,
        help_text="取消后谁也不能发表；已经公开的照常显示。全站规则里取消，就是一键关闭全站评论。",
    )
    mode = models.CharField("审核方式", max_length=10, choices=Mode, default=Mode.PRE)
    needed_approvals = models.PositiveSmallIntegerField(
        "通过几条后先发", default=3, help_text="只用于“通过若干条后先发后审”；命中规则的仍然先审。"
    )
    visitors_may_comment = models.BooleanField("游客可以评论", default=False, help_text="不登录，填一个昵称就能评论。")
    needs_phone = models.BooleanField(
        "评论须先验证手机号",
        default=False,
        help_text="没有验证手机号的会员和游客不能评论，会看到去哪里验证；编辑部的账号不受限制。",
    )
    closes_after_days = models.PositiveSmallIntegerField(
        "发布几天后关闭", default=0, help_text="稿件发布满这么多天后不再接受评论；0 表示一直开放。"
    )
    seconds_between = models.PositiveSmallIntegerField("两条间隔（秒）", default=15, help_text="0 表示不限。")
    most_in_ten_minutes = models.PositiveSmallIntegerField("十分钟内最多几条", default=5, help_text="0 表示不限。")
    most_in_a_day = models.PositiveSmallIntegerField("一天内最多几条", default=30, help_text="0 表示不限。")
    # Many people share a network: an office, a school, a town behind one provider.
    network_factor = models.PositiveSmallIntegerField(
        "同一网络放宽倍数", default=4, help_text="同一网络（一个办公室、一所学校）里的人合起来，最多是一个人的几倍。"
    )
    longest = models.PositiveSmallIntegerField("最多几个字", default=1000)
    hide_after_reports = models.PositiveSmallIntegerField(
        "几人举报后先隐藏",
        default=5,
        help_text="公开的评论被这么多人举报，就先隐藏、回到待审；0 表示不自动隐藏。审核员核对保留过的不再隐藏。",
    )
    changed_at = models.DateTimeField("最近修改", auto_now=True)

    class Meta:
        verbose_name = "评论规则"
        verbose_name_plural = "评论规则"
        ordering = ["id"]
        constraints = [
            # The column's own index lets several rows have no channel.
            models.UniqueConstraint(
                Coalesce("channel", Value(0)),
                name="comment_policy_once",
                violation_error_message="全站和每个栏目只能各有一套规则：请直接修改已有的那一套。",
            ),
            models.CheckConstraint(condition=Q(mode__in=["pre", "trusted", "after_n"]), name="comment_policy_mode"),
            models.CheckConstraint(
                condition=Q(needed_approvals__gte=1),
                name="comment_policy_needs_one",
                violation_error_message="至少要通过一条。",
            ),
            models.CheckConstraint(
                condition=Q(network_factor__gte=1),
                name="comment_policy_network_factor",
                violation_error_message="同一网络至少和一个人一样多。",
            ),
            models.CheckConstraint(
                condition=Q(longest__gte=1, longest__lte=LONGEST_COMMENT),
                name="comment_policy_length",
                violation_error_message=f"字数要在 1 到 {LONGEST_COMMENT} 之间。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.channel) if self.channel_id else "全站"

    def clean(self) -> None:
        if self.channel_id and self.channel.kind == Channel.Kind.LINK:
            raise ValidationError({"channel": "导航链接没有稿件，不用设评论规则。"})


class TrustedMember(models.Model):
    """A member whose comments are seen at once where the rules say so (受信任的会员)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name="会员", on_delete=models.CASCADE, related_name="comment_trust"
    )
    note = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="经手人",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "受信任的会员"
        verbose_name_plural = "受信任的会员"
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.user)

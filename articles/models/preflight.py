from django.db import models


class PreflightRule(models.Model):
    """How much one point of the check before publication (体检) matters on this site."""

    class Rule(models.TextChoices):
        ORIGINAL_TITLE = "original_title", "转载稿没有填原标题"
        ORIGIN = "origin", "性质与来源对不上"
        LEAD = "lead", "导语太短或太长"
        LONG_TITLE = "long_title", "标题太长"
        SAME_TITLE = "same_title", "标题与近期稿件雷同"
        COVER = "cover", "没有封面图"
        ALT = "alt", "图片没有替代文字"
        CREDIT = "credit", "图片没有署名"
        RIGHTS = "rights", "图片没有版权说明"
        LICENCE = "licence", "图片没有写版权种类"
        EXPIRED = "expired", "图片版权已到期或已下架"
        LINKS = "links", "站内链接打不开"

    class Level(models.TextChoices):
        BLOCK = "block", "拦下"
        WARN = "warn", "提醒"
        OFF = "off", "不查"

    rule = models.CharField("体检项目", max_length=20, choices=Rule, unique=True, editable=False)
    level = models.CharField(
        "处理", max_length=10, choices=Level, default=Level.WARN, help_text="拦下：改好才能发布；提醒：只提醒，不拦。"
    )

    class Meta:
        verbose_name = "体检规则"
        verbose_name_plural = "体检规则"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__in=["block", "warn", "off"]), name="preflight_rule_level_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_rule_display()

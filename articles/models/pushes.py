from django.db import models
from django.db.models import Q


class LinkPush(models.Model):
    """An address to tell a search engine of (推送), or told already. One row an address and engine, used again."""

    class Target(models.TextChoices):
        INDEXNOW = "indexnow", "IndexNow"
        BAIDU = "baidu", "百度"

    target = models.CharField("推送给", max_length=10, choices=Target)
    url = models.CharField("网址", max_length=400)
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    # Waiting while set. A process that delivers moves it ahead, so the row comes back by itself if that process dies.
    next_attempt_at = models.DateTimeField("下次推送", null=True, blank=True)
    last_error = models.CharField("最近的错误", max_length=300, blank=True)
    delivered_at = models.DateTimeField("最近送达", null=True, blank=True)

    class Meta:
        verbose_name = "网址推送"
        verbose_name_plural = "网址推送"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["target", "url"], name="link_push_once")]
        indexes = [
            # What was given up: the back office's list of what has an error and waits no more.
            models.Index(fields=["last_error", "-id"], name="link_push_error"),
            # What is due: pushing.claim.
            models.Index(
                fields=["target", "next_attempt_at"], name="link_push_due", condition=Q(next_attempt_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_target_display()} {self.url}"

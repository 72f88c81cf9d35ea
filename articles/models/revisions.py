from django.conf import settings
from django.db import models
from django.db.models import Q

from .articles import Article


class Revision(models.Model):
    """An article as it was saved once (修订): its text and all that an editor gave it, but not what the clock decides.

    Written by `articles.revisions` alone and never changed: a trigger in the database refuses it.
    """

    article = models.ForeignKey(
        Article, verbose_name="稿件", on_delete=models.CASCADE, related_name="revisions", db_index=False
    )
    number = models.PositiveIntegerField("版次")
    # {"title": …, "body": …, "channel": [id, name], "tags": [[id, name], …], …}: `revisions.content_of`.
    content = models.JSONField("内容")
    digest = models.CharField("指纹", max_length=64)
    # The number of the revision that was brought back with this one.
    restored = models.PositiveIntegerField("恢复自", null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="保存的人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "修订"
        verbose_name_plural = "修订"
        ordering = ["-id"]
        constraints = [
            # Its index also reads one article's revisions in order.
            models.UniqueConstraint(fields=["article", "number"], name="revision_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="revision_numbered"),
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 版"

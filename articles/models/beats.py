from django.conf import settings
from django.db import models
from django.db.models import Q

from regions.models import Region

from .channels import Channel


class Beat(models.Model):
    """What a member of the newsroom answers for (分管): a channel, a region with its cities, or a channel there.

    Whoever has none answers for the whole site.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.CASCADE, related_name="beats"
    )
    channel = models.ForeignKey(
        Channel,
        verbose_name="栏目",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="beats",
        help_text="留空表示所有栏目。",
    )
    region = models.ForeignKey(
        Region,
        verbose_name="地区",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="beats",
        help_text="留空表示不限地区；选省级地区，包括所辖城市。",
    )

    class Meta:
        verbose_name = "分管范围"
        verbose_name_plural = "分管范围（一行也不填：全站）"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__isnull=False) | Q(region__isnull=False),
                name="beat_of_something",
                violation_error_message="请选栏目或地区；要管全站，请把所有行都删掉。",
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(str(part) for part in (self.channel, self.region) if part)

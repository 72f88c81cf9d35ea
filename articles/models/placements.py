from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from regions.models import Region

from .articles import Article
from .channels import Channel
from .media import Photo

TWICE = "这篇稿件已经在这个位置上了。"


class PlacementQuerySet(models.QuerySet):
    def active(self, at: datetime | None = None):
        """Placements in force at the moment `at` (now by default)."""
        at = at or timezone.now()
        return self.filter(Q(starts_at=None) | Q(starts_at__lte=at), Q(ends_at=None) | Q(ends_at__gt=at))


class Placement(models.Model):
    """An article put by hand into a slot (推荐位): of the home page, or at the head of a channel or a region.

    An empty slot falls back to the newest.
    """

    class Slot(models.TextChoices):
        HEADLINE = "headline", "头条"
        CAROUSEL = "carousel", "焦点图"
        PICK = "pick", "推荐（要闻）"
        HOT = "hot", "今日热点"
        CHANNEL = "channel", "栏目页置顶"
        REGION = "region", "地区页置顶"

    slot = models.CharField("位置", max_length=10, choices=Slot)
    channel = models.ForeignKey(
        Channel,
        verbose_name="哪个栏目",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="placements",
        help_text="只在“栏目页置顶”时选。",
    )
    region = models.ForeignKey(
        Region,
        verbose_name="哪个地区",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="placements",
        help_text="只在“地区页置顶”时选。",
    )
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
                condition=Q(channel=None, region=None),
                name="placement_once",
                violation_error_message=TWICE,
            ),
            models.UniqueConstraint(
                fields=["channel", "article"],
                condition=Q(channel__isnull=False),
                name="placement_once_in_channel",
                violation_error_message=TWICE,
            ),
            models.UniqueConstraint(
                fields=["region", "article"],
                condition=Q(region__isnull=False),
                name="placement_once_in_region",
                violation_error_message=TWICE,
            ),
            models.CheckConstraint(
                condition=Q(slot="channel", channel__isnull=False, region=None)
                | Q(slot="region", region__isnull=False, channel=None)
                | (~Q(slot__in=["channel", "region"]) & Q(channel=None, region=None)),
                name="placement_of_its_page",
                violation_error_message="“栏目页置顶”要选栏目，“地区页置顶”要选地区，其他位置两样都不选。",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="placement_ends_after_start",
                violation_error_message="结束时间必须晚于开始时间。",
            ),
        ]
        indexes = [
            # The back office's list, in which all stand that ever were.
            models.Index(fields=["slot", "position", "id"], name="placement_order"),
            models.Index(fields=["ends_at"], name="placement_end"),
            models.Index("starts_at", name="placement_start"),
        ]

    def __str__(self) -> str:
        page = self.channel or self.region
        return f"{f'{page} · ' if page else ''}{self.get_slot_display()}：{self.title or self.article}"

    def clean(self) -> None:
        if self.slot:
            for name, slot in (("channel", self.Slot.CHANNEL), ("region", self.Slot.REGION)):
                is_wanted, label = self.slot == slot, slot.label
                if is_wanted != (getattr(self, f"{name}_id") is not None):
                    page = self._meta.get_field(name).verbose_name.removeprefix("哪个")
                    text = f"“{label}”要选{page}。" if is_wanted else f"只有“{label}”才选{page}。"
                    raise ValidationError({name: text})
        if self.slot == self.Slot.CAROUSEL and self.article_id and not self.has_picture:
            raise ValidationError({"picture": "焦点图要有图片：这篇稿件没有封面图，请另配一张。"})

    @property
    def has_picture(self) -> bool:
        """Whether there is one to show: its own or the article's cover, unless it was taken down."""
        return any(photo is not None and photo.is_shown for photo in (self.picture, self.article.cover))

    def is_active(self, at: datetime) -> bool:
        """`PlacementQuerySet.active` for one row."""
        return (self.starts_at is None or self.starts_at <= at) and (self.ends_at is None or self.ends_at > at)

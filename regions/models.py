"""The tree of regions: province-level units with GB/T 2260 codes, and the cities below them."""

from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse


class RegionQuerySet(models.QuerySet):
    def provinces(self):
        """The province-level units, in the order of the region bar."""
        return self.filter(parent=None)


class Region(models.Model):
    """An administrative region. Depth is two: a province-level unit, or a city (county) of one."""

    code = models.CharField(
        "行政区划代码",
        max_length=6,
        unique=True,
        validators=[RegexValidator(r"^[1-9]\d{5}$", "行政区划代码是六位数字，例如 330000。")],
        help_text="GB/T 2260 的六位数字代码。",
    )
    name = models.CharField("简称", max_length=20, help_text="导航中显示的名字，例如“浙江”。")
    full_name = models.CharField("全称", max_length=40)
    slug = models.SlugField("网址名", max_length=40, unique=True, help_text="地址中的名字：/regions/网址名/。")
    parent = models.ForeignKey(
        "self",
        verbose_name="上级地区",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text="省级地区留空。",
    )
    position = models.PositiveSmallIntegerField("次序", default=0, help_text="小的在前。")

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "地区"
        verbose_name_plural = "地区"
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="region_not_its_own_parent"),
            models.CheckConstraint(condition=Q(code__regex=r"^[1-9][0-9]{5}$"), name="region_code_six_digits"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return region_address(self.slug)

    def clean(self) -> None:
        if self.parent and (self.parent_id == self.pk or self.parent.parent_id):
            raise ValidationError({"parent": "上级地区必须是另一个省级地区。"})
        if self.parent and self.pk and self.children.exists():
            raise ValidationError({"parent": "这个地区有下级地区，不能再放到别的地区之下。"})

    def lineage_ids(self) -> list[int]:
        """The id of this region and of the province above it, if any. Does not query."""
        return [self.pk] if self.parent_id is None else [self.pk, self.parent_id]


@lru_cache(maxsize=1000)
def region_address(slug: str) -> str:
    """The address of a region's page. Kept: many pages name all of them."""
    return reverse("articles:region_detail", args=[slug])

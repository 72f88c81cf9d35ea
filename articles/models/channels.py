from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

# First parts of addresses that are not channels (DESIGN 5, and what serves files).
RESERVED_SLUGS = frozenset(
    """
    about accounts admin articles authors comments corrections feeds hant healthz letters magazine media members
    offline posters preferences preview qr ranking reads readyz regions rolling search sources staff static tags topics
    """.split()
)


class ChannelQuerySet(models.QuerySet):
    def shown(self):
        """Channels that readers may open: not hidden, and more than a link."""
        return self.filter(is_hidden=False).exclude(kind=Channel.Kind.LINK)

    def in_navigation(self):
        """Entries of both navigation rows, row by row, in order."""
        return self.filter(is_hidden=False, nav_group__gt=0).order_by("nav_group", "nav_order", "id")


class Channel(models.Model):
    """A section of the site (栏目), or a mere entry of the navigation that leads to another page."""

    class Kind(models.TextChoices):
        NEWS = "news", "新闻列表"
        GALLERY = "gallery", "图集"
        VIDEO = "video", "视频"
        POEMS = "poems", "诗文"
        DOCUMENTS = "documents", "文件资料"
        LINK = "link", "导航链接"

    class NavGroup(models.IntegerChoices):
        NONE = 0, "不在导航中"
        FIRST = 1, "第一行"
        SECOND = 2, "第二行"

    name = models.CharField("名称", max_length=20, unique=True)
    slug = models.SlugField(
        "网址名", max_length=40, unique=True, help_text="地址的第一段，只用小写字母、数字和短横线。有稿件以后不能再改。"
    )
    kind = models.CharField(
        "类型", max_length=12, choices=Kind, default=Kind.NEWS, help_text="决定列表页和稿件页的版式。"
    )
    link = models.CharField(
        "链接", max_length=200, blank=True, help_text="只用于“导航链接”：本站地址，以 / 开头，例如 /magazine/。"
    )
    description = models.CharField("简介", max_length=200, blank=True, help_text="显示在栏目页顶部，也给搜索引擎看。")
    nav_group = models.PositiveSmallIntegerField("导航行", choices=NavGroup, default=NavGroup.NONE)
    nav_order = models.PositiveSmallIntegerField("导航次序", default=0, help_text="小的在前。")
    home_order = models.PositiveSmallIntegerField(
        "首页次序", default=0, help_text="首页栏目区的次序，小的在前且版面更大；0 表示不上首页。"
    )
    is_hidden = models.BooleanField("隐藏", default=False, help_text="隐藏后栏目页和其中的稿件都不公开。")
    review_steps = models.PositiveSmallIntegerField(
        "发布前审几次",
        choices=[(1, "一审（先发后审）"), (2, "二审（先发后审）"), (3, "三审")],
        default=3,
        help_text="快讯可以一审后先发，余下的审次记为欠审，发布后补签。",
    )

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = "栏目"
        verbose_name_plural = "栏目"
        ordering = ["nav_group", "nav_order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="link", link__startswith="/") | (~Q(kind="link") & Q(link="")),
                name="channel_link_only_for_links",
                violation_error_message="“导航链接”要填以 / 开头的链接；其他类型请把链接留空。",
            ),
            models.CheckConstraint(condition=Q(nav_group__in=[0, 1, 2]), name="channel_nav_group_known"),
            models.CheckConstraint(condition=Q(review_steps__in=[1, 2, 3]), name="channel_review_steps_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.link if self.kind == self.Kind.LINK else channel_address(self.slug)

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS and self.kind != self.Kind.LINK:
            raise ValidationError({"slug": f"“{self.slug}”是系统页面的地址，请换一个。"})
        if self.link.startswith("//"):
            raise ValidationError({"link": "链接必须是本站地址，以一个 / 开头。"})
        if self.slug != self.slug.lower():
            raise ValidationError({"slug": "网址名只用小写字母。"})


@lru_cache(maxsize=1000)
def channel_address(slug: str) -> str:
    """The address of a channel that has a page. Kept: every page names all of them, and every article is below one."""
    return reverse("articles:channel_detail", args=[slug])

"""Articles and what names them: sources, authors, tags, credits, former addresses."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from newsportal.lib.chinese import reading_minutes
from regions.models import Region

from .channels import Channel, channel_address
from .media import Photo, Video


class Source(models.Model):
    """Where an article comes from (来源): this newsroom or another."""

    name = models.CharField("名称", max_length=60, unique=True)
    url = models.URLField("网址", max_length=300, blank=True)
    is_own = models.BooleanField("本站", default=False, help_text="本站自己的稿件用这个来源。")
    note = models.CharField("授权说明", max_length=200, blank=True, help_text="转载依据，只在后台显示。")

    class Meta:
        verbose_name = "来源"
        verbose_name_plural = "来源"
        ordering = ["-is_own", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:source_detail", args=[self.pk])


class Author(models.Model):
    """Somebody who signs articles (作者), on the staff or not."""

    name = models.CharField("姓名", max_length=60, unique=True)
    bio = models.CharField("简介", max_length=200, blank=True)

    class Meta:
        verbose_name = "作者"
        verbose_name_plural = "作者"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:author_detail", args=[self.pk])


class Tag(models.Model):
    name = models.CharField("标签", max_length=20, unique=True)

    class Meta:
        verbose_name = "标签"
        verbose_name_plural = "标签"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:tag_detail", args=[self.name])

    def clean(self) -> None:
        self.name = self.name.strip()
        if "/" in self.name or not self.name:
            raise ValidationError({"name": "标签不能为空，也不能包含“/”。"})


def address_of(pk: int, channel_slug: str, published_at: datetime) -> str:
    """What reverse("articles:article_detail") answers: lists show dozens of articles, a sitemap ten thousand."""
    day = published_at.astimezone(timezone.get_default_timezone())
    return f"{channel_address(channel_slug)}{day:%Y/%m%d}/{pk}.html"


def in_time(at: datetime, before: datetime | None = None) -> Q:
    """What the clock says at the moment `at`: published by then, before `before` if that is given, and not expired.

    The range of publication has one upper end, the earlier: of two, SQLite may begin at the later one and walk over all
    that lies between.
    """
    published = Q(published_at__lt=before) if before is not None and before <= at else Q(published_at__lte=at)
    return published & (Q(expires_at=None) | Q(expires_at__gt=at))


class ArticleQuerySet(models.QuerySet):
    def published(self, at: datetime | None = None, *, before: datetime | None = None):
        """Articles a reader may open at the moment `at` (now by default). The one rule of publication.

        Given `before`, only those published before it. `Article.is_published` is the same rule for one article; a test
        holds the two together.
        """
        at = at or timezone.now()
        return self.filter(in_time(at, before), status=Article.Status.PUBLISHED, channel__is_hidden=False)

    def newest_first(self):
        return self.order_by("-published_at", "-id")

    def for_list(self):
        """What a list shows, in two columns fewer than the table has: no body, neither as written nor as rendered."""
        return (
            self.select_related("channel", "cover", "source", "video")
            .defer("body", "pages")
            .fetch_mode(models.FETCH_PEERS)
            .newest_first()
        )


class Article(models.Model):
    """A piece of journalism (稿件) with an address that it keeps for ever."""

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "发布"
        WITHDRAWN = "withdrawn", "已撤稿"

    class Origin(models.TextChoices):
        ORIGINAL = "original", "原创"
        REPRINT = "reprint", "转载"

    class AiUse(models.TextChoices):
        NONE = "none", "未使用"
        ASSISTED = "assisted", "AI 辅助"
        GENERATED = "generated", "AI 生成"

    title = models.CharField("标题", max_length=100)
    short_title = models.CharField("短标题", max_length=40, blank=True, help_text="列表中用；留空则用标题。")
    kicker = models.CharField("肩题", max_length=40, blank=True, help_text="标题上方的一行小字。")
    subtitle = models.CharField("副题", max_length=100, blank=True)
    lead = models.CharField("导语", max_length=300, blank=True, help_text="列表和分享中的摘要，50–110 字为宜。")
    channel = models.ForeignKey(Channel, verbose_name="栏目", on_delete=models.PROTECT, related_name="articles")
    origin = models.CharField("性质", max_length=10, choices=Origin, default=Origin.ORIGINAL)
    source = models.ForeignKey(Source, verbose_name="来源", on_delete=models.PROTECT, related_name="articles")
    source_url = models.URLField("原文链接", max_length=500, blank=True)
    original_title = models.CharField("原标题", max_length=100, blank=True, help_text="转载稿原来的标题。")
    duty_editor = models.CharField("责任编辑", max_length=40, blank=True)
    regions = models.ManyToManyField(Region, verbose_name="地区", blank=True, related_name="articles")
    tags = models.ManyToManyField(Tag, verbose_name="标签", blank=True, related_name="articles")
    cover = models.ForeignKey(
        Photo, verbose_name="封面图", null=True, blank=True, on_delete=models.PROTECT, related_name="covered_articles"
    )
    video = models.ForeignKey(
        Video,
        verbose_name="主视频",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="articles",
        help_text="视频栏目的稿件在列表中显示它的时长。",
    )
    body = models.TextField("正文", blank=True)
    # Derived from body by publishing.save_article: rendered pages [{"title", "html"}], none where the body is the only
    # one and needs no rendering; how many there are; and the number of characters.
    pages = models.JSONField("渲染后的分页", default=list, editable=False)
    page_count = models.PositiveSmallIntegerField("页数", default=1, editable=False)
    characters = models.PositiveIntegerField("字数", default=0, editable=False)
    ai_use = models.CharField(
        "AI 使用", max_length=10, choices=AiUse, default=AiUse.NONE, help_text="使用了人工智能的内容必须标识。"
    )
    comments_open = models.BooleanField("开放评论", default=True)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField("发布时间", null=True, blank=True, help_text="将来的时间表示定时发布。")
    expires_at = models.DateTimeField("下线时间", null=True, blank=True, help_text="到时自动下线；一般留空。")
    updated_at = models.DateTimeField(
        "更新时间", null=True, blank=True, help_text="发布后有实质修改时填写，读者会看到。"
    )
    withdrawn_at = models.DateTimeField("撤稿时间", null=True, blank=True, editable=False)
    withdrawn_reason = models.CharField("撤稿原因", max_length=200, blank=True, help_text="读者会在原地址看到。")
    # The article that readers have, for a working copy (修改稿) of it: what is written there, three reviews away.
    draft_of = models.ForeignKey(
        "self",
        verbose_name="修改稿所改",
        null=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="copies",
        db_index=False,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="建稿人", null=True, editable=False, on_delete=models.SET_NULL
    )
    created_at = models.DateTimeField("建稿时间", auto_now_add=True)
    modified_at = models.DateTimeField("最后保存", auto_now=True)
    # Raised by every save of what an editor gives an article, under the row's lock: a form that saw another is refused.
    # Not the time of the save, which two saves may share and a clock that is set back repeats.
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    # Where an article is shown to whoever has the link before it is published; set by that view alone.
    preview_url = ""

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = "稿件"
        verbose_name_plural = "稿件"
        ordering = ["-id"]
        permissions = [
            ("publish_article", "可以发布审完的稿件"),
            ("withdraw_article", "可以撤稿和重新公开"),
            ("edit_any_article", "可以修改别人的稿件"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="article_published_has_time",
                violation_error_message="发布的稿件必须有发布时间。",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | Q(withdrawn_at__isnull=False, published_at__isnull=False),
                name="article_withdrawn_was_published",
                violation_error_message="只有发布过的稿件才能撤稿。",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(published_at=None) | Q(expires_at__gt=F("published_at")),
                name="article_expires_after_publication",
                violation_error_message="下线时间必须晚于发布时间。",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="article_has_title"),
            models.CheckConstraint(
                condition=~Q(origin="reprint", status="published") | ~Q(source_url=""),
                name="article_reprint_has_origin",
                violation_error_message="转载稿发布前必须填写原文链接。",
            ),
            models.CheckConstraint(
                condition=Q(draft_of=None) | Q(status="draft", published_at=None), name="article_copy_is_a_draft"
            ),
            # Its index also finds the copy.
            models.UniqueConstraint(
                fields=["draft_of"], condition=Q(draft_of__isnull=False), name="article_has_one_copy"
            ),
        ]
        indexes = [
            # Rolling news, the newest of the site, a day of the archive. State and end stand in it, so that the back
            # office counts what is public without a look at the rows: SQLite reads the state of each, whatever the
            # condition says, because it is a parameter in the query.
            models.Index(
                fields=["-published_at", "-id", "status", "expires_at"],
                name="article_newest",
                condition=Q(status="published"),
            ),
            # A channel's published articles, in the back office and when the channel is hidden or shown.
            models.Index(
                fields=["channel", "-published_at", "-id"], name="article_channel", condition=Q(status="published")
            ),
            # When the next article goes: publishing.next_change.
            models.Index(fields=["expires_at"], name="article_expiry", condition=Q(expires_at__isnull=False)),
            # The back office's lists of drafts and of withdrawn articles. Not of the published: SQLite would take them
            # for few, read them all through this index, and sort them for every list.
            models.Index(
                fields=["status", "-id"],
                name="article_unpublished",
                condition=Q(status="draft") | Q(status="withdrawn"),
            ),
            # How many drafts a channel has, in the back office.
            models.Index(fields=["channel", "status"], name="article_drafts", condition=Q(status="draft")),
            # The back office's filter by the use of AI: few articles, anywhere in the archive. Not partial: SQLite
            # cannot tell that a parameter is not "none".
            models.Index(fields=["ai_use", "-id"], name="article_ai"),
            # The same of originals and reprints: a site may have few of either.
            models.Index(fields=["origin", "-id"], name="article_origin"),
            # Whether a picture is on the cover of an article of a channel.
            models.Index(fields=["cover", "channel"], name="article_cover", condition=Q(cover__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The article's one address. Empty for an article that was never published."""
        return address_of(self.pk, self.channel.slug, self.published_at) if self.published_at else ""

    @classmethod
    def label_of(cls, field: str) -> str:
        """The Chinese name of a field."""
        return str(cls._meta.get_field(field).verbose_name)

    def page_url(self, number: int) -> str:
        """The address of an in-article page; page 1 is the article's own address."""
        if self.preview_url:
            return self.preview_url if number == 1 else f"{self.preview_url}?part={number}"
        address = self.get_absolute_url()
        return address if number == 1 else f"{address.removesuffix('.html')}_{number}.html"

    @property
    def full_url(self) -> str:
        """The address of the whole text on one page (全文)."""
        if self.preview_url:
            return f"{self.preview_url}?part=all"
        return f"{self.get_absolute_url().removesuffix('.html')}_all.html"

    @property
    def rendered(self) -> list[dict[str, str]]:
        """The pages of the text as readers see them, each {"title", "html"}; at least one."""
        return self.pages or [{"title": "", "html": self.body}]

    @property
    def list_title(self) -> str:
        return self.short_title or self.title

    @property
    def has_picture(self) -> bool:
        """Whether there is a cover to show: one that was taken down (下架) is none."""
        return self.cover is not None and self.cover.is_shown

    @property
    def reading_minutes(self) -> int:
        return reading_minutes(self.characters)

    @property
    def is_published(self) -> bool:
        """Whether a reader may open this article now."""
        return self.is_published_at(timezone.now())

    def is_published_at(self, at: datetime) -> bool:
        """Whether a reader may open this article at that moment: `ArticleQuerySet.published` for one article."""
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= at
            and (self.expires_at is None or self.expires_at > at)
            and not self.channel.is_hidden
        )

    @property
    def is_gone(self) -> bool:
        """Whether readers could open this article once and can no more: withdrawn, or past its time."""
        expired = self.expires_at is not None and self.expires_at <= timezone.now()
        return self.status == self.Status.WITHDRAWN or (self.status == self.Status.PUBLISHED and expired)


class Credit(models.Model):
    """One signature under an article: a role and a person."""

    # Its index is that of the constraint below.
    article = models.ForeignKey(
        Article, verbose_name="稿件", on_delete=models.CASCADE, related_name="credits", db_index=False
    )
    role = models.CharField("身份", max_length=20, default="作者", help_text="例如 作者、文字记者、摄影、统筹。")
    author = models.ForeignKey(Author, verbose_name="姓名", on_delete=models.PROTECT, related_name="credits")
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "署名"
        verbose_name_plural = "署名"
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["article", "role", "author"], name="credit_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.author}"


class OldAddress(models.Model):
    """A path under which something could be found before, and which answers 301 for ever.

    It leads to an article, wherever that is now; or, in an imported site, to a page that keeps its address: a channel,
    a tag, a static page, a picture. A path may end in the query by which WordPress names a post: `/?p=12`.
    """

    path = models.CharField("旧地址", max_length=300, unique=True)
    article = models.ForeignKey(
        Article, verbose_name="稿件", null=True, blank=True, on_delete=models.CASCADE, related_name="old_addresses"
    )
    target = models.CharField("转到", max_length=300, blank=True, help_text="不是稿件时：本站地址，以 / 开头。")
    created_at = models.DateTimeField("记录时间", auto_now_add=True)

    class Meta:
        verbose_name = "旧地址"
        verbose_name_plural = "旧地址"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=False, target="")
                | (Q(article=None, target__startswith="/") & ~Q(target__startswith="//")),
                name="old_address_leads_somewhere",
            ),
        ]
        indexes = [
            # What leads to a picture whose file gets another name.
            models.Index(fields=["target"], name="old_address_target", condition=Q(article=None)),
        ]

    def __str__(self) -> str:
        return self.path

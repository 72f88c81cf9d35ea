from django.db import models
from django.urls import reverse

from .articles import Article
from .media import Photo


class TopicQuerySet(models.QuerySet):
    def shown(self):
        return self.filter(is_published=True)


class Topic(models.Model):
    """A special report (专题): articles put together by hand, in sections."""

    title = models.CharField("标题", max_length=60)
    slug = models.SlugField("网址名", max_length=60, unique=True, help_text="地址：/topics/网址名/。发布后不要改。")
    intro = models.TextField("导言", max_length=600)
    banner = models.ForeignKey(
        Photo, verbose_name="头图", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_published = models.BooleanField("公开", default=False)
    started_on = models.DateField("开始日期")
    updated_at = models.DateTimeField("最后修改", auto_now=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = "专题"
        verbose_name_plural = "专题"
        ordering = ["-started_on", "-id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("articles:topic_detail", args=[self.slug])


class TopicSection(models.Model):
    topic = models.ForeignKey(Topic, verbose_name="专题", on_delete=models.CASCADE, related_name="sections")
    title = models.CharField("小标题", max_length=40)
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "专题分区"
        verbose_name_plural = "专题分区"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.topic} · {self.title}"


class TopicItem(models.Model):
    section = models.ForeignKey(TopicSection, verbose_name="分区", on_delete=models.CASCADE, related_name="items")
    article = models.ForeignKey(Article, verbose_name="稿件", on_delete=models.CASCADE, related_name="topic_items")
    title = models.CharField("另用标题", max_length=60, blank=True, help_text="只在这个专题里用；留空用稿件的标题。")
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "专题稿件"
        verbose_name_plural = "专题稿件"
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["section", "article"], name="topic_item_once")]

    def __str__(self) -> str:
        return str(self.article)

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from .articles import Article
from .media import Photo


class IssueQuerySet(models.QuerySet):
    def shown(self):
        return self.filter(is_published=True)


class Issue(models.Model):
    """An issue of the magazine (杂志期)."""

    year = models.PositiveSmallIntegerField("年", validators=[MinValueValidator(1900), MaxValueValidator(2999)])
    number = models.PositiveSmallIntegerField("期", validators=[MinValueValidator(1), MaxValueValidator(999)])
    title = models.CharField("本期主题", max_length=60)
    intro = models.TextField("卷首语", max_length=800, blank=True)
    cover = models.ForeignKey(Photo, verbose_name="封面", on_delete=models.PROTECT, related_name="+")
    published_on = models.DateField("出版日期")
    is_published = models.BooleanField("公开", default=False)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = "杂志期"
        verbose_name_plural = "杂志"
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="issue_once"),
            models.CheckConstraint(condition=Q(number__gte=1, year__gte=1900), name="issue_number_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年第 {self.number} 期：{self.title}"

    def get_absolute_url(self) -> str:
        return reverse("articles:issue_detail", args=[self.year, self.number])


class IssueItem(models.Model):
    issue = models.ForeignKey(Issue, verbose_name="杂志期", on_delete=models.CASCADE, related_name="items")
    article = models.ForeignKey(Article, verbose_name="稿件", on_delete=models.CASCADE, related_name="issue_items")
    column = models.CharField("栏目", max_length=20, blank=True, help_text="目录中的小标题，例如“封面故事”。")
    title = models.CharField("另用标题", max_length=60, blank=True, help_text="只在目录里用；留空用稿件的标题。")
    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "目录条目"
        verbose_name_plural = "目录"
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["issue", "article"], name="issue_item_once")]

    def __str__(self) -> str:
        return str(self.article)

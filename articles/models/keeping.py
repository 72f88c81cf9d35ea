"""What is kept of texts while they are written: what nobody has saved yet, and who has which text in hand."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .articles import Article

# A page that is open tells of itself every 30 seconds: three of them missed, and it is closed.
LOCK_LASTS = timedelta(seconds=90)


class UnsavedText(models.Model):
    """What somebody typed into the form of an article and has not saved (自动保存), as the form would send it.

    Of an article one for each person; of new ones one for each form that was opened, known by a random key.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="作者", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    article = models.ForeignKey(
        Article, verbose_name="稿件", null=True, on_delete=models.CASCADE, related_name="unsaved_texts"
    )
    key = models.CharField("新稿件的编号", max_length=32, blank=True)
    # {name of a field as the form sends it: its values}.
    values = models.JSONField("内容")
    # The version of the article that was open; 0 where another's save was not looked through yet.
    base = models.PositiveIntegerField("打开时的版本", default=0)
    saved_at = models.DateTimeField("自动保存时间", default=timezone.now)

    class Meta:
        verbose_name = "没保存的文字"
        verbose_name_plural = "没保存的文字"
        ordering = ["-saved_at", "-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "article"], condition=Q(article__isnull=False), name="unsaved_text_once_an_article"
            ),
            models.UniqueConstraint(fields=["user", "key"], condition=Q(article=None), name="unsaved_text_once_a_form"),
            models.CheckConstraint(
                condition=Q(article=None) & ~Q(key="") | Q(article__isnull=False, key=""),
                name="unsaved_text_of_one_thing",
            ),
        ]
        # What nobody came back to is deleted by its age.
        indexes = [models.Index(fields=["saved_at"], name="unsaved_text_age")]

    def __str__(self) -> str:
        return self.title or "没有标题的稿件"

    @property
    def title(self) -> str:
        return "".join(self.values.get("title", [])[:1]).strip()


class EditLockQuerySet(models.QuerySet):
    def live(self):
        """Those whose page is still open."""
        return self.filter(seen_at__gt=timezone.now() - LOCK_LASTS)


class EditLock(models.Model):
    """Who has an article open to write (编辑锁). It tells the others, and keeps nobody from saving."""

    article = models.OneToOneField(
        Article, verbose_name="稿件", on_delete=models.CASCADE, primary_key=True, related_name="edit_lock"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="正在编辑的人", on_delete=models.CASCADE, related_name="+"
    )
    taken_at = models.DateTimeField("开始编辑", default=timezone.now, editable=False)
    seen_at = models.DateTimeField("最近一次报到", default=timezone.now, editable=False)

    objects = EditLockQuerySet.as_manager()

    class Meta:
        verbose_name = "编辑锁"
        verbose_name_plural = "编辑锁"
        ordering = ["article"]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.article)

    @property
    def since(self) -> str:
        """When it was taken, as the newsroom is told: today's by the clock alone."""
        moment = timezone.localtime(self.taken_at)
        is_today = moment.date() == timezone.localdate()
        return f"{moment:%H:%M}" if is_today else f"{moment:%m-%d %H:%M}"

    @property
    def notice(self) -> str:
        return f"{self.user} 正在编辑（{self.since} 起）"

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from newsportal.lib.wordlist import form_of

LEAST_LETTERS, LONGEST_FORM = 2, 100


class ListedWordQuerySet(models.QuerySet):
    def in_force(self, scope: str):
        """Those that are looked for in texts of a kind."""
        return self.filter(is_active=True, **{ListedWord.COLUMNS[scope]: True})


class ListedWord(models.Model):
    """A word that the newsroom watches (敏感词), where it is looked for, and what follows when a text has it."""

    class Scope(models.TextChoices):
        ARTICLE = "article", "稿件"
        COMMENT = "comment", "评论"
        NAME = "name", "名称"

    COLUMNS = {Scope.ARTICLE: "in_articles", Scope.COMMENT: "in_comments", Scope.NAME: "in_names"}

    class Level(models.TextChoices):
        BLOCK = "block", "禁止"
        HOLD = "hold", "待审"
        WARN = "warn", "提示"

    word = models.CharField(
        "词语",
        max_length=50,
        help_text="大小写、全角半角、繁体简体、中间夹的空格和符号都不影响匹配。英文和数字按整词匹配。",
    )
    form = models.CharField(max_length=LONGEST_FORM, unique=True, editable=False)
    level = models.CharField(
        "级别",
        max_length=10,
        choices=Level,
        default=Level.WARN,
        help_text="禁止：改掉才能发布；待审：由有“放行待审词”权限的人发布；提示：只提醒，不拦。",
    )
    reason = models.CharField("理由", max_length=200, help_text="编辑会看到：为什么列入，应该改成什么。")
    exceptions = models.TextField(
        "例外",
        blank=True,
        help_text="每行一个包含这个词的正常说法，例如“国家级”的例外“国家级自然保护区”：出现在例外里的不算。",
    )
    in_articles = models.BooleanField("用于稿件", default=True)
    in_comments = models.BooleanField("用于评论", default=False, help_text="读者的评论和来信。")
    in_names = models.BooleanField("用于名称", default=False, help_text="会员给自己起的名字。")
    is_active = models.BooleanField("启用", default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="列入人",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField("列入时间", auto_now_add=True)
    changed_at = models.DateTimeField("最近修改", auto_now=True)

    objects = ListedWordQuerySet.as_manager()

    class Meta:
        verbose_name = "敏感词"
        verbose_name_plural = "敏感词库"
        ordering = ["-id"]
        permissions = [("release_held_words", "可以放行待审词")]
        constraints = [
            models.CheckConstraint(condition=Q(level__in=["block", "hold", "warn"]), name="listed_word_level_known"),
            models.CheckConstraint(condition=~Q(form=""), name="listed_word_not_empty"),
            models.CheckConstraint(
                condition=Q(in_articles=True) | Q(in_comments=True) | Q(in_names=True),
                name="listed_word_has_a_scope",
                violation_error_message="至少要用于稿件、评论、名称中的一种。",
            ),
        ]

    def __str__(self) -> str:
        return self.word

    def save(self, *args, **kwargs) -> None:
        self.form = form_of(self.word)
        super().save(*args, **kwargs)

    @property
    def phrases(self) -> tuple[str, ...]:
        """The exceptions, one by one."""
        return tuple(line.strip() for line in self.exceptions.splitlines() if line.strip())

    @property
    def scopes(self) -> list[str]:
        """Where the word is looked for, in Chinese."""
        return [scope.label for scope, column in self.COLUMNS.items() if getattr(self, column)]

    def clean(self) -> None:
        self.check_word()
        if not self.scopes:
            raise ValidationError({"in_articles": "至少要用于稿件、评论、名称中的一种。"})
        same = ListedWord.objects.filter(form=self.form).exclude(pk=self.pk).first()
        if same:
            level = same.get_level_display()
            raise ValidationError({"word": f"词库里已有“{same}”（{level}），只是写法不同：请直接修改它。"})

    def check_word(self) -> None:
        """Refuse a word that cannot be looked for, and exceptions that could never apply. Sets `form`; no query."""
        self.word = self.word.strip()
        self.form = form_of(self.word)
        if len(self.form) < LEAST_LETTERS:
            raise ValidationError({"word": f"至少要有 {LEAST_LETTERS} 个字或字母：一个字会在太多正常的词里出现。"})
        if len(self.form) > LONGEST_FORM:
            raise ValidationError({"word": "词语太长：请只留下最关键的几个字。"})
        for phrase in self.phrases:
            if self.form not in form_of(phrase) or self.form == form_of(phrase):
                raise ValidationError({"exceptions": f"例外“{phrase}”要比词语长，并且包含“{self.word}”。"})

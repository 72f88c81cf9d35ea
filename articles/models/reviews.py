from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .articles import Article
from .revisions import Revision

ALL_STEPS = 3


class Step(models.IntegerChoices):
    """Who signs for an article: who wrote it and handed it in, and then the three reviews (三审制)."""

    AUTHOR = 0, "作者"
    FIRST = 1, "一审"
    SECOND = 2, "二审"
    THIRD = 3, "三审"


class ReviewQuerySet(models.QuerySet):
    def in_hand(self):
        """Those of texts that are not before readers yet."""
        return self.filter(state__in=Review.IN_HAND)

    def unsigned(self):
        """Those that wait for a signature, before publication or after it."""
        return self.filter(state__in=Review.UNSIGNED)

    def open(self):
        """Those in hand, and those of published texts that are not signed to the end."""
        return self.filter(state__in=Review.OPEN)


class Review(models.Model):
    """The way of one text of an article to its readers (审稿): handed in, signed step by step, published.

    Written by `articles.reviews` alone.
    """

    class State(models.TextChoices):
        WRITING = "writing", "编写中"
        WAITING = "waiting", "待审"
        PASSED = "passed", "待发布"
        OWED = "owed", "待补审"
        REFUSED = "refused", "补审退回"
        DONE = "done", "已审结"
        DROPPED = "dropped", "已作废"

    IN_HAND = [State.WRITING, State.WAITING, State.PASSED]
    UNSIGNED = [State.WAITING, State.OWED]
    OPEN = [*IN_HAND, State.OWED, State.REFUSED]

    article = models.ForeignKey(
        Article, verbose_name="稿件", on_delete=models.CASCADE, related_name="reviews", db_index=False
    )
    # The row that is written on: the article itself, or the working copy of one that readers have.
    draft = models.ForeignKey(
        Article,
        verbose_name="在写的稿件",
        on_delete=models.SET_NULL,
        null=True,
        related_name="draft_reviews",
        db_index=False,
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.WRITING)
    step = models.PositiveSmallIntegerField("在哪一审", choices=Step, default=Step.AUTHOR)
    needed = models.PositiveSmallIntegerField("发布前审几次", default=ALL_STEPS)
    # What is corrected, as readers will be told; empty for what is no correction.
    reason = models.CharField("更正说明", max_length=300, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="送审人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_at = models.DateTimeField("送审时间", null=True)
    # Since when the step waits.
    waiting_since = models.DateTimeField("到达时间", null=True)
    # The text that is signed.
    revision = models.ForeignKey(
        Revision, verbose_name="修订", null=True, on_delete=models.RESTRICT, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField("结束时间", null=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "审稿"
        verbose_name_plural = "审稿"
        ordering = ["waiting_since", "id"]
        permissions = [
            ("sign_first", "可以签一审"),
            ("sign_second", "可以签二审"),
            ("sign_third", "可以签三审"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(state__in=["writing", "waiting", "passed"]),
                name="review_one_in_hand",
                violation_error_message="这篇稿件已经在审。",
            ),
            models.UniqueConstraint(
                fields=["article"], condition=Q(state__in=["owed", "refused"]), name="review_one_owed"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "passed", "owed", "refused", "done"])
                | Q(revision__isnull=False, submitted_at__isnull=False, waiting_since__isnull=False),
                name="review_of_a_revision",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "owed"]) | Q(step__in=[1, 2, 3]), name="review_waits_at_a_step"
            ),
            models.CheckConstraint(condition=Q(needed__in=[1, 2, 3]), name="review_needs_one_to_three"),
        ]
        indexes = [
            # All reviews of an article, for its sheet.
            models.Index(fields=["article", "-id"], name="review_article"),
            # The review of a draft, in lists of articles.
            models.Index(fields=["draft", "state"], name="review_draft"),
            # 待我审: what waits at a step, the oldest first. Not partial: see `article_event_kind`.
            models.Index(fields=["state", "step", "waiting_since", "id"], name="review_queue"),
            # 已审结: what was closed, the last first.
            models.Index(fields=["closed_at", "id"], name="review_closed", condition=Q(closed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.article}：{self.place}"

    @property
    def place(self) -> str:
        """Where the article is, in words: 一审, 欠二审, 待发布."""
        if self.state == self.State.WAITING:
            return str(Step(self.step).label)
        if self.state == self.State.OWED:
            return f"欠{Step(self.step).label}"
        return str(self.get_state_display())

    @property
    def is_change(self) -> bool:
        """Whether it is about a change of what readers have already."""
        return self.draft_id is not None and self.draft_id != self.article_id

    @property
    def kind(self) -> str:
        if not self.is_change:
            return "新稿"
        return "更正" if self.reason else "修改"


class Reviewer(models.Model):
    """At which step somebody signs for an article. The database keeps it to one."""

    article = models.ForeignKey(
        Article, verbose_name="稿件", on_delete=models.CASCADE, related_name="reviewers", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.PROTECT, related_name="reviewed"
    )
    step = models.PositiveSmallIntegerField("步骤", choices=Step)

    class Meta:
        verbose_name = "审稿人"
        verbose_name_plural = "审稿人"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "user"], name="reviewer_signs_one_step"),
            models.CheckConstraint(condition=Q(step__in=[1, 2, 3]), name="reviewer_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}：{self.get_step_display()}"


class Signature(models.Model):
    """A verdict of one step about one revision. Never changed: a trigger in the database refuses it."""

    class Verdict(models.TextChoices):
        PASS = "pass", "通过"
        RETURN = "return", "退回"

    review = models.ForeignKey(Review, verbose_name="审稿", on_delete=models.CASCADE, related_name="signatures")
    # Names user and step, and that no user has two steps.
    reviewer = models.ForeignKey(Reviewer, verbose_name="审稿人", on_delete=models.RESTRICT, related_name="signatures")
    # Repeated, so that the database itself refuses a signature under one's own text.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="人员", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="送审人",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    signed_as = models.CharField("签名", max_length=150)
    verdict = models.CharField("结论", max_length=10, choices=Verdict)
    returned_to = models.PositiveSmallIntegerField("退到", choices=Step, null=True)
    note = models.CharField("意见", max_length=1000, blank=True)
    revision = models.ForeignKey(
        Revision, verbose_name="修订", on_delete=models.RESTRICT, related_name="+", db_index=False
    )
    digest = models.CharField("文本指纹", max_length=64)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "审稿签名"
        verbose_name_plural = "审稿签名"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="pass", returned_to=None)
                | (Q(verdict="return", returned_to__isnull=False) & ~Q(note="")),
                name="signature_returns_with_a_note",
            ),
            models.CheckConstraint(
                condition=Q(submitted_by=None) | ~Q(user=F("submitted_by")), name="signature_not_of_the_author"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer.get_step_display()}{self.get_verdict_display()}：{self.signed_as}"


class ReviewSight(models.Model):
    """Which revision of an article somebody looked at last on its way through the reviews."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="sights", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField("时间", auto_now=True)

    class Meta:
        verbose_name = "审稿人看过的修订"
        verbose_name_plural = "审稿人看过的修订"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["review", "user"], name="review_sight_once")]

    def __str__(self) -> str:
        return f"{self.user}：{self.revision}"

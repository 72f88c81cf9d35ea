from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from articles.models import Article


class Reason(models.TextChoices):
    """Why a comment is not shown, or should not be."""

    ILLEGAL = "illegal", "违法违规"
    RUMOUR = "rumour", "造谣"
    ATTACK = "attack", "人身攻击"
    AD = "ad", "广告"
    PRIVACY = "privacy", "泄露隐私"
    IRRELEVANT = "irrelevant", "与新闻无关"
    OTHER = "other", "其他"
    # Those of rules, and of what people do.
    WORD = "word", "含有敏感词"
    CONTACT = "contact", "含有链接或联系方式"
    HISTORY = "history", "近期多条未通过"
    SANCTION = "sanction", "账号须先审"
    FIRST = "first", "先审后发"
    EDITED = "edited", "修改后重审"
    AUTHOR = "author", "作者删除"
    ACCOUNT = "account", "账号注销"
    APPEAL = "appeal", "申诉成立"
    UNDO = "undo", "撤销"


# What a reader may report, and a moderator give as the reason.
PEOPLES_REASONS = (
    Reason.ILLEGAL,
    Reason.RUMOUR,
    Reason.ATTACK,
    Reason.AD,
    Reason.PRIVACY,
    Reason.IRRELEVANT,
    Reason.OTHER,
)


class CommentQuerySet(models.QuerySet):
    def approved(self):
        """Those that a moderator or a rule let through, and whose thread was let through: `Comment.is_approved`."""
        thread = Q(root=None) | Q(root__state=Comment.State.APPROVED)
        return self.filter(thread, state=Comment.State.APPROVED)

    def public(self, at: datetime | None = None):
        """Comments that readers may see at the moment `at` (now by default). The one rule of what readers see.

        Approved, its thread approved, its article published. `Comment.is_public` is the same rule for one comment; a
        test holds the two together.
        """
        return self.approved().filter(article__in=Article.objects.published(at).order_by().values("pk"))

    def waiting(self):
        """Those that wait for a moderator, whether a rule held them or not."""
        return self.filter(waiting_since__isnull=False)


class Comment(models.Model):
    """What a reader says below an article (评论)."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待审核"
        APPROVED = "approved", "已通过"
        REJECTED = "rejected", "未通过"
        WITHHELD = "withheld", "系统拦截待审"
        SPAM = "spam", "垃圾评论"
        DELETED = "deleted", "作者已删除"

    article = models.ForeignKey(
        Article, verbose_name="稿件", on_delete=models.PROTECT, related_name="comments", db_index=False
    )
    # Null for visitors, and for accounts that were deleted since.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="作者",
        null=True,
        on_delete=models.SET_NULL,
        related_name="comments",
        db_index=False,
    )
    # As it was shown then; the pages need no row of an account.
    nickname = models.CharField("昵称", max_length=40)
    by_staff = models.BooleanField("本站人员", default=False)
    # What stands for a visitor's browser (comments.visitors); empty for members.
    visitor = models.CharField("游客标识", max_length=32, blank=True)
    # What it answers, and the top of its thread: both null at the top itself. Rows are never deleted.
    parent = models.ForeignKey(
        "self", verbose_name="回复的评论", null=True, on_delete=models.PROTECT, related_name="answers", db_index=False
    )
    root = models.ForeignKey(
        "self", verbose_name="所在的楼", null=True, on_delete=models.PROTECT, related_name="thread", db_index=False
    )
    body = models.TextField("内容")
    # Of the text without all that makes no difference: comments.texts.digest_of.
    body_hash = models.CharField("内容指纹", max_length=32, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField("原因", max_length=12, choices=Reason, blank=True)
    is_featured = models.BooleanField("精选", default=False)
    # Kept by comments.reporting, comments.liking and comments.decisions.
    reports_open = models.PositiveIntegerField("未处理的举报", default=0)
    likes = models.PositiveIntegerField("赞", default=0)
    # At the top of a thread: approved comments below it.
    replies = models.PositiveIntegerField("回复数", default=0)
    address = models.GenericIPAddressField("网络地址", null=True, unpack_ipv4=True)
    network = models.CharField("网络", max_length=43, blank=True)
    place = models.CharField("IP 属地", max_length=20, blank=True)
    links = models.PositiveSmallIntegerField("链接数", default=0)
    # 0 to 100, by what the pipeline found: the order in which moderators may want to look.
    risk = models.PositiveSmallIntegerField("风险", default=0)
    # The one-time key of the form that it came by, which a second click meets; none for what came by no form.
    form_key = models.CharField(max_length=43, null=True, unique=True, editable=False)  # noqa: DJ001 "" is unique too
    created_at = models.DateTimeField("发表时间", default=timezone.now)
    edited_at = models.DateTimeField("修改时间", null=True)
    # Since when it waits for a moderator; null when it does not.
    waiting_since = models.DateTimeField("等待自", null=True)
    decided_at = models.DateTimeField("处理时间", null=True)
    # Whose screen it is on in the queue, and until when nobody else's.
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="正在审核",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    claimed_until = models.DateTimeField("审核占用至", null=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = "评论"
        verbose_name_plural = "评论"
        ordering = ["-id"]
        permissions = [
            ("moderate_comment", "可以审核评论"),
            ("feature_comment", "可以精选评论"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "approved", "rejected", "withheld", "spam", "deleted"]),
                name="comment_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "withheld"], waiting_since__isnull=False)
                | Q(state__in=["approved", "rejected", "spam", "deleted"], waiting_since=None),
                name="comment_waits_since",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["rejected", "withheld", "spam"]) | ~Q(reason=""),
                name="comment_refused_with_reason",
                violation_error_message="不通过要写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(parent=None, root=None) | Q(parent__isnull=False, root__isnull=False),
                name="comment_reply_has_root",
            ),
            # Whoever deleted her account may have had the text deleted too.
            models.CheckConstraint(
                condition=~Q(body="") | Q(state="deleted"),
                name="comment_says_something",
                violation_error_message="评论不能为空。",
            ),
            models.CheckConstraint(condition=~Q(nickname=""), name="comment_has_nickname"),
            models.CheckConstraint(
                condition=Q(is_featured=False) | Q(state="approved"),
                name="comment_featured_is_public",
                violation_error_message="只有已通过的评论才能精选。",
            ),
        ]
        indexes = [
            # 全部评论 of an article, the newest and the oldest first.
            models.Index(
                fields=["article", "-id"], name="comment_newest", condition=Q(state="approved", root__isnull=True)
            ),
            # The same, most liked first; and the best of an article.
            models.Index(
                fields=["article", "-is_featured", "-likes", "-id"],
                name="comment_best",
                condition=Q(state="approved", root__isnull=True),
            ),
            models.Index(
                fields=["article", "-likes", "-id"],
                name="comment_liked",
                condition=Q(state="approved", root__isnull=True),
            ),
            # What is said below a comment, in order.
            models.Index(
                fields=["root", "id"], name="comment_thread", condition=Q(state="approved", root__isnull=False)
            ),
            # 待审, the oldest first and by risk.
            models.Index(
                fields=["waiting_since", "id"], name="comment_queue", condition=Q(waiting_since__isnull=False)
            ),
            models.Index(
                fields=["-risk", "waiting_since", "id"],
                name="comment_queue_risk",
                condition=Q(waiting_since__isnull=False),
            ),
            # Under which articles something waits, and what: for whoever answers for a few of them.
            models.Index(
                fields=["article", "waiting_since", "id"],
                name="comment_queue_article",
                condition=Q(waiting_since__isnull=False),
            ),
            # 被举报, the most reported first.
            models.Index(fields=["-reports_open", "id"], name="comment_reported", condition=Q(reports_open__gt=0)),
            # What is on somebody's screen; and an account's, when it is deleted.
            models.Index(
                fields=["claimed_by", "claimed_until"],
                name="comment_claimed",
                condition=Q(claimed_by__isnull=False),
            ),
            # One article in the back office, in all states. Not by state and number: SQLite would take it for the
            # readers' pages, and walk over all replies of the article to find the threads.
            models.Index(fields=["article", "-created_at"], name="comment_article"),
            # 我的评论, the author's record and how often she writes.
            models.Index(fields=["author", "-created_at"], name="comment_author", condition=Q(author__isnull=False)),
            models.Index(fields=["visitor", "-created_at"], name="comment_visitor"),
            # How often a network writes. Not partial, as the next: SQLite cannot tell that a parameter is not "".
            models.Index(fields=["network", "-created_at"], name="comment_network"),
            # The same text again.
            models.Index(fields=["body_hash", "-created_at"], name="comment_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.nickname}：{self.body[:30]}"

    def get_absolute_url(self) -> str:
        """The page of its thread, for a reply from this one on. Where the article is not public, it is none."""
        thread = reverse("comments:comment_detail", args=[self.article_id, self.thread_id])
        return f"{thread}?start={self.pk}#c{self.pk}" if self.root_id else thread

    def clean(self) -> None:
        if self.parent and (self.parent.article_id != self.article_id or self.root_id != self.parent.thread_id):
            raise ValidationError("回复要和它回复的评论在同一篇稿件、同一楼里。")

    @property
    def thread_id(self) -> int:
        """The number of the top of its thread, which may be itself."""
        return self.root_id or self.pk

    @property
    def is_approved(self) -> bool:
        """`CommentQuerySet.approved` for one comment. Queries the top of its thread unless it is loaded."""
        return self.state == self.State.APPROVED and (self.root_id is None or self.root.state == self.State.APPROVED)

    def is_public_at(self, at: datetime) -> bool:
        """`CommentQuerySet.public` for one comment. Queries article, channel and top unless they are loaded."""
        return self.is_approved and self.article.is_published_at(at)

    @property
    def is_public(self) -> bool:
        """Whether readers may see this comment now."""
        return self.is_public_at(timezone.now())


class CommentCount(models.Model):
    """How many comments readers see below an article: changed with the states, in the same transaction."""

    article = models.OneToOneField(
        Article,
        verbose_name="稿件",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="comment_count",
    )
    approved = models.PositiveIntegerField("公开的评论", default=0)
    # Those at the top of their threads, of which the pages consist.
    threads = models.PositiveIntegerField("公开的楼", default=0)

    class Meta:
        verbose_name = "评论数"
        verbose_name_plural = "评论数"

    def __str__(self) -> str:
        return f"{self.approved}"


class CommentStep(models.Model):
    """What one step of the pipeline said of a comment. Never changed: a trigger in the database refuses it."""

    class Outcome(models.TextChoices):
        PASS = "pass", "通过"
        NOTE = "note", "提示"
        APPROVE = "approve", "直接公开"
        WAIT = "wait", "等待审核"
        HOLD = "hold", "拦截待审"
        REJECT = "reject", "不通过"

    comment = models.ForeignKey(
        Comment, verbose_name="评论", on_delete=models.PROTECT, related_name="steps", db_index=False
    )
    # Grows with each edit, which sends the text through the pipeline anew.
    run = models.PositiveSmallIntegerField("第几次", default=1)
    position = models.PositiveSmallIntegerField("次序")
    step = models.CharField("步骤", max_length=20)
    outcome = models.CharField("结果", max_length=10, choices=Outcome)
    # For listed words: [{"word", "level", "start", "end", "version"}, …]; else what the step counted.
    detail = models.JSONField("细节", default=dict)

    class Meta:
        verbose_name = "评论审核步骤"
        verbose_name_plural = "评论审核步骤"
        ordering = ["comment", "run", "position"]
        constraints = [
            # Its index also reads the steps of a comment in order.
            models.UniqueConstraint(fields=["comment", "run", "position"], name="comment_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.step}：{self.get_outcome_display()}"


class Like(models.Model):
    """That somebody likes a comment (赞): once per person."""

    # Found by the constraints below.
    comment = models.ForeignKey(
        Comment, verbose_name="评论", on_delete=models.CASCADE, related_name="liked", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="会员", null=True, on_delete=models.CASCADE, related_name="+"
    )
    visitor = models.CharField("游客标识", max_length=32, blank=True)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "赞"
        verbose_name_plural = "赞"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "user"], condition=Q(user__isnull=False), name="comment_liked_once"
            ),
            models.UniqueConstraint(
                fields=["comment", "visitor"], condition=~Q(visitor=""), name="comment_liked_once_by_visitor"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, visitor="") | (Q(user=None) & ~Q(visitor="")),
                name="comment_like_of_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.visitor}"

"""群众来信: letters of readers to the newsroom, what was done about each, and how fast."""

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from newsportal.lib import receipts
from regions.models import Region


def new_receipt() -> str:
    """A number to write down: three groups of four, 59 bits, so that nobody guesses another's."""
    return receipts.draw(4, 4, 4)


def new_token() -> str:
    """The secret part of the private address at which a letter is followed."""
    return secrets.token_urlsafe(24)


class LetterQuerySet(models.QuerySet):
    def public(self):
        """What readers may read. A letter is asked with `is_public`."""
        return self.filter(published_at__isnull=False)

    def newest_first(self):
        return self.order_by("-published_at", "-id")

    def waiting(self):
        """Those for which an answer is still owed."""
        return self.filter(waiting_since__isnull=False)


class Letter(models.Model):
    """A letter as it was sent, which a trigger keeps; what the desk does about it; and apart from both its public text.

    Changed by `comments.letters` alone: `rules` and `publication` know the steps.
    """

    class State(models.TextChoices):
        RECEIVED = "received", "收到"
        FORWARDED = "forwarded", "转办"
        ANSWERED = "answered", "答复"
        PUBLISHED = "published", "公开"
        WITHHELD = "withheld", "不公开"

    class Closing(models.TextChoices):
        NO_CONSENT = "no_consent", "来信人不同意公开"
        PRIVATE = "private", "涉及隐私或案情，不宜公开"
        OUTSIDE = "outside", "不属于受理范围"
        DUPLICATE = "duplicate", "与另一封来信重复"
        VOID = "void", "广告、空白或恶意来信"

    WAITING = frozenset({State.RECEIVED, State.FORWARDED})
    # Kept by a trigger as they came.
    ORIGINAL = frozenset({"receipt", "token", "subject", "text", "received_at"})

    receipt = models.CharField("受理编号", max_length=14, unique=True, default=new_receipt, editable=False)
    token = models.CharField("查询地址", max_length=32, unique=True, default=new_token, editable=False)
    # Of the form that it was written in: the same form sent twice is one letter.
    once = models.CharField("表单编号", max_length=32, unique=True, default=new_token, editable=False)
    network = models.CharField("网络", max_length=32, editable=False, blank=True)

    name = models.CharField("姓名", max_length=30)
    phone = models.CharField("电话", max_length=30, blank=True)
    email = models.EmailField("邮箱", blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="会员",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="letters",
        db_index=False,
    )
    is_forgotten = models.BooleanField("办结后删除联系方式", default=False, editable=False)
    consent = models.BooleanField("同意公开")
    region = models.ForeignKey(
        Region, verbose_name="地区", on_delete=models.PROTECT, related_name="letters", db_index=False
    )
    # The region itself, or the province above it.
    province = models.ForeignKey(
        Region, verbose_name="省份", on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )
    subject = models.CharField("标题", max_length=60)
    text = models.TextField("正文")
    received_at = models.DateTimeField("收到", default=timezone.now)
    is_flagged = models.BooleanField("含敏感词", default=False, editable=False)

    state = models.CharField("状态", max_length=10, choices=State, default=State.RECEIVED)
    # Raised by every step: a screen that shows an older one may change nothing.
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="经办人",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    office = models.CharField("转办单位", max_length=60, blank=True)
    due_on = models.DateField("办理期限", null=True, blank=True)
    answer = models.TextField("答复", blank=True)
    answered_by = models.CharField("答复单位", max_length=60, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    closing = models.CharField("不公开的原因", max_length=12, choices=Closing, blank=True)
    closed_at = models.DateTimeField("办结", null=True, blank=True)

    signature = models.CharField("公开署名", max_length=30, blank=True)
    public_subject = models.CharField("公开标题", max_length=60, blank=True)
    public_text = models.TextField("公开正文", blank=True)
    public_answer = models.TextField("公开答复", blank=True)
    published_at = models.DateTimeField("公开时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)
    changed_at = models.DateTimeField("最近处理", default=timezone.now, editable=False)
    # Derived by `settle`, for the indexes below.
    waiting_since = models.DateTimeField("从何时等起", null=True, editable=False)
    is_answered = models.BooleanField("已有答复", default=False, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = "群众来信"
        verbose_name_plural = "群众来信"
        ordering = ["-id"]
        permissions = [("handle_letter", "可以办理来信"), ("publish_letter", "可以公开和撤下来信")]
        constraints = [
            models.CheckConstraint(condition=~Q(phone="", email="", is_forgotten=False), name="letter_has_a_contact"),
            models.CheckConstraint(
                condition=Q(published_at=None) | (Q(consent=True) & ~Q(public_text="") & ~Q(state="withheld")),
                name="letter_public_by_consent",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False, answered_at__isnull=False),
                name="letter_published_with_an_answer",
            ),
        ]
        indexes = [
            # The public list: all, by state, of a province, of a province by state; the newest first.
            models.Index(
                fields=["-published_at", "-id"],
                name="letter_public",
                condition=Q(published_at__isnull=False),
            ),
            models.Index(
                fields=["is_answered", "-published_at", "-id"],
                name="letter_public_state",
                condition=Q(published_at__isnull=False),
            ),
            models.Index(
                fields=["province", "-published_at", "-id"],
                name="letter_public_region",
                condition=Q(published_at__isnull=False),
            ),
            models.Index(
                fields=["province", "is_answered", "-published_at", "-id"],
                name="letter_public_region_state",
                condition=Q(published_at__isnull=False),
            ),
            # The desk's queues of what waits, the oldest first: all, of a province, mine, overdue.
            models.Index(
                fields=["waiting_since", "id"], name="letter_waiting", condition=Q(waiting_since__isnull=False)
            ),
            models.Index(
                fields=["province", "waiting_since", "id"],
                name="letter_waiting_region",
                condition=Q(waiting_since__isnull=False),
            ),
            models.Index(
                fields=["assignee", "waiting_since", "id"],
                name="letter_mine",
                condition=Q(waiting_since__isnull=False),
            ),
            models.Index(fields=["due_on", "id"], name="letter_due", condition=Q(waiting_since__isnull=False)),
            # The desk's lists by state, newest first; of a province.
            models.Index(fields=["state", "-id"], name="letter_state"),
            models.Index(fields=["province", "state", "-id"], name="letter_region_state"),
            # How many came from one network lately; a member's own, newest first.
            models.Index(fields=["network", "received_at"], name="letter_network"),
            models.Index(fields=["user", "-id"], name="letter_of_member", condition=Q(user__isnull=False)),
            # Protects a region from being deleted.
            models.Index(fields=["region"], name="letter_region"),
        ]

    def __str__(self) -> str:
        return f"{self.subject}（{self.receipt}）"

    def get_absolute_url(self) -> str:
        return reverse("letters:letter_detail", args=[self.pk])

    @property
    def follow_url(self) -> str:
        """The private address of whoever wrote the letter."""
        return reverse("letters:letter_follow", args=[self.token])

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    @property
    def is_waiting(self) -> bool:
        return self.state in self.WAITING

    @property
    def is_overdue(self) -> bool:
        return self.is_waiting and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def days(self) -> int:
        """Whole days from the letter to its answer; to now while it waits, to its end when it ended without one."""
        return days_between(self.received_at, self.answered_at or self.closed_at or timezone.now())

    @property
    def counts(self) -> bool:
        """Whether it stands in the figures: advertisements are no letters."""
        return not (self.state == self.State.WITHHELD and self.closing == self.Closing.VOID)

    def settle(self) -> None:
        """Fill the columns that are derived from others of the row."""
        self.province_id = self.region.parent_id or self.region_id
        self.waiting_since = self.received_at if self.is_waiting else None
        self.is_answered = self.answered_at is not None


def days_between(start: datetime, end: datetime) -> int:
    return max(0, (local_day(end) - local_day(start)) // timedelta(days=1))


def local_day(moment: datetime) -> date:
    return timezone.localdate(moment)


class LetterEvent(models.Model):
    """What was done about a letter: who, when, and what she says of it. A trigger keeps it as it was written."""

    class Kind(models.TextChoices):
        RECEIVED = "received", "收到"
        ASSIGNED = "assigned", "分派"
        FORWARDED = "forwarded", "转办"
        ANSWERED = "answered", "答复"
        SHOWN = "shown", "先行公开"
        PUBLISHED = "published", "公开"
        WITHHELD = "withheld", "不公开"
        REOPENED = "reopened", "重新办理"
        MESSAGE = "message", "给来信人的留言"
        NOTE = "note", "备注"
        EDITED = "edited", "整理公开文字"
        CONSENT = "consent", "来信人改变公开意愿"

    letter = models.ForeignKey(
        Letter, verbose_name="来信", on_delete=models.PROTECT, related_name="events", db_index=False
    )
    kind = models.CharField("事项", max_length=10, choices=Kind)
    state = models.CharField("之后的状态", max_length=10, choices=Letter.State)
    at = models.DateTimeField("时间", default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经手人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # As she was called then; empty for what the sender did.
    signed_as = models.CharField("经手人姓名", max_length=150, blank=True)
    office = models.CharField("单位", max_length=60, blank=True)
    note = models.CharField("内部备注", max_length=1000, blank=True)
    message = models.TextField("告诉来信人", blank=True)

    class Meta:
        verbose_name = "来信办理记录"
        verbose_name_plural = "来信办理记录"
        ordering = ["id"]
        # What happened to one letter, in order.
        indexes = [models.Index(fields=["letter", "id"], name="letter_event_order")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.signed_as or '来信人'}"


class LetterFile(models.Model):
    """A picture or document that came with a letter. It lies among the originals, where no address leads."""

    class Kind(models.TextChoices):
        PICTURE = "picture", "图片"
        PDF = "pdf", "PDF"
        DOC = "doc", "Word 97-2003"
        DOCX = "docx", "Word"
        TEXT = "txt", "纯文本"

    letter = models.ForeignKey(Letter, verbose_name="来信", on_delete=models.CASCADE, related_name="files")
    name = models.CharField("文件名", max_length=100)
    kind = models.CharField("类型", max_length=8, choices=Kind)
    stored = models.CharField("存放位置", max_length=100, editable=False)
    size = models.PositiveIntegerField("字节")
    sha256 = models.CharField("指纹", max_length=64)

    class Meta:
        verbose_name = "来信附件"
        verbose_name_plural = "来信附件"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class LetterClearance(models.Model):
    """Personal data that an editor lets stand in a public text, and why. A trigger keeps it as it was written."""

    letter = models.ForeignKey(Letter, verbose_name="来信", on_delete=models.PROTECT, related_name="clearances")
    kind = models.CharField("类别", max_length=12)
    found = models.CharField("文字", max_length=100)
    reason = models.CharField("理由", max_length=200)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="确认人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    signed_as = models.CharField("确认人姓名", max_length=150)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "个人信息保留确认"
        verbose_name_plural = "个人信息保留确认"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "kind", "found"], name="letter_clearance_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="letter_clearance_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.found}：{self.reason}"


class LetterTemplate(models.Model):
    """The beginning of an answer that the desk writes often."""

    name = models.CharField("名称", max_length=40, unique=True)
    body = models.TextField(
        "正文",
        max_length=5000,
        help_text="可以写【来信人】【标题】【受理编号】【地区】【转办单位】，套用时自动填好。",
    )
    position = models.PositiveSmallIntegerField("次序", default=0, help_text="小的在前。")
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = "答复模板"
        verbose_name_plural = "答复模板"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    def filled(self, letter: Letter) -> str:
        """The template with the letter's own words in it."""
        words = {
            "来信人": letter.name,
            "标题": letter.subject,
            "受理编号": letter.receipt,
            "地区": letter.region.full_name,
            "转办单位": letter.office or "有关单位",
        }
        text = self.body
        for name, value in words.items():
            text = text.replace(f"【{name}】", value)
        return text


class LetterTally(models.Model):
    """How many letters of a province there are of a kind: of `ANSWERED` by days to the answer, of `SHOWN` by whether
    there is one. Counted by `comments.letters.figures` with each step, so that no page counts letters."""

    class Kind(models.TextChoices):
        RECEIVED = "received", "收到"
        ANSWERED = "answered", "答复"
        SHOWN = "shown", "公开"

    province = models.ForeignKey(
        Region, verbose_name="省份", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField("类别", max_length=10, choices=Kind)
    value = models.PositiveSmallIntegerField("天数或有无答复", default=0)
    number = models.IntegerField("封数")

    class Meta:
        verbose_name = "来信数字"
        verbose_name_plural = "来信数字"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["province", "kind", "value"], name="letter_tally_once")]

    def __str__(self) -> str:
        return f"{self.province} {self.get_kind_display()} {self.value}：{self.number}"

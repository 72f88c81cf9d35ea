from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .comments import Comment, Reason

LONGEST_APPEAL = 500


class Decision(models.Model):
    """What was decided about a comment, by whom and why. Written by `comments.decisions` alone and never changed: a
    trigger in the database refuses it.

    The first one of each comment is that of the pipeline, from no state at all.
    """

    class Act(models.TextChoices):
        STATE = "state", "改变状态"
        EDIT = "edit", "作者修改"
        FEATURE = "feature", "设为精选"
        UNFEATURE = "unfeature", "取消精选"

    comment = models.ForeignKey(
        Comment, verbose_name="评论", on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
    act = models.CharField("事项", max_length=10, choices=Act, default=Act.STATE)
    from_state = models.CharField("原状态", max_length=10, choices=Comment.State, blank=True)
    to_state = models.CharField("新状态", max_length=10, choices=Comment.State)
    # None: a rule decided, or an account that was deleted since; `rule` and `actor_name` tell which.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="经手人",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    actor_name = models.CharField("经手人姓名", max_length=150, blank=True)
    rule = models.CharField("规则", max_length=20, blank=True)
    reason = models.CharField("理由", max_length=12, choices=Reason, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    # How long the comment had waited, for the report; null where nothing waited.
    waited = models.DurationField("等了多久", null=True)
    at = models.DateTimeField("时间", default=timezone.now)
    undo_of = models.OneToOneField(
        "self", verbose_name="撤销的是", null=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    # What was decided with one click about many.
    batch = models.UUIDField("批次", null=True)

    class Meta:
        verbose_name = "评论处理记录"
        verbose_name_plural = "评论处理记录"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=["state", "edit", "feature", "unfeature"]), name="decision_act_known"
            ),
            models.CheckConstraint(condition=Q(to_state__in=Comment.State.values), name="decision_state_known"),
            models.CheckConstraint(
                condition=~Q(act="state") | ~Q(to_state__in=["rejected", "spam"]) | ~Q(reason=""),
                name="decision_refuses_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(act__in=["feature", "unfeature"]) | Q(from_state=F("to_state")),
                name="decision_feature_keeps_state",
            ),
        ]
        indexes = [
            # What happened to one comment, in order.
            models.Index(fields=["comment", "id"], name="decision_comment"),
            # 我处理的: by one moderator, the newest first.
            models.Index(fields=["actor", "-id"], name="decision_actor", condition=Q(actor__isnull=False)),
            # A month, for the public report and for exports.
            models.Index(fields=["at", "id"], name="decision_time"),
            # What one click did, to undo it.
            models.Index(fields=["batch"], name="decision_batch", condition=Q(batch__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}：{self.get_to_state_display()}"


class Appeal(models.Model):
    """What an author has to say against a decision (申诉): once, and another moderator answers."""

    class State(models.TextChoices):
        OPEN = "open", "待处理"
        UPHELD = "upheld", "申诉成立"
        REFUSED = "refused", "维持原决定"

    decision = models.OneToOneField(
        Decision, verbose_name="对哪个决定", on_delete=models.PROTECT, related_name="appeal"
    )
    # Null for a visitor, who is known by her comment alone, and for an account that was deleted since.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="申诉人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.CharField("申诉理由", max_length=LONGEST_APPEAL)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="处理人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = models.CharField("答复", max_length=500, blank=True)
    created_at = models.DateTimeField("申诉时间", default=timezone.now)
    decided_at = models.DateTimeField("处理时间", null=True)

    class Meta:
        verbose_name = "申诉"
        verbose_name_plural = "申诉"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="appeal_says_something"),
            models.CheckConstraint(condition=Q(state__in=["open", "upheld", "refused"]), name="appeal_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None)
                | (Q(decided_at__isnull=False) & ~Q(state="open") & ~Q(answer="")),
                name="appeal_decided_with_answer",
                violation_error_message="处理申诉要写答复。",
            ),
        ]
        indexes = [
            # 申诉: what waits, the oldest first.
            models.Index(fields=["id"], name="appeal_open", condition=Q(state="open")),
            # A day, for the public report.
            models.Index(fields=["created_at"], name="appeal_time"),
            models.Index(fields=["decided_at"], name="appeal_decided", condition=Q(decided_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}：{self.text[:20]}"

    def clean(self) -> None:
        if self.decided_by_id and self.decided_by_id == self.decision.actor_id:
            raise ValidationError({"decided_by": "申诉要由另一位审核员处理。"})

"""What moderators fill in: a decision and its reason, a sanction, the answer to an appeal."""

from typing import Any

from django import forms

from comments.models import PEOPLES_REASONS, Comment, Reason, Sanction
from comments.moderation import judging
from comments.moderation.judging import ACTS, MOST_AT_ONCE, Order, Sight

Kind = Sanction.Kind
REASONS = [(reason.value, reason.label) for reason in PEOPLES_REASONS]
FOREVER = 0
DAYS = [(1, "1 天"), (3, "3 天"), (7, "7 天"), (30, "30 天"), (365, "1 年"), (FOREVER, "不设期限")]
# What one does with many; to make one 精选 is a choice of one.
MANY_ACTS = [(ACTS[name].name, ACTS[name].label) for name in ("approve", "reject", "spam", "restore")]


class ReasonForm(forms.Form):
    """An act with its reason. `order` is what a valid form asks for."""

    act = forms.ChoiceField(
        label="处理",
        choices=[(act.name, act.label) for act in ACTS.values()],
        error_messages={"required": "请选择处理。"},
    )
    reason = forms.ChoiceField(label="原因", choices=[("", "—"), *REASONS], required=False)
    note = forms.CharField(label="说明", max_length=judging.LONGEST_NOTE, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("act") == "reject":
            if not cleaned.get("reason") and "reason" not in self.errors:
                self.add_error("reason", "请选择不通过的原因。")
            elif cleaned.get("reason") == Reason.OTHER and not cleaned.get("note"):
                self.add_error("note", "选“其他”时请写明原因：作者会看到。")
        return cleaned

    @property
    def order(self) -> Order:
        values = self.cleaned_data
        return Order(ACTS[values["act"]], values["reason"], values["note"])


class SightField(forms.CharField):
    """A comment as it was seen, from "12:345"."""

    default_error_messages = {"invalid": "页面不完整，请刷新后重试。", "required": "页面不完整，请刷新后重试。"}

    def clean(self, value):
        text = super().clean(value)
        sight = Sight.read(text)
        if sight is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return sight


class JudgeForm(ReasonForm):
    """What is done with one comment."""

    sight = SightField()


class SightsField(forms.Field):
    """Several comments as they were seen; what makes no sense is left out."""

    widget = forms.SelectMultiple
    default_error_messages = {"required": "一条也没有选：请先选中评论。"}

    def to_python(self, value) -> list[Sight]:
        found = [Sight.read(text) for text in value or []]
        return list({sight.pk: sight for sight in found if sight}.values())

    def validate(self, value) -> None:
        super().validate(value)
        if len(value) > MOST_AT_ONCE:
            raise forms.ValidationError(f"一次最多处理 {MOST_AT_ONCE} 条，请少选一些。")


class ManyForm(ReasonForm):
    """The same with many."""

    chosen = SightsField()
    field_order = ["act", "reason", "note", "chosen"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = [("", "请选择"), *MANY_ACTS]


class SanctionForm(forms.Form):
    """A sanction on whoever wrote a comment: the account, or a visitor's network. `values` are those of the row."""

    kind = forms.ChoiceField(label="处罚", choices=Kind, error_messages={"required": "请选择处罚。"})
    days = forms.TypedChoiceField(label="多久", choices=DAYS, coerce=int, initial=1)
    why = forms.CharField(
        label="原因",
        max_length=300,
        help_text="当事人会看到。",
        error_messages={"required": "请写明原因：当事人会看到。"},
    )
    only_channel = forms.BooleanField(label="只限这个栏目", required=False)

    def __init__(self, *args, comment: Comment, is_local: bool, **kwargs):
        """`is_local`: who asks answers for a part of the site, so what she imposes holds in the channel alone."""
        super().__init__(*args, **kwargs)
        self.comment, self.is_local = comment, is_local

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if not self.comment.author_id and not self.comment.network:
            raise forms.ValidationError("这条评论没有账号，也没有记下网络，无法处罚。")
        if kind == Kind.WARN and not self.comment.author_id:
            self.add_error("kind", "游客没有账号，不能警告；可以限速、禁言或封禁他所在的网络。")
        if kind in {Kind.MUTE, Kind.SLOW} and cleaned.get("days") == FOREVER:
            self.add_error("days", "禁言和限速必须有期限；不设期限请用封禁。")
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        cleaned, comment = self.cleaned_data, self.comment
        days = FOREVER if cleaned["kind"] == Kind.WARN else cleaned["days"]
        return {
            "kind": cleaned["kind"],
            "reason": cleaned["why"],
            "user": comment.author,
            "network": "" if comment.author_id else comment.network,
            "until": judging.days_from(days) if days else None,
            "channel": comment.article.channel if cleaned["only_channel"] or self.is_local else None,
            "comment": comment,
        }


class AppealForm(forms.Form):
    verdict = forms.ChoiceField(choices=[("uphold", "申诉成立"), ("refuse", "维持原决定")])
    text = forms.CharField(label="答复", max_length=500, error_messages={"required": "请写答复：申诉人会看到。"})


class LiftForm(forms.Form):
    reason = forms.CharField(
        label="解除的原因",
        max_length=300,
        widget=forms.TextInput(attrs={"class": "wide-input"}),
        help_text="当事人会看到。",
    )

"""Forms of the three reviews: a verdict, and when what has passed is published."""

from datetime import datetime

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils import timezone

from . import reviews
from .models import Review, Step


class MomentField(forms.SplitDateTimeField):
    """A day and a time, picked as the browser picks them."""

    def __init__(self, **kwargs):
        widget = forms.SplitDateTimeWidget(
            date_format="%Y-%m-%d",
            time_format="%H:%M",
            date_attrs={"type": "date", "aria-label": "日期"},
            time_attrs={"type": "time", "aria-label": "时间"},
        )
        super().__init__(label="定时", required=False, widget=widget, **kwargs)


class SignForm(forms.Form):
    """A verdict about the revision that was read, and what publication may need of the last who signs."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    step = forms.IntegerField(widget=forms.HiddenInput)
    duty_editor = forms.CharField(
        label="责任编辑", max_length=40, required=False, help_text="稿件还没有责任编辑：签字的同时填上。"
    )
    note = forms.CharField(
        label="意见",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "wide-input"}),
        help_text="退回时必须写，通过时可以不写。",
    )
    returned_to = forms.TypedChoiceField(label="退回给", coerce=int, required=False, empty_value=0)
    publication = forms.ChoiceField(
        label="审完以后",
        choices=[("now", "立即发布"), ("at", "定时发布"), ("wait", "先不发布，留在“待发布”")],
        initial="now",
        required=False,
        widget=forms.RadioSelect,
    )
    at = MomentField()

    def __init__(self, *args, review: Review, user: AbstractBaseUser, **kwargs):
        super().__init__(*args, **kwargs)
        self.review = review
        self.fields["revision"].initial, self.fields["step"].initial = review.revision_id, review.step
        before = [step for step in Step if step < review.step]
        self.fields["returned_to"].choices = [
            (step.value, step.label) for step in (before[:1] if review.state == Review.State.OWED else before)
        ]
        self.fields["duty_editor"].initial = str(user)
        is_waiting = review.state == Review.State.WAITING
        if not is_waiting or review.draft.duty_editor.strip():
            del self.fields["duty_editor"]
        if not (is_waiting and review.step >= review.needed and user.has_perm(reviews.PUBLISHING)):
            del self.fields["publication"], self.fields["at"]
        elif review.is_change:
            # Readers have the article at its time already.
            del self.fields["at"]
            self.fields["publication"].choices = [("now", "立即替换线上的文字"), ("wait", "先不替换，留在“待发布”")]

    def clean(self):
        cleaned = super().clean()
        if "_return" in self.data:
            if not cleaned.get("note", "").strip():
                self.add_error("note", "退回必须写明意见：作者要知道改什么。")
            return cleaned
        if "duty_editor" in self.fields and not cleaned.get("duty_editor", "").strip():
            self.add_error("duty_editor", "发布前必须填写责任编辑。")
        if cleaned.get("publication") == "at" and "at" not in self.errors:
            self.judge_moment(cleaned.get("at"))
        return cleaned

    def judge_moment(self, at: datetime | None) -> None:
        if at is None or at <= timezone.now():
            self.add_error("at", "定时发布要填一个将来的时间。")


class ReleaseForm(forms.Form):
    """When something that has passed its reviews is published: at once, when nothing is said."""

    at = MomentField(help_text="留空：立即发布。")

    def clean_at(self) -> datetime | None:
        at = self.cleaned_data["at"]
        if at is not None and at <= timezone.now():
            raise ValidationError("定时发布要填一个将来的时间；立即发布请留空。")
        return at


class ReturnForm(forms.Form):
    note = forms.CharField(
        label="意见",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "wide-input"}),
        help_text="每篇都写上同样的意见；作者要知道改什么。",
    )

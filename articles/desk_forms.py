"""Forms of the desks (版面编排): what a row may be given of its own, and the moment of a preview."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from .models import Photo

YEARS = range(2000, 3000)


def sensible_year(moment: datetime) -> None:
    """No moment so far away that a time zone carries it out of the calendar."""
    if moment.year not in YEARS:
        raise ValidationError(f"年份要在 {YEARS[0]} 到 {YEARS[-1]} 之间。")


class RowForm(forms.Form):
    """The fields that rows of a place have, each optional. What they mean together, the row's own `clean` says."""

    column = forms.CharField(label="目录小标题", max_length=20, required=False)
    title = forms.CharField(label="另用标题", max_length=60, required=False)
    picture = forms.ModelChoiceField(
        label="另用图片",
        queryset=Photo.objects.all(),
        required=False,
        error_messages={"invalid_choice": "图片库里没有这个编号的图片。"},
    )
    starts_at = forms.DateTimeField(label="开始", required=False, validators=[sensible_year])
    ends_at = forms.DateTimeField(label="结束", required=False, validators=[sensible_year])

    def __init__(self, *args, names: Sequence[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(names):
            del self.fields[name]

    @property
    def typed(self) -> dict[str, str]:
        return {name: self.data.get(name, "") for name in self.fields}

    def refuse(self, error: ValidationError) -> None:
        """Take over what the row itself objects to: on the field where there is one."""
        found: Mapping[str, list] = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
        for name, errors in found.items():
            self.add_error(name if name in self.fields else None, errors)

    def clean(self):
        data = super().clean()
        start, end = data.get("starts_at"), data.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", "结束时间必须晚于开始时间。")
        return data


class SectionForm(forms.Form):
    section = forms.CharField(label="新分区的小标题", max_length=40)


class MomentForm(forms.Form):
    """The moment of a preview of the home page: now or later."""

    at = forms.DateTimeField(
        label="时间",
        required=False,
        validators=[sensible_year],
        error_messages={"invalid": "时间写法不对，例如 2026-11-28T06:00。"},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_at(self):
        at, now = self.cleaned_data["at"], timezone.now()
        # The minute that runs was chosen as now.
        if at and at < now.replace(second=0, microsecond=0):
            raise ValidationError("只能预览现在和以后的首页。")
        return max(at, now) if at else now

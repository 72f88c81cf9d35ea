"""What the letter desk fills in, a form for each step."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone

from comments.models import Letter, LetterFile, LetterTemplate

from . import publication
from .forms import LineField, PlainField
from .rights import HANDLING, covers

LONGEST_ANSWER = 5000
NOTE = "只有编辑部看得到。"


class SeenForm(forms.Form):
    """A form that knows which version of the letter its screen showed."""

    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    @property
    def values(self) -> dict[str, Any]:
        return self.cleaned_data

    @property
    def first_fault(self) -> str:
        """What is wrong first, said at the head of the page, where no field stands beside it."""
        for name, errors in self.errors.as_data().items():
            for error in errors:
                return f"请填写“{self.fields[name].label}”。" if error.code == "required" else error.messages[0]
        return ""

    def renew(self, letter: Letter) -> None:
        """Let the form be sent once more, now that its sender sees the letter as it is."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = letter.version


class StepForm(SeenForm):
    button = ""

    def __init__(self, *args, letter: Letter, template: LetterTemplate | None = None, **kwargs):
        initial = {"seen": letter.version, **self.start(letter, template)}
        super().__init__(*args, initial=initial, label_suffix="：", **kwargs)
        self.letter = letter

    def start(self, letter: Letter, template: LetterTemplate | None) -> dict[str, Any]:
        return {}

    def clean_due_on(self):
        """A day that has passed may stay, so that the letter stays marked; it may not be set."""
        day = self.cleaned_data["due_on"]
        if day and day < timezone.localdate() and day != self.letter.due_on:
            raise ValidationError("期限不能早于今天。")
        return day


class OfficeForm(StepForm):
    """A step that names an office, which readers of a public letter see at once."""

    def clean(self):
        values = super().clean()
        for name in publication.OFFICES:
            hits = publication.hits_in(self.letter, values.get(name) or "") if self.letter.is_public else []
            if hits:
                told = "、".join(f"{hit.label}“{hit.found}”" for hit in hits)
                self.add_error(name, f"读者正在看这封信，这里有{told}：请只写单位全称。")
        return values


class AssignForm(StepForm):
    button = "分派"
    to = forms.ModelChoiceField(get_user_model().objects.none(), label="经办人", required=False, empty_label="暂不分派")
    due_on = forms.DateField(label="办理期限", required=False, widget=AdminDateWidget)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people = get_user_model().objects.with_perm(HANDLING, backend="django.contrib.auth.backends.ModelBackend")
        self.fields["to"].queryset = people.order_by("username")

    def start(self, letter, template):
        return {"to": letter.assignee_id, "due_on": letter.due_on}

    def clean_to(self):
        person = self.cleaned_data["to"]
        if person is not None and not covers(person, self.letter):
            raise ValidationError(f"{person}不分管{self.letter.region.name}，看不到这封信：请选别人。")
        return person


class ForwardForm(OfficeForm):
    button = "转办"
    office = LineField(label="转办单位", max_length=60, help_text="读者和来信人都看得到，写全称。")
    due_on = forms.DateField(label="要求何时答复", required=False, widget=AdminDateWidget)
    note = PlainField(label="备注", max_length=1000, required=False, help_text=NOTE, widget=forms.Textarea({"rows": 2}))

    def start(self, letter, template):
        return {"office": letter.office}


class AnswerForm(OfficeForm):
    button = "答复来信人"
    answered_by = LineField(label="答复单位", max_length=60, help_text="读者和来信人都看得到，写全称。")
    text = PlainField(
        label="答复",
        max_length=LONGEST_ANSWER,
        help_text="来信人马上看得到；读者要等公开以后。",
        widget=forms.Textarea({"rows": 10}),
    )
    note = PlainField(label="备注", max_length=1000, required=False, help_text=NOTE, widget=forms.Textarea({"rows": 2}))

    def start(self, letter, template):
        text = template.filled(letter) if template else letter.answer
        return {"answered_by": letter.answered_by or letter.office, "text": text}


class MessageForm(StepForm):
    button = "留言"
    text = PlainField(
        label="告诉来信人", max_length=2000, help_text="来信人在查询地址看得到。", widget=forms.Textarea({"rows": 3})
    )


class NoteForm(StepForm):
    button = "记下"
    text = PlainField(label="备注", max_length=1000, help_text=NOTE, widget=forms.Textarea({"rows": 3}))


class DropForm(StepForm):
    button = "删除附件"
    file = forms.ModelChoiceField(
        LetterFile.objects.none(), label="附件", empty_label="请选择", help_text="删除后找不回来。"
    )
    note = PlainField(label="为什么", max_length=500, help_text=NOTE, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].queryset = self.letter.files.all()


class WithholdForm(StepForm):
    button = "办结，不公开"
    closing = forms.ChoiceField(label="原因", choices=Letter.Closing, widget=forms.RadioSelect)
    text = PlainField(
        label="告诉来信人",
        max_length=2000,
        required=False,
        help_text="没有答复就办结的，一定要写；广告和恶意来信可以不写。",
        widget=forms.Textarea({"rows": 3}),
    )
    note = PlainField(label="备注", max_length=1000, required=False, help_text=NOTE, widget=forms.Textarea({"rows": 2}))


class ReopenForm(StepForm):
    button = "重新办理"
    note = PlainField(label="为什么", max_length=1000, help_text=NOTE, widget=forms.Textarea({"rows": 2}))


FORMS = {
    "assign": AssignForm,
    "forward": ForwardForm,
    "answer": AnswerForm,
    "message": MessageForm,
    "note": NoteForm,
    "drop": DropForm,
    "withhold": WithholdForm,
    "reopen": ReopenForm,
}


class PublicForm(SeenForm):
    """What readers are to get."""

    public_subject = LineField(label="公开标题", max_length=60)
    public_text = PlainField(label="公开正文", max_length=6000, widget=forms.Textarea({"rows": 16}))
    public_answer = PlainField(label="公开答复", max_length=6000, required=False, widget=forms.Textarea({"rows": 12}))
    signature = LineField(label="公开署名", max_length=30, help_text="例如“浙江读者 王**”，不写全名。")

    @property
    def values(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

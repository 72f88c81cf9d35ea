"""What readers fill in: a letter, and the look-up of one."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from comments.models import Letter
from comments.texts import clean, clean_line
from regions.models import Region

from . import holding
from .files import ACCEPT, MOST_BYTES, MOST_FILES, TAKEN, BadFileError, Judged, clean_name, judge, refuse_too_much

LONGEST_TEXT, SHORTEST_TEXT = 5000, 20
phone = RegexValidator(
    r"^\+?[0-9（(][0-9 ()（）\-]{6,24}$", "电话号码只写数字、空格和短横线，例如 13800000000 或 0571-80000000。"
)


class PlainField(forms.CharField):
    """Text in which nothing is hidden; length is asked of what is left."""

    def to_python(self, value):
        return super().to_python(clean(value) if isinstance(value, str) else value)


class LineField(PlainField):
    def to_python(self, value):
        return super().to_python(clean_line(value) if isinstance(value, str) else value)


class RegionChoice(forms.ModelChoiceField):
    """Provinces, and under each its cities."""

    def __init__(self, **options):
        super().__init__(Region.objects.all(), to_field_name="slug", empty_label="请选择", **options)

    def label_from_instance(self, region):
        return f"　{region.full_name}" if region.parent_id else region.full_name


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Several files, as they came. The form judges them, with those that it has already."""

    widget = FilesInput(attrs={"multiple": True, "accept": ACCEPT})

    def clean(self, data, initial=None):
        return [file for file in data or [] if file]


class LetterForm(forms.ModelForm):
    """A letter as a reader writes it. `once` is the number of the form: kept files are this form's alone.

    `ready` are the files that a refused form has, `again` the names of those that must be chosen once more.
    """

    name = LineField(label="您的姓名", max_length=30, min_length=2, help_text="用于核实和联系，不会公开全名。")
    phone = LineField(
        label="联系电话", max_length=30, required=False, validators=[phone], help_text="只有本站办信的编辑看得到。"
    )
    email = forms.EmailField(
        label="电子邮箱",
        max_length=254,
        required=False,
        help_text="电话和邮箱至少填一项。",
        error_messages={"invalid": "邮箱地址不完整，例如 name@example.com。"},
    )
    region = RegionChoice(
        label="事情发生在哪里",
        error_messages={"required": "请选择地区。", "invalid_choice": "请在列表里选一个地区。"},
    )
    subject = LineField(
        label="标题", max_length=60, min_length=4, help_text="一句话说清什么事，例如“学校门口的路灯三个月不亮”。"
    )
    text = PlainField(
        label="正文",
        max_length=LONGEST_TEXT,
        min_length=SHORTEST_TEXT,
        help_text=f"时间、地点、经过和您的要求，{SHORTEST_TEXT} 到 {LONGEST_TEXT} 字。",
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    files = FilesField(
        label="图片或文件",
        required=False,
        help_text=f"可以不选。最多 {MOST_FILES} 个，每个不超过 {MOST_BYTES // 2**20} MB：{TAKEN}。不会公开。",
    )
    consent = forms.TypedChoiceField(
        label="是否同意公开",
        choices=[("yes", "同意公开：编辑隐去个人信息后，刊登来信和答复"), ("no", "不同意公开：只办理，只回复我本人")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是否同意公开。", "invalid_choice": "请选择同意或者不同意。"},
    )
    # Seen by no person; a machine that fills in every field betrays itself.
    website = forms.CharField(label="请不要填写这一栏", required=False, max_length=200)

    class Meta:
        model = Letter
        fields = ["name", "phone", "email", "region", "subject", "text", "consent"]

    def __init__(self, *args, once: str = "", **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.once, self.ready, self.uncounted = once, [], []
        required = {"name": "请填写姓名。", "subject": "请填写标题。", "text": "请写下您要反映的事情。"}
        for name, words in required.items():
            self.fields[name].error_messages["required"] = words
        for name, place in {"name": "name", "phone": "tel", "email": "email"}.items():
            self.fields[name].widget.attrs["autocomplete"] = place
        self.fields["phone"].widget.input_type = "tel"

    @property
    def held(self) -> list[Judged]:
        """The files that need not be chosen again."""
        return [one for one in self.ready if one.held]

    @property
    def again(self) -> list[str]:
        """The names of files that came with a form that is refused, and were neither kept nor refused themselves."""
        return [*self.uncounted, *(one.name for one in self.ready if not one.held)]

    def clean_files(self) -> list[Judged]:
        """Those that were kept for this form, and those that came now: the good ones stay when others are refused."""
        came = self.cleaned_data["files"]
        self.ready, lost = holding.held(self.data.getlist("held"), once=self.once)
        told = [f"先前收到的 {lost} 个文件已经过期：请重新选择。"] if lost else []
        try:
            refuse_too_much([*self.ready, *came])
        except BadFileError as error:
            self.uncounted = [clean_name(file.name) for file in came]
            raise ValidationError([*told, str(error)]) from error
        for file in came:
            try:
                self.ready.append(judge(file))
            except BadFileError as error:
                told.append(str(error))
        if told:
            raise ValidationError(told)
        return self.ready

    def clean_website(self):
        if self.cleaned_data["website"]:
            raise ValidationError("“请不要填写这一栏”里有字，可能是浏览器自动填的：请清空后再寄。")
        return ""

    def clean(self):
        values = super().clean()
        if not values.get("phone") and not values.get("email") and not {"phone", "email"} & self.errors.keys():
            self.add_error("phone", "电话和邮箱至少填一项，否则我们联系不上您。")
        return values

    def _post_clean(self):
        """The model is filled by `intake.receive`; the fields have said all that is wrong."""


class LookupForm(forms.Form):
    """The way back to a letter for whoever kept no address: its number, and a contact that was given with it."""

    receipt = LineField(label="受理编号", max_length=20, help_text="例如 K7P3-9QTM-4XWD。")
    contact = LineField(label="电话或邮箱", max_length=254, help_text="写信时填的那一个。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["receipt"].error_messages["required"] = "请填写受理编号。"
        self.fields["contact"].error_messages["required"] = "请填写写信时留的电话或邮箱。"
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def found(self) -> Letter | None:
        """The letter that both belong to. Does not tell which of the two is wrong. One query."""
        signs = "".join(char for char in self.cleaned_data["receipt"].upper() if char.isalnum())
        receipt = "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))
        letter = Letter.objects.filter(receipt=receipt).first()
        contact = self.cleaned_data["contact"]
        if letter is None or not {letter.email.lower(), digits(letter.phone)} & (asked(contact) - {""}):
            self.add_error(None, "没有找到：请核对受理编号，以及写信时留的电话或邮箱。")
            return None
        return letter


def digits(text: str) -> str:
    return "".join(char for char in text if char.isdecimal())


def asked(contact: str) -> set[str]:
    """The forms in which a contact may stand with a letter."""
    return {contact.lower()} if "@" in contact else {digits(contact)}

"""Forms that take a .docx file, and the bounds of what is pasted."""

from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from articles import beats
from articles.models import Channel, Source
from regions.models import Region

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCX_HELP = (
    f"不超过 {settings.DOCX_MAX_BYTES // 2**20} MB。文字和图片读进正文，接在已写的文字后面；"
    "标题栏空着时填上文档的标题。旧的 .doc、.wps 文件请先另存为 .docx。"
)


class DocxField(forms.FileField):
    widget = forms.FileInput(attrs={"accept": f".docx,{DOCX_TYPE}"})

    def __init__(self, **kwargs):
        super().__init__(label="导入 Word 文件（.docx）", **kwargs)

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if data and data.size > settings.DOCX_MAX_BYTES:
            raise ValidationError(too_large())
        return file


class ImportForm(forms.Form):
    """A file that becomes a draft, in a channel and, for whoever answers for regions, a region of hers."""

    file = DocxField(help_text=f"不超过 {settings.DOCX_MAX_BYTES // 2**20} MB；旧的 .doc、.wps 文件请先另存为 .docx。")
    channel = forms.ModelChoiceField(Channel.objects.none(), label="栏目", empty_label="请选择")
    region = forms.ModelChoiceField(Region.objects.none(), label="地区", required=False, empty_label="不填")
    title = forms.CharField(
        label="标题",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "wide-input"}),
        help_text="留空时用文档的标题；文档也没有，就用文件名。",
    )

    def __init__(self, *args, user: AbstractBaseUser, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        own = beats.beats_of(user)
        channels = Channel.objects.exclude(kind=Channel.Kind.LINK)
        if own and all(beat.channel_id for beat in own):
            channels = channels.filter(pk__in=[beat.channel_id for beat in own])
        self.fields["channel"].queryset = channels
        regions = [beat.region_id for beat in own if beat.region_id]
        if regions:
            self.fields["region"].queryset = Region.objects.filter(pk__in=regions)
        else:
            del self.fields["region"]

    def clean(self):
        cleaned = super().clean()
        channel, region = cleaned.get("channel"), cleaned.get("region")
        if channel and not beats.covers(self.user, channel, [region] if region else []):
            self.add_error("channel", f"你分管的是{beats.in_words(self.user)}：请选其中的栏目，或填上其中的地区。")
        if own_source() is None:
            self.add_error(None, "还没有设本站来源：请站长在“来源”里把本站标为“本站”，再导入。")
        return cleaned


def own_source() -> Source | None:
    """What the site's own articles come from. One query."""
    return Source.objects.filter(is_own=True).order_by("pk").first()


def too_large() -> str:
    return f"文件超过 {settings.DOCX_MAX_BYTES // 2**20} MB：请压缩图片，或分成几份再导入。"

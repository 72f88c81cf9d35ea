"""Forms of the newsroom: articles, videos, channels. Each says in Chinese what is wrong and what to do."""

import json

import lxml.html
from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.forms.widgets import Script
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from lxml.etree import LxmlError

from newsportal.lib.admin import sha256_of
from newsportal.lib.body import schema
from newsportal.lib.html import MARKUP, clean_html, parse, photo_ids

from . import beats, preflight, words
from .models import Article, Channel
from .pasting import tidy
from .pasting.forms import DOCX_HELP, DocxField
from .photos import hold
from .rendering import missing_media, refused_addresses
from .versions import VersionedForm

BODY_HELP = "可以直接粘贴 Word、WPS、微信或网页里的文字，图片可以拖进来或粘贴；图说留空就用图片库里的图说。"


class CorrectionField(forms.CharField):
    """What was wrong and is right now, as readers are told; empty for an ordinary change."""

    def __init__(self):
        super().__init__(
            label="更正说明",
            required=False,
            max_length=300,
            widget=forms.TextInput(attrs={"class": "wide-input"}),
            help_text="改正差错时填写：原来怎么写、应该是什么。审完替换之后，读者会在文末和“更正”页看到；一般修改留空。",
        )


class BodyInput(forms.Textarea):
    """A textarea with HTML, which works as it is; with JavaScript, the editor of static/admin_site/editor over it.

    The editor knows from data attributes what a body may hold, where it asks for what to insert, and where pictures go.
    """

    class Media:
        css = {"all": ["admin_site/editor/editor.css"]}
        js = [Script("admin_site/editor/main.js", type="module")]

    addresses = {
        "data-photos": "admin:articles_photo_picker",
        "data-photo-upload": "admin:articles_photo_upload",
        "data-photo-page": "admin:articles_photo_changelist",
        "data-videos": "admin:articles_video_picker",
        "data-audios": "admin:articles_audio_picker",
        "data-stories": "admin:articles_article_picker",
        "data-paste-url": "admin:articles_article_paste",
        "data-docx-url": "admin:articles_article_docx",
    }

    def __init__(self):
        super().__init__(attrs={"rows": 30, "class": "body-input", "data-body": ""})

    def get_context(self, name, value, attrs):
        found = {
            "data-schema": json.dumps(schema(), separators=(",", ":")),
            "data-video-sites": json.dumps(settings.VIDEO_SITES, ensure_ascii=False),
            **{attribute: reverse(name) for attribute, name in self.addresses.items()},
        }
        return super().get_context(name, value, found | (attrs or {}))


class BodyField(forms.CharField):
    """Body HTML: comes out clean. Browsers send CRLF for every line break, which is no change."""

    widget = BodyInput

    def clean(self, value):
        source = super().clean(value)
        try:
            # As it came, first: the parser that parts loose lines would drop what lies too deep without a word.
            clean_html(source)
            body = clean_html(tidy(break_loose_lines(source)))
        except LxmlError as error:
            raise ValidationError("正文的标签层层嵌套，超出了能处理的深度：请粘贴为纯文本，再重新排版。") from error
        if missing := missing_media(body):
            raise ValidationError(f"正文引用了库里没有的{'、'.join(missing)}：请先上传，或改正编号。")
        if refused := refused_addresses(body):
            sites = "、".join(settings.VIDEO_SITES.values())
            raise ValidationError(f"站外视频只能来自{sites}，而且地址以 https:// 开头；这个不行：{refused[0]}")
        return body

    def has_changed(self, initial, data):
        return super().has_changed(initial, (data or "").replace("\r\n", "\n"))


def break_loose_lines(source: str) -> str:
    """Plain text into which an editor put a figure or a heading: its lines stay paragraphs, as without any tag."""
    if not MARKUP.search(source):
        return source
    root = parse(source)
    for holder, attribute in [(root, "text"), *((child, "tail") for child in root)]:
        lines = (getattr(holder, attribute) or "").splitlines()
        if not any(line.strip() for line in lines[1:]):
            continue
        setattr(holder, attribute, lines[0])
        for index, line in enumerate(lines[1:]):
            line_break = root.makeelement("br")
            line_break.tail = line
            root.insert(index if holder is root else root.index(holder) + index + 1, line_break)
    return lxml.html.tostring(root, encoding="unicode").removeprefix("<div>").removesuffix("</div>")


class ArticleForm(VersionedForm):
    """An article as an editor writes it. The admin names the fields: fewer for what readers have already.

    The admin sets why the text cannot be changed at this point of its way (`refusal`), what it corrects so far
    (`reason`), who fills it in (`user`), and why a Word file could not be read (`docx_error`). Sent by the button
    "保存并送审", the form also refuses what no review could pass. A valid form tells in `findings` which listed words
    it let pass, in `reminders` what is doubtful.
    """

    user: AbstractBaseUser
    refusal = reason = docx_error = ""
    findings: list[words.Finding]
    reminders: list[preflight.Finding]
    # Read before the form is: the text of the file then stands in the body, and the title in its place.
    docx = DocxField(required=False, help_text=DOCX_HELP)
    body = BodyField(label="正文", required=False, help_text=BODY_HELP)
    correction = CorrectionField()

    class Meta:
        widgets = {"lead": forms.Textarea(attrs={"rows": 3, "class": "wide-input"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.findings, self.reminders = [], []
        if self.instance.pk:
            del self.fields["docx"]
        self.initial["correction"] = self.reason
        self.prepare()
        if "withdrawn_reason" in self.fields:
            self.fields["withdrawn_reason"].required = True
        if "published_at" in self.fields:
            self.fields["published_at"].required = True

    @property
    def is_refused(self) -> bool:
        """A draft that is closed to her is closed as a whole; of what readers have, the text alone."""
        return bool(self.refusal) and ("title" in self.fields or self.instance.status == Article.Status.DRAFT)

    @property
    def is_submission(self) -> bool:
        return "_submit" in self.data

    def clean_lead(self) -> str:
        return "".join(line.strip() for line in self.cleaned_data["lead"].splitlines())

    def clean(self):
        cleaned = super().clean()
        if self.data.get("unsaved_action"):
            self.add_error(None, "这一页有未保存的修改，所以操作没有执行：请先点“保存并继续编辑”，再执行操作。")
        if self.docx_error:
            self.add_error("docx", self.docx_error)
        if self.is_refused:
            self.add_error(None, f"{self.refusal}你的文字仍在下面，没有保存：请先复制留存。")
        else:
            self.refuse_to_overwrite()
        if "title" in self.fields:
            self.judge_text(cleaned)
        self.hold_pictures(cleaned)
        return cleaned

    def hold_pictures(self, cleaned) -> None:
        """Keep the pictures of the text from being deleted until it is saved; one that has just gone is told of."""
        shown = {"body": photo_ids(cleaned.get("body") or "")} if "body" in self.fields else {}
        shown["cover"] = [cleaned["cover"].pk] if cleaned.get("cover") else []
        asked = [pk for pks in shown.values() for pk in pks]
        # Only then is there anything to hold them with: every save of the back office is one transaction.
        held = hold(asked) if asked and transaction.get_connection().in_atomic_block else asked
        for name, pks in shown.items():
            if gone := [str(pk) for pk in pks if pk not in held]:
                self.add_error(name, f"图片 {'、'.join(gone)} 刚被删除：请换掉它。")

    def judge_text(self, cleaned) -> None:
        self.refuse_what_is_not_hers(cleaned)
        if self.is_submission:
            self.require_ready(cleaned)
        self.judge_words(cleaned)

    def refuse_what_is_not_hers(self, cleaned) -> None:
        """An article outside its writer's beats would be out of her sight with this very save."""
        channel, regions = cleaned.get("channel"), cleaned.get("regions")
        if channel is not None and regions is not None and not beats.covers(self.user, channel, regions):
            self.add_error("channel", f"你分管的是{beats.in_words(self.user)}：请选其中的栏目，或填上其中的地区。")

    def _post_clean(self):
        """Check what is about to be handed in, once the instance has all that was typed."""
        super()._post_clean()
        if self.errors or not self.is_submission:
            return
        for finding in preflight.findings(self.instance):
            if finding.is_stopping:
                self.add_error(finding.field if finding.field in self.fields else None, finding.message)
            else:
                self.reminders.append(finding)

    def judge_words(self, cleaned) -> None:
        """Find the listed words; the forbidden ones are refused at their fields when the text is handed in."""
        self.findings = words.findings(
            {name: cleaned.get(name, getattr(self.instance, name)) for name in words.WATCHED}
        )
        for finding in words.stopping(self.findings, may_release=True) if self.is_submission else []:
            self.add_error(finding.field if finding.field in self.fields else None, str(finding))

    def require_ready(self, cleaned) -> None:
        """What a review could not pass. The duty editor may sign later: at 一审 at the latest."""
        names = ("body", "duty_editor", "origin", "source_url")
        values = {name: cleaned.get(name, getattr(self.instance, name)) for name in names}
        for name, message in preflight.unready_fields(**values).items():
            if name not in self.errors and name != "duty_editor":
                self.add_error(name, message)


class RestoreForm(forms.Form):
    """Why a revision comes back to an article that readers have: it will be a working copy, reviewed like any other."""

    correction = CorrectionField()

    def __init__(self, *args, article: Article, **kwargs):
        super().__init__(*args, **kwargs)
        if article.status == Article.Status.DRAFT:
            del self.fields["correction"]


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="撤稿原因",
        max_length=200,
        widget=forms.TextInput(attrs={"class": "wide-input"}),
        help_text="读者会在原地址看到，请写得体面、准确，例如“应作者要求撤稿”。",
    )


class VideoForm(forms.ModelForm):
    """A video judged by its first bytes, and named by its content so that its address can be cached for ever."""

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file
        if file.size > settings.VIDEO_MAX_BYTES:
            most = filesizeformat(settings.VIDEO_MAX_BYTES)
            raise ValidationError(f"视频 {filesizeformat(file.size)}，超过 {most}：请压缩后再上传。")
        extension = video_extension(file)
        if not extension:
            raise ValidationError("这个文件不是能在网页上播放的视频：请导出为 MP4（H.264）或 WebM 后上传。")
        file.name = f"{sha256_of(file)[:24]}.{extension}"
        self.instance.mime_type = f"video/{extension}"
        return file

    def clean_subtitles(self):
        file = self.cleaned_data["subtitles"]
        if not isinstance(file, UploadedFile):
            return file
        head = file.read(16).removeprefix(b"\xef\xbb\xbf")
        file.seek(0)
        if not head.startswith(b"WEBVTT") or file.size > 2**20:
            raise ValidationError("字幕必须是 1 MB 以内的 WebVTT 文件，第一行是 WEBVTT。")
        file.name = f"{sha256_of(file)[:24]}.vtt"
        return file


def video_extension(file: UploadedFile) -> str:
    """mp4 or webm by the first bytes; empty for anything else, QuickTime and still pictures in MP4 boxes included."""
    head = file.read(64)
    file.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] not in {b"qt  ", b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1"}:
        return "mp4"
    return "webm" if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head else ""


class ChannelForm(forms.ModelForm):
    def clean_kind(self) -> str:
        kind = self.cleaned_data["kind"]
        if kind == Channel.Kind.LINK and self.instance.pk and self.instance.articles.exists():
            raise ValidationError("栏目里已有稿件，不能改成导航链接。")
        return kind

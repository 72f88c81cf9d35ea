"""Forms of the picture library. Each says in Chinese what is wrong and what to do."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile

from newsportal.lib.admin import PICTURE_TYPES, PictureField, sha256_of, store_upload
from newsportal.lib.images import PHOTO_WIDTHS, BadPictureError
from newsportal.lib.metadata import read_metadata

from .models import Photo
from .photos import fill_from, keep_photo, treatment_of

MOST_FILES = 50
FILE_HELP = (
    "JPEG、PNG、WebP、AVIF 或 GIF，"
    f"不超过 {settings.PHOTO_MAX_BYTES // 2**20} MB、{settings.PHOTO_MAX_PIXELS // 10**4} 万像素；上传后不能更换。"
)


class PhotoForm(forms.ModelForm):
    """A picture of the library. Crop and focal point are numbers; with JavaScript they are drawn on the picture."""

    class Media:
        css = {"all": ["admin_site/photos.css"]}
        js = [forms.Script("admin_site/photo-editor.js", type="module")]

    def clean(self):
        cleaned = super().clean()
        changes = {"licence", "no_watermark", "crop_x", "crop_y", "crop_width", "crop_height"} & set(self.changed_data)
        original = self.instance.data.get("original", "")
        if changes and self.instance.is_shown and not storages["originals"].exists(original):
            raise ValidationError("原图文件不在了，不能重新裁切或改水印：请找站长检查原图的存储。")
        return cleaned


class PhotoUploadForm(forms.ModelForm):
    """A new picture: judged, compared with the library, and stored once all its words are right too.

    What is left empty is taken from what the file says of itself; a valid form tells in `filled` what.
    """

    filled: list[str]
    file = PictureField(label="图片文件", help_text=FILE_HELP)

    class Media:
        css = {"all": ["admin_site/photos.css"]}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filled = []
        # The file may know it.
        self.fields["caption"].required = False

    def clean_file(self):
        file = self.cleaned_data["file"]
        existing = Photo.objects.filter(sha256=sha256_of(file)).first()
        if existing:
            raise ValidationError(f"这张图片已经在图片库里：编号 {existing.pk}，“{existing.caption}”。请直接使用它。")
        return file

    def _post_clean(self):
        """Fill in what the file says, before the row is judged."""
        file = self.cleaned_data.get("file")
        if file is not None:
            said = read_metadata(file.read())
            file.seek(0)
            typed = Photo(**{name: self.cleaned_data.get(name) or None for name in ("caption", "credit", "taken_at")})
            self.filled = fill_from(typed, said)
            self.cleaned_data |= {name: getattr(typed, name) or "" for name in ("caption", "credit")}
            self.cleaned_data["taken_at"] = typed.taken_at
        if not self.cleaned_data.get("caption") and "caption" not in self.errors:
            self.add_error("caption", "请填写图说：文件里没有写。")
        super()._post_clean()

    def full_clean(self):
        super().full_clean()
        if self.is_bound and not self.errors:
            self.store()

    def store(self) -> None:
        photo = self.instance
        data = store_upload(self, "file", folder="photos", widths=PHOTO_WIDTHS, treatment=treatment_of(photo))
        if data:
            photo.data, photo.sha256, photo.width, photo.height = data, data["sha256"], data["width"], data["height"]


class TakeDownForm(forms.Form):
    reason = forms.CharField(
        label="下架原因",
        max_length=200,
        widget=forms.TextInput(attrs={"class": "wide-input"}),
        help_text="只在后台显示，例如“授权方来函要求停止使用”。",
    )


# --- Several at once --------------------------------------------------------------------------------------------------


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Files that are judged one by one later: each has its own answer."""

    widget = ManyFilesInput(attrs={"accept": PICTURE_TYPES, "multiple": True})

    def clean(self, data, initial=None):
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        if not files:
            raise ValidationError("请选择图片文件。")
        if len(files) > MOST_FILES:
            raise ValidationError(f"一次最多上传 {MOST_FILES} 张，这次选了 {len(files)} 张。")
        return list(files)


class ManyPhotosForm(forms.ModelForm):
    """Files, and what is true of all of them."""

    files = ManyFilesField(label="图片文件", help_text=f"可以一次选多张，最多 {MOST_FILES} 张。{FILE_HELP}")

    class Meta:
        model = Photo
        fields = ["files", "caption", "credit", "licence", "rights", "expires_on", "no_watermark"]

    class Media:
        css = {"all": ["admin_site/photos.css"]}
        js = ["admin_site/many-photos.js"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["caption"].required = False
        self.fields["caption"].help_text = "对这一批都合适的一句话；留空则用文件里写的，上传后再逐张填写。"
        self.fields["expires_on"].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def keep_all(self, *, by: AbstractBaseUser) -> list["Result"]:
        """Keep each file; what became of it."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "files"}
        return [keep_upload(file, by=by, **values) for file in self.cleaned_data["files"]]


@dataclass(frozen=True)
class Result:
    """What became of one file of many."""

    name: str
    text: str
    photo: Photo | None = None
    is_new: bool = False


def keep_upload(file: UploadedFile, *, by: AbstractBaseUser, **values) -> Result:
    """Keep one of many files, whatever became of the others."""
    # Before it is read whole; `keep_photo` asks all the rest.
    if file.size > settings.PHOTO_MAX_BYTES:
        return Result(file.name, f"没有上传：图片超过 {settings.PHOTO_MAX_BYTES // 2**20} MB，请压缩后再上传。")
    try:
        photo, is_new = keep_photo(file.read(), by=by, **values)
    except BadPictureError as error:
        return Result(file.name, f"没有上传：{error}")
    if is_new:
        return Result(file.name, f"已入库，编号 {photo.pk}。", photo, is_new=True)
    return Result(file.name, f"库里已有，编号 {photo.pk}，“{photo.caption}”：请直接使用它。", photo)


class WordsForm(forms.ModelForm):
    """The words of one picture among several."""

    class Meta:
        model = Photo
        fields = ["caption", "alt", "credit", "taken_at", "licence"]
        widgets = {"taken_at": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

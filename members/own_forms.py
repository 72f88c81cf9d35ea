"""The forms of a reader's own pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from newsportal.lib.images import FORMATS, BadPictureError
from newsportal.lib.keys import is_key

from . import avatars, interests, names
from .forms import Worded
from .models import Member

PICTURE_TYPES = ",".join(f"image/{name.lower()}" for name in FORMATS)


class ProfileForm(Worded, forms.Form):
    nickname = forms.CharField(
        label="昵称", required=False, max_length=100, help_text=f"显示给大家的名字；留空就显示用户名。{names.RULES}"
    )
    picture = forms.FileField(
        label="头像",
        required=False,
        help_text="JPEG、PNG、WebP、AVIF 或 GIF，不超过 5 MB，短边至少 120 像素；取中间的正方形。",
        widget=forms.FileInput(attrs={"accept": PICTURE_TYPES}),
    )
    remove_picture = forms.BooleanField(label="去掉现在的头像", required=False)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, initial={"nickname": member.display_name}, **kwargs)
        self.member = member
        self.fields["nickname"].widget.attrs |= {"maxlength": names.MOST, "autocomplete": "nickname"}
        if not member.avatar:
            del self.fields["remove_picture"]

    def clean_nickname(self) -> str:
        """An old name of one's own stays good, whatever the rules have become."""
        nickname = self.cleaned_data["nickname"]
        kept = {self.member.display_name, ""}
        return nickname if nickname in kept else names.check(nickname, member=self.member)

    def clean_picture(self):
        if file := self.cleaned_data["picture"]:
            try:
                avatars.check(file)
            except BadPictureError as error:
                raise ValidationError(str(error)) from error
        return file

    def save(self) -> bool:
        """Whether all is saved; if not, the form says why."""
        picture, data = self.cleaned_data["picture"], self.cleaned_data
        try:
            if picture or data.get("remove_picture"):
                avatars.replace(self.member, picture)
        except BadPictureError as error:
            self.add_error("picture", str(error))
            return False
        try:
            names.rename(self.member, data["nickname"])
        except names.NameTakenError:
            self.add_error("nickname", names.TAKEN)
            return False
        return True


class RowsField(forms.ModelMultipleChoiceField):
    """Rows to choose from; a number that no key reaches is no choice, where the database would break."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any):
        if not all(map(is_key, value or ())):
            raise ValidationError("没有这个选项。")
        return super().clean(value)


class InterestsForm(Worded, forms.Form):
    channels = RowsField(interests.channels(), label="栏目", required=False)
    regions = RowsField(interests.regions(), label="地区", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("channels", "regions"):
            if len(cleaned.get(name, ())) > interests.MOST:
                self.add_error(name, f"最多选 {interests.MOST} 个。")
        return cleaned


class CloseForm(Worded, forms.Form):
    """Closing an account is confirmed by its password, or by a word where it has none."""

    comments = forms.ChoiceField(
        label="我的评论",
        choices=[("keep", "留下，署名改为“已注销用户”"), ("remove", "全部删除")],
        initial="keep",
        widget=forms.RadioSelect,
    )
    proof = forms.CharField(label="密码", strip=False, max_length=4096)

    WORD = "注销"

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        if member.has_usable_password():
            self.fields["proof"].widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        else:
            self.fields["proof"].label = f"请输入“{self.WORD}”两个字"

    def clean_proof(self) -> str:
        proof = self.cleaned_data["proof"]
        if self.member.has_usable_password():
            if not self.member.check_password(proof):
                raise ValidationError("密码不对。")
        elif proof.strip() != self.WORD:
            raise ValidationError(f"请输入“{self.WORD}”两个字。")
        return proof

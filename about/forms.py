"""Forms of the back office."""

from django import forms

from newsportal.lib.admin import PictureField, store_upload
from newsportal.lib.images import PORTRAIT_WIDTHS

from .models import StaffMember, new_public_id


class StaffMemberForm(forms.ModelForm):
    """A member of the newsroom; a new portrait replaces the one before once all the rest is right."""

    portrait = PictureField(
        label="证件照", required=False, help_text="JPEG、PNG 或 WebP，竖幅正面照；留空则保留现有照片。"
    )
    void_cards = forms.BooleanField(
        label="旧证作废",
        required=False,
        help_text="证件遗失或换发时勾选：保存后，以前印的工作证扫码都显示“无法核实”，请再打印新证。",
    )

    class Meta:
        model = StaffMember
        fields = ["name", "title", "department", "region", "card_number", "status", "valid_until", "bio"]

    def full_clean(self):
        super().full_clean()
        if self.is_bound and not self.errors and self.cleaned_data.get("portrait"):
            data = store_upload(self, "portrait", folder="staff", widths=PORTRAIT_WIDTHS)
            self.instance.photo_data = data or self.instance.photo_data

    def save(self, commit=True):
        if self.cleaned_data.get("void_cards"):
            # The cards carry the former one, so none of them leads to this person any more.
            self.instance.public_id = new_public_id()
        return super().save(commit)

"""The two forms of proving a phone number: which number, and the code that was sent to it."""

import unicodedata

from allauth.account import forms as account
from django.core.exceptions import ValidationError

from .forms import Worded

WRONG_CODE = "验证码不对，请看看短信再填一次。"


class PhoneForm(Worded, account.ChangePhoneForm):
    words = {"phone": ("手机号", "中国大陆的手机号。我们会发一条短信，里面有六位验证码。")}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.phone:
            self.fields["phone"].label = "新手机号"


class PhoneCodeForm(Worded, account.VerifyPhoneForm):
    words = {"code": ("验证码", "短信里的六位数字，十分钟内有效。")}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.widget.attrs |= {"inputmode": "numeric", "maxlength": 20}
        code.error_messages["required"] = "请填写短信里的六位数字。"

    def clean_code(self) -> str:
        # A Chinese keyboard may type digits of full width.
        self.cleaned_data["code"] = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        try:
            return super().clean_code()
        except ValidationError as error:
            if error.code == "incorrect_code":
                raise ValidationError(WRONG_CODE) from error
            raise

"""The forms of signing in: allauth's, in our words, and safe against what no browser sends."""

import struct
from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys

LONGEST_NAME = 40
CODE = {"code": ("验证码", "认证器应用里的六位数字，或一个没有用过的恢复码。")}


class Worded:
    """Labels and help of ours instead of allauth's, and no placeholders: they would say the same again."""

    words: dict[str, tuple[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        for name, (label, help_text) in self.words.items():
            self.fields[name].label, self.fields[name].help_text = label, help_text
        if "code" in self.fields:
            self.fields["code"].widget.attrs |= {"autofocus": True, "autocapitalize": "off", "spellcheck": "false"}


class LoginForm(Worded, account.LoginForm):
    words = {"login": ("用户名", ""), "password": ("密码", "")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocapitalize": "off", "spellcheck": "false"}


class PasswordChangeForm(Worded, account.ChangePasswordForm):
    words = {"oldpassword": ("当前密码", ""), "password2": ("新密码（再输一次）", "")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "新密码"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("password1") and cleaned["password1"] == cleaned.get("oldpassword"):
            self.add_error("password1", "新密码不能与当前密码相同。")
        return cleaned


class CodeForm(Worded, codes.AuthenticateForm):
    words = CODE


class CodeAgainForm(Worded, codes.ReauthenticateForm):
    words = CODE


class ActivateCodeForm(Worded, totp.ActivateTOTPForm):
    words = {"code": ("验证码", "认证器应用里显示的六位数字。")}


# What the libraries raise on a credential that no browser made.
NO_CREDENTIAL = (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError, struct.error)


class Checked:
    """What no browser sends is a wrong credential, where the libraries would break."""

    def full_clean(self) -> None:
        try:
            super().full_clean()
        except NO_CREDENTIAL:
            self.add_error("credential", get_adapter().validation_error("incorrect_code"))


class PasskeyForm(Checked, Worded, passkeys.AddWebAuthnForm):
    """Every key can sign in by itself, so there is nothing to choose; it is asked to check who holds it."""

    words = {"name": ("名称", "便于分辨，例如“我的手机”“办公室电脑”。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]
        self.fields["name"].widget.attrs["maxlength"] = LONGEST_NAME

    def clean_name(self) -> str:
        return super().clean_name()[:LONGEST_NAME]


class PasskeyNameForm(Worded, passkeys.EditWebAuthnForm):
    words = {"name": ("名称", "便于分辨，例如“我的手机”“办公室电脑”。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["maxlength"] = LONGEST_NAME

    def clean_name(self) -> str:
        return self.cleaned_data["name"][:LONGEST_NAME]


class PasskeyLoginForm(Checked, passkeys.LoginWebAuthnForm):
    pass


class PasskeyCheckForm(Checked, passkeys.AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(Checked, passkeys.ReauthenticateWebAuthnForm):
    pass

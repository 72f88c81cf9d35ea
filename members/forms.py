"""The forms of signing in: allauth's, in our words, and safe against what no browser sends."""

import struct
from typing import Any

from allauth.account import forms as account
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as passkeys
from django.core.validators import MaxLengthValidator

from . import phones
from .models import Member

LONGEST_NAME, LONGEST_LOGIN = 40, 254
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
        if "email" in self.fields:
            self.fields["email"].error_messages["invalid"] = "请填写完整的邮箱，例如 name@example.com。"
        if "code" in self.fields:
            self.fields["code"].widget.attrs |= {"autofocus": True, "autocapitalize": "off", "spellcheck": "false"}


class LoginForm(Worded, account.LoginForm):
    words = {"login": ("用户名或邮箱", ""), "password": ("密码", "")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        if phones.are_on():
            login.label = "用户名、邮箱或手机号"
        login.validators = [one for one in login.validators if not isinstance(one, MaxLengthValidator)]
        login.max_length = LONGEST_LOGIN
        login.validators.append(MaxLengthValidator(LONGEST_LOGIN))
        login.widget.attrs |= {"autofocus": True, "autocapitalize": "off", "spellcheck": "false"}
        login.widget.attrs["maxlength"] = LONGEST_LOGIN

    def user_credentials(self) -> dict[str, str]:
        """By the user name, whichever was typed: an account has one count of wrong guesses, and one way in."""
        typed = self.cleaned_data["login"]
        return {"username": username_of(typed), "password": self.cleaned_data["password"]}


def username_of(typed: str) -> str:
    """The user name that somebody means who typed it, in whatever case, her address or number; else what was typed.

    One query to three, by what was typed and not by what is found. A number that nobody has has one form, as all of an
    account count as one. Whoever proved a number comes before an account that is called by it.
    """
    phone = phones.number_in(typed) if phones.are_on() else ""
    owner = phones.owner_of(phone) if phone else None
    found = set(Member.objects.filter(username__in={typed, typed.lower()}).values_list("username", flat=True))
    by_address = usernames_at(typed.lower()) if "@" in typed else []
    if owner:
        return owner.username
    return next((name for name in (typed, typed.lower()) if name in found), next(iter(by_address), phone or typed))


def usernames_at(address: str) -> list[str]:
    """Those whose address this is: confirmed, to be confirmed, as the back office noted it. Two queries."""
    addresses = EmailAddress.objects.filter(email=address).order_by("-verified", "-pk")
    noted = Member.objects.filter(email=address).order_by("-is_staff", "-pk")
    names = addresses.values_list("user__username", flat=True)
    return [*names[:1], *noted.values_list("username", flat=True)[:1]]


class PasswordAgainForm(Worded, account.ReauthenticateForm):
    words = {"password": ("密码", "")}


class ResetForm(Worded, account.ResetPasswordForm):
    words = {"email": ("邮箱", "注册时用的邮箱。")}


class NewPasswordForm(Worded, account.ResetPasswordKeyForm):
    words = {"password1": ("新密码", ""), "password2": ("新密码（再输一次）", "")}


class EmailForm(Worded, account.AddEmailForm):
    words = {"email": ("新邮箱", "我们会发一封信到这个邮箱；点开信里的链接，它才会代替现在的邮箱。")}


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

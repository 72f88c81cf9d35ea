"""Signing up by oneself: the form, and how programs are kept from filling it in."""

import time
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.views import SignupView
from allauth.core.ratelimit import respond_429
from django import forms
from django.contrib.auth.hashers import make_password
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from newsportal.lib.clients import too_often

from . import names
from .forms import Worded

SALT = "members.sign-up"
# Nobody reads a form and fills it in within this time; and who comes back to it a day later gets a new one.
LEAST_SECONDS, MOST_SECONDS = 2.0, 24 * 3600
# Accounts of one network and hour: a school or an office is one.
MOST_ACCOUNTS, ACCOUNT_SECONDS = 30, 3600


def opened_now() -> str:
    return signing.dumps(time.time(), salt=SALT)


class SignUpForm(Worded, account.SignupForm):
    words = {
        "username": ("用户名", f"用来登录，也是您显示给大家的名字。{names.RULES}"),
        "email": ("邮箱", "用来确认是您本人、找回密码。不会显示给任何人。"),
        "password2": ("密码（再输一次）", ""),
    }
    # Seen by programs alone, which fill in whatever there is.
    homepage = forms.CharField(required=False, label="请不要填写", widget=forms.TextInput(attrs={"tabindex": "-1"}))
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "密码"
        self.fields["password1"].help_text = "至少 10 个字符，不能全是数字，也不要和用户名、邮箱相像。"
        self.fields["username"].widget.attrs |= {"maxlength": names.MOST, "spellcheck": "false", "autofocus": True}
        self.fields["username"].widget.attrs |= {"autocapitalize": "off"}
        self.fields["homepage"].widget.attrs["autocomplete"] = "off"
        self.fields["opened"].initial = opened_now

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if said := self.said_of_the_clock(cleaned.get("opened", "")):
            self.add_error(None, said)
        return cleaned

    def said_of_the_clock(self, opened: str) -> str:
        """What is wrong with the time that the form was open; it comes back with one that is right."""
        try:
            seconds = time.time() - signing.loads(opened, salt=SALT)
        except signing.BadSignature:
            seconds = MOST_SECONDS + 1
        if seconds > MOST_SECONDS:
            self.data = self.data.copy()
            self.data["opened"] = opened_now()
            return "这一页打开得太久了，请再按一次“注册”。"
        return "" if seconds >= LEAST_SECONDS else "提交得太快了，请再按一次“注册”。"

    def try_save(self, request: HttpRequest) -> tuple[Any, HttpResponse | None]:
        """As long as for a new account, whether the address has one already or a program filled in the form."""
        if self.cleaned_data["homepage"]:
            make_password(self.cleaned_data["password1"])
            return None, get_adapter().respond_email_verification_sent(request, None)
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        with transaction.atomic():
            return super().try_save(request)


class SignUpView(SignupView):
    def form_valid(self, form: SignUpForm) -> HttpResponse:
        if too_often(self.request, "sign-up", most=MOST_ACCOUNTS, seconds=ACCOUNT_SECONDS):
            return respond_429(self.request)
        try:
            return super().form_valid(form)
        except names.NameTakenError:
            form.add_error("username", names.TAKEN)
            return self.form_invalid(form)

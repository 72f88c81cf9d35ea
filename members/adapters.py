"""What allauth asks the portal: whose address, which words, when enough is enough, what a second factor is called."""

import base64
import logging
import secrets
from email.utils import formataddr
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from newsportal.lib.clients import client_address, is_address, plain_address
from newsportal.lib.qr import svg_of
from newsportal.lib.sealing import UnsealError, seal, unseal

from . import names, operations, phones, weixin
from .models import Member, Operation
from .phone_answers import PhoneAnswers

logger = logging.getLogger(__name__)
# Whoever gave the password so many seconds ago need not give it again to change her second factor.
FRESH_SECONDS = 300
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 - a name for no address, nothing listens
TOO_OFTEN = {"too_many_login_attempts", "rate_limited"}


class AccountAdapter(PhoneAnswers, DefaultAccountAdapter):
    error_messages = (
        DefaultAccountAdapter.error_messages
        | PhoneAnswers.error_messages
        | {
            # The same words for an account that does not exist, is closed, or has another password.
            "username_password_mismatch": "用户名或密码不对。",
            "email_taken": "这个邮箱不能使用，请换一个。",
            "duplicate_email": "这就是现在的邮箱。",
            "invalid_password_reset": "这个链接已经用过或者过期了。",
            "enter_current_password": "当前密码不对。",
            "incorrect_password": "密码不对。",
            "incorrect_code": "验证没有通过，请再试一次。",
            "too_many_login_attempts": "尝试次数太多，请稍后再试。",
            "rate_limited": "尝试次数太多，请稍后再试。",
        }
    )

    # --- What the rest of the portal answers: newsportal/accounts.py ---

    def site_name(self) -> str:
        return "新闻网"

    def names_of_staff(self) -> list[str]:
        """Names of people of the newsroom that readers see elsewhere than at an account."""
        return []

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Without mail nobody could confirm her address."""
        return settings.MAIL_WORKS

    def export_elsewhere(self, user: Member) -> dict[str, Any]:
        """What other apps keep of a member, by its Chinese name, as JSON takes it."""
        return {}

    def forget_elsewhere(self, user: Member, *, remove_comments: bool) -> None:
        """Let other apps let go of a member: before the account is deleted, and again in the transaction that does."""

    def unread_count(self, user: Member) -> int:
        """How many notices wait for her."""
        return 0

    # --- Signing up and in ---

    def get_login_stages(self) -> list[str]:
        own = "members.stages.AddressStage"
        return [own if stage.endswith(".EmailVerificationStage") else stage for stage in super().get_login_stages()]

    def save_user(self, request: HttpRequest, user: Member, form, commit: bool = True) -> Member:
        """The account with its names. A user name is kept in small letters; as it was typed, it is shown."""
        with transaction.atomic():
            typed = form.cleaned_data["username"]
            user.display_name = typed if typed != typed.lower() else ""
            user = super().save_user(request, user, form, commit)
            names.take(user)
            operations.write(Operation.Action.SIGN_UP, request, row=user)
        return user

    def clean_username(self, username: str, shallow: bool = False) -> str:
        return username if shallow else names.check(username)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that our outermost proxy saw. An IPv4 address in IPv6 form is its own, not a network's."""
        address = client_address(request)
        return plain_address(address) if is_address(address) else UNKNOWN_ADDRESS

    def validation_error(self, code, *args):
        """Guessing ends in a page of its own with status 429, wherever allauth would only add a line to a form."""
        if code in TOO_OFTEN:
            raise ImmediateHttpResponse(respond_429(context.request))
        return super().validation_error(code, *args)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials) -> str:
        """The account alone: the host is the client's to choose, and each port would have a count of its own.

        What is no account's may be somebody's number, which has no place in a key that is a plain hash.
        """
        name = str(credentials.get("username", "")).lower()
        return phones.mark_of(name) if phones.are_on() and phones.number_in(name) else name

    def respond_user_inactive(self, request: HttpRequest, user: Member) -> HttpResponse:
        """For a passkey that still works while its account does not; a password is refused before."""
        messages.error(request, "这个账号已经停用，请联系站长。")
        return redirect("account_login")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index" if request.user.is_staff else "members:home")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("members:home")

    def get_email_verification_redirect_url(self, email_address) -> str:
        return reverse("account_email" if self.request.user.is_authenticated else "account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def set_password(self, user: Member, password: str) -> None:
        """The member's own choice, so nobody else knows it any more."""
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Not right after signing in: whoever is led from there to the second factor has just given her password.

        By WeChat nobody comes to a second factor of the newsroom, not even a reader who has just become one of it.
        """
        request = context.request
        now = timezone.now().timestamp()
        records = get_authentication_records(request, request.user)
        if operations.is_staff(request.user):
            records = [record for record in records if record["method"] != "socialaccount"]
        is_fresh = any(now - record["at"] < FRESH_SECONDS for record in records)
        return not is_fresh and super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user: Member) -> list[dict[str, str]]:
        return super().get_reauthentication_methods(user) + weixin.ways_again(user)

    # --- Mail ---

    def get_from_email(self) -> str:
        return formataddr((self.site_name(), settings.DEFAULT_FROM_EMAIL))

    def format_email_subject(self, subject: str) -> str:
        return f"【{self.site_name()}】{subject}"

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation) -> str:
        """At the site's own address, whatever host was asked for: the link decides who gets the key."""
        return f"{settings.SITE_URL}{reverse('account_confirm_email', args=[emailconfirmation.key])}"

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, token = key.partition("-")
        return f"{settings.SITE_URL}{reverse('account_reset_password_from_key', args=[uid, token])}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that does not answer ends the request with 503 in words; what was saved is saved."""
        if not settings.MAIL_WORKS:
            return
        addresses = {"site_name": self.site_name(), "site_url": settings.SITE_URL}
        try:
            super().send_mail(template_prefix, email, context | addresses)
        except (OSError, SMTPException) as error:
            logger.exception("The mail server did not take a mail.")
            raise ImmediateHttpResponse(render(self.request, "account/no_mail.html", status=503)) from error

    def send_notification_mail(self, template_prefix: str, user: Member, context=None, email=None) -> None:
        """What is told of a change that is made already: a mail that cannot leave does not stand against it."""
        try:
            super().send_notification_mail(template_prefix, user, context, email)
        except ImmediateHttpResponse:
            logger.warning("The change stands, its mail did not leave: %s", template_prefix)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "验证没有通过，请再试一次。",
        "cannot_generate_recovery_codes": "请先设置动态口令或通行密钥，再生成恢复码。",
    }

    def _get_site_name(self) -> str:
        return str(admin.site.site_header)

    def get_totp_label(self, user: Member) -> str:
        return user.get_username()

    def _get_user_identifier(self, user: Member) -> str:
        return user.get_username()

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What this site cannot open lets nobody in: in its place comes a secret that nobody knows."""
        try:
            return unseal(encrypted_text)
        except UnsealError:
            logger.error("A second factor was sealed under a secret that is gone: reset it.")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def build_totp_svg(self, url: str) -> SafeString:
        # Drawn by segno: paths alone, the text of the address is not in it.
        return mark_safe(svg_of(url))

    def generate_authenticator_name(self, user: Member, type: Authenticator.Type) -> str:  # noqa: A002 - its name there
        return f"通行密钥 {Authenticator.objects.filter(user=user, type=type).count() + 1}"

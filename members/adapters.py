"""What allauth asks the portal: whose address, which words, when enough is enough, what a second factor is called."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from newsportal.lib.clients import client_address, is_address, plain_address
from newsportal.lib.qr import svg_of

from .models import Member

# Whoever gave the password so many seconds ago need not give it again to change her second factor.
FRESH_SECONDS = 300
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 - a name for no address, nothing listens
TOO_OFTEN = {"too_many_login_attempts", "rate_limited"}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        # The same words for an account that does not exist, is closed, or has another password.
        "username_password_mismatch": "用户名或密码不对。",
        "enter_current_password": "当前密码不对。",
        "incorrect_password": "密码不对。",
        "incorrect_code": "验证没有通过，请再试一次。",
        "too_many_login_attempts": "尝试次数太多，请稍后再试。",
        "rate_limited": "尝试次数太多，请稍后再试。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by herself: accounts are made in the back office."""
        return False

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
        """The account alone: the host is the client's to choose, and each port would have a count of its own."""
        return str(credentials.get("username", "")).lower()

    def respond_user_inactive(self, request: HttpRequest, user: Member) -> HttpResponse:
        """For a passkey that still works while its account does not; a password is refused before."""
        messages.error(request, "这个账号已经停用，请联系站长。")
        return redirect("account_login")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index" if request.user.is_staff else "mfa_index")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def set_password(self, user: Member, password: str) -> None:
        """The member's own choice, so nobody else knows it any more."""
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Not right after signing in: whoever is led from there to the second factor has just given her password."""
        request = context.request
        now = timezone.now().timestamp()
        records = get_authentication_records(request, request.user)
        is_fresh = any(now - record["at"] < FRESH_SECONDS for record in records)
        return not is_fresh and super().is_reauthentication_required(app=app, **kwargs)


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

    def build_totp_svg(self, url: str) -> SafeString:
        # Drawn by segno: paths alone, the text of the address is not in it.
        return mark_safe(svg_of(url))

    def generate_authenticator_name(self, user: Member, type: Authenticator.Type) -> str:  # noqa: A002 - its name there
        return f"通行密钥 {Authenticator.objects.filter(user=user, type=type).count() + 1}"

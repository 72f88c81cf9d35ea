"""The pages of signing in by WeChat. Where the settings name no application, there are none."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.ratelimit import respond_429
from allauth.socialaccount import forms as social
from allauth.socialaccount import views
from allauth.socialaccount.internal import flows
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods

from newsportal.lib.clients import too_often
from newsportal.lib.keys import is_key

from . import names, operations, weixin
from .forms import Worded
from .sign_up import ACCOUNT_SECONDS, MOST_ACCOUNTS
from .weixin_rules import failed

View = Callable[..., HttpResponse]
# Ways to WeChat that one network begins in a minute: as many as sign-ins.
MOST_BEGUN, BEGUN_SECONDS = 30, 60
PAGE = ["GET", "HEAD", "POST"]

to_weixin = OAuth2LoginView.adapter_view(weixin.OAuthAdapter)
from_weixin = OAuth2CallbackView.adapter_view(weixin.OAuthAdapter)


def if_on(view: View) -> View:
    """`view`, or 404 where signing in by WeChat is not set up."""

    @wraps(view)
    def shown(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not weixin.is_on():
            raise Http404
        return view(request, *args, **kwargs)

    return shown


def with_way_to_weixin(view: View) -> View:
    """`view`, whose page has the button: where WeChat is set up, its forms may lead there, and nowhere else."""

    @wraps(view)
    def shown(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not weixin.is_on():
            return view(request, *args, **kwargs)
        policy = settings.SECURE_CSP | {"form-action": [CSP.SELF, weixin.ORIGIN]}
        return csp_override(policy)(view)(request, *args, **kwargs)

    return shown


@if_on
def begin(request: HttpRequest) -> HttpResponse:
    """On to WeChat, which shows a code to scan. By POST, so that no link elsewhere signs anybody in."""
    is_connecting = request.POST.get("process") == "connect"
    if request.method != "POST" or (is_connecting and not request.user.is_authenticated):
        return redirect("account_login")
    if too_often(request, "weixin", most=MOST_BEGUN, seconds=BEGUN_SECONDS):
        return respond_429(request)
    if is_connecting and operations.is_staff(request.user):
        return failed(request, "staff")
    return to_weixin(request)


@if_on
@require_http_methods(["GET", "HEAD"])
def callback(request: HttpRequest) -> HttpResponse:
    """Back from WeChat. What comes without a way that was begun in this browser is worth nothing."""
    try:
        return from_weixin(request)
    except IntegrityError:
        return failed(request, "twice")


class SignUpForm(Worded, social.SignupForm):
    words = {"username": ("用户名", f"显示给大家的名字；以后设了密码，也用它登录。{names.RULES}")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An address is confirmed by a mail, and that is a way of its own: the account's page has it.
        del self.fields["email"]
        self.fields["username"].widget.attrs |= {"maxlength": names.MOST, "spellcheck": "false", "autofocus": True}
        self.fields["username"].widget.attrs |= {"autocapitalize": "off", "autocomplete": "nickname"}


class SignUpView(views.SignupView):
    form_class = SignUpForm

    def form_valid(self, form: SignUpForm) -> HttpResponse:
        """The account, and signed in with it. Until then what WeChat said is kept: a taken name costs no new scan."""
        if too_often(self.request, "sign-up", most=MOST_ACCOUNTS, seconds=ACCOUNT_SECONDS):
            return respond_429(self.request)
        try:
            with transaction.atomic():
                form.save(self.request)
        except (names.NameTakenError, IntegrityError):
            return self.too_late(form)
        flows.signup.clear_pending_signup(self.request)
        return flows.signup.complete_social_signup(self.request, self.sociallogin)

    def too_late(self, form: SignUpForm) -> HttpResponse:
        account = self.sociallogin.account
        if SocialAccount.objects.filter(provider=account.provider, uid=account.uid).exists():
            flows.signup.clear_pending_signup(self.request)
            return failed(self.request, "twice")
        form.add_error("username", names.TAKEN)
        return self.form_invalid(form)


class DisconnectForm(social.DisconnectForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].error_messages |= dict.fromkeys(("required", "invalid_choice"), "没有连接这个微信号。")

    def full_clean(self) -> None:
        """A number that no key reaches is no choice, where the database would break."""
        if self.is_bound and not is_key(self.data.get("account", "")):
            self.data = {}
        super().full_clean()


class ConnectionsView(views.ConnectionsView):
    form_class = DisconnectForm
    template_name = "socialaccount/connections.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if operations.is_staff(request.user):
            return failed(request, "staff")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = weixin.accounts_of(self.request.user)
        for row in rows:
            row.nickname = weixin.nickname_of(row)
        return super().get_context_data(**kwargs) | {"connected": rows}


@if_on
@login_required
@require_http_methods(["GET", "HEAD"])
def again(request: HttpRequest) -> HttpResponse:
    """Where a member without a password proves that it is she: by WeChat, once more."""
    return TemplateResponse(request, "socialaccount/again.html", {"target": request.GET.get("next", "")})


sign_up = if_on(SignUpView.as_view())
connections = if_on(ConnectionsView.as_view())

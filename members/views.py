"""Pages of signing in and of the account: allauth's views in the look of the site, or of the back office."""

from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.logout import logout
from allauth.account.views import PasswordChangeView as AllauthPasswordChangeView
from allauth.mfa.totp.views import ActivateTOTPView as AllauthActivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from . import operations, second_factor, sessions, weixin

View = Callable[..., HttpResponse]


def page(view: View, *, title: str, refused: int = 200) -> View:
    """`view` in its frame, kept by no cache. `refused` is the status with which a form comes back.

    Proofs of who asks, a wrong password among them, are answered 200, as password managers expect.
    """

    @never_cache
    @wraps(view)
    def shown(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse):
            response.context_data = frame(request) | {"title": title} | (response.context_data or {})
            form = response.context_data.get("form")
            if form is not None and form.errors and response.status_code == 200:
                response.status_code = refused
        return response

    return shown


def frame(request: HttpRequest) -> dict[str, object]:
    """What the frame asks for: the back office's for its people, the site's for readers and whoever is not known yet.

    The links of the back office stay away until they would answer. What is private has no Traditional form.
    """
    step = request.required_step
    is_office = operations.is_staff(request.user)
    return {
        "frame": "account/office.html" if is_office else "account/site.html",
        "is_office": is_office,
        "hant_address": "",
        "is_sign_up_open": get_adapter().is_open_for_signup(request),
        "mail_works": settings.MAIL_WORKS,
        "weixin_works": weixin.is_on(),
        "mail_folder": settings.MAILERS["default"].get("OPTIONS", {}).get("file_path", ""),
        "site_header": admin.site.site_header,
        "site_title": admin.site.site_title,
        "site_url": admin.site.site_url,
        "has_permission": step is None and admin.site.has_permission(request),
        "step": step.page if step else "",
        "is_second_factor_required": settings.STAFF_SECOND_FACTOR,
    }


def home(request: HttpRequest) -> HttpResponse:
    return redirect("mfa_index" if operations.is_staff(request.user) else "members:home")


def without_mail(view: View) -> View:
    """`view`, or a page that says why not, where the site cannot send mail."""

    @wraps(view)
    def shown(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if settings.MAIL_WORKS:
            return view(request, *args, **kwargs)
        return TemplateResponse(request, "account/without_mail.html", {}, status=503)

    return shown


def without_password(request: HttpRequest) -> HttpResponse:
    if operations.is_staff(request.user) or not weixin.accounts_of(request.user):
        messages.error(request, "这个账号没有密码，请联系站长设置。")
        return redirect("mfa_index")
    messages.info(request, "这个账号用微信登录，没有密码。想设一个：先填写并确认邮箱，再退出，在登录页按“忘了密码”。")
    return redirect("account_email")


class PasswordChangeView(AllauthPasswordChangeView):
    """Ends the other sign-ins: Django makes them invalid, here they leave the list as well."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated and not request.user.has_usable_password():
            return without_password(request)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form) -> HttpResponse:
        sessions.end_sessions(sessions.others(self.request), request=self.request, reason="修改密码后结束")
        return super().form_valid(form)


class FirstFactorMixin:
    """Whatever was signed in before the first second factor may know the password only: it ends."""

    def form_valid(self, form) -> HttpResponse:
        is_first = not second_factor.has_second_factor(self.request.user)
        response = super().form_valid(form)
        second_factor.remember_set_up(self.request)
        if is_first:
            sessions.end_sessions(sessions.others(self.request), request=self.request, reason="设置两步验证后结束")
        return response


class ActivateTOTPView(FirstFactorMixin, AllauthActivateTOTPView):
    pass


class AddPasskeyView(FirstFactorMixin, AddWebAuthnView):
    """Every key is asked to be found without a user name and to check its holder, so that it can sign in alone."""

    def get_context_data(self, **kwargs) -> dict[str, object]:
        # Past AddWebAuthnView's own: it forgets the form that did not validate, and asks for another kind of key.
        context = super(AddWebAuthnView, self).get_context_data(**kwargs)
        return context | {"js_data": {"creation_options": begin_registration(self.request.user, True)}}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def session_list(request: HttpRequest) -> HttpResponse:
    """Where the reader is signed in. By POST: `session` ends one of them, anything else all others."""
    if request.method == "POST":
        return end_some(request)
    rows = UserSession.objects.purge_and_list(request.user)
    for row in rows:
        row.device, row.is_this = sessions.device_name(row.user_agent), row.is_current()
    rows.sort(key=lambda row: (not row.is_this, -row.last_seen_at.timestamp()))
    return TemplateResponse(request, "usersessions/usersession_list.html", {"sessions": rows})


def end_some(request: HttpRequest) -> HttpResponse:
    number = request.POST.get("session")
    if number is None:
        ended = sessions.end_sessions(sessions.others(request), request=request, reason="本人结束")
        messages.success(request, f"已结束其他 {ended} 处登录。" if ended else "没有其他登录。")
        return redirect("usersessions_list")
    # A key of its own page: what is not a number, too long, or somebody else's, is not there.
    known = {str(row.pk): row for row in UserSession.objects.filter(user=request.user).select_related("user")}
    if number not in known:
        messages.warning(request, "这处登录已经结束。")
        return redirect("usersessions_list")
    if known[number].is_current():
        logout(request)
        return redirect("account_login")
    sessions.end_sessions([known[number]], request=request, reason="本人结束")
    messages.success(request, "已结束这处登录，那台设备需要重新登录。")
    return redirect("usersessions_list")

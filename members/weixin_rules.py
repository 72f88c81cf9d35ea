"""Who may sign in by WeChat, as whom, and what is told when it does not work."""

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.response import TemplateResponse

from newsportal.lib.clients import too_often

from . import names, operations, weixin
from .models import Member, Operation

logger = logging.getLogger(__name__)

# Reasons by name: the heading, and what to do.
REASONS = {
    "denied": ("没有用微信登录", "您在微信里没有同意，本站什么也没有得到。想用微信登录，请回到登录页再按一次。"),
    "expired": (
        "这次登录已经过期",
        "微信登录要从本站的登录页开始，十分钟之内、在同一个浏览器里完成，每次只能用一回。请回到登录页再按一次“用微信登录”。",
    ),
    "used": ("二维码已经用过或者过期", "请回到登录页再按一次“用微信登录”，重新扫码。"),
    "down": (
        "微信暂时没有响应",
        "不是您的问题：微信那边现在不能确认您是谁。请过几分钟再试；设过密码的，也可以先用密码登录。",
    ),
    "twice": ("这个微信号刚刚被用过", "同一时刻，它在别处连接了一个账号。请回到登录页，用微信直接登录看看。"),
    "staff": (
        "工作账号不能用微信登录",
        "能进编辑后台的账号只用密码和两步验证登录，不能连接微信，也不能用微信登录。请回到登录页，用用户名和密码登录。",
    ),
}
STATUS = {"staff": 403}


def failed(request: HttpRequest, reason: str) -> TemplateResponse:
    heading, advice = REASONS[reason]
    context = {"title": heading, "advice": advice, "reason": reason}
    return TemplateResponse(request, "socialaccount/failed.html", context, status=STATUS.get(reason, 400))


def refuse_staff(request: HttpRequest, member: Member, *, is_connecting: bool) -> None:
    """What opens the back office has one way in, and it has a second factor. Raises ImmediateHttpResponse."""
    if not operations.is_staff(member):
        return
    rate = {"most": operations.MOST_REFUSED, "seconds": operations.REFUSED_SECONDS}
    if not too_often(request, "login-refused", **rate):
        told = "想连接，已拒绝" if is_connecting else "想登录，已拒绝"
        operations.write(Operation.Action.REFUSED, request, username=member.username, changes={"微信": ["", told]})
    raise ImmediateHttpResponse(failed(request, "staff"))


class SocialAdapter(DefaultSocialAccountAdapter):
    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": "这个账号没有密码，解除以后就进不来了。"
        "请先填写并确认邮箱，再退出，在登录页按“忘了密码”设置一个。",
        "no_verified_email": "这个账号还没有确认的邮箱，忘了密码就进不来了。请先填写并确认邮箱。",
        "connected_other": "这个微信号已经连接了另一个账号。",
    }

    def list_apps(self, request, provider=None, client_id=None) -> list[SocialApp]:
        """The site's application as the settings name it: one, or none. Never asks the database."""
        if not weixin.is_on() or provider not in {None, weixin.PROVIDER}:
            return []
        application = {"client_id": settings.WEIXIN_APP_ID, "secret": settings.WEIXIN_APP_SECRET}
        return [SocialApp(provider=weixin.PROVIDER, name=weixin.Provider.name, **application)]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        # Good for nothing more, and kept nowhere: not in a session either.
        sociallogin.token = None
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            refuse_staff(request, request.user, is_connecting=True)
        elif sociallogin.is_existing:
            refuse_staff(request, sociallogin.user, is_connecting=False)
        elif not self.is_open_for_signup(request, sociallogin):
            raise ImmediateHttpResponse(TemplateResponse(request, "account/signup_closed.html", {"title": "成为会员"}))

    def on_authentication_error(
        self, request: HttpRequest, provider, error=AuthError.UNKNOWN, exception=None, extra_context=None
    ) -> None:
        raise ImmediateHttpResponse(failed(request, reason_for(exception, extra_context or {})))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Member:
        return sociallogin.user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, str]:
        return {"username": fitting_name(sociallogin.account)}


def reason_for(exception: Exception | None, context: dict[str, Any]) -> str:
    """The name of what went wrong; what the operator should know is logged, without what is secret in it."""
    if "state" not in context:
        return "expired"
    if exception is None:
        return "denied"
    if not isinstance(exception, weixin.WeixinError):
        # By its kind alone: its words hold the address, and that a token.
        logger.warning("WeChat could not be asked: %s", type(exception).__name__)
        return "down"
    if exception.code in weixin.STALE_CODES:
        return "used"
    logger.error("WeChat refused, see its list of error codes: %s", exception)
    return "down"


def fitting_name(account: SocialAccount) -> str:
    """The nickname at WeChat where it keeps our rules and is free; else nothing."""
    try:
        return names.check(account.extra_data.get("nickname", ""))
    except ValidationError:
        return ""

"""Signing in by WeChat (微信扫码): the talk with WeChat's servers, around allauth's own provider.

Off unless the settings name the site's application. WeChat says no with status 200 and a number, calls JSON plain
text, and may be down: what leaves here is an account's number and a name, or an error that allauth expects.
"""

import json
import re
import unicodedata
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.weixin.client import WeixinOAuth2Client
from allauth.socialaccount.providers.weixin.provider import WeixinProvider
from allauth.socialaccount.providers.weixin.views import WeixinOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from . import operations
from .models import Member

PROVIDER = "weixin"
# Where the button leads: the one address elsewhere that a form of ours may be sent on to.
ORIGIN = "https://open.weixin.qq.com"
OPENID = re.compile(r"[\w-]{1,128}", re.ASCII)
LONGEST_NICKNAME = 64
# What WeChat says of a code that it does not know, of one that was used, and of one that is too old.
STALE_CODES = {40029, 40163, 42003}


class WeixinError(OAuth2Error):
    """WeChat said no, with its number, or something that makes no sense, without one."""

    def __init__(self, said: str, code: int | None = None) -> None:
        super().__init__(said)
        self.code = code


def is_on() -> bool:
    return bool(settings.WEIXIN_APP_ID)


def ask(method: str, url: str, **sent: dict[str, str]) -> dict[str, Any]:
    """What WeChat answers. Raises WeixinError, or RequestException when nothing comes within the time."""
    with get_adapter().get_requests_session() as session:
        answer = session.request(method, url, allow_redirects=False, **sent)
    try:
        # The bytes, whatever the header calls them: read as Latin-1, names would be garbled.
        told = json.loads(answer.content)
    except (ValueError, RecursionError) as error:
        raise WeixinError(f"no JSON, status {answer.status_code}") from error
    if not isinstance(told, dict):
        raise WeixinError("no JSON object")
    if code := told.get("errcode"):
        number = code if isinstance(code, int) else None
        raise WeixinError(f"errcode {str(code)[:20]}: {str(told.get('errmsg'))[:200]}", number)
    if answer.status_code != 200:
        raise WeixinError(f"status {answer.status_code}")
    return told


def plain_nickname(told: Any) -> str:
    """The nickname as it may be kept: one line of characters that every database takes."""
    text = told if isinstance(told, str) else ""
    return "".join(char for char in text if unicodedata.category(char) not in {"Cc", "Cs"}).strip()[:LONGEST_NICKNAME]


class Client(WeixinOAuth2Client):
    def get_access_token(self, code: str, pkce_code_verifier: str | None = None) -> dict[str, Any]:
        sent = {
            "appid": self.consumer_key,
            "secret": self.consumer_secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        told = ask("POST", self.access_token_url, data=sent)
        token, openid = told.get("access_token"), told.get("openid")
        if not (isinstance(token, str) and token and isinstance(openid, str) and OPENID.fullmatch(openid)):
            raise WeixinError("no token, or none that is one")
        return {"access_token": token, "openid": openid}


class OAuthAdapter(WeixinOAuth2Adapter):
    client_class = Client

    def get_callback_url(self, request: HttpRequest, app) -> str:
        """At the site's own address, whatever host was asked for: WeChat knows no other."""
        return f"{settings.SITE_URL}{reverse('weixin_callback')}"

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        return SocialToken(token=data["access_token"])

    def complete_login(self, request: HttpRequest, app, token: SocialToken, **kwargs):
        openid = kwargs["response"]["openid"]
        params = {"access_token": token.token, "openid": openid, "lang": "zh_CN"}
        nickname = plain_nickname(ask("GET", self.profile_url, params=params).get("nickname"))
        return self.get_provider().sociallogin_from_response(request, {"openid": openid, "nickname": nickname})


class Provider(WeixinProvider):
    name = "微信"
    oauth2_adapter_class = OAuthAdapter

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Where to, and whether to connect: of what else a request may name for the address at WeChat, nothing."""
        wants_connect = request.POST.get("process") == AuthProcess.CONNECT
        asked = {"process": AuthProcess.CONNECT if wants_connect else AuthProcess.LOGIN}
        target = get_next_redirect_url(request)
        return asked | {"next_url": target} if target else asked

    def extract_extra_data(self, data: dict[str, str]) -> dict[str, str]:
        """All that is kept of a person besides the number: by which name she knows the account again."""
        return {"nickname": data["nickname"]}

    def extract_common_fields(self, data: dict[str, str]) -> dict[str, str]:
        """Nothing: her name here is hers to choose."""
        return {}


# --- What is kept of it ---


def accounts_of(member: Member) -> list[SocialAccount]:
    """The WeChat accounts that she signs in by, the first one first. One query."""
    return list(SocialAccount.objects.filter(user=member, provider=PROVIDER).order_by("pk"))


def nickname_of(account: SocialAccount) -> str:
    return account.extra_data.get("nickname") or "没有昵称"


def ways_again(member: Any) -> list[dict[str, str]]:
    """How a reader without a password proves again that it is she, as allauth lists such ways. One query at most."""
    if not is_on() or not member.is_authenticated or operations.is_staff(member) or member.has_usable_password():
        return []
    if not accounts_of(member):
        return []
    return [{"id": PROVIDER, "description": "用微信确认", "url": reverse("weixin_reauthenticate")}]


def exported(member: Member) -> dict[str, list[dict[str, str]]]:
    """For the copy of her data; nothing where there is none."""
    rows = [
        {
            "微信昵称": nickname_of(account),
            "微信给本站的编号": account.uid,
            "连接时间": account.date_joined.isoformat(),
            "最近登录": account.last_login.isoformat(),
        }
        for account in accounts_of(member)
    ]
    return {"微信": rows} if rows else {}

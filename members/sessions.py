"""Where somebody is signed in: which devices, since when, and how such a sign-in is ended."""

import time
from collections.abc import Callable, Iterable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

from . import operations
from .models import Operation

NOTED_KEY, NOTED_SECONDS = "activity_noted", 60
# The first that stands in what a browser says of itself decides: most call themselves by the names of others too.
BROWSERS = (
    *[("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Lark", "飞书"), ("Edg", "Edge"), ("OPR/", "Opera")],
    *[("QQBrowser", "QQ 浏览器"), ("UCBrowser", "UC 浏览器"), ("HuaweiBrowser", "华为浏览器")],
    *[("MiuiBrowser", "小米浏览器"), ("SamsungBrowser", "三星浏览器"), ("Firefox", "Firefox"), ("FxiOS", "Firefox")],
    *[("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")],
)
SYSTEMS = (
    *[("OpenHarmony", "鸿蒙"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "安卓"), ("Windows", "Windows")],
    *[("Mac OS X", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux")],
)


def note_activity(get_response: Callable[[HttpRequest], HttpResponse]):
    """Middleware: keep when and from where a session was last used on a private page; at most once a minute.

    Whether the minute is over stands in the session, which is read anyway: a request within it costs no query.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if operations.is_private(request) and request.user.is_authenticated:
            noted = request.session.get(NOTED_KEY)
            if noted is not None and time.time() - noted >= NOTED_SECONDS:
                request.session[NOTED_KEY] = int(time.time())
                # Made anew where the key of the session has changed, as after a change of the secret.
                UserSession.objects.create_from_request(request)
        return get_response(request)

    return middleware


def begin_noting(sender, request: HttpRequest, **kwargs) -> None:
    """A sign-in just made is noted by allauth; from here on by us."""
    request.session[NOTED_KEY] = int(time.time())


def device_name(user_agent: str) -> str:
    """The browser and its system as people call them: "Chrome（Windows）"."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "其他浏览器")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{browser}（{system}）" if system else browser


def end_sessions(sessions: Iterable[UserSession], *, request: HttpRequest | None, reason: str) -> int:
    """End them at once, with a line in the operation log for each. How many they were."""
    ended = 0
    for session in sessions:
        if operations.is_staff(session.user):
            told = {"登录的设备": [device_name(session.user_agent), reason], "网络地址": [session.ip, ""]}
            operations.write(Operation.Action.SECURITY, request, row=session.user, changes=told)
        session.end()
        ended += 1
    return ended


def others(request: HttpRequest) -> list[UserSession]:
    """The other sign-ins of whoever asks."""
    own = UserSession.objects.filter(user=request.user).select_related("user")
    return list(own.exclude(session_key=request.session.session_key or ""))

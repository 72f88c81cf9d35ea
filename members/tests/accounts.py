"""Signing in as a browser does it, and the codes of an authenticator app."""

import re
import time
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import signing
from django.test import Client

from articles.tests.factories import make_member
from members import names
from members.sign_up import SALT

PASSWORD = "a-long-test-password"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW = "tao-hua-yuan-1937"
LOGIN, CODE = "/accounts/login/", "/accounts/2fa/authenticate/"
SIGN_UP, RESET = "/accounts/signup/", "/accounts/password/reset/"
REFUSED = "用户名或密码不对。"
GUESSING = "尝试次数太多"


def sign_in(username: str, *, client: Client | None = None, password: str = PASSWORD, **extra) -> Client:
    """A browser that sent name and password; `extra` goes into the request's environment."""
    client = client or Client()
    client.post(LOGIN, {"login": username, "password": password}, **extra)
    return client


def code_of(secret: str, *, steps: int = 0) -> str:
    """The code that an app shows, `steps` half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def give_totp(user) -> list[str]:
    """Set up the app for somebody; her recovery codes."""
    TOTP.activate(user, SECRET)
    return RecoveryCodes.activate(user).generate_codes()


def give_passkey(user, name: str = "办公室电脑") -> Authenticator:
    """A passkey by name alone: no page but the ceremony reads more of it."""
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": {}})


def opened(seconds: float = 60.0) -> str:
    """What the sign-up form carries that was opened so many seconds ago."""
    return signing.dumps(time.time() - seconds, salt=SALT)


def sign_up(client: Client | None = None, **overrides):
    """The answer to a form of signing up as a reader sends it."""
    values = {"username": "河边的人", "email": "river@example.com", "password1": NEW, "password2": NEW}
    extra = {name: overrides.pop(name) for name in list(overrides) if name.isupper()}
    return (client or Client()).post(SIGN_UP, values | {"opened": opened(), **overrides}, **extra)


def link_in(mail) -> str:
    """The path of the link that a mail asks to open."""
    return urlsplit(re.search(r"^https?://\S+/(?:confirm-email|key)/\S+$", mail.body, re.MULTILINE)[0]).path


def make_reader(username: str = "reader", **overrides):
    """A member as signing up makes one: with a confirmed address, and names of her own."""
    user = make_member(username, email=f"{username}@example.com", **overrides)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    names.take(user)
    return user

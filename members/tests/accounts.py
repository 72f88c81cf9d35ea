"""Signing in as a browser does it, and the codes of an authenticator app."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

PASSWORD = "a-long-test-password"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOGIN, CODE = "/accounts/login/", "/accounts/2fa/authenticate/"
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

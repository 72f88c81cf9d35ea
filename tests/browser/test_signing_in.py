"""Signing in with a second factor: codes on a phone, a passkey at a desk, and a device that is lost."""

import base64
import hmac
import re
import secrets
import struct
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from .axe import violations
from .conftest import run_in, served_with, watched_pages

PHONE = {"width": 390, "height": 844}
PASSWORD = secrets.token_urlsafe(12)
MAKE = """
from django.contrib.auth.models import Group
from members.models import Member
user = Member.objects.create_user({name!r}, password={password!r}, is_staff=True)
user.groups.add(Group.objects.get(name="记者"))
"""
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def newcomer(portal) -> str:
    """The name of a reporter who has just got an account: no other test signs in with it."""
    name = f"new-{time.time_ns()}"
    run_in(portal, MAKE.format(name=name, password=PASSWORD))
    return name


@pytest.fixture
def strict(portal, browser) -> Iterator[Callable[..., Page]]:
    """`strict(**options)` opens a watched page of the same portal where a second factor is required.

    At a name and not at a number, as passkeys need.
    """
    with served_with(portal, STAFF_SECOND_FACTOR="true") as url, watched_pages(browser, url) as open_page:
        yield open_page


def code_of(secret: str, *, steps: int = 0) -> str:
    """The code of RFC 6238 that an app shows `steps` half minutes from now."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def sign_in(page: Page, name: str, *, to: str = "/admin/") -> None:
    page.goto(to)
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def look(page: Page) -> None:
    """The page as it stands keeps to its width, and axe has nothing against it."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], page.url
    assert violations(page) == [], page.url


def test_a_newcomer_sets_up_codes_on_her_phone(strict, newcomer):
    page = strict(viewport=PHONE, bypass_csp=True)
    sign_in(page, newcomer)
    expect(page.get_by_text("按本站规定，进入后台之前要先设置两步验证")).to_be_visible()
    look(page)
    page.get_by_role("link", name="设置动态口令").click()
    expect(page.get_by_label("验证码")).to_be_visible()
    look(page)
    secret = page.locator(".account-secret").inner_text()
    page.get_by_label("验证码").fill(code_of(secret))
    page.get_by_role("button", name="启用").click()
    expect(page.locator(".account-codes li")).to_have_count(10)
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    look(page)
    page.get_by_role("link", name="已经保存好，进入后台").click()
    expect(page).to_have_url(re.compile(r"/admin/$"))
    page.locator("#logout-form button").click()
    expect(page.get_by_text("已退出。")).to_be_visible()
    look(page)
    sign_in(page, newcomer)
    expect(page.get_by_label("验证码")).to_be_visible()
    look(page)
    page.get_by_label("验证码").fill(code_of(secret, steps=1))
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page).to_have_url(re.compile(r"/admin/$"))


def test_a_passkey_signs_in_alone(strict, newcomer):
    page = strict()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    sign_in(page, newcomer)
    page.get_by_role("link", name="添加通行密钥").click()
    page.get_by_label("名称").fill("办公室电脑")
    page.get_by_role("button", name="创建通行密钥").click()
    expect(page.get_by_role("heading", name="恢复码")).to_be_visible()
    page.get_by_role("link", name="两步验证").first.click()
    expect(page.get_by_text("办公室电脑")).to_be_visible()
    page.locator("#logout-form button").click()
    expect(page.get_by_text("已退出。")).to_be_visible()
    page.goto("/admin/articles/article/")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page).to_have_url(re.compile(r"/admin/articles/article/$"))


def test_a_lost_device_is_signed_out(portal, reader, newcomer):
    lost, desk = reader(viewport=PHONE), reader(viewport=PHONE, bypass_csp=True)
    sign_in(lost, newcomer)
    expect(lost).to_have_url(re.compile(r"/admin/$"))
    sign_in(desk, newcomer)
    desk.get_by_role("link", name="登录的设备").click()
    expect(desk.locator(".account-list li")).to_have_count(2)
    look(desk)
    desk.get_by_role("button", name="结束其他所有登录").click()
    expect(desk.get_by_text("已结束其他 1 处登录。")).to_be_visible()
    lost.goto("/admin/articles/article/")
    expect(lost).to_have_url(re.compile(r"/accounts/login/\?next="))

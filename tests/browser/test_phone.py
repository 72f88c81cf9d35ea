"""A phone number from the comment that asks for it to the comment that is received, and what axe says of each page."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .axe import WIDTHS, violations
from .conftest import DESKTOP, READERS, run_in, served_with, watched_pages
from .validator import faults

RULE = """
from comments.models import CommentPolicy
CommentPolicy.objects.filter(channel=None).update(needs_phone={on})
"""
WORDS = "电梯装好那天，我母亲第一次自己下楼买菜。"


@pytest.fixture
def texting(portal) -> Iterator[str]:
    """The address of the portal with text messages and the rule."""
    run_in(portal, RULE.format(on=True))
    with served_with(portal, SMS_SENDER="newsportal.sms.write") as url:
        yield url
    run_in(portal, RULE.format(on=False))


@pytest.fixture
def opened(texting, browser) -> Iterator:
    """`opened(**options)` opens a watched page there."""
    with watched_pages(browser, texting) as open_page:
        yield open_page


def sign_in(page: Page, name: str, password: str, *, to: str) -> None:
    page.goto(f"/accounts/login/?next={to}")
    page.get_by_label("用户名、邮箱或手机号").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def newest_code(folder: Path) -> str:
    newest = max((folder / "sms").iterdir(), key=lambda file: file.name)
    return re.search(r"验证码 (\d{6})", newest.read_text(encoding="utf-8"))[1]


def number(page: Page) -> str:
    """Another one for each way of reading: a code a minute goes to one."""
    return "13800138001" if page.viewport_size == DESKTOP else "13800138002"


@pytest.mark.parametrize("options", READERS)
def test_from_the_comment_to_the_number_and_back(portal, opened, page_types, options):
    page = opened(**options)
    name = "qinling" if page.viewport_size == DESKTOP else "xiaoman"
    sign_in(page, name, portal.passwords[name], to=page_types["comment-write"])
    page.get_by_role("link", name="验证手机号").click()
    expect(page.get_by_role("heading", name="手机号")).to_be_visible()
    page.get_by_label("手机号").fill(number(page))
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_text("本机试用：短信不会真的发出")).to_be_visible()
    page.get_by_role("button", name="重新发一条").click()
    expect(page.get_by_text("请一分钟后再试")).to_be_visible()
    page.get_by_label("验证码").fill("abc")
    page.get_by_role("button", name="验证", exact=True).click()
    expect(page.get_by_text("验证码不对")).to_be_visible()
    page.get_by_label("验证码").fill(newest_code(portal.folder))
    page.get_by_role("button", name="验证", exact=True).click()
    page.get_by_label("评论", exact=True).fill(f"{WORDS}第 {time.time_ns()} 次。")
    page.wait_for_timeout(3500)  # whoever sends sooner is taken for a machine
    page.get_by_role("button", name="发表").click()
    expect(page.get_by_text("评论已收到")).to_be_visible()

    again = opened()
    sign_in(again, number(page), portal.passwords[name], to="/members/phone/")
    expect(again.get_by_text(re.compile(r"138\*\*\*\*800[12]"))).to_be_visible()
    again.get_by_role("button", name="去掉手机号").click()
    expect(again.get_by_text("手机号已经去掉。")).to_be_visible()


def test_every_page_is_clean_valid_and_keeps_its_width(portal, opened, page_types, tmp_path):
    page = opened(bypass_csp=True)
    sign_in(page, "tingyu", portal.passwords["tingyu"], to="/members/phone/")
    seen = {}

    def look(name: str) -> None:
        seen[name] = page.content().encode()
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                page.set_viewport_size({**DESKTOP, "width": width})
                page.emulate_media(color_scheme=scheme)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, name
                assert violations(page) == [], (name, width, scheme)

    look("none")
    page.get_by_label("手机号").fill("12345")
    page.get_by_role("button", name="获取验证码").click()
    look("refused")
    page.get_by_label("手机号").fill("138 0013 8003")
    page.get_by_role("button", name="获取验证码").click()
    page.wait_for_url("**/members/phone/code/")
    look("code")
    page.get_by_label("验证码").fill(newest_code(portal.folder))
    page.get_by_role("button", name="验证", exact=True).click()
    page.wait_for_url("**/members/phone/")
    look("proved")
    page.get_by_role("button", name="去掉手机号").click()
    expect(page.get_by_text("手机号已经去掉。")).to_be_visible()
    page.goto(page_types["comment-write"])
    look("comment")
    assert faults(seen, tmp_path) == []

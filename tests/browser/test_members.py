"""From signing up to leaving, with and without JavaScript, and what axe and the validator say of each page."""

import re
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from articles.tests.factories import picture_bytes

from .axe import WIDTHS, violations
from .conftest import DESKTOP, PHONE, READERS
from .validator import faults

PASSWORD = "tao-hua-yuan-1937"
ENTRANCE = {
    "sign-up": "/accounts/signup/",
    "sign-in": "/accounts/login/",
    "reset": "/accounts/password/reset/",
    "reset-sent": "/accounts/password/reset/done/",
    "mail-sent": "/accounts/confirm-email/",
    "wrong-link": "/accounts/confirm-email/MTI:x:y/",
    "closed": "/members/closed/",
}
OWN = {
    "members": "/members/",
    "profile": "/members/profile/",
    "interests": "/members/interests/",
    "bookmarks": "/members/bookmarks/",
    "export": "/members/export/",
    "close": "/members/close/",
    "address": "/accounts/email/",
    "password": "/accounts/password/",
    "second-factor": "/accounts/2fa/",
    "codes": "/accounts/2fa/totp/activate/",
    "sessions": "/accounts/sessions/",
    "sign-out": "/accounts/logout/",
}
LINK = re.compile(r"^(http://\S+/accounts/\S+/)$", re.MULTILINE)


def mails_to(folder: Path, address: str) -> list[str]:
    """The texts of the mails to an address that lie in the portal's folder, the oldest first."""
    found = []
    for file in sorted((folder / "mail").glob("*.log"), key=lambda file: file.stat().st_mtime_ns):
        for part in file.read_bytes().split(b"-" * 79 + b"\n"):
            message = message_from_bytes(part, policy=default)
            if address in str(message["To"]):
                found.append(message.get_content())
    return found


def newest_link(folder: Path, address: str) -> str:
    return LINK.search(mails_to(folder, address)[-1])[1]


def sign_up(page: Page, folder: Path, name: str) -> str:
    """Open an account as a reader does; its address."""
    address = f"{name}@example.com"
    page.goto("/")
    page.get_by_role("link", name="会员中心").click()
    page.locator("main").get_by_role("link", name="成为会员").click()
    page.get_by_label("用户名").fill(name)
    page.get_by_label("邮箱").fill(address)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("密码（再输一次）").fill(PASSWORD)
    page.wait_for_timeout(2100)  # who reads the form takes longer
    page.get_by_role("button", name="注册", exact=True).click()
    expect(page.get_by_role("heading", name="请查收确认邮件")).to_be_visible()
    expect(page.get_by_text("本机试用：邮件不会真的发出")).to_be_visible()
    page.goto(newest_link(folder, address))
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_role("heading", name="会员中心")).to_be_visible()
    return address


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/accounts/login/?next=/members/")
    page.get_by_label("用户名或邮箱").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="会员中心")).to_be_visible()


@pytest.mark.parametrize("options", READERS)
def test_from_signing_up_to_leaving(portal, reader, page_types, options):
    page = reader(**options)
    has_script = options["java_script_enabled"]
    name = f"reader-{time.time_ns() % 10**9}"
    address = sign_up(page, portal.folder, name)

    page.goto(page_types["article"])
    title = page.locator("h1").inner_text()
    if has_script:
        expect(page.locator(".member-link")).to_have_attribute("aria-label", f"会员中心：{name}")
        mark = page.get_by_role("button", name="收藏")
        expect(mark).to_have_attribute("aria-pressed", "false")
        mark.click()
        expect(mark).to_have_attribute("aria-pressed", "true")
    else:
        page.get_by_role("link", name="收藏").click()
        page.get_by_role("button", name="收藏", exact=True).click()
        expect(page).to_have_url(re.compile(re.escape(page_types["article"])))
    page.goto("/members/bookmarks/")
    expect(page.locator("main").get_by_role("link", name=title)).to_be_visible()

    page.goto("/members/interests/")
    page.get_by_label("浙江").check()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已经保存")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", name="我关注的")).to_have_count(1 if has_script else 0)

    page.goto("/members/export/")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载").click()
    assert title in Path(download.value.path()).read_text(encoding="utf-8")

    page.goto("/members/close/")
    page.get_by_label("全部删除").check()
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="注销账号").click()
    expect(page.get_by_role("heading", name="账号已经注销")).to_be_visible()
    assert "已经注销" in mails_to(portal.folder, address)[-1]
    page.goto("/members/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.goto(page_types["article"])
    expect(page.locator(".member-link")).to_have_attribute("aria-label", "会员中心")


def test_a_list_has_marks_for_whoever_is_signed_in(portal, reader):
    page, visitor = reader(), reader()
    sign_in(page, "qinling", portal.passwords["qinling"])
    page.goto("/rural/")
    mark = page.locator(".item .bookmark-mark").first
    expect(mark).to_have_text(re.compile("^收藏《"))
    mark.focus()
    page.keyboard.press("Space")
    expect(mark).to_have_text(re.compile("^已收藏《"))
    expect(mark).to_have_attribute("aria-pressed", "true")
    mark.click()
    expect(mark).to_have_attribute("aria-pressed", "false")
    visitor.goto("/rural/")
    expect(visitor.locator(".bookmark-mark")).to_have_count(0)


def test_a_visitor_costs_no_request_more(reader, page_types):
    page, asked = reader(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_types["article"])
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/members/" in url or "member-tools" in url]


def test_a_traditional_page_speaks_traditional(portal, reader, page_types):
    page = reader()
    sign_in(page, "tingyu", portal.passwords["tingyu"])
    page.goto("/hant/")
    expect(page.get_by_role("heading", name="我關注的")).to_be_visible()
    expect(page.locator(".member-link")).to_have_attribute("aria-label", re.compile("會員中心"))


def test_a_nickname_and_an_avatar(portal, reader, tmp_path):
    page = reader(viewport=PHONE, bypass_csp=True)
    sign_in(page, "xiaoman", portal.passwords["xiaoman"])
    page.goto("/members/profile/")
    page.get_by_label("昵称").fill("本报记者")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("会让人以为是本站工作人员")).to_be_visible()
    expect(page.get_by_label("昵称")).to_have_value("本报记者")
    (tmp_path / "me.jpg").write_bytes(picture_bytes(size=(600, 400)))
    page.get_by_label("昵称").fill("小满走四方")
    page.get_by_label("头像", exact=True).set_input_files(tmp_path / "me.jpg")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("个人资料已经保存")).to_be_visible()
    assert violations(page) == []
    picture = page.locator("img.avatar")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") == 96


def test_a_lost_password(portal, reader):
    page = reader(viewport=PHONE)
    page.goto("/accounts/login/")
    page.get_by_role("link", name="忘了密码").click()
    page.get_by_label("邮箱").fill("laodukou@example.com")
    page.get_by_role("button", name="发送邮件").click()
    expect(page.get_by_role("heading", name="请查收邮件")).to_be_visible()
    page.goto(newest_link(portal.folder, "laodukou@example.com"))
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("新密码（再输一次）").fill(PASSWORD)
    page.get_by_role("button", name="保存新密码").click()
    page.locator("main").get_by_role("link", name="用新密码登录").click()
    sign_in(page, "laodukou", PASSWORD)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_clean_and_keeps_its_width(portal, reader, width, scheme):
    page = reader(viewport={**DESKTOP, "width": width}, color_scheme=scheme, bypass_csp=True)
    for name, address in ENTRANCE.items():
        look(page, name, address)
    sign_in(page, "tingyu", portal.passwords["tingyu"])
    for name, address in OWN.items():
        look(page, name, address)


def look(page: Page, name: str, address: str) -> None:
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], name
    assert violations(page) == [], name


def test_every_page_is_valid_html(portal, reader, tmp_path):
    page = reader()
    pages = {name: page.request.get(portal.url + address).body() for name, address in ENTRANCE.items()}
    sign_in(page, "tingyu", portal.passwords["tingyu"])
    pages |= {name: page.request.get(portal.url + address).body() for name, address in OWN.items()}
    assert faults(pages, tmp_path) == []

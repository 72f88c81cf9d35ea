"""The tools of an article: sharing, the poster and paper; with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from .axe import WIDTHS, violations
from .conftest import DESKTOP, PHONE
from .speech import bar

# --- Sharing ---


def panel(page: Page):
    return page.locator("details[data-share]")


def test_the_link_is_copied(reader, page_types, portal):
    page = reader(permissions=["clipboard-read", "clipboard-write"])
    page.goto(page_types["article-page-2"])
    panel(page).locator("summary").click()
    panel(page).get_by_role("button", name="复制链接").click()
    expect(panel(page).get_by_role("status")).to_have_text("链接已复制")
    # The article's address, whichever of its pages was open.
    assert page.evaluate("navigator.clipboard.readText()") == portal.url + page_types["long-article"]


def test_where_there_is_no_clipboard_the_address_is_selected(reader, page_types, portal):
    page = reader()
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined}); document.execCommand = () => false;"
    )
    page.goto(page_types["article"])
    page.locator(".share-again").get_by_role("button", name="复制链接").click()
    expect(page.locator(".share-again").get_by_role("status")).to_contain_text("请复制选中的地址")
    assert page.evaluate("getSelection().toString().trim()") == portal.url + page_types["article"]


def test_the_system_s_share_sheet(reader, page_types, portal):
    page = reader(viewport=PHONE)
    page.add_init_script("navigator.share = async (data) => { globalThis.shared = data; };")
    page.goto(page_types["article"])
    panel(page).locator("summary").click()
    panel(page).get_by_role("button", name="更多方式").click()
    assert page.evaluate("shared") == {
        "title": page.locator("h1").inner_text(),
        "url": portal.url + page_types["article"],
    }


def test_a_browser_without_share_sheet_offers_none(reader, page_types):
    page = reader()
    page.add_init_script("delete Navigator.prototype.share;")
    page.goto(page_types["article"])
    panel(page).locator("summary").click()
    expect(panel(page).get_by_role("button", name="复制链接")).to_be_visible()
    expect(page.get_by_role("button", name="更多方式")).to_have_count(0)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_poster_is_shown_and_closed(reader, page_types, viewport):
    page = reader(viewport=viewport)
    page.goto(page_types["article"])
    panel(page).locator("summary").click()
    panel(page).get_by_role("link", name="分享海报").click()
    dialog = page.get_by_role("dialog", name="分享海报")
    expect(dialog).to_contain_text("长按图片可以保存或转发")
    image = dialog.get_by_role("img", name="本文的分享海报")
    expect(image).to_be_in_viewport()
    assert image.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [1080, 1440]
    expect(dialog.get_by_role("link", name="保存图片")).to_have_attribute("download", re.compile(r"\.jpg$"))
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(panel(page).locator("summary")).to_be_focused()


def test_without_javascript_everything_but_scripts_is_there(reader, page_types, portal):
    page = reader(java_script_enabled=False, viewport=PHONE)
    page.goto(page_types["article"])
    for name in ("听新闻", "打印", "复制链接", "更多方式"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    panel(page).locator("summary").click()
    expect(panel(page).get_by_role("img", name="本文地址的二维码")).to_be_visible()
    expect(panel(page).locator(".share-address")).to_have_text(portal.url + page_types["article"])
    for name, host in (("微博", "https://service.weibo.com/"), ("QQ空间", "https://sns.qzone.qq.com/")):
        href = panel(page).get_by_role("link", name=name).get_attribute("href") or ""
        assert href.startswith(host)
        assert "127.0.0.1" in href
    poster = panel(page).get_by_role("link", name="分享海报").get_attribute("href") or ""
    assert page.request.get(portal.url + poster).headers["content-type"] == "image/jpeg"


# --- Paper ---


def test_paper_has_the_source_the_address_and_the_code(reader, page_types, portal):
    page = reader(java_script_enabled=False)
    page.goto(page_types["article"])
    page.emulate_media(media="print")
    source = page.locator(".print-source")
    expect(source).to_contain_text(portal.url + page_types["article"])
    expect(source).to_contain_text("来源：")
    code = source.locator("svg").bounding_box()
    assert code["width"] == pytest.approx(code["height"])
    assert code["width"] > 80
    for selector in (".article-tools", ".share-again", "[data-poster-dialog]"):
        expect(page.locator(selector)).to_be_hidden()


def test_paper_has_no_player(listener):
    page = listener()
    expect(bar(page)).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".listen")).to_be_hidden()


# --- What holds on every page must hold with all of it open ---


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("opened", ["panel", "poster", "player"])
def test_axe_finds_nothing_in_what_is_open(listener, opened, scheme):
    page = listener(press=opened == "player", color_scheme=scheme, bypass_csp=True)
    if opened != "player":
        panel(page).locator("summary").click()
        expect(panel(page).get_by_text("用微信扫一扫")).to_be_visible()
    if opened == "poster":
        panel(page).get_by_role("link", name="分享海报").click()
        expect(page.get_by_role("dialog")).to_contain_text("长按图片")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [], f"{opened} at {width} pixels, {scheme}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width

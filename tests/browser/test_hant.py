"""Reading in Traditional characters, and going to and fro, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import PHONE, READERS


@pytest.mark.parametrize("options", READERS)
def test_reading_on_in_the_other_script(reader, options):
    page = reader(**options)
    page.goto("/society/")
    expect(page.locator("h1")).to_have_text("社会热点")

    page.get_by_role("link", name="繁體", exact=True).click()
    expect(page).to_have_url(re.compile(r"/hant/society/$"))
    expect(page.locator("h1")).to_have_text("社會熱點")
    page.locator("main :is(h2, h3) a[href*='/society/']").first.click()
    expect(page).to_have_url(re.compile(r"/hant/society/\d{4}/\d{4}/\d+\.html$"))
    title = page.locator("h1").inner_text()
    page.get_by_role("link", name="简体", exact=True).click()

    expect(page).to_have_url(re.compile(r"(?<!/hant)/society/\d{4}/\d{4}/\d+\.html$"))
    assert len(page.locator("h1").inner_text()) == len(title)
    assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_without_scripts_the_settings_lead_back_to_the_traditional_page(reader):
    page = reader(viewport=PHONE, java_script_enabled=False, color_scheme="light")
    page.goto("/hant/local/?page=2")
    page.locator("details.prefs > summary").click()
    page.get_by_role("button", name="深色", exact=True).click()
    expect(page).to_have_url(re.compile(r"/hant/local/\?page=2$"))
    expect(page.locator("html")).to_have_css("color-scheme", "dark")


def test_the_switch_is_there_and_large_enough_on_every_phone(reader):
    page = reader()
    for width in (320, 375, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        for address, name in (("/", "繁體"), ("/hant/", "简体")):
            page.goto(address)
            box = page.get_by_role("link", name=name, exact=True).bounding_box()
            date = page.locator(".topbar-date").bounding_box()
            assert box["height"] >= (44 if width < 992 else 32)
            assert date["x"] + date["width"] <= box["x"]
            assert box["x"] + box["width"] <= page.locator("details.prefs").bounding_box()["x"]


def test_what_scripts_say_is_in_traditional_characters_too(reader, page_types):
    page = reader(viewport=PHONE)
    page.goto(f"/hant{page_types['gallery-article']}")
    page.locator("main [data-lightbox]").first.click()
    dialog = page.locator("dialog.lightbox")
    # Visible, and not only there: it opens once its style sheet has come, and hears no key before.
    expect(dialog).to_be_visible()
    expect(dialog).to_have_attribute("aria-label", "圖片瀏覽")
    expect(dialog.locator(".lightbox-close")).to_have_attribute("aria-label", "關閉")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.locator(".article-tools details.share > summary").click()
    page.locator(".article-tools [data-copy]").click()
    # Either, for a browser may have no clipboard: 链接已复制, 请复制选中的地址.
    said = re.compile("鏈接已複製|連結已複製|請複製選中的地址")
    expect(page.locator(".article-tools [data-share-status]")).to_contain_text(said)

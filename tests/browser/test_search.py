"""Searching: the plain form, and the suggestions of those who have JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import DESKTOP, PHONE, READERS
from .test_reading import ARTICLE_URL

WORDS = "乡村"


def search_for(page, words: str, viewport: dict) -> None:
    """Search from the home page: on a desktop in the header, on a phone by the link there."""
    page.goto("/")
    if viewport == PHONE:
        page.locator(".search-link").click()
    field = page.locator("input[name=q]:visible")
    field.fill(words)
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q="))


@pytest.mark.parametrize("options", READERS)
def test_search_filter_and_order(reader, options):
    page = reader(**options)
    search_for(page, WORDS, options["viewport"])
    first = page.locator(".search-result").first
    expect(first.locator("mark").first).to_have_text(WORDS)
    count = page.locator(".search-count").inner_text()
    page.get_by_role("link", name="按时间").click()
    expect(page).to_have_url(re.compile("order=time"))
    page.locator("summary", has_text="筛选").click()
    page.locator("#search-channel").select_option("rural")
    page.get_by_role("button", name="按条件搜索").click()
    expect(page).to_have_url(re.compile("channel=rural"))
    expect(page).to_have_url(re.compile("order=time"))
    assert page.locator(".search-count").inner_text() != count
    page.get_by_role("link", name=re.compile("栏目：乡村振兴")).click()
    expect(page.locator(".search-count")).to_have_text(count)
    first.locator("h2 a").click()
    expect(page).to_have_url(ARTICLE_URL)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_suggestions_by_keyboard(reader, viewport):
    page = reader(viewport=viewport)
    page.goto("/search/" if viewport == PHONE else "/")
    field = page.locator("input[name=q]:visible")
    field.click()
    expect(field).to_have_attribute("role", "combobox")
    field.press_sequentially(WORDS)
    options = page.locator(".suggestions").get_by_role("option")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    assert options.count() <= 9
    field.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    field.press("Escape")
    expect(options.first).to_be_hidden()
    expect(field).to_have_value(WORDS)
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("公交")
    expect(options).to_have_count(1)
    field.press("ArrowDown")
    field.press("Enter")
    expect(page).to_have_url(ARTICLE_URL)


def test_a_suggestion_can_be_clicked_and_enter_alone_searches(reader):
    page = reader()
    page.goto("/")
    field = page.locator("input[name=q]:visible")
    field.click()
    expect(field).to_have_attribute("role", "combobox")
    field.press_sequentially(WORDS)
    page.locator(".suggestions").get_by_role("option").first.click()
    expect(page).to_have_url(re.compile("/tags/"))
    field = page.locator("input[name=q]:visible")
    field.fill(WORDS)
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q="))


def test_the_script_of_the_suggestions_waits_for_a_reader_who_searches(reader):
    page = reader()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "suggest" in url]
    page.locator("input[name=q]:visible").focus()
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/suggest" in url and url.endswith(".js")]

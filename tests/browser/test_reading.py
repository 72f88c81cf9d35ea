"""The reading journeys, on a phone and on a desktop, with and without JavaScript."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from .conftest import READERS

ARTICLE_URL = re.compile(r"/[a-z]+/\d{4}/\d{4}/\d+(_\w+)?\.html$")
LOOKS = """() => {
  const { backgroundColor, fontSize } = getComputedStyle(document.documentElement);
  return document.readyState === "complete" ? [backgroundColor, fontSize] : null;
}"""


@pytest.mark.parametrize("options", READERS)
def test_home_to_article_to_region_and_back(reader, options):
    page = reader(**options)
    page.goto("/")
    expect(page.locator("h1")).to_have_count(1)
    headline = page.locator("main a[href$='.html']").first
    title = headline.inner_text().strip()
    headline.click()
    expect(page).to_have_url(ARTICLE_URL)
    assert page.locator("h1").inner_text().strip()
    assert title
    expect(page.locator("nav[aria-label='面包屑'], nav[aria-label='当前位置']")).to_be_visible()
    expect(page.get_by_role("heading", name="更多推荐")).to_be_visible()
    assert page.locator("section:has(> h2:text('更多推荐'), h2:text('更多推荐')) a[href$='.html']").count() >= 10
    expect(page.get_by_role("heading", name="今日热点")).to_be_visible()
    page.goto("/regions/")
    page.locator("main a[href='/regions/zhejiang/']").first.click()
    expect(page).to_have_url(re.compile(r"/regions/zhejiang/$"))
    page.locator("main a[href*='channel=']").first.click()
    expect(page).to_have_url(re.compile(r"/regions/zhejiang/\?channel=\w+"))
    assert page.locator("main a[href$='.html']").count() >= 1


@pytest.mark.parametrize("options", READERS)
def test_pages_of_a_list(reader, options):
    page = reader(**options)
    page.goto("/local/")
    first_page = titles(page)
    page.get_by_role("link", name=re.compile("下一页")).click()
    expect(page).to_have_url(re.compile(r"/local/\?page=2$"))
    second_page = titles(page)
    assert first_page
    assert second_page
    assert not set(first_page) & set(second_page)
    page.get_by_role("link", name=re.compile("首页|第一页")).last.click()
    expect(page).to_have_url(re.compile(r"/local/(\?page=1)?$"))


def titles(page) -> list[str]:
    """The titles of the list itself, not of the hot list beside it."""
    return page.locator("main :is(h2, h3) a[href*='/local/']").all_inner_texts()


@pytest.mark.parametrize("options", READERS)
def test_pages_of_a_long_article(reader, options, page_types):
    page = reader(**options)
    page.goto(page_types["long-article"])
    first = page.locator(".prose").inner_text()
    pager = page.locator("nav", has=page.get_by_role("link", name="全文"))
    pager.get_by_role("link", name="下一页").click()
    expect(page).to_have_url(re.compile(r"_2\.html$"))
    page.wait_for_load_state()
    second = page.locator(".prose").inner_text()
    page.get_by_role("link", name="全文").click()
    expect(page).to_have_url(re.compile(r"_all\.html$"))
    page.wait_for_load_state()
    whole = "\n".join(page.locator(".prose").all_inner_texts())
    assert len(whole) > len(first)
    assert first.split("\n")[0] in whole
    assert second.split("\n")[-1] in whole


def test_short_article_has_no_pager(reader, page_types):
    page = reader()
    page.goto(page_types["poem"])
    expect(page.get_by_role("link", name="全文")).to_have_count(0)
    expect(page.get_by_role("link", name="下一页")).to_have_count(0)


@pytest.mark.parametrize("options", READERS)
def test_theme_and_type_size_are_remembered(reader, options, page_types):
    page = reader(**options, color_scheme="light")
    page.goto("/")
    light, size = page_background(page), root_size(page)
    choose(page, "深色")
    dark = page_background(page)
    assert luminance(dark) < 0.2 < luminance(light)
    choose(page, "超大")
    assert root_size(page) == pytest.approx(size * 1.5)
    page.goto(page_types["article"])
    assert page_background(page) == dark
    assert root_size(page) == pytest.approx(size * 1.5)
    choose(page, "标准")
    choose(page, "浅色")
    assert page_background(page) == light
    assert root_size(page) == size


def choose(page, label: str) -> None:
    """Press a button of the display settings, opening what hides it, and wait until the page looks otherwise."""
    button = page.get_by_role("button", name=label, exact=True).first
    if not button.is_visible():
        page.locator("details:has(button) > summary").first.click()
    before = page.evaluate(LOOKS)
    button.click()
    for _ in range(100):
        # Without JavaScript the page is loaded anew: what asks it in that moment gets no answer, and what it looks like
        # before its style sheets are there is no answer either.
        with suppress(PlaywrightError):
            if page.evaluate(LOOKS) not in (before, None):
                return
        page.wait_for_timeout(100)
    raise AssertionError(f"“{label}” changed nothing.")


def page_background(page) -> str:
    return page.evaluate("getComputedStyle(document.documentElement).backgroundColor")


def root_size(page) -> float:
    return page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")


def luminance(colour: str) -> float:
    """Rough lightness, 0 to 1, of a CSS colour like rgb(250, 250, 250)."""
    return sum(float(part) for part in re.findall(r"[\d.]+", colour)[:3]) / 765


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_theme_follows_the_system_by_default(reader, scheme):
    page = reader(color_scheme=scheme)
    page.goto("/")
    assert (luminance(page_background(page)) < 0.2) == (scheme == "dark")


def test_keyboard_reaches_content_first(reader):
    page = reader()
    page.goto("/")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("href", "#main")
    expect(focused).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"


def test_carousel_moves_only_when_asked(reader):
    page = reader()
    page.goto("/")
    track = page.locator("[data-carousel] ul, [data-carousel] ol").first
    assert track.locator("> li").count() == 5
    before = track.evaluate("element => element.scrollLeft")
    page.wait_for_timeout(1500)
    assert track.evaluate("element => element.scrollLeft") == before
    forward = page.locator("[data-carousel] button", has_text=re.compile("下一")).first
    if forward.count() == 0:
        forward = page.locator("[data-carousel] button[aria-label*='下一']").first
    forward.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(1200)
    assert track.evaluate("element => element.scrollLeft") > before


def test_carousel_scrolls_without_javascript(reader):
    page = reader(java_script_enabled=False)
    page.goto("/")
    track = page.locator("[data-carousel] ul, [data-carousel] ol").first
    assert track.evaluate("element => element.scrollWidth") > track.evaluate("element => element.clientWidth")
    links = track.locator("a[href$='.html']")
    assert links.count() >= 5


def test_no_article_stands_twice_on_the_home_page(reader):
    page = reader()
    page.goto("/")
    found = page.locator("main :is(h2, h3, li) a[href$='.html']").evaluate_all(
        "links => links.filter(a => a.textContent.trim()).map(a => a.getAttribute('href'))"
    )
    assert len(found) >= 60
    assert sorted(found) == sorted(set(found))


def test_reads_are_counted_once(reader, page_types):
    page = reader(user_agent="Mozilla/5.0 (a person's browser)")
    with page.expect_response(lambda response: "/reads/" in response.url) as first:
        page.goto(page_types["article"])
    reads = first.value.json()["reads"]
    with page.expect_response(lambda response: "/reads/" in response.url) as second:
        page.reload()
    assert second.value.json()["reads"] == reads
    expect(page.locator("[data-reads-url]").first).to_contain_text(f"{reads}")
    other = reader(user_agent="Mozilla/5.0 (another person's browser)")
    with other.expect_response(lambda response: "/reads/" in response.url) as third:
        other.goto(page_types["article"])
    assert third.value.json()["reads"] == reads + 1


@pytest.mark.parametrize("options", READERS)
def test_staff_look_up(reader, options):
    page = reader(**options)
    page.goto("/staff/")
    page.locator("main input[name=q]").fill("林晓")
    page.locator("main form button").click()
    assert page.locator("main a[href^='/staff/']").count() == 0
    page.locator("main input[name=q]").fill("林晓舟")
    page.locator("main form button").click()
    page.locator("main a[href^='/staff/']").first.click()
    expect(page.locator("main")).to_contain_text("在职")


def test_day_form_leads_to_the_archive(reader, page_types):
    page = reader(java_script_enabled=False)
    page.goto("/rolling/")
    day = re.search(r"/rolling/(\d{4})/(\d\d)/(\d\d)/", page_types["archive"])
    page.locator("main input[name=date]").fill("-".join(day.groups()))
    page.locator("main form:has(input[name=date]) button").click()
    expect(page).to_have_url(re.compile(page_types["archive"]))


def test_print_leaves_the_article(reader, page_types):
    page = reader()
    page.goto(page_types["article"])
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".prose").first).to_be_visible()
    expect(page.locator("header nav").first).to_be_hidden()


def test_video_plays(reader, page_types):
    page = reader()
    page.goto(page_types["video"])
    video = page.locator("video").first
    video.evaluate("element => { element.muted = true; return element.play(); }")
    page.wait_for_timeout(1500)
    assert video.evaluate("element => element.currentTime") > 0.2

"""Pictures of an article, opened large: by mouse, keyboard and finger, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from .axe import violations
from .conftest import DESKTOP, PHONE


@pytest.fixture
def opened(reader, page_types):
    """`opened(**options)` is a page of the gallery article with its second picture open."""

    def open_second(**options):
        page = reader(**options)
        page.goto(page_types["gallery-article"])
        page.locator("[data-lightbox]").nth(1).click()
        expect(page.locator("dialog.lightbox")).to_be_visible()
        expect(count(page)).to_have_text(f"2 / {links(page)}")
        return page

    return open_second


def links(page) -> int:
    return page.locator("[data-lightbox]").count()


def count(page):
    return page.locator(".lightbox-count")


def slide(page, number: int):
    return page.locator(".lightbox figure").nth(number - 1)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_picture_opens_large_with_its_words(opened, viewport):
    page = opened(viewport=viewport)
    figure, body = slide(page, 2), page.locator(".prose figure").nth(1)
    picture = figure.locator("img")
    expect(picture).to_be_in_viewport(ratio=0.99)
    expect(figure.locator("figcaption")).to_be_in_viewport()
    assert figure.locator("figcaption").inner_text() == body.locator("figcaption").inner_text()
    assert picture.get_attribute("alt") == body.locator("img").get_attribute("alt")
    largest = body.locator("a").get_attribute("href").removesuffix("jpg")
    page.wait_for_function(
        "stem => document.querySelectorAll('.lightbox img')[1].currentSrc.endsWith(`${stem}webp`)", arg=largest
    )
    assert picture.evaluate("(image) => image.getBoundingClientRect().width > 0.7 * innerWidth || image.height > 500")
    before = page.evaluate("scrollY")
    page.mouse.wheel(0, 600)
    page.wait_for_timeout(200)
    assert page.evaluate("scrollY") == before


def test_keys_lead_through_the_pictures_and_out(opened):
    page = opened(reduced_motion="reduce")
    most = links(page)
    for key, wanted in (("ArrowRight", 3), ("ArrowLeft", 2), ("End", most), ("ArrowRight", most), ("Home", 1)):
        page.keyboard.press(key)
        expect(count(page)).to_have_text(f"{wanted} / {most}")
        expect(slide(page, wanted)).to_be_in_viewport(ratio=0.99)
    expect(page.get_by_role("button", name="上一张")).to_be_hidden()
    page.get_by_role("button", name="下一张").click()
    expect(count(page)).to_have_text(f"2 / {most}")
    page.keyboard.press("ArrowRight")
    expect(count(page)).to_have_text(f"3 / {most}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelectorAll('main :focus, header :focus, footer :focus').length") == 0

    page.keyboard.press("Escape")

    expect(page.locator("dialog.lightbox")).to_be_hidden()
    # Back in the text, at the picture that was looked at last.
    expect(page.locator("[data-lightbox]").nth(2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(count(page)).to_have_text(f"3 / {most}")
    page.get_by_role("button", name="关闭").click()
    expect(page.locator("dialog.lightbox")).to_be_hidden()


def test_a_swipe_leads_on(opened):
    page = opened(viewport=PHONE, has_touch=True)
    finger = page.context.new_cdp_session(page)
    for kind, x in [("touchStart", 300), *(("touchMove", x) for x in range(290, 30, -20)), ("touchEnd", None)]:
        points = [] if x is None else [{"x": x, "y": 400}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(16)
    expect(count(page)).to_have_text(f"3 / {links(page)}")
    expect(slide(page, 3)).to_be_in_viewport(ratio=0.99)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_it(opened, scheme):
    page = opened(color_scheme=scheme, bypass_csp=True)
    assert violations(page, within="dialog.lightbox") == []


def test_motion_is_left_out_where_it_is_unwanted(opened):
    page = opened(reduced_motion="reduce")
    behavior = "getComputedStyle(document.querySelector('.lightbox-strip')).scrollBehavior"
    assert page.evaluate(behavior) == "auto"
    assert opened(reduced_motion="no-preference").evaluate(behavior) == "smooth"


def test_what_it_takes_is_loaded_with_the_first_picture(reader, page_types):
    page, asked = reader(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_types["gallery-article"])
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "lightbox-dialog" in url or ("lightbox." in url and ".css" in url)]
    page.locator("[data-lightbox]").first.click()
    expect(page.locator("dialog.lightbox")).to_be_visible()
    assert len([url for url in asked if "lightbox-dialog" in url]) == 1
    assert len([url for url in asked if re.search(r"/lightbox\.\w+\.css", url)]) == 1


@pytest.fixture
def leads_to_file():
    """`leads_to_file(page)` follows the first picture's link, and says whether it came to the file itself.

    The file is answered as text: Chromium's own viewer of pictures breaks the policy that forbids inline styles.
    """

    def follow(page) -> bool:
        link = page.locator("[data-lightbox]").first
        file = page.request.get(link.get_attribute("href"))
        assert (file.status, file.headers["content-type"]) == (200, "image/jpeg")
        page.route("**/media/**/*.jpg", lambda route: route.fulfill(body="picture", content_type="text/plain"))
        link.click()
        expect(page).to_have_url(re.compile(r"/media/.*\.jpg$"))
        return page.locator("body").inner_text() == "picture"

    return follow


def test_where_it_cannot_be_loaded_the_link_leads_to_the_file(reader, page_types, leads_to_file):
    page = reader()
    page.route("**/lightbox-dialog*", lambda route: route.abort("aborted"))
    page.goto(page_types["gallery-article"])
    page.wait_for_load_state("networkidle")
    assert leads_to_file(page)


def test_without_javascript_the_picture_is_a_link_to_its_file(reader, page_types, leads_to_file):
    page = reader(java_script_enabled=False)
    page.goto(page_types["gallery-article"])
    assert leads_to_file(page)

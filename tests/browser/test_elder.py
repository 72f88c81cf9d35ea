"""长辈版, measured against the points of GB/T 37668-2019 that docs/accessibility.md names."""

import re

import pytest
from playwright.sync_api import expect

from .axe import ENHANCED, violations
from .conftest import DESKTOP, PHONE

PAGES = ["home", "channel", "article", "long-article", "gallery-article", "card-check", "preferences"]
VIEWPORTS = [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop")]
# Every visible control smaller than 44 pixels either way. A link that a whole card or row belongs to is as large as
# that; a link within a sentence is as large as its words, and may be (WCAG 2.2, 2.5.8).
SMALL_TARGETS = """
() => [...document.querySelectorAll("a, button, summary, select, input:not([type=hidden])")].flatMap((control) => {
  if (!control.checkVisibility({ visibilityProperty: true }) || control.matches(".skip, p:not(.brand) > a")) return [];
  let box = control;
  if (getComputedStyle(control, "::after").position === "absolute") {
    while (getComputedStyle(box).position === "static") box = box.parentElement;
  }
  const { width, height } = box.getBoundingClientRect();
  const isLarge = Math.round(width) >= 44 && Math.round(height) >= 44;
  return isLarge ? [] : [`${control.textContent.trim() || control.className} ${width}x${height}`];
})
"""
# [size of type, line height] in CSS pixels of each visible element with words of its own, and where it stands.
TYPE = """
() => [...document.body.querySelectorAll("*")].flatMap((element) => {
  const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  if (!words || !element.checkVisibility() || element.closest(".visually-hidden, .skip, script, svg")) return [];
  const { fontSize, lineHeight } = getComputedStyle(element);
  return [[parseFloat(fontSize), parseFloat(lineHeight), `${element.tagName}.${element.className}`]];
})
"""


@pytest.fixture
def elder(reader, portal):
    """`elder(**options)` opens a page of a reader who chose 长辈版 before."""

    def open_elder(**options):
        page = reader(**options)
        page.context.add_cookies([{"name": "reading", "value": "auto-1-elder", "url": portal.url}])
        return page

    return open_elder


@pytest.mark.parametrize("viewport", VIEWPORTS)
@pytest.mark.parametrize("name", PAGES)
def test_type_is_large_lines_are_apart_and_so_are_controls(elder, page_types, name, viewport):
    page = elder(viewport=viewport)
    page.goto(page_types[name])
    found = page.evaluate(TYPE)
    assert [one for one in found if one[0] < 18] == []
    assert [one for one in found if one[0] and one[1] / one[0] < 1.3 and "date-day" not in one[2]] == []
    assert page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_the_text_is_eighteen_points_and_its_paragraphs_are_further_apart(elder, page_types, viewport):
    page = elder(viewport=viewport)
    page.goto(page_types["article"])
    paragraph = page.locator(".prose > p + p").first
    size, line, gap = paragraph.evaluate(
        "(p) => ['fontSize', 'lineHeight', 'marginTop'].map((name) => parseFloat(getComputedStyle(p)[name]))"
    )
    assert size >= 24  # CSS pixels: 18 points
    assert line / size >= 1.5
    assert line + gap >= 1.3 * line
    assert page.evaluate("getComputedStyle(document.querySelector('.prose p')).textAlign") == "start"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_contrast_is_seven_to_one(elder, page_types, name, scheme):
    page = elder(color_scheme=scheme, bypass_csp=True)
    page.goto(page_types[name])
    # In the dark, colours are all that changes.
    asked = {"also": ENHANCED} if scheme == "light" else {"rules": [ENHANCED]}
    for viewport in (PHONE, DESKTOP):
        page.set_viewport_size(viewport)
        assert violations(page, **asked) == [], (name, scheme, viewport)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_overflows_or_moves(elder, page_types, name):
    page = elder()
    page.goto(page_types[name])
    for width in (320, 375, 768, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width} pixels"
        assert page.evaluate("document.getAnimations().length") == 0
        behaviors = "[...new Set([...document.querySelectorAll('*')].map((e) => getComputedStyle(e).scrollBehavior))]"
        assert page.evaluate(behaviors) == ["auto"]


READERS = [pytest.param({"java_script_enabled": each}, id=name) for name, each in (("js", True), ("no js", False))]


@pytest.mark.parametrize("options", READERS)
@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_one_tap_there_and_one_back(reader, page_types, options, viewport):
    page = reader(viewport=viewport, **options)
    page.goto(page_types["article"])
    there, back = page.locator(".mode-elder"), page.locator(".mode-standard")
    expect(there).to_be_visible()
    expect(back).to_be_hidden()
    size = root_size(page)

    there.click()

    expect(back).to_be_visible()
    expect(there).to_be_hidden()
    assert root_size(page) == size * 1.5
    assert page.url.endswith(page_types["article"])
    page.goto(page_types["home"])
    assert root_size(page) == size * 1.5
    back.click()
    expect(there).to_be_visible()
    assert root_size(page) == size


def root_size(page) -> float:
    return page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")


def test_the_pointer_is_large(elder, page_types):
    page = elder()
    page.goto(page_types["home"])
    cursor = page.evaluate("getComputedStyle(document.querySelector('main a')).cursor")
    address = re.search(r'url\("([^"]+)"\)', cursor)[1]
    drawing = page.request.get(address)
    assert drawing.status == 200
    assert 'width="56" height="56"' in drawing.text()


def test_listening_stays_in_reach(elder, page_types):
    page = elder(viewport=PHONE)
    page.goto(page_types["article"])
    button = page.locator("[data-listen]")
    expect(button).to_be_in_viewport(ratio=1)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(button).to_be_in_viewport(ratio=1)


def test_every_place_is_reached_by_keyboard_in_the_order_it_stands(elder, page_types):
    page = elder()
    page.goto(page_types["article"])
    # A Tab that comes out of the browser's own bar moves the focus and draws no ring.
    page.bring_to_front()
    page.keyboard.press("Shift")
    seen, places = [], []
    for _ in range(14):
        page.keyboard.press("Tab")
        expect(page.locator(":focus-visible")).to_have_css("outline-style", "solid")
        seen.append(page.evaluate("document.activeElement.textContent.trim()"))
        places.append(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
        assert page.locator(":focus").evaluate("(e) => parseFloat(getComputedStyle(e).outlineWidth)") >= 4
    assert seen[:3] == ["跳到正文", "返回标准版", "繁體"]
    # Between them the way to one's own pages, and on a phone the search.
    assert "显示设置" in seen[3:6]
    assert places == sorted(set(places))

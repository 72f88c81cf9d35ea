"""What must hold on every type of page: accessible in both schemes at three widths, valid HTML, nothing overflowing."""

import pytest

from .axe import COLOURS, WIDTHS, violations
from .validator import faults

# Kept beside `page_types`, which needs a running portal: a missing or new type fails `test_names_are_complete`.
NAMES = [
    "home",
    "channel",
    "channel-page-2",
    "gallery",
    "gallery-article",
    "poems",
    "poem",
    "videos",
    "video",
    "article",
    "long-article",
    "article-page-2",
    "article-whole",
    "regions",
    "region",
    "region-channel",
    "topics",
    "topic",
    "magazine",
    "issue",
    "rolling",
    "archive",
    "ranking",
    "search",
    "search-found",
    "search-none",
    "tag",
    "source",
    "author",
    "moderation-report",
    "staff",
    "staff-found",
    "staff-none",
    "card",
    "card-check",
    "card-forged",
    "about",
    "comments",
    "comment-thread",
    "comment-write",
    "comment-report",
    "my-comments",
    "preferences",
    *["letters", "letters-region", "letter", "letter-waiting", "letter-write", "letter-lookup", "letter-follow"],
    "feeds",
    "not-found",
    "offline",
    "hant-home",
    "hant-channel",
    "hant-article",
    "hant-not-found",
]


def test_names_are_complete(page_types):
    assert list(page_types) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_one_heading_names_the_page_nothing_overflows_and_axe_finds_nothing(reader, page_types, name):
    """One test, because what takes long is to load each page."""
    page = reader(color_scheme="light")
    page.goto(page_types[name])
    assert page.locator("html").get_attribute("lang") == ("zh-Hant" if name.startswith("hant-") else "zh-CN")
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.title().strip()
    for width in sorted({375, *WIDTHS}):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width} pixels"
        if width in WIDTHS:
            assert violations(page) == [], f"{name} at {width} pixels, light"
    # The dark scheme changes colours and nothing else.
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page, rules=COLOURS) == [], f"{name} at {width} pixels, dark"


def test_html_is_valid(portal, reader, page_types, tmp_path):
    page = reader(java_script_enabled=False)
    pages = {name: page.request.get(portal.url + address).body() for name, address in page_types.items()}
    assert faults(pages, tmp_path) == []

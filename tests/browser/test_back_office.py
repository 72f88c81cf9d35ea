"""Every page of the back office that the menu leads to, and the first row of every list."""

import re

import pytest

from .axe import COLOURS, violations
from .test_publishing import sign_in

# Two words of Latin letters and more, but no tag: a sentence that nobody translated. Names of formats are one word.
ENGLISH = re.compile(r"(?<![<\w-])[A-Za-z]{3,}(?: [A-Za-z]{2,})+\b")
TEXT = "[...document.querySelectorAll('#header, #content, #nav-sidebar')].map((part) => part.innerText).join('\\n')"
FIRST_ROW = "document.querySelector('#result_list tbody th a')?.href"
MENU = "[...document.querySelectorAll('#content-main .module a')].map((link) => link.href)"
# Cells of the first row in which words stand one above the other.
SQUEEZED = """
[...document.querySelectorAll("#result_list tbody tr:first-child > *")].filter((cell) => {
  const { width, height } = cell.getBoundingClientRect();
  return cell.innerText.trim().length > 4 && width < 70 && height > 150;
}).map((cell) => cell.className)
"""


def pages_of(page) -> list[str]:
    page.goto("/admin/")
    return [address for address in dict.fromkeys(page.evaluate(MENU)) if "/admin/" in address]


@pytest.mark.parametrize("half", [0, 1])
def test_pages_are_accessible_chinese_and_as_wide_as_the_phone(portal, reader, half):
    desktop = reader(bypass_csp=True, viewport={"width": 1440, "height": 900})
    sign_in(desktop, portal, "chief")
    phone = desktop.context.browser.new_page(
        base_url=portal.url,
        storage_state=desktop.context.storage_state(),
        color_scheme="dark",
        viewport={"width": 390, "height": 844},
        bypass_csp=True,
    )
    listed = pages_of(desktop)
    assert len(listed) > 40
    seen = set()
    for address in listed[half::2]:
        desktop.goto(address)
        row = desktop.evaluate(FIRST_ROW)
        for place in [address, row] if row else [address]:
            if row:
                desktop.goto(place)
            assert violations(desktop) == [], place
            assert ENGLISH.findall(desktop.evaluate(TEXT)) == [], place
            seen.add(place)
        phone.goto(place)
        assert violations(phone, rules=COLOURS) == [], place
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
        if row:
            phone.goto(address)
            assert phone.evaluate(SQUEEZED) == [], address
    assert len(seen) > 25
    phone.context.close()

"""What axe-core objects to on a page.

To see some colours it sets styles, which the site's content security policy refuses aloud: such a page is opened with
`bypass_csp=True`. A page opened without it, on which axe was hindered, fails the test by what its console says.
"""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
WIDTHS = [320, 768, 1440]
# What axe can say of colours, without the level AAA, which only 长辈版 keeps.
COLOURS = ["color-contrast", "link-in-text-block"]
ENHANCED = "color-contrast-enhanced"


def violations(page: Page, *, within: str = ":root", rules: list[str] | None = None, also: str = "") -> list[tuple]:
    """(rule, [(element, why)]) by all rules, or by `rules` alone; `also` names one that is off by itself."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = rules
    if also:
        options["rules"] = {also: {"enabled": True}}
    # After a click the page that it led to may have begun and not be there yet.
    page.wait_for_load_state()
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE)
    result = page.evaluate("([within, options]) => axe.run(within, options)", [within, options])
    return [
        (one["id"], [(node["target"], node["failureSummary"]) for node in one["nodes"]]) for one in result["violations"]
    ]

"""What a first visit costs, and that nothing jumps while it loads."""

import pytest
from playwright.sync_api import expect

from .conftest import DESKTOP, PHONE

KB = 1024
SLOW = {"offline": False, "latency": 50, "downloadThroughput": 200_000, "uploadThroughput": 200_000}
LAYOUT_SHIFTS = """
new Promise((resolve) => {
  let total = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) total += entry.value;
  }).observe({type: "layout-shift", buffered: true});
  setTimeout(() => resolve(total), 800);
})
"""


def first_visit(page, address: str) -> dict[str, int]:
    """Compressed bytes by kind (document, stylesheet, script) of a visit with an empty cache."""
    sizes: dict[str, int] = {}

    def add(request) -> None:
        kind = request.resource_type
        sizes[kind] = sizes.get(kind, 0) + request.sizes()["responseBodySize"]

    page.on("requestfinished", add)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return sizes


@pytest.mark.parametrize(("name", "most"), [("home", 60 * KB), ("article", 45 * KB), ("long-article", 45 * KB)])
def test_first_visit_is_light(reader, page_types, name, most):
    sizes = first_visit(reader(viewport=PHONE), page_types[name])
    assert set(sizes) >= {"document", "stylesheet", "script"}
    text = sizes["document"] + sizes["stylesheet"] + sizes["script"]
    print(name, sizes)  # noqa: T201 -- the figure, shown with -s
    assert 5 * KB < text <= most
    assert sizes["script"] <= 15 * KB


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(
    "name", ["home", "channel", "article", "gallery-article", "topic", "issue", "ranking", "region", "search-found"]
)
def test_nothing_jumps(reader, page_types, name, viewport):
    page = reader(viewport=viewport)
    # So slow that the beginning of a page is painted before its end is there.
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW)
    page.goto(page_types[name])
    page.wait_for_load_state("networkidle")
    assert page.evaluate(LAYOUT_SHIFTS) == 0


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_number_of_reads_with_more_digits_moves_nothing(reader, page_types, viewport):
    page = reader(viewport=viewport)
    page.route("**/reads/*/", lambda route: route.fulfill(json={"reads": 9999}))
    page.goto(page_types["article"])
    expect(page.locator("[data-reads-url]")).to_have_text("9999")
    assert page.evaluate(LAYOUT_SHIFTS) == 0

"""The service worker: what can be read again without a network, and what is never kept."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE

KEPT = """caches.open("articles").then((cache) => cache.keys())
  .then((keys) => keys.map((key) => new URL(key.url).pathname))"""
ACTIVE = "navigator.serviceWorker.controller?.state === 'activated'"
ALL_KEPT = """
(async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  return found;
})()
"""


@pytest.fixture
def page(reader) -> Page:
    """A reader's page that the worker watches over."""
    page = reader(viewport=PHONE, service_workers="allow")
    page.goto("/about/us/")
    wait_until(page, ACTIVE)
    return page


def wait_until(page: Page, condition: str) -> None:
    """Wait until the expression is true. Playwright's own waiting evaluates text in the page, which our CSP forbids."""
    for _ in range(300):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"Never true: {condition}")


def wait_until_kept(page: Page, path: str) -> None:
    wait_until(page, f"{KEPT}.then((paths) => paths.includes('{path}'))")


def read(page: Page, path: str) -> str:
    """Open an article, wait until it is kept, and tell its title."""
    page.goto(path)
    wait_until_kept(page, path)
    return page.locator("h1").inner_text()


def test_an_article_that_was_read_can_be_read_again(page, page_types):
    title = read(page, page_types["article"])
    page.wait_for_load_state("networkidle")
    font = page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize")

    page.context.set_offline(True)
    page.reload()

    expect(page.locator("h1")).to_have_text(title)
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize") == font


def test_any_other_page_says_that_the_network_is_gone(page, page_types):
    title = read(page, page_types["article"])
    page.goto("/society/")

    page.context.set_offline(True)
    for address, heading in (("/rolling/", "网络不通"), ("/hant/rolling/", "網絡不通"), ("/", "网络不通")):
        page.goto(address)
        expect(page.locator("h1")).to_have_text(heading)
        # It has its style.
        assert page.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"
    link = page.locator("[data-kept-articles] a")
    expect(link).to_have_text([title])
    expect(page.locator("[data-none]")).to_be_hidden()
    link.click()
    expect(page.locator("h1")).to_have_text(title)

    page.context.set_offline(False)
    page.goto("/rolling/")
    expect(page.locator("h1")).not_to_have_text("网络不通")


def test_who_has_read_nothing_is_told_so(page):
    page.context.set_offline(True)
    page.goto("/rolling/")
    expect(page.locator("h1")).to_have_text("网络不通")
    expect(page.locator("[data-none]")).to_be_visible()
    expect(page.locator("[data-list]")).to_be_hidden()


def test_the_article_on_which_the_worker_came_is_kept_too(reader, page_types):
    page = reader(service_workers="allow")
    page.goto(page_types["article"] + "?from=wechat")
    wait_until_kept(page, page_types["article"])
    wait_until(page, ACTIVE)
    page.context.set_offline(True)
    page.goto(page_types["article"])
    expect(page.locator("h1")).not_to_have_text("网络不通")


def test_what_is_not_an_article_is_not_kept(page, page_types, portal):
    for address in ("/", "/society/", "/preferences/", "/staff/?q=林晓舟", "/accounts/login/", page_types["article"]):
        page.goto(address)
        page.wait_for_load_state("networkidle")
    wait_until_kept(page, page_types["article"])

    kept = page.evaluate(ALL_KEPT)

    pages = {path for path in kept if not path.startswith(("/static/", "/media/"))}
    assert pages == {"/offline/", "/hant/offline/", "/preferences.css", "/qr.svg", page_types["article"]}
    assert not [path for path in kept if "admin" in path]


def test_the_newest_thirty_are_kept(page, page_types):
    read(page, page_types["article"])
    page.evaluate(
        """(async () => {
          const cache = await caches.open("articles");
          for (let number = 1; number <= 30; number++)
            await cache.put(`/old/2020/0101/${number}.html`, new Response("x"));
        })()"""
    )
    read(page, page_types["long-article"])
    wait_until(page, f"{KEPT}.then((paths) => paths.length === 30)")
    kept = page.evaluate(KEPT)
    assert kept[-1] == page_types["long-article"]
    assert kept[0] == "/old/2020/0101/2.html"


def test_what_is_gone_from_the_site_is_gone_from_the_device(page):
    gone = "/society/2020/0101/1.html"
    page.evaluate(f"caches.open('articles').then((cache) => cache.put('{gone}', new Response('x')))")
    wait_until_kept(page, gone)
    page.goto(gone)
    expect(page.locator("h1")).to_have_text("没有找到这一页")
    wait_until(page, f"{KEPT}.then((paths) => !paths.includes('{gone}'))")


def test_a_new_worker_clears_away_what_an_older_one_left(page):
    page.evaluate("caches.open('shell-of-last-year')")
    page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.unregister())")
    page.goto("/about/us/")
    page.evaluate("navigator.serviceWorker.ready")
    wait_until(page, "caches.has('shell-of-last-year').then((found) => !found)")

"""A running portal with the demo in it, and Chromium looking at it.

The portal is what `make run` serves: gunicorn, DEBUG off, hashed static files, in a folder of its own. Every page that
`reader` opens is watched: an error on the console, a blocked resource, a failed request or one to another host fails
the test that caused it. PORTAL_FOLDER names a folder to keep the loaded demo in between runs.
"""

import fcntl
import itertools
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from scripts.screenshots import CHROMIUM, FLAGS

from .speech import SPEECH, bar

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = os.environ.get("BROWSER_TESTS") == "required"
PHONE, TABLET, DESKTOP = {"width": 375, "height": 812}, {"width": 768, "height": 1024}, {"width": 1440, "height": 900}
# Each way of reading at each of the two widths that differ most would take twice as long and find the same.
READERS = [
    pytest.param({"viewport": PHONE, "java_script_enabled": True}, id="phone"),
    pytest.param({"viewport": DESKTOP, "java_script_enabled": False}, id="desktop-without-js"),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def missing(what: str) -> None:
    """Fail where CI wants the browser tests; elsewhere skip, and say so in the summary."""
    if REQUIRED:
        pytest.fail(f"{what} is missing, and BROWSER_TESTS=required.")
    pytest.skip(f"{what} is missing: the browser tests did NOT run.")


readers = itertools.count(1)


@dataclass(frozen=True)
class Portal:
    """Where the portal under test answers, and who may sign in: passwords by user name."""

    url: str
    passwords: dict[str, str]
    folder: Path


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Portal]:
    """The portal with the whole demo, served by gunicorn until the tests are over."""
    if not Path(CHROMIUM).exists():
        missing("Chromium")
    kept = os.environ.get("PORTAL_FOLDER")
    # What several test processes share; each of them serves a copy of its own.
    common = tmp_path_factory.getbasetemp().parent / "demo" if worker_id != "master" else None
    demo = Path(kept) if kept else common or tmp_path_factory.mktemp("portal")
    load_once(demo)
    folder, port = demo, free_port()
    if worker_id != "master":
        folder = tmp_path_factory.mktemp("portal") / "var"
        shutil.copytree(demo, folder)
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"],
        cwd=ROOT,
        env=environment_of(folder, url),
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(f"{url}/readyz")
        yield Portal(url, passwords_in(folder / "demo-accounts"), folder)
    finally:
        server.terminate()
        server.wait(30)
        if not kept or folder != demo:
            shutil.rmtree(folder, ignore_errors=True)


def environment_of(folder: Path, url: str) -> dict[str, str]:
    """The environment of a portal on SQLite in a folder, as `make run` makes it."""
    plain = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CACHE_URL", "DEBUG"}}
    # Each reader comes from a network of its own, so that the throttles see many people and not one.
    own = {"VAR_DIR": str(folder), "SITE_URL": url, "SECRET_KEY": secrets.token_urlsafe(64), "TRUSTED_PROXIES": "1"}
    return plain | own


@contextmanager
def served_with(portal: Portal, **environment: str) -> Iterator[str]:
    """The address of the same portal, served once more under another environment."""
    port = free_port()
    url = f"http://localhost:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--workers", "1", "--bind", f"127.0.0.1:{port}"],
        cwd=ROOT,
        env=environment_of(portal.folder, url) | environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(f"{url}/readyz")
        yield url
    finally:
        server.terminate()
        server.wait(30)


def run_in(portal: Portal, code: str) -> None:
    """Run Python in a process of its own on the portal's tables, where no page of the portal could do it."""
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
    subprocess.run(command, cwd=ROOT, env=environment_of(portal.folder, portal.url), check=True)


def load_once(demo: Path) -> None:
    """Bring the folder up to date and load the demo into it, unless it is there. Test processes wait for each other."""
    demo.mkdir(parents=True, exist_ok=True)
    with demo.with_name(f"{demo.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in (["migrate"], ["createcachetable"], ["collectstatic", "--noinput"], ["load_demo"]):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env=environment_of(demo, "http://127.0.0.1:8000"),
                check=True,
                stdout=subprocess.DEVNULL,
            )


def wait_for(url: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{url} did not answer.")


def passwords_in(file: Path) -> dict[str, str]:
    """Passwords by user name from lines like `总编（演示）  用户名 chief  密码 …`."""
    words = [line.split() for line in file.read_text(encoding="utf-8").splitlines()]
    return {line[line.index("用户名") + 1]: line[line.index("密码") + 1] for line in words}


@pytest.fixture(scope="session")
def browser(portal: Portal) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What went wrong on the pages of one test."""

    url: str
    problems: list[str] = field(default_factory=list)

    def look_at(self, page: Page) -> None:
        page.on("console", lambda message: self.note(message.type in {"error", "warning"}, message.text))
        page.on("pageerror", lambda error: self.note(True, str(error)))
        page.on("request", lambda request: self.note(not request.url.startswith(self.url), f"asks {request.url}"))
        page.on("requestfailed", lambda request: self.note(not is_cut_short(request.failure), f"failed {request.url}"))

    def note(self, is_problem: bool, text: str) -> None:
        # What a page answers 4xx on purpose, Chromium reports as an error of its own; a blocked worker, Playwright.
        if is_problem and "Failed to load resource" not in text and "registration blocked by Playwright" not in text:
            self.problems.append(text)


def is_cut_short(failure: str | None) -> bool:
    """Whether a request ended because the reader went on to another page, or the test took the network away."""
    return any(reason in (failure or "") for reason in ("ERR_ABORTED", "ERR_INTERNET_DISCONNECTED"))


@pytest.fixture
def reader(portal: Portal, browser: Browser) -> Iterator[Callable[..., Page]]:
    """`reader(**options)` opens a watched page of a new reader; options are Playwright's context options."""
    with watched_pages(browser, portal.url) as open_reader:
        yield open_reader


@contextmanager
def watched_pages(browser: Browser, url: str) -> Iterator[Callable[..., Page]]:
    """What opens pages of the site at `url`, each with a network and cookies of its own; fails for what they report."""
    watch, contexts = Watch(url), []

    def open_reader(**options) -> Page:
        number = next(readers)
        context: BrowserContext = browser.new_context(
            base_url=url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            extra_http_headers={"X-Forwarded-For": f"10.{number // 256}.{number % 256}.1"},
            # Else the worker would answer what a test wants to see asked; tests of the worker itself allow it.
            **{"viewport": DESKTOP, "service_workers": "block", **options},
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        watch.look_at(page)
        return page

    yield open_reader
    for context in contexts:
        context.close()
    assert watch.problems == []


@pytest.fixture(scope="session")
def page_types(portal: Portal, browser: Browser) -> dict[str, str]:
    """One address of every type of public page, found as a reader finds it: by following links."""
    page = browser.new_page(base_url=portal.url, user_agent="page-types-bot", service_workers="block")

    def first(address: str, selector: str) -> str:
        page.goto(address)
        return page.locator(selector).first.get_attribute("href") or ""

    article = first("/insight/", "main h2 a[href$='.html'], main h3 a[href$='.html']")
    long_article = next(
        href for href in hrefs(page, "/magazine/2026-10/") + hrefs(page, "/scene/") if has_pages(page, href)
    )
    talked_about = first("/search/?q=一部电梯谈了二十二个月", "main h2 a[href$='.html'], main h3 a[href$='.html']")
    comments = first(talked_about, "[data-comments-list]")
    thread = first(comments, ".comment-more a, .comment-time")
    types = {
        "home": "/",
        "channel": "/society/",
        "channel-page-2": "/local/?page=2",
        "gallery": "/art/",
        "gallery-article": first("/art/", "main a[href$='.html']"),
        "poems": "/poetry/",
        "poem": first("/poetry/", "main a[href$='.html']"),
        "videos": "/flash/",
        "video": first("/flash/", "main a[href$='.html']"),
        "article": article,
        "long-article": long_article,
        "article-page-2": long_article.replace(".html", "_2.html"),
        "article-whole": long_article.replace(".html", "_all.html"),
        "regions": "/regions/",
        "region": "/regions/zhejiang/",
        "region-channel": "/regions/zhejiang/?channel=local",
        "topics": "/topics/",
        "topic": first("/topics/", "main a[href^='/topics/']"),
        "magazine": "/magazine/",
        "issue": "/magazine/2026-11/",
        "rolling": "/rolling/",
        "archive": first("/rolling/", "main a[href^='/rolling/2']"),
        "ranking": "/ranking/",
        "search": "/search/",
        "search-found": "/search/?q=乡村 水&channel=rural&order=time",
        "search-none": "/search/?q=无此一词&region=zhejiang",
        "tag": first(article, "main a[href^='/tags/']"),
        "source": first(article, "main a[href^='/sources/']"),
        "author": first(article, "main a[href^='/authors/']"),
        "moderation-report": "/comments/report/",
        "staff": "/staff/",
        "staff-found": "/staff/?q=林晓舟",
        "staff-none": "/staff/?q=无此人氏",
        "card": first("/staff/?q=林晓舟", "main a[href^='/staff/']"),
        "card-check": printed_card(portal, browser),
        "card-forged": "/staff/card/forged/",
        "about": "/about/us/",
        "comments": comments,
        "comment-thread": thread,
        "comment-write": first(comments, "[data-comments-ways] .button-solid"),
        "comment-report": first(thread, ".comment-acts a[href$='/report/']"),
        "my-comments": "/comments/mine/",
        "preferences": "/preferences/",
        "letters": "/letters/",
        "letters-region": "/letters/?region=zhejiang&state=answered",
        "letter": first("/letters/?state=answered", "main article h2 a"),
        "letter-waiting": first("/letters/?state=waiting", "main article h2 a"),
        "letter-write": "/letters/write/",
        "letter-lookup": "/letters/follow/",
        "letter-follow": sent_letter(portal, browser),
        "feeds": "/feeds/",
        "not-found": "/no-such-page/",
        "offline": "/offline/",
        "hant-home": "/hant/",
        "hant-channel": "/hant/society/",
        "hant-article": f"/hant{article}",
        "hant-not-found": "/hant/no-such-page/",
    }
    page.close()
    return types


def sent_letter(portal: Portal, browser: Browser) -> str:
    """The private address of a letter that was just written."""
    page = browser.new_page(base_url=portal.url)
    page.goto("/letters/write/")
    fill_letter(page)
    page.wait_for_timeout(3500)  # whoever sends sooner is taken for a machine
    page.get_by_role("button", name="寄出").click()
    page.wait_for_url("**/letters/follow/*/")
    address = page.url
    page.close()
    return address.removeprefix(portal.url)


def fill_letter(page: Page, **values: str) -> None:
    """What a reader writes, but for what is told otherwise."""
    words = {
        "name": "邱慧敏",
        "phone": "13800138000",
        "subject": "学校门口的路灯三个月不亮",
        "text": "校门口的两盏路灯坏了三个月，下晚自习的孩子要摸黑走四百米，请派人来修。",
        **values,
    }
    for name, value in words.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=region]").select_option("zhejiang")
    page.locator("#id_consent_0").check()


def printed_card(portal: Portal, browser: Browser) -> str:
    """Where the code of a card leads that the chief editor has just printed."""
    page = browser.new_page(base_url=portal.url)
    page.goto("/admin/login/?next=/admin/about/staffmember/%3Fstatus__exact=active")
    page.locator("input[name=login]").fill("chief")
    page.locator("input[name=password]").fill(portal.passwords["chief"])
    page.locator("[type=submit]").click()
    page.locator("#result_list .field-name a").first.click()
    page.locator(".tool-button").click()
    address = page.locator(".check a").first.get_attribute("href") or ""
    page.close()
    return address.removeprefix(portal.url)


def hrefs(page: Page, address: str) -> list[str]:
    page.goto(address)
    found = page.locator("main a[href$='.html']").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    return list(dict.fromkeys(found))


def has_pages(page: Page, address: str) -> bool:
    page.goto(address)
    return page.locator("a[href$='_2.html']").count() > 0


@pytest.fixture
def listener(reader, page_types) -> Callable[..., Page]:
    """`listener(name, **options)` opens a page with a speech of ours and presses 听新闻."""

    def listen(name: str = "article", *, script: str = "", press: bool = True, **options) -> Page:
        page = reader(**options)
        page.add_init_script(SPEECH + script)
        page.goto(page_types[name])
        if press:
            page.get_by_role("button", name="听新闻").click()
            expect(bar(page).get_by_role("status")).not_to_have_text("正在准备")
        return page

    return listen

"""Take screenshots of a running portal with Debian's Chromium.

    python scripts/screenshots.py                      the pictures of README and editors' guide, into docs/screenshots/
    python scripts/screenshots.py --all DIRECTORY      every page type at every width and scheme, to look at

The portal must be running (`make run`) with the demo loaded; --url names another address, --accounts the file in which
the demo's passwords stand.
"""

import argparse
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Else each window loads two pages behind its address bar, which nobody sees here and which cost half a processor.
    # The rest is Playwright's own list, which ours takes the place of.
    (
        "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,"
        "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
        "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,"
        "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch"
    ),
]
WIDTHS = {375: 812, 768: 1024, 1440: 900}
SCHEMES = ("light", "dark")
ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
# Page types by name: an address, or an address and the selector of the link on it that leads there.
PAGES = {
    "home": ("/", None),
    "channel": ("/society/", None),
    "gallery": ("/art/", None),
    "poems": ("/poetry/", None),
    "video": ("/flash/", None),
    "article": ("/insight/", "main h3 a, main h2 a"),
    "region": ("/regions/zhejiang/", None),
    "regions": ("/regions/", None),
    "topics": ("/topics/", None),
    "topic": ("/topics/", "main h2 a, main h3 a"),
    "magazine": ("/magazine/", None),
    "issue": ("/magazine/", "main h2 a, main h3 a"),
    "rolling": ("/rolling/", None),
    "ranking": ("/ranking/", None),
    "staff": ("/staff/", None),
    "about": ("/about/us/", None),
    "not-found": ("/no-such-page/", None),
    "offline": ("/offline/", None),
    "traditional": ("/hant/", None),
    "traditional-article": ("/hant/insight/", "main h3 a, main h2 a"),
}
# Pages of the back office: who opens it, and as above.
DESK = {
    "desk": ("chief", "/admin/", None),
    "write": ("reporter", "/admin/articles/article/add/", None),
    "queue": ("editor", "/admin/articles/review/", None),
    "review": ("editor", "/admin/articles/review/", "#result_list .field-title a"),
    "change": ("editor", "/admin/articles/review/", "#result_list tr:nth-child(2) .field-title a"),
    "comments": ("moderator", "/admin/comments/comment/", None),
    "statistics": ("chief", "/admin/articles/article/statistics/?group=author", None),
}
# (file, page, width, scheme, whole page)
README = [
    ("home-desktop", "home", 1440, "light", False),
    ("home-dark", "home", 1440, "dark", False),
    ("home-phone", "home", 375, "light", False),
    ("article-desktop", "article", 1440, "light", False),
    ("article-phone-dark", "article", 375, "dark", False),
    ("ranking-tablet", "ranking", 768, "light", False),
]
EDITORS = [
    ("desk", "desk", 1440, "light", False),
    ("desk-write", "write", 1440, "light", False),
    ("desk-queue", "queue", 1440, "light", False),
    ("desk-review", "review", 1440, "light", True),
    ("desk-review-phone", "review", 375, "dark", True),
    ("desk-change", "change", 1440, "light", True),
    ("desk-comments", "comments", 1440, "light", False),
    ("desk-statistics", "statistics", 1440, "light", False),
]


def open_page(page: Page, url: str, name: str) -> None:
    """Open a page type, following its link where it has no fixed address, and wait for its pictures."""
    address, link = PAGES[name]
    page.goto(url + address)
    if link:
        page.goto(url + page.locator(link).first.get_attribute("href"))
    # Lazy pictures load only when they come near the window; what fails to load stays empty.
    page.evaluate(
        "Promise.all([...document.images].map((image) => {"
        "  image.loading = 'eager';"
        "  return image.decode().catch(() => 0);"
        "}))"
    )


def open_desk(page: Page, url: str, name: str, accounts: Path) -> None:
    """Open a page of the back office as one of the demo's people."""
    username, address, link = DESK[name]
    page.goto(f"{url}/admin/login/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(password_of(username, accounts))
    page.locator("input[type=submit]").click()
    page.goto(url + address)
    if link:
        page.goto(url + page.locator(link).first.get_attribute("href"))


def password_of(username: str, accounts: Path) -> str:
    """From lines like `总编（演示）  用户名 chief  密码 …`."""
    lines = [line.split() for line in accounts.read_text(encoding="utf-8").splitlines()]
    return next(line[-1] for line in lines if line[line.index("用户名") + 1] == username)


def shoot(
    browser: Browser, url: str, name: str, width: int, scheme: str, target: Path, *, full: bool, accounts: Path
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme=scheme,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    page = context.new_page()
    if name in DESK:
        open_desk(page, url, name, accounts)
    else:
        open_page(page, url, name)
    options = {"type": "jpeg", "quality": 82} if target.suffix == ".jpg" else {}
    page.screenshot(path=target, full_page=full, **options)
    context.close()
    print(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--all", type=Path, metavar="DIRECTORY")
    parser.add_argument("--accounts", type=Path, default=ROOT / "var" / "demo-accounts")
    types = [*PAGES, *DESK]
    parser.add_argument("--only", nargs="*", choices=types, default=types, help="with --all: these page types")
    arguments = parser.parse_args()
    accounts = arguments.accounts
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        if arguments.all:
            arguments.all.mkdir(parents=True, exist_ok=True)
            for name in arguments.only:
                for width in WIDTHS:
                    for scheme in SCHEMES:
                        target = arguments.all / f"{name}-{width}-{scheme}.png"
                        shoot(browser, arguments.url, name, width, scheme, target, full=True, accounts=accounts)
        else:
            FOLDER.mkdir(parents=True, exist_ok=True)
            for file, name, width, scheme, full in [*README, *EDITORS]:
                target = FOLDER / f"{file}.jpg"
                shoot(browser, arguments.url, name, width, scheme, target, full=full, accounts=accounts)
        browser.close()


if __name__ == "__main__":
    main()

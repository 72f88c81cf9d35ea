"""The pages of one reader's own talk, and the back office's of it: clean by axe, valid, as wide as the window."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from .axe import COLOURS, WIDTHS, violations
from .conftest import DESKTOP, READERS, Portal, run_in
from .test_comments import RECEIVED, sign_in
from .test_publishing import desk_of
from .validator import faults

DESK = [
    "/admin/",
    "/admin/comments/comment/?tab=done",
    "/admin/comments/decision/",
    "/admin/comments/decision/export/",
    "/admin/comments/report/",
    "/admin/comments/appeal/",
    "/admin/comments/sanction/",
    "/admin/comments/trustedmember/",
    "/admin/comments/trustedmember/add/",
    "/admin/comments/commentpolicy/",
    "/admin/comments/commentpolicy/add/",
    "/admin/comments/commentpolicy/try/?longest=100",
    "/admin/comments/letter/",
    "/admin/comments/letter/?queue=all",
    "/admin/comments/letter/figures/",
    "/admin/comments/lettertemplate/",
    "/admin/comments/lettertemplate/add/",
]


def make_own(portal: Portal, mark: str) -> None:
    """A comment of a member's that waits and may be changed, one that was refused, a report, a warning, a notice."""
    code = (
        "from django.contrib.auth import get_user_model\n"
        "from django.utils import timezone\n"
        "from articles.models import Article\n"
        "from comments import decisions, sanctions\n"
        "from comments.models import Comment, Decision\n"
        "people = get_user_model().objects\n"
        "author, by = people.get(username='tingyu'), people.get(username='moderator')\n"
        "article, now = Article.objects.published().latest('pk'), timezone.now()\n"
        "for word in ('等着', '没过'):\n"
        f"    body = word + '的一条（{mark}）。'\n"
        "    row = Comment.objects.create(\n"
        "        article=article, author=author, nickname=str(author), body=body, waiting_since=now)\n"
        "    Decision.objects.create(comment=row, to_state='waiting', rule='default')\n"
        "decisions.decide(row, 'rejected', actor=by, reason='attack', note='请就事论事')\n"
        "sanctions.impose(kind='warn', reason='请就事论事', by=by, user=author, comment=row)\n"
    )
    run_in(portal, code)


def rested(portal: Portal, username: str) -> None:
    """Let what a member wrote be of yesterday, so that no limit of time meets her."""
    code = (
        "from datetime import timedelta\n"
        "from django.db.models import F\n"
        "from comments.models import Comment\n"
        f"rows = Comment.objects.filter(author__username={username!r})\n"
        "rows.update(created_at=F('created_at') - timedelta(days=2))\n"
    )
    run_in(portal, code)


def own_addresses(page: Page, page_types: dict[str, str], mark: str) -> dict[str, str]:
    """Every page of her own talk that a member reaches from her comments, by name."""
    page.goto("/comments/mine/")
    waiting, refused = (page.locator(".comment", has_text=f"{word}的一条（{mark}）") for word in ("等着", "没过"))
    names = {"edit": (waiting, "修改"), "delete": (waiting, "删除"), "appeal": (refused, "申诉")}
    found = {
        name: card.get_by_role("link", name=link).get_attribute("href") or "" for name, (card, link) in names.items()
    }
    like = page_types["comment-report"].replace("/report/", "/like/")
    found |= {"mine": "/comments/mine/", "notices": "/comments/notices/", "letters": "/letters/mine/", "like": like}
    page.goto(page_types["comment-report"])
    page.get_by_label("广告").check()
    page.get_by_role("button", name="提交举报").click()
    expect(page.locator("main")).to_contain_text("待处理")
    return found | {"receipt": page.url}


def test_a_members_own_pages_are_clean_and_valid(portal, reader, page_types, tmp_path):
    mark = secrets.token_hex(4)
    make_own(portal, mark)
    page = reader(bypass_csp=True)
    sign_in(page, portal, "tingyu", "/comments/mine/")
    addresses = own_addresses(page, page_types, mark)
    for name, address in addresses.items():
        page.goto(address)
        for scheme, rules in (("light", None), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width} pixels"
                assert violations(page, rules=rules) == [], f"{name} at {width} pixels, {scheme}"
    pages = {name: page.request.get(address).body() for name, address in addresses.items()}
    assert faults(pages, tmp_path) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desks_pages_are_clean(portal, reader, scheme):
    signed_in = desk_of(portal, reader, "chief").context.storage_state()
    page = reader(bypass_csp=True, color_scheme=scheme, storage_state=signed_in)
    for address in DESK:
        assert page.goto(address).status == 200, address
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} at {width} pixels"
            assert violations(page, rules=None if scheme == "light" else COLOURS) == [], f"{address} at {width} pixels"


@pytest.mark.parametrize("options", READERS)
def test_a_member_comments_and_sees_what_waits(portal, reader, page_types, options):
    """As a visitor does in test_comments, without a nickname and under her own name."""
    rested(portal, "qinling")
    body = f"楼下的灯也该修了（{secrets.token_hex(4)}）。"
    page = reader(**options)
    article = page_types["article"]
    sign_in(page, portal, "qinling", article)
    page.locator("#comments").scroll_into_view_if_needed()
    if not options["java_script_enabled"]:
        page.get_by_role("link", name="写评论").click()
    expect(page.locator(".comment-who")).to_contain_text("秦岭脚下")
    expect(page.get_by_label("昵称")).to_have_count(0)
    page.get_by_role("textbox", name="评论").fill(body)
    page.wait_for_timeout(2100)
    page.get_by_role("button", name="发表").click()
    expect(page.locator("#received")).to_contain_text(RECEIVED)
    expect(page.locator(".comment-own").first).to_contain_text("等待审核")
    page.goto("/comments/mine/")
    expect(page.locator(".comment", has_text=body)).to_contain_text("等待审核")
    other = reader(viewport=DESKTOP)
    other.goto(article)
    other.goto(other.locator("#comments h2 a").get_attribute("href") or "")
    expect(other.locator("main")).not_to_contain_text(body)

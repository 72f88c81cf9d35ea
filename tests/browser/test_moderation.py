"""Comments from both sides: what a reader says, what moderators make of it, what readers see then.

    pytest -s tests/browser/test_moderation.py

also prints what it took: keys, clicks and seconds for each comment that is decided by keyboard.
"""

import re
import sys
import time

import pytest
from playwright.sync_api import Page, expect

from .axe import COLOURS, violations
from .conftest import PHONE, Portal, run_in
from .test_comments import list_of
from .test_comments import sign_in as sign_in_reader
from .test_publishing import desk_of
from .test_whole_way import COUNT

RUN = time.time_ns()
QUEUE = "/admin/comments/comment/"
MANY = 12


def make_waiting(portal: Portal, *bodies: str, author: str = "") -> None:
    """Comments that wait, as if they had waited longest; by the reader's account or by a visitor."""
    code = (
        "from datetime import timedelta\n"
        "from django.contrib.auth import get_user_model\n"
        "from django.utils import timezone\n"
        "from articles.models import Article\n"
        "from comments.models import Comment, Decision\n"
        f"author = get_user_model().objects.filter(username={author!r}).first()\n"
        "article = Article.objects.published().latest('pk')\n"
        "waiting = Comment.objects.waiting().order_by('waiting_since').first()\n"
        "at = (waiting.waiting_since if waiting else timezone.now()) - timedelta(hours=1)\n"
        f"for number, body in enumerate({bodies!r}):\n"
        "    since = at + timedelta(seconds=number)\n"
        "    own = {'author': author} if author else {'visitor': 'v', 'network': '192.0.2.0/24'}\n"
        "    row = Comment.objects.create(\n"
        "        article=article, nickname=str(author or '路过的人'), body=body, waiting_since=since, **own)\n"
        "    Decision.objects.create(comment=row, to_state='waiting', rule='default')\n"
    )
    run_in(portal, code)


def card(page: Page, body: str):
    return page.locator("[data-mod-card]", has_text=body)


def messages(page: Page):
    return page.locator(".moderation .messagelist")


def test_what_a_reader_says_is_held_approved_seen_reported_and_dismissed(portal, reader, page_types):
    body = f"路口的灯修好了，谢谢（{RUN}）。"
    visitor = reader()
    article = page_types["article"]
    visitor.goto(article)
    visitor.locator("#comments").scroll_into_view_if_needed()
    visitor.get_by_label("昵称").fill("路口的人")
    visitor.get_by_role("textbox", name="评论", exact=True).fill(body)
    visitor.wait_for_timeout(2100)
    visitor.get_by_role("button", name="发表").click()
    expect(visitor.locator(".comment-own")).to_contain_text("等待审核")
    listed = list_of(visitor, article)

    moderator = desk_of(portal, reader, "moderator")
    moderator.get_by_role("link", name=re.compile("待审评论")).click()
    found = find(moderator, body)
    found.get_by_role("button", name="通过", exact=False).first.click()
    expect(messages(moderator)).to_contain_text("已通过")

    other = reader()
    within_a_second(other, listed)
    shown = other.locator(".comment", has_text=body)
    expect(shown).to_be_visible()
    shown.get_by_role("link", name=re.compile("举报")).first.click()
    other.get_by_label("人身攻击").check()
    other.get_by_role("button", name="举报").click()
    receipt = other.url
    expect(other.locator("main")).to_contain_text("待处理")

    moderator.goto(f"{QUEUE}?tab=reported")
    reported = card(moderator, body)
    expect(reported).to_contain_text("人身攻击")
    reported.get_by_role("button", name="保留").click()
    expect(messages(moderator)).to_contain_text("已保留，举报不成立")
    expect(card(moderator, body)).to_have_count(0)
    other.goto(receipt)
    expect(other.locator("main")).to_contain_text("不成立")


def find(page: Page, body: str):
    """The card of a comment, on whatever page of the queue it stands."""
    while card(page, body).count() == 0:
        page.get_by_role("link", name="下一页").click()
    return card(page, body)


def within_a_second(page: Page, address: str) -> None:
    page.wait_for_timeout(1200)
    page.goto(address)


def test_a_refusal_is_told_appealed_and_mended_by_another(portal, reader, page_types):
    body = f"这条被误判的评论（{RUN}）。"
    make_waiting(portal, body, author="reader")
    moderator = desk_of(portal, reader, "moderator")
    moderator.goto(QUEUE)
    found = card(moderator, body)
    found.get_by_text("不通过…").click()
    found.get_by_label("与新闻无关").check()
    found.get_by_label("说明").fill("请围绕新闻讨论")
    found.get_by_role("button", name="不通过", exact=True).click()
    expect(messages(moderator)).to_contain_text("未通过")

    author = reader()
    sign_in_reader(author, portal, "reader", "/comments/notices/")
    expect(author.locator("main")).to_contain_text("请围绕新闻讨论")
    author.goto("/comments/mine/")
    own = author.locator(".comment", has_text=body)
    own.get_by_role("link", name="申诉").click()
    author.locator("textarea").fill("我说的就是这条新闻。")
    author.locator("main").get_by_role("button", name=re.compile("申诉")).click()

    moderator.goto(f"{QUEUE}?tab=appeals")
    expect(card(moderator, body)).to_contain_text("要由另一位审核员答复")
    # Whoever leaves the queue lets go of what was on her screen.
    moderator.goto("/admin/")
    moderator.wait_for_timeout(500)
    chief = desk_of(portal, reader, "chief")
    chief.goto(f"{QUEUE}?tab=appeals")
    appeal = card(chief, body)
    expect(appeal).to_contain_text("我说的就是这条新闻。")
    appeal.get_by_label("答复").fill("核对过，属于误判。")
    appeal.get_by_role("button", name="申诉成立").click()
    expect(messages(chief)).to_contain_text("申诉成立，评论已恢复公开")
    author.goto("/comments/notices/")
    expect(author.locator("main")).to_contain_text("您的申诉成立，评论已恢复公开。核对过，属于误判。")
    author.goto("/comments/mine/")
    thread = author.locator(".comment", has_text=body).locator("a[href^='/articles/'][href*='/comments/']").first
    visitor = reader()
    within_a_second(visitor, thread.get_attribute("href"))
    expect(visitor.locator(".comment-body", has_text=body)).to_be_visible()


def test_a_queue_is_cleared_by_keyboard_alone(portal, reader):
    bodies = [f"键盘审的第{number}条（{RUN}）。" for number in range(MANY)]
    make_waiting(portal, *bodies)
    page = desk_of(portal, reader, "moderator")
    page.add_init_script(f"({COUNT})()")
    page.goto(QUEUE)
    page.evaluate("delete sessionStorage.counts")
    page.reload()
    first = page.locator("[data-mod-card]").first
    expect(first).to_be_focused()
    expect(first).to_contain_text(bodies[0])
    began = time.monotonic()
    for number, body in enumerate(bodies):
        mine = card(page, body)
        expect(mine).to_be_focused()
        if number % 4 == 3:
            for key in ("r", "3", "Enter"):
                page.keyboard.press(key)
        else:
            page.keyboard.press("s" if number % 4 == 2 else "a")
        expect(card(page, body)).to_have_count(0)
    seconds = time.monotonic() - began
    counts = page.evaluate("JSON.parse(sessionStorage.counts)")
    assert counts["clicks"] == 0
    sys.stdout.write(f"\n{MANY} comments: {counts['keys'] / MANY:.2f} keys, {seconds / MANY:.2f} s each")

    expect(messages(page)).to_contain_text("未通过")
    page.keyboard.press("z")
    expect(messages(page)).to_contain_text("已撤销 1 条。")
    expect(card(page, bodies[-1])).to_be_focused()
    page.keyboard.press("j")
    expect(card(page, bodies[-1])).not_to_be_focused()
    page.keyboard.press("k")
    expect(card(page, bodies[-1])).to_be_focused()
    page.keyboard.press("x")
    expect(card(page, bodies[-1]).get_by_role("checkbox").first).to_be_checked()
    page.keyboard.press("b")
    expect(card(page, bodies[-1]).locator("select[name=kind]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card(page, bodies[-1])).to_be_focused()


def test_it_works_without_a_script_and_on_a_phone(portal, reader):
    good, bad, rude = (f"{word}（{RUN}，无脚本）。" for word in ("好的一条", "坏的一条", "骂人的一条"))
    make_waiting(portal, good, bad, rude)
    signed_in = desk_of(portal, reader, "moderator").context.storage_state()
    page = reader(java_script_enabled=False, viewport=PHONE, storage_state=signed_in)
    page.goto(QUEUE)
    card(page, good).get_by_role("button", name="通过").first.click()
    expect(messages(page)).to_contain_text("已通过")
    found = card(page, bad)
    found.get_by_text("不通过…").click()
    found.get_by_label("广告").check()
    found.get_by_role("button", name="不通过", exact=True).click()
    expect(messages(page)).to_contain_text("未通过")
    found = card(page, rude)
    found.get_by_text("处罚…").click()
    found.get_by_label("处罚").select_option("ban")
    found.get_by_label("多久").select_option("30")
    found.get_by_label("原因").last.fill("辱骂他人")
    found.get_by_role("button", name="处罚", exact=True).click()
    expect(messages(page)).to_contain_text("已处罚：封禁")
    card(page, rude).get_by_role("checkbox").first.check()
    page.locator("#many").get_by_label("处理").select_option("spam")
    page.get_by_role("button", name="处理选中的").click()
    expect(page.get_by_role("status")).to_contain_text("已判为垃圾评论 1 条")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_queue_is_accessible_and_as_wide_as_the_phone(portal, reader, scheme):
    make_waiting(portal, f"加微信 water_2026 看看（{RUN}{scheme}）。")
    signed_in = desk_of(portal, reader, "moderator").context.storage_state()
    page = reader(bypass_csp=True, color_scheme=scheme, storage_state=signed_in)
    addresses = [QUEUE, *[f"{QUEUE}?tab={tab}" for tab in ("reported", "appeals", "done", "mine")]]
    addresses += [f"{QUEUE}many/?network=192.0.2.0/24&state=open", "/admin/comments/commentpolicy/try/?longest=100"]
    page.goto(QUEUE)
    addresses.append(page.locator(".mod-head h2 a").first.get_attribute("href"))
    for address in addresses:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(address)
        for summary in page.locator("summary").all()[:6]:
            summary.click()
        assert violations(page) == [], address
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert violations(page, rules=COLOURS) == [], address

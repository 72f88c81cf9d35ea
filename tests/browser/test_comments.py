"""Comments as readers use them: with and without JavaScript, as visitor and as member."""

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from .conftest import DESKTOP, PHONE, READERS, Portal, run_in

RECEIVED = "评论已收到，审核通过后公开。"


def approve(portal: Portal, body: str) -> None:
    """Let a comment through, as the back office does."""
    code = (
        "from comments.decisions import decide\n"
        "from comments.models import Comment\n"
        f"comment = Comment.objects.get(body={body!r})\n"
        "decide(comment, 'approved', actor=None, rule='test')\n"
    )
    run_in(portal, code)


@pytest.fixture
def article(page_types) -> str:
    return page_types["article"]


@pytest.mark.parametrize("options", READERS)
def test_a_visitor_comments_and_is_read_once_approved(portal, reader, article, options):
    with_script = options["java_script_enabled"]
    # Its own each time: the same words are not taken twice within a day, and a portal may be kept.
    body = f"桥上的灯修好了，走夜路踏实多了（{secrets.token_hex(4)}）。"
    page = reader(**options)
    page.goto(article)
    page.locator("#comments").scroll_into_view_if_needed()
    if not with_script:
        page.get_by_role("link", name="写评论").click()
    page.get_by_label("昵称").fill("桥头的人")
    page.get_by_role("textbox", name="评论").fill(body)
    page.wait_for_timeout(2100)  # the form refuses what no person could have read
    page.get_by_role("button", name="发表").click()
    expect(page.locator("#received")).to_contain_text(RECEIVED)
    own = page.locator(".comment-own")
    expect(own).to_contain_text(body)
    expect(own).to_contain_text("等待审核")
    other = reader(**options)
    other.goto(list_of(page, article))
    expect(other.locator("main")).not_to_contain_text(body)

    approve(portal, body)

    other.wait_for_timeout(1200)
    other.reload()
    expect(other.locator(".comment-body", has_text=body)).to_be_visible()


def list_of(page: Page, article: str) -> str:
    page.goto(article)
    return page.locator("#comments h2 a").get_attribute("href") or ""


@pytest.mark.parametrize("options", READERS)
def test_a_refused_comment_comes_back_with_its_words(reader, article, options):
    page = reader(**options)
    page.goto(article)
    page.locator("#comments").scroll_into_view_if_needed()
    if not options["java_script_enabled"]:
        page.get_by_role("link", name="写评论").click()
    page.get_by_label("昵称").fill("话多的人")
    page.get_by_role("textbox", name="评论").fill("长" * 1001)
    page.wait_for_timeout(2100)
    page.get_by_role("button", name="发表").click()
    expect(page.get_by_role("alert")).to_contain_text("评论最多 1000 个字，现在有 1001 个")
    expect(page.get_by_role("textbox", name="评论")).to_have_value("长" * 1001)
    expect(page.get_by_label("昵称")).to_have_value("话多的人")


def sign_in(page: Page, portal: Portal, username: str, then: str) -> None:
    page.goto(f"/accounts/login/?next={then}")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(portal.passwords[username])
    page.locator("form [type=submit]").first.click()
    expect(page).to_have_url(re.compile(re.escape(then)))


def test_a_member_answers_edits_and_deletes(portal, reader, page_types):
    page = reader(viewport=DESKTOP)
    sign_in(page, portal, "reader", page_types["comments"])
    first = page.locator(".comment-list .comment").first
    name = first.locator("h2").inner_text()
    expect(page.locator("[data-comments-form] form")).to_be_visible()
    first.get_by_role("link", name=f"回复 {name}").click()
    expect(page.locator(".comment-parent")).to_contain_text(f"@{name}")
    expect(page.get_by_role("textbox", name="评论")).to_be_focused()
    words = f"写的话（{secrets.token_hex(4)}）。"
    page.get_by_role("textbox", name="评论").fill(f"第一遍{words}")
    page.wait_for_timeout(2100)
    page.get_by_role("button", name="发表").click()
    expect(page.locator("#received")).to_contain_text(RECEIVED)
    expect(page.locator("#received")).to_be_focused()

    page.locator(".comment-own").get_by_role("link", name="修改").first.click()
    page.get_by_role("textbox", name="评论").fill(f"第二遍{words}")
    page.get_by_role("button", name="保存修改").click()
    expect(page.locator(".comment-own")).to_contain_text(f"第二遍{words}")

    page.goto("/comments/mine/")
    mine = page.locator(".comment", has_text=f"第二遍{words}")
    expect(mine).to_contain_text("等待审核")
    mine.get_by_role("link", name="删除").click()
    page.get_by_role("button", name="删除这条评论").click()
    expect(page.locator(".comment", has_text=f"第二遍{words}")).to_contain_text("作者已删除")


def test_liking_in_the_page(reader, page_types):
    page = reader(viewport=PHONE)
    page.goto(page_types["comments"])
    expect(page.locator("[data-comments-form] form")).to_be_visible()
    link = page.locator("[data-like]").first
    before = int(link.locator("[data-likes]").inner_text())
    link.click()
    expect(link.locator("[data-likes]")).to_have_text(str(before + 1))
    link.click()
    expect(link.locator("[data-likes]")).to_have_text(str(before))


def test_liking_without_script(reader, page_types):
    page = reader(viewport=DESKTOP, java_script_enabled=False)
    page.goto(page_types["comment-thread"])
    page.locator("[data-like]").first.click()
    page.get_by_role("button", name="赞").click()
    page.locator("[data-like]").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("您已经赞过")
    page.get_by_role("button", name="取消赞").click()


def test_a_visitor_reports_and_gets_a_number(reader, page_types):
    page = reader(viewport=PHONE, java_script_enabled=False)
    page.goto(page_types["comment-report"])
    page.get_by_label("人身攻击").check()
    page.get_by_role("button", name="提交举报").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"JB-[2-9A-Z]{5}-[2-9A-Z]{5}"))
    expect(page.locator("main")).to_contain_text("待处理")


def test_the_network_that_fails_takes_no_words(reader, article):
    page = reader(viewport=DESKTOP)
    page.goto(article)
    page.locator("#comments").scroll_into_view_if_needed()
    page.get_by_label("昵称").fill("断网的人")
    page.get_by_role("textbox", name="评论").fill("这句话不能丢。")
    page.context.set_offline(True)
    page.get_by_role("button", name="发表").click()
    expect(page.get_by_role("alert")).to_contain_text("没有发出去，文字还在")
    expect(page.get_by_role("textbox", name="评论")).to_have_value("这句话不能丢。")
    page.context.set_offline(False)


def test_an_answer_keeps_the_nickname_and_an_outdated_page_what_was_typed(reader, page_types):
    page = reader(viewport=PHONE)
    page.goto(page_types["comments"])
    form = page.locator("[data-comment-form]")
    form.get_by_label("昵称").fill("桥头的人")
    form.get_by_role("textbox", name="评论").fill("写到一半的话")
    page.locator("[data-reply]").first.click()
    expect(form.locator("[name=reply]")).to_be_attached()
    expect(form.get_by_label("昵称")).to_have_value("桥头的人")
    body = f"回答一句（{secrets.token_hex(4)}）。"
    form.get_by_role("textbox", name="评论").fill(body)
    page.context.clear_cookies()
    page.wait_for_timeout(2100)
    form.get_by_role("button", name="发表").click()
    expect(page.get_by_role("alert")).to_contain_text("页面打开得太久，或浏览器不接受 Cookie，没有发出。")
    expect(form.get_by_role("textbox", name="评论")).to_have_value(body)
    form.get_by_role("button", name="发表").click()
    expect(page.locator("#received")).to_contain_text(RECEIVED)
    expect(form.get_by_label("昵称")).to_have_value("桥头的人")

    # That the last one was received is not said of the next one, which is not.
    form.get_by_role("textbox", name="评论").fill("下一句话")
    page.context.set_offline(True)
    form.get_by_role("button", name="发表").click()
    expect(page.get_by_role("alert")).to_contain_text("没有发出去，文字还在")
    expect(page.locator("#received")).to_have_count(0)

"""What is typed outlives its page, and two people at one text lose nothing of each other's."""

import time

from playwright.sync_api import expect

from .axe import violations
from .test_publishing import desk_of, pick, sign_in

# Different in every run: a kept portal still holds the article of the run before.
TITLE = f"两个人同时在写的第{time.time_ns()}篇稿件"
NEW_TITLE = f"没保存就关了页面的第{time.time_ns()}篇稿件"
PHONE = {"width": 390, "height": 844}


def fill_body(page, body: str) -> None:
    """Give the body as HTML, which the editor keeps a click away."""
    button = page.get_by_role("button", name="源代码")
    if button.get_attribute("aria-pressed") != "true":
        button.click()
    page.locator("textarea[name=body]").fill(body)


def begin(page, title: str) -> str:
    """A draft with two sentences; its address."""
    page.goto("/admin/articles/article/add/")
    page.locator("input[name=title]").fill(title)
    pick(page, "channel", "社会热点")
    pick(page, "source", "每日新闻网")
    fill_body(page, "<p>渡口在东岸。船票两元。</p>")
    page.locator("input[name=_continue]").click()
    expect(page.locator(".messagelist")).to_contain_text(title)
    return page.url


def test_what_was_typed_comes_back_after_the_page_is_closed(portal, reader):
    page = desk_of(portal, reader, "reporter")
    page.goto("/admin/articles/article/add/")
    page.locator("input[name=title]").fill(NEW_TITLE)
    fill_body(page, "第一段。\n第二段。")
    expect(page.locator("[data-keeping-status]")).to_contain_text("已自动保存")
    # Typed a moment ago: kept as the page goes away.
    fill_body(page, "第一段。\n第二段。\n第三段。")
    again = page.context.new_page()
    page.close(run_before_unload=False)

    again.goto("/admin/articles/article/add/")
    note = again.locator(".keeping-note", has_text=NEW_TITLE)
    note.get_by_role("link", name="恢复").click()
    expect(again.locator("input[name=title]")).to_have_value(NEW_TITLE)
    expect(again.locator("textarea[name=body]")).to_have_value("第一段。\n第二段。\n第三段。")
    pick(again, "channel", "社会热点")
    pick(again, "source", "每日新闻网")
    again.locator("input[name=_continue]").click()
    expect(again.locator(".messagelist")).to_contain_text(NEW_TITLE)
    again.goto("/admin/articles/article/add/")
    expect(again.locator(".keeping-note", has_text=NEW_TITLE)).to_have_count(0)


def test_two_at_one_text_see_each_other_and_merge(portal, reader):
    reporter, editor = desk_of(portal, reader, "reporter"), desk_of(portal, reader, "editor")
    reporter.clock.install()
    address = begin(reporter, TITLE)
    fill_body(reporter, "<p>渡口在西岸。船票两元。</p>")

    editor.goto(address)
    holder = editor.locator("[data-holder]")
    expect(holder).to_contain_text("正在编辑（")
    editor.get_by_role("button", name="接手编辑").click()
    expect(editor.locator("[data-keeping-status]")).to_contain_text("你已接手编辑")
    expect(holder).to_be_hidden()

    reporter.clock.run_for(31_000)
    expect(reporter.locator("[data-holder]")).to_contain_text("已接手编辑，你的文字已自动保存")
    fill_body(editor, "<p>渡口在北岸。船票三元。</p>")
    editor.locator("input[name=_save]").click()
    expect(editor.locator(".messagelist")).to_contain_text(TITLE)

    reporter.locator("input[name=_continue]").click()
    choice = reporter.locator(".conflict-choice")
    expect(choice.locator("del").first).to_have_text("北岸")
    expect(choice.locator("ins").first).to_have_text("西岸")
    reporter.locator("input[name=_continue]").click()
    expect(reporter.locator(".errorlist").first).to_contain_text("还有 1 处没有选用谁的")
    reporter.get_by_label("用我的").check()
    fill_body(reporter, "<p>渡口在西岸。船票三元。</p>")
    reporter.locator("input[name=_continue]").click()
    expect(reporter.locator(".messagelist")).to_contain_text(TITLE)
    expect(reporter.locator("textarea[name=body]")).to_have_value("<p>渡口在西岸。船票三元。</p>")


def test_notices_and_comparisons_are_accessible(portal, reader):
    for scheme in ("light", "dark"):
        judge = reader(bypass_csp=True, color_scheme=scheme, viewport=PHONE)
        sign_in(judge, portal, "editor")
        address = begin(judge, f"{TITLE}（{scheme}）")
        other = judge.context.new_page()
        other.goto(address)
        other.locator("input[name=subtitle]").fill("另一页写的副题")
        other.locator("input[name=_continue]").click()
        expect(other.locator(".messagelist")).to_contain_text(TITLE)
        judge.locator("input[name=subtitle]").fill("这一页写的副题")
        judge.locator("input[name=_continue]").click()
        expect(judge.locator(".conflict-choice")).to_be_visible()
        assert violations(judge, within=".conflict") == []
        assert judge.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        expect(judge.locator("[data-keeping-status]")).to_contain_text("已自动保存")
        judge.goto(address)
        expect(judge.locator(".keeping-note", has_text="有没保存的文字")).to_be_visible()
        assert violations(judge, within=".keeping") == []
        judge.get_by_role("link", name="对照", exact=True).click()
        assert violations(judge, within="#content-main") == []

"""An editor's way from the sign-in to the reader's page."""

import re
import time

from playwright.sync_api import expect

from .axe import violations

# Different in every run: a kept portal still holds the article of the run before.
TITLE = f"浏览器里写成的第{time.time_ns()}篇测试稿件"
DRAFT_TITLE = f"对照、体检和预览的第{time.time_ns()}篇草稿"
LISTED_TITLE = f"词库拦下又放行的第{time.time_ns()}篇稿件"


def sign_in(page, portal, username: str) -> None:
    page.goto("/admin/")
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(portal.passwords[username])
    page.locator("input[type=submit], button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(r"/admin/$"))


def test_editor_publishes_corrects_and_withdraws(portal, reader):
    visitor = reader()
    visitor.goto("/society/")
    expect(visitor.locator("main")).not_to_contain_text(TITLE)
    page = reader()
    sign_in(page, portal, "editor")
    publish(page, TITLE, "第一段说明来由。\n第二段说明经过。")
    expect(page.locator(".messagelist")).to_contain_text(TITLE)
    time.sleep(1)
    visitor.reload()
    visitor.locator("main a", has_text=TITLE).first.click()
    expect(visitor.locator("h1")).to_have_text(re.compile(TITLE))
    expect(visitor.locator(".prose p").first).to_have_text("第一段说明来由。")
    address = visitor.url

    page.locator("textarea[name=body]").fill("<p>改过的第一段。</p>")
    page.locator("input[name=_continue]").click()
    time.sleep(1)
    visitor.reload()
    expect(visitor.locator(".prose p").first).to_have_text("改过的第一段。")

    page.locator("select[name$=action]").first.select_option(label="撤稿")
    page.locator(".actions button").first.click()
    page.locator("[name=reason]").fill("测试完毕，撤下。")
    page.locator("#content input[type=submit]").last.click()
    time.sleep(1)
    response = visitor.goto(address)
    assert response.status == 410
    expect(visitor.locator("main")).to_contain_text("测试完毕，撤下。")
    visitor.goto("/society/")
    expect(visitor.locator("main")).not_to_contain_text(TITLE)


def publish(page, title: str, body: str) -> None:
    """Fill in the form of a new article, and ask for it to be published."""
    page.goto("/admin/articles/article/add/")
    page.locator("input[name=title]").fill(title)
    pick(page, "channel", "社会热点")
    pick(page, "source", "每日新闻网")
    page.locator("input[name=duty_editor]").fill("沈若谷")
    page.locator("textarea[name=body]").fill(body)
    page.locator("select[name=status]").select_option("published")
    page.locator("input[name=_continue]").click()


def pick(page, field: str, label: str) -> None:
    """Choose in a select box, or in the search box that the admin makes of one."""
    select = page.locator(f"select[name={field}]")
    if "admin-autocomplete" not in (select.get_attribute("class") or ""):
        select.select_option(label=label)
        return
    page.locator(f"#select2-id_{field}-container").click()
    page.locator(".select2-search__field").last.fill(label)
    page.locator(".select2-results__option", has_text=label).first.click()


def test_reporter_cannot_publish(portal, reader):
    page = reader()
    sign_in(page, portal, "reporter")
    page.goto("/admin/articles/article/add/")
    options = page.locator("select[name=status] option").all_inner_texts()
    assert "发布" not in options


def test_upload_that_is_no_picture_comes_back_filled_in(portal, reader, tmp_path):
    fake = tmp_path / "fake.jpg"
    fake.write_text("这不是图片。", encoding="utf-8")
    page = reader()
    sign_in(page, portal, "editor")
    page.goto("/admin/articles/photo/add/")
    page.locator("[name=caption]").fill("写好的图说")
    page.locator("[name=alt]").fill("写好的替代文字")
    page.locator("input[type=file]").set_input_files(fake)
    page.locator("input[name=_save]").click()
    expect(page.locator(".errorlist").first).to_contain_text("不是图片")
    expect(page.locator("[name=caption]")).to_have_value("写好的图说")


def test_a_listed_word_is_refused_at_its_field_and_nothing_is_lost(portal, reader):
    page = reader()
    sign_in(page, portal, "editor")
    publish(page, LISTED_TITLE, "第一段说明来由，加 微信·領取礼品。")
    error = page.locator(".field-body .errorlist")
    expect(error).to_contain_text("【加 微信·領取】")
    expect(error).to_contain_text("禁止词“加微信领取”")
    expect(page.locator("input[name=title]")).to_have_value(LISTED_TITLE)
    expect(page.locator("textarea[name=body]")).to_have_value("第一段说明来由，加 微信·領取礼品。")
    page.locator("textarea[name=body]").fill("第一段说明来由。")
    page.locator("input[name=_continue]").click()
    expect(page.locator(".messagelist")).to_contain_text(LISTED_TITLE)


def test_a_draft_is_compared_checked_and_previewed(portal, reader):
    page = reader()
    sign_in(page, portal, "reporter")
    page.goto("/admin/articles/article/add/")
    page.locator("input[name=title]").fill(DRAFT_TITLE)
    pick(page, "channel", "社会热点")
    pick(page, "source", "每日新闻网")
    page.locator("textarea[name=body]").fill("渡口在东岸。\n第二段说明经过。")
    page.locator("input[name=_continue]").click()
    page.locator("textarea[name=body]").fill("渡口在西岸。\n第二段说明经过。")
    page.locator("input[name=_continue]").click()
    form = page.url

    page.get_by_role("link", name="修订", exact=True).first.click()
    expect(page.locator("del")).to_have_text("东岸")
    expect(page.locator("ins")).to_have_text("西岸")
    compared = page.url

    page.goto(form)
    page.get_by_role("link", name="发布前体检").click()
    expect(page.locator("#content-main")).to_contain_text("发布前必须填写责任编辑。")
    checked = page.url
    page.get_by_role("link", name="责任编辑", exact=True).click()
    expect(page).to_have_url(f"{form}#id_duty_editor")

    page.get_by_role("link", name="预览", exact=True).click()
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1")).to_have_text(DRAFT_TITLE)
    page.get_by_label("手机").check()
    assert page.locator("iframe").bounding_box()["width"] <= 375
    visitor = reader()
    visitor.goto(page.get_by_label("给站外的人看").input_value())
    expect(visitor.locator("h1")).to_have_text(DRAFT_TITLE)
    expect(visitor.locator("main")).to_contain_text("渡口在西岸。")

    # What stands around the content is Django's.
    judge = reader(bypass_csp=True)
    sign_in(judge, portal, "reporter")
    for address in (compared, checked, page.url):
        judge.goto(address)
        assert violations(judge, within="#content-main") == [], address

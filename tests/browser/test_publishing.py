"""An editor's way from the sign-in to the reader's page."""

import re
import time

from playwright.sync_api import expect

from .axe import violations

# Different in every run: a kept portal still holds the article of the run before.
TITLE = f"浏览器里写成的第{time.time_ns()}篇测试稿件"
DRAFT_TITLE = f"对照、体检和预览的第{time.time_ns()}篇草稿"
REFUSED_TITLE = f"审稿规矩挡住的第{time.time_ns()}篇稿件"
LISTED_TITLE = f"词库拦下又放行的第{time.time_ns()}篇稿件"


# Who is signed in already, by portal and name: the tests are not about signing in.
signed_in: dict[tuple[str, str], dict] = {}


def sign_in(page, portal, username: str) -> None:
    known = signed_in.get((portal.url, username))
    if known:
        page.context.add_cookies(known["cookies"])
        page.goto("/admin/")
        expect(page).to_have_url(re.compile(r"/admin/$"))
        return
    page.goto("/admin/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(portal.passwords[username])
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page).to_have_url(re.compile(r"/admin/$"))
    signed_in[portal.url, username] = page.context.storage_state()


def desk_of(portal, reader, username: str):
    """A browser in which somebody of the newsroom is signed in."""
    page = reader()
    sign_in(page, portal, username)
    return page


def open_source(page, body: str) -> None:
    """Give the body as HTML."""
    page.get_by_role("button", name="源代码", pressed=False).click()
    page.locator("textarea[name=body]").fill(body)


def write(page, title: str, body: str, *, is_source: bool = True) -> None:
    """Fill in the form of a new article; its body is left in view as HTML when `is_source`."""
    page.goto("/admin/articles/article/add/")
    page.locator("input[name=title]").fill(title)
    pick(page, "channel", "社会热点")
    pick(page, "source", "每日新闻网")
    open_source(page, body)
    if not is_source:
        page.get_by_role("button", name="源代码").click()


def open_next(page, title: str) -> None:
    """Open what waits for whoever is signed in, by the menu and the queue."""
    page.goto("/admin/")
    page.get_by_role("link", name=re.compile("待我审")).first.click()
    page.locator("#result_list").get_by_role("link", name=title).click()
    expect(page.locator(".reviewed-text h2")).to_have_text(title)


def sign(page, title: str, told: str) -> None:
    """Open what waits, and pass it."""
    open_next(page, title)
    page.get_by_role("button", name="通过").click()
    expect(page.locator(".messagelist")).to_contain_text(told)


def test_what_breaks_the_rule_is_refused(portal, reader):
    """Another's step, the same person twice, a text changed after it was read."""
    cast = ("reporter", "editor", "director", "chief")
    reporter, editor, director, chief = (desk_of(portal, reader, name) for name in cast)
    write(reporter, REFUSED_TITLE, "第一段说明来由。")
    reporter.locator("input[name=_submit]").click()
    open_next(editor, REFUSED_TITLE)
    address = editor.url
    director.goto(address)
    expect(director.locator(".workflow-note")).to_contain_text("你没有签一审的权限")
    expect(director.get_by_role("button", name="通过")).to_have_count(0)

    # The editor of another channel finds nothing, neither in her lists nor by the address.
    stranger = desk_of(portal, reader, "tech")
    assert stranger.goto(address).status == 404
    stranger.goto(address.replace("/review/", "/change/"))
    expect(stranger.locator(".messagelist")).to_contain_text("不存在")
    stranger.goto("/admin/articles/article/")
    expect(stranger.locator("#result_list .field-channel").first).to_have_text("科技前沿")
    stranger.goto(f"/admin/articles/article/?q={REFUSED_TITLE}")
    expect(stranger.locator(".paginator")).to_contain_text("0 稿件")
    expect(stranger.locator("#result_list")).to_have_count(0)

    # A colleague of the same step changes the text meanwhile, in another window.
    other = editor.context.new_page()
    other.goto(address.replace("/review/", "/change/"))
    open_source(other, "<p>第一段改过了。</p>")
    other.locator("input[name=_continue]").click()
    expect(other.locator(".messagelist")).to_contain_text(REFUSED_TITLE)
    editor.locator("textarea[name=note]").fill("写好的意见")
    editor.get_by_role("button", name="通过").click()
    expect(editor.locator(".errorlist")).to_contain_text("你读过以后，文字又改了")
    expect(editor.locator("textarea[name=note]")).to_have_value("写好的意见")

    # The chief of the demo may sign every step, and signs one.
    sign(chief, REFUSED_TITLE, "一审通过")
    chief.goto(address)
    expect(chief.locator(".workflow-note")).to_contain_text("你签过这篇稿件的一审，不能再签二审")
    reporter.goto(address)
    reporter.get_by_role("button", name="撤回送审").click()
    expect(reporter.locator(".messagelist")).to_contain_text("已撤回送审")


def test_the_pages_of_the_reviews_are_accessible(portal, reader):
    for scheme, width in (("light", 390), ("dark", 1440)):
        page = reader(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 844})
        sign_in(page, portal, "chief")
        assert violations(page, within=".newsroom") == []
        page.goto("/admin/articles/article/statistics/")
        assert violations(page, within="#content-main") == []
        page.goto("/admin/articles/review/?queue=open")
        assert violations(page, within="#content-main") == []
        page.locator("#result_list a").first.click()
        assert violations(page, within="#content-main") == []
        # Nothing is reached by scrolling sideways, which no thumb expects.
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.get_by_role("link", name="审稿单").click()
        assert violations(page, within="#content-main") == []


def pick(page, field: str, label: str) -> None:
    """Choose in a select box, or in the search box that the admin makes of one."""
    select = page.locator(f"select[name={field}]")
    if "admin-autocomplete" not in (select.get_attribute("class") or ""):
        select.select_option(label=label)
        return
    page.locator(f"#select2-id_{field}-container").click()
    page.locator(".select2-search__field").last.fill(label)
    page.locator(".select2-results__option", has_text=label).first.click()


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
    write(page, LISTED_TITLE, "第一段说明来由，加 微信·領取礼品。")
    page.locator("input[name=_submit]").click()
    error = page.locator(".field-body .errorlist")
    expect(error).to_contain_text("【加 微信·領取】")
    expect(error).to_contain_text("禁止词“加微信领取”")
    expect(page.locator("input[name=title]")).to_have_value(LISTED_TITLE)
    expect(page.locator("textarea[name=body]")).to_have_value("第一段说明来由，加 微信·領取礼品。")
    open_source(page, "第一段说明来由。")
    page.locator("input[name=_submit]").click()
    expect(page.locator(".messagelist")).to_contain_text("已送审，现在等一审")


def test_a_draft_is_compared_checked_and_previewed(portal, reader):
    page = reader()
    sign_in(page, portal, "reporter")
    page.goto("/admin/articles/article/add/")
    page.locator("input[name=title]").fill(DRAFT_TITLE)
    pick(page, "channel", "社会热点")
    pick(page, "source", "每日新闻网")
    open_source(page, "渡口在东岸。\n第二段说明经过。")
    page.locator("input[name=_continue]").click()
    open_source(page, "渡口在西岸。\n第二段说明经过。")
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

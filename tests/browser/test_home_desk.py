"""版面编排 in a browser: filled by search, ordered by pointer and by keyboard, with and without JavaScript."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from .axe import violations
from .test_publishing import sign_in

DESK = "/admin/articles/placement/desk/"
NARROW = {"width": 390, "height": 844}


def desk_of(portal, reader, **options) -> Page:
    page = reader(**options)
    sign_in(page, portal, "chief")
    page.goto(DESK)
    return page


def rows(page: Page, key: str) -> list[str]:
    return page.locator(f"[data-desk-rows={key}] .desk-title a").all_inner_texts()


def free_title(portal, reader) -> str:
    """The title of an article that stands in no slot of the home page yet."""
    page = desk_of(portal, reader)
    placed = {title for key in ("headline", "carousel", "pick", "hot") for title in rows(page, key)}
    placed |= {note.removeprefix("稿件标题：") for note in page.locator(".desk-row .desk-note").all_inner_texts()}
    page.locator("#desk-q").fill("的")
    expect(page.locator("[data-desk-found] li").first).to_be_visible()
    found = page.locator("[data-desk-found] .desk-title").all_inner_texts()
    return next(title for title in found if title not in placed)


def take_off(page: Page, key: str, title: str) -> None:
    """Leave the kept portal as it was."""
    page.locator(f"[data-desk-rows={key}] li", has_text=title).get_by_role("button", name="拿掉").click()
    expect(page.locator(f"[data-desk-rows={key}]")).not_to_contain_text(title)


def test_what_is_found_is_placed_and_readers_see_it(portal, reader):
    title = free_title(portal, reader)
    page = desk_of(portal, reader)
    page.locator("#desk-q").press_sequentially(title[:8])
    page.locator("#desk-into").select_option("pick")
    page.get_by_role("button", name=f"放入：{title}").click()
    status = page.locator("[data-desk-status]")
    expect(status).to_have_text(f"《{title}》已放进“要闻”。")
    assert rows(page, "pick")[-1] == title
    # To the front by the keyboard alone: the focus stays on the button, and each step is told.
    count = len(rows(page, "pick"))
    up = page.get_by_role("button", name=f"上移：{title}")
    up.focus()
    for position in range(count - 1, 0, -1):
        page.keyboard.press("Enter")
        expect(status).to_have_text(f"已移到“要闻”第 {position} 位。")
    # At the top "up" is over, and the way back has the focus.
    expect(page.get_by_role("button", name=f"下移：{title}")).to_be_focused()
    visitor = reader()
    visitor.wait_for_timeout(1100)
    visitor.goto("/")
    expect(visitor.locator(".front-picks a").first).to_have_text(title)

    row = page.locator("[data-desk-rows=pick] li").first
    row.locator("summary").click()
    row.locator("[name=title]").fill("版面上的另一个标题")
    row.locator("[name=starts_at]").fill("2030-01-02T08:00")
    row.locator("[name=ends_at]").fill("2030-01-01T08:00")
    row.get_by_role("button", name="保存").click()
    expect(status).to_have_text("没有保存：结束时间必须晚于开始时间。")
    expect(row.locator("[name=title]")).to_have_value("版面上的另一个标题")
    row.locator("[name=ends_at]").fill("2030-01-03T08:00")
    row.get_by_role("button", name="保存").click()
    expect(row).to_contain_text("将在 2030-01-02 08:00 开始")
    page.goto(f"/admin/articles/placement/preview/?{urlencode({'at': '2030-01-02T09:00'})}")
    preview = page.frame_locator("iframe")
    expect(preview.locator(".preview-note")).to_contain_text("2030年1月2日 09:00 的首页")
    expect(preview.locator(".front-picks a").first).to_have_text("版面上的另一个标题")
    page.goto(DESK)
    take_off(page, "pick", "版面上的另一个标题")


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "finger"])
def test_rows_are_dragged_within_and_between_places(portal, reader, touch):
    page = desk_of(
        portal,
        reader,
        viewport={**NARROW, "height": 1600} if touch else {"width": 1440, "height": 2400},
        has_touch=touch,
    )
    before = rows(page, "carousel")
    drag(page, before[0], before[2], touch)
    expect(page.locator("[data-desk-status]")).to_have_text(re.compile(r"已移到“焦点图”第 [23] 位。"))
    after = rows(page, "carousel")
    assert after != before
    assert sorted(after) == sorted(before)
    drag(page, before[0], after[0], touch, to_top=True)
    expect(page.locator("[data-desk-status]")).to_have_text("已移到“焦点图”第 1 位。")
    assert rows(page, "carousel") == before
    # To the headline, and back.
    heads = rows(page, "headline")
    drag(page, before[0], heads[0], touch, to_top=True)
    expect(page.locator("[data-desk-status]")).to_have_text("已移到“头条”第 1 位。")
    assert rows(page, "headline") == [before[0], *heads]
    drag(page, before[0], before[1], touch, to_top=True)
    expect(page.locator("[data-desk-status]")).to_have_text("已移到“焦点图”第 1 位。")
    assert rows(page, "carousel") == before


def drag(page: Page, title: str, onto: str, touch: bool, *, to_top: bool = False) -> None:
    """Drag a row by its handle to the lower or the upper half of another, with what the pointer is."""
    handle = page.locator("[data-desk-item]", has_text=title).first.locator("[data-desk-handle]")
    target = page.locator("[data-desk-item]", has_text=onto).first
    handle.scroll_into_view_if_needed()
    page.evaluate("y => scrollBy(0, y)", target.bounding_box()["y"] - 700)
    start, end = handle.bounding_box(), target.bounding_box()
    x, y = start["x"] + 10, start["y"] + 20
    to_y = end["y"] + (8 if to_top else end["height"] - 8)
    steps = [(x, y + (to_y - y) * part / 6) for part in range(1, 7)] + [(end["x"] + 40, to_y)]
    if not touch:
        page.mouse.move(x, y)
        page.mouse.down()
        for point in steps:
            page.mouse.move(*point)
        page.mouse.up()
        return
    session = page.context.new_cdp_session(page)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for point in steps:
        points = [{"x": point[0], "y": point[1]}]
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_it_works_without_a_script(portal, reader):
    title = free_title(portal, reader)
    page = desk_of(portal, reader, java_script_enabled=False)
    page.locator("#desk-q").fill(title[:8])
    page.get_by_role("button", name="查找").click()
    page.locator("#desk-into").select_option("hot")
    page.get_by_role("button", name=f"放入：{title}").click()
    expect(page.locator(".messagelist")).to_contain_text("已放进“今日热点”")
    page.get_by_role("button", name=f"上移：{title}").click()
    expect(page.locator(".messagelist")).to_contain_text("已移到“今日热点”第")
    row = page.locator("[data-desk-rows=hot] li", has_text=title)
    row.locator("select").select_option("pick")
    row.get_by_role("button", name="移到所选位置").click()
    expect(page.locator(".messagelist")).to_contain_text("已移到“要闻”第")
    row = page.locator("[data-desk-rows=pick] li", has_text=title)
    row.locator("summary").click()
    row.locator("[name=picture]").fill("987654")
    row.get_by_role("button", name="保存").click()
    expect(page.locator(".messagelist")).to_contain_text("图片库里没有这个编号的图片。")
    expect(page.locator("[data-desk-rows=pick] li", has_text=title).locator("[name=picture]")).to_have_value("987654")
    take_off(page, "pick", title)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_cut_off(portal, reader, scheme):
    page = desk_of(portal, reader, color_scheme=scheme, viewport=NARROW, bypass_csp=True)
    addresses = [
        f"{DESK}?q=的",
        f"{DESK}?page=channel-3",
        "/admin/articles/topic/1/desk/",
        "/admin/articles/issue/1/desk/",
    ]
    for address in [*addresses, "/admin/articles/placement/preview/"]:
        page.goto(address)
        for summary in page.locator(".desk-edit summary").all()[:1]:
            summary.click()
        assert violations(page, within="#content-main") == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address

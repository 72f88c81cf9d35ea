"""The picture library by mouse, finger and keyboard."""

import re

from playwright.sync_api import expect

from .axe import violations
from .test_publishing import desk_of, sign_in

NAMES = ("crop_x", "crop_y", "crop_width", "crop_height", "focal_x", "focal_y")
PHONE = {"width": 390, "height": 844}


def numbers(page) -> list[str]:
    return [page.locator(f"[name={name}]").input_value() for name in NAMES]


def open_first(page) -> None:
    """The form of a picture that no other test changes, as it was uploaded."""
    page.goto("/admin/articles/photo/?q=1")
    page.locator("#result_list .field-image a").last.click()
    expect(page.locator(".photo-stage img")).to_have_js_property("complete", True)
    expect(page.locator(".photo-previews canvas")).to_have_count(6)


def drag(page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=6)
    page.mouse.up()


def test_the_focal_point_moves_by_keyboard_and_mouse(portal, reader):
    page = desk_of(portal, reader, "chief")
    open_first(page)
    point = page.get_by_role("slider", name=re.compile("焦点"))
    point.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowUp")
    assert numbers(page) == ["", "", "", "", "49", "40"]
    expect(point).to_have_attribute("aria-valuetext", "横向 49%，纵向 40%")
    page.locator(".photo-stage").scroll_into_view_if_needed()
    box = page.locator(".photo-stage img").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.75)
    assert numbers(page)[4:] == ["25", "75"]
    drag(
        page,
        (box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.75),
        (box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5),
    )
    assert numbers(page)[4:] == ["60", "50"]


def test_a_crop_is_dragged_shaped_saved_and_taken_back(portal, reader):
    page = desk_of(portal, reader, "chief")
    open_first(page)
    width, height = (
        int(page.locator("[data-photo-editor]").get_attribute(f"data-{side}")) for side in ("width", "height")
    )
    page.locator(".photo-stage").scroll_into_view_if_needed()
    box = page.locator(".photo-stage img").bounding_box()
    handle = page.locator('[data-corner="se"]').bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    drag(page, (handle["x"] + 12, handle["y"] + 12), middle)
    left, top, wide, high = (int(value) for value in numbers(page)[:4])
    assert (left, top) == (0, 0)
    assert abs(wide - width / 2) <= width / 50
    assert abs(high - height / 2) <= height / 50

    page.get_by_label("1:1", exact=True).check()
    _, _, wide, high = (int(value) for value in numbers(page)[:4])
    assert wide == high
    frame = page.get_by_role("slider", name=re.compile("裁切框"))
    frame.focus()
    before = [int(value) for value in numbers(page)[:4]]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")
    after = [int(value) for value in numbers(page)[:4]]
    assert after[0] > before[0]
    assert after[2] < before[2]
    assert after[2] == after[3]
    expect(frame).to_have_attribute("aria-valuetext", re.compile(f"宽 {after[2]}，高 {after[3]} 像素"))

    page.locator("input[name=_continue]").click()
    expect(page.locator(".field-size, .readonly").filter(has_text="裁自").first).to_be_visible()
    assert [int(value) for value in numbers(page)[:4]] == after
    page.get_by_role("button", name="取消裁切").click()
    assert numbers(page)[:4] == ["", "", "", ""]
    page.locator("input[name=_continue]").click()
    expect(page.get_by_text("裁自")).to_have_count(0)


def test_the_cards_fit_a_phone_and_are_selected(portal, reader):
    page = desk_of(portal, reader, "chief")
    page.set_viewport_size(PHONE)
    page.goto("/admin/articles/photo/")
    page.get_by_role("link", name="缩略图").click()
    expect(page).to_have_url(re.compile("view=grid"))
    cards = page.locator("#result_list tbody tr")
    first, second = cards.nth(0).bounding_box(), cards.nth(1).bounding_box()
    assert first["y"] == second["y"]
    assert second["x"] + second["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    cards.nth(1).locator("input.action-select").check()
    expect(page.locator(".action-counter")).to_contain_text("1")


def test_the_pages_of_the_library_are_accessible_in_both_schemes(portal, reader):
    page = reader(bypass_csp=True)
    sign_in(page, portal, "chief")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in ("?view=grid", "add-many/", "expiring/"):
            page.goto(f"/admin/articles/photo/{path}")
            assert violations(page) == [], (scheme, path)
        open_first(page)
        assert violations(page) == [], scheme

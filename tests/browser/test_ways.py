"""The ways within a long article and on to the next, and a staff card from the printer to the door."""

import re
import time

import pytest
from playwright.sync_api import expect

from .conftest import DESKTOP, PHONE, READERS
from .test_publishing import sign_in


@pytest.mark.parametrize("options", READERS)
def test_the_contents_lead_to_every_section(reader, page_types, options):
    page = reader(**options)
    page.goto(page_types["long-article"])
    folded, beside = page.locator("details.contents"), page.locator(".contents-side")
    if options["viewport"] == PHONE:
        expect(beside).to_be_hidden()
        expect(folded.locator("ol")).to_be_hidden()
        folded.locator("summary").click()
        lines = folded.locator("li a")
    else:
        expect(folded).to_be_hidden()
        lines = beside.locator("li a")
    assert lines.count() >= 4
    words = lines.nth(1).inner_text()
    lines.nth(1).click()
    expect(page.locator(".prose :is(h2, h3)", has_text=words)).to_be_in_viewport()
    words = lines.last.inner_text()
    lines.last.click()
    expect(page).to_have_url(re.compile(r"_\d+\.html#p\d+(-\d+)?$"))
    expect(page.locator("h2, h3", has_text=words).last).to_be_in_viewport()


def test_the_contents_say_where_the_reader_is(reader, page_types):
    page = reader(viewport=DESKTOP, reduced_motion="reduce")
    page.goto(page_types["article-whole"])
    current = page.locator(".contents-side [aria-current]")
    expect(current).to_have_count(0)
    for number in (2, 0, 3):
        line = page.locator(".contents-side li a").nth(number)
        line.click()
        expect(current).to_have_count(1)
        expect(current).to_have_text(line.inner_text())


@pytest.mark.parametrize("options", READERS)
def test_on_to_the_next_and_back(reader, page_types, options):
    page = reader(**options)
    page.goto(page_types["article"])
    title = page.locator("h1").inner_text()
    page.locator(".neighbours [rel=prev]").click()
    expect(page.locator("h1")).not_to_have_text(title)
    page.locator(".neighbours [rel=next]").click()
    expect(page.locator("h1")).to_have_text(title)
    expect(page).to_have_url(re.compile(page_types["article"]))


def test_a_card_is_printed_scanned_and_void_once_its_holder_left(portal, reader):
    number = f"T-{time.time_ns()}"
    desk, guard = reader(), reader(viewport=PHONE, java_script_enabled=False)
    sign_in(desk, portal, "chief")
    desk.goto("/admin/about/staffmember/add/")
    for name, value in (("name", "试员工"), ("title", "记者"), ("card_number", number), ("valid_until", "2099-12-31")):
        desk.locator(f"input[name={name}]").fill(value)
    desk.locator("input[name=_continue]").click()
    form = desk.url
    desk.get_by_role("button", name="打印工作证").click()
    expect(desk.locator(".pair")).to_have_count(1)
    width, height = desk.locator(".card").first.evaluate("(card) => [card.offsetWidth, card.offsetHeight]")
    assert (width, height) == (324, 204)  # 85.6 by 54 millimetres at 96 pixels an inch, rounded
    desk.emulate_media(media="print")
    expect(desk.locator(".sheet-head")).to_be_hidden()
    desk.emulate_media(media="screen")
    card = desk.locator(".check a").get_attribute("href")

    assert guard.goto(card).status == 200
    expect(guard.locator("h1")).to_have_text("证件真实有效")
    expect(guard.locator("main")).to_contain_text(number)
    assert guard.goto(card.replace("20991231", "20991230")).status == 404
    expect(guard.locator("h1")).to_have_text("无法核实")

    desk.goto(form)
    desk.locator("select[name=status]").select_option("left")
    desk.locator("input[name=_save]").click()
    expect(desk.locator(".messagelist")).to_contain_text(number)
    assert guard.goto(card).status == 410
    expect(guard.locator("h1")).to_have_text("已离职，证件无效")

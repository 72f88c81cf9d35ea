"""A letter's whole way: written without a script, refused once, handled, redacted, published, taken back."""

import re
import time

from playwright.sync_api import Page, expect

from .axe import COLOURS, WIDTHS, violations
from .conftest import fill_letter
from .test_publishing import desk_of

RUN = time.time_ns()
SUBJECT = f"校门口的路灯三个月不亮{RUN}"
TEXT = """我是邱慧敏，住学校对面的3栋2单元501室。

校门口的两盏路灯坏了三个月，下晚自习的孩子要摸黑走四百米。有事请打 138 0013 8000，请派人来修。"""
ANSWER = "两盏路灯的电缆被施工挖断，昨晚已经接通。报修请拨打 0571-88012345。"


def accessible(page: Page, *, name: str) -> None:
    """At every width, in both schemes, nothing overflows."""
    page.wait_for_load_state()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width} pixels"
        assert violations(page) == [], f"{name} at {width} pixels, light"
    page.emulate_media(color_scheme="dark")
    assert violations(page, rules=COLOURS) == [], f"{name}, dark"
    page.emulate_media(color_scheme="light")


def write(page: Page) -> str:
    """Write the letter with a mistake first; its private address."""
    page.goto("/letters/")
    page.get_by_role("link", name="写一封信").first.click()
    fill_letter(page, subject=SUBJECT, text=TEXT, name="邱慧敏", phone="")
    page.locator("[name=files]").set_input_files(
        [
            {"name": "情况.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 what happened"},
            {"name": "假的.pdf", "mimeType": "application/pdf", "buffer": b"MZ not a document"},
        ]
    )
    page.wait_for_timeout(3500)
    page.get_by_role("button", name="寄出").click()
    refused = page.locator(".letter-refused")
    expect(refused).to_contain_text("电话和邮箱至少填一项")
    expect(refused).to_contain_text("“假的.pdf”的类型不收")
    expect(refused).not_to_contain_text("文件要重新选")
    expect(page.get_by_role("checkbox", name="情况.pdf")).to_be_checked()
    expect(page.locator("[name=text]")).to_have_value(TEXT)
    page.locator("[name=phone]").fill("13800138000")
    page.get_by_role("button", name="寄出").dblclick()
    page.wait_for_url("**/letters/follow/*/")
    expect(page.locator(".letter-number")).to_have_text(re.compile(r"^[2-9A-Z]{4}(-[2-9A-Z]{4}){2}$"))
    expect(page.locator("main")).to_contain_text("附件：情况.pdf")
    return page.url


def step(page: Page, name: str, button: str, **values: str) -> None:
    form = page.locator(f"#step-{name}")
    form.locator("summary").click()
    for field, value in values.items():
        form.locator(f"[name={name}-{field}]").fill(value)
    form.get_by_role("button", name=button).click()
    expect(page.locator(".messagelist")).to_be_visible()


def open_letter(page: Page, queue: str = "") -> None:
    page.goto(f"/admin/comments/letter/{queue}")
    page.get_by_role("link", name=SUBJECT).click()


def test_a_letter_goes_the_whole_way(portal, reader):
    sender = reader(java_script_enabled=False)
    private = write(sender)
    number = sender.locator(".letter-number").inner_text()

    editor = desk_of(portal, reader, "editor")
    open_letter(editor)
    expect(editor.locator(".letter-facts")).to_contain_text("13800138000")
    step(editor, "forward", "转办", office="西溪区城市照明中心")
    step(editor, "answer", "答复来信人", text=ANSWER)
    sender.goto(private)
    expect(sender.locator(".letter-log")).to_contain_text("昨晚已经接通")
    # An editor makes ready, and does not publish.
    editor.get_by_role("link", name="整理公开文字").click()
    expect(editor.get_by_role("button", name="公开", exact=True)).to_have_count(0)

    chief = desk_of(portal, reader, "chief")
    open_letter(chief, "?queue=ready")
    chief.get_by_role("link", name="整理公开文字").click()
    expect(chief.locator("[name=public_text]")).to_have_value(
        re.compile("我是〔姓名已隐去〕，住学校对面的〔门牌号已隐去〕")
    )
    chief.locator("[name=public_answer]").fill(ANSWER)
    chief.get_by_role("button", name="公开", exact=True).click()
    expect(chief.locator(".errornote")).to_contain_text("固定电话“0571-88012345”")
    chief.get_by_label("保留“0571-88012345”的理由").fill("单位公开的报修电话")
    chief.get_by_role("button", name="公开", exact=True).click()
    expect(chief.locator(".messagelist")).to_contain_text("已公开来信和答复")

    visitor = reader()
    time.sleep(1)
    visitor.goto("/letters/?region=zhejiang&state=answered")
    visitor.get_by_role("link", name=SUBJECT).click()
    main = visitor.locator("main")
    expect(main).to_contain_text("当天西溪区城市照明中心答复")
    expect(main).to_contain_text("报修请拨打 0571-88012345")
    for secret in ("邱慧敏", "501", "138 0013", "13800138000", number):
        expect(main).not_to_contain_text(secret)
    public = visitor.url

    # Found again by number and phone, and taken back.
    sender.goto("/letters/follow/")
    sender.locator("[name=receipt]").fill(number.lower())
    sender.locator("[name=contact]").fill("138 0013 8000")
    sender.get_by_role("button", name="查询").click()
    expect(sender).to_have_url(private)
    sender.get_by_role("button", name="不再同意公开").click()
    time.sleep(1)
    assert visitor.goto(public).status == 410


def test_the_refused_form_is_accessible(reader):
    page = reader(bypass_csp=True)
    page.goto("/letters/write/")
    page.locator("form.letter-form").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="寄出").click()
    expect(page.locator(".letter-refused")).to_be_visible()
    accessible(page, name="refused form")
    page.goto("/letters/follow/")
    page.locator("[name=receipt]").fill("AAAA-AAAA-AAAA")
    page.locator("[name=contact]").fill("1")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("alert")).to_contain_text("没有找到")
    accessible(page, name="refused look-up")


def test_the_desk_is_accessible(portal, reader):
    page = reader(bypass_csp=True)
    page.context.add_cookies(desk_of(portal, reader, "chief").context.cookies())
    page.goto("/admin/comments/letter/?queue=all")
    page.locator("#result_list .field-title a").first.click()
    expect(page.locator("#step-note summary")).to_be_visible()
    letter = page.url
    page.locator("#step-note summary").click()
    for address in (letter, "/admin/comments/letter/figures/", letter.replace("/change/", "/publication/")):
        if address != letter:
            page.goto(address)
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert violations(page) == [], address
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address

"""A Word file becomes a draft on a phone, with no script at all."""

import time

from playwright.sync_api import expect

from articles.tests.pasting.documents import docx_bytes, p, picture

from .axe import violations
from .test_publishing import sign_in

TITLE = f"手机上导入的第{time.time_ns()}篇稿件"


def test_a_word_file_becomes_a_draft_on_a_phone(portal, reader, tmp_path):
    document = tmp_path / "稿件.docx"
    linked = {"links": {"rId9": "file:///C:/a.png"}, "pictures": {}}
    body = [p(TITLE, style="a3"), p("桥在镇东头。"), p(picture("rId9", how="link"))]
    document.write_bytes(docx_bytes(*body, **linked))
    page = reader(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    sign_in(page, portal, "reporter")
    page.goto("/admin/articles/article/import-docx/")
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.locator(".errorlist").first).to_be_visible()
    page.locator("input[name=file]").set_input_files(document)
    page.locator("select[name=channel]").select_option(label="社会热点")
    page.get_by_role("button", name="导入", exact=True).click()
    expect(page.locator("input[name=title]")).to_have_value(TITLE)
    expect(page.locator("textarea[name=body]")).to_have_value("<p>桥在镇东头。</p>\n<p>〔图片 1 未能导入〕</p>")
    expect(page.locator(".messagelist")).to_contain_text("文档里只有链接，没有图片本身")


def test_the_import_page_is_accessible(portal, reader):
    page = reader(bypass_csp=True, viewport={"width": 390, "height": 844})
    sign_in(page, portal, "reporter")
    page.goto("/admin/articles/article/import-docx/")
    page.get_by_role("button", name="导入", exact=True).click()
    assert violations(page, within="#content-main") == []
    # Nothing is reached by scrolling sideways, which no thumb expects.
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

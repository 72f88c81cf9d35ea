"""One text from Word to the front page, and away again: everybody's part in it, and what the reader sees of it.

    pytest -s tests/browser/test_whole_way.py

also prints what it took: clicks, keys and seconds from the paste to the submission, and of each signature.
"""

import base64
import re
import sys
import time
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from articles.tests.factories import picture_bytes

from .test_editor import PASTE
from .test_home_desk import DESK
from .test_publishing import desk_of, open_next, pick

RUN = time.time_ns()
TITLE = f"石桥镇三所小学通了直饮水{RUN}"
PICTURE = base64.b64encode(picture_bytes(size=(1200, 800), comment=str(RUN).encode())).decode()
WORD = f"""<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15"></head>
<body lang=ZH-CN style='tab-interval:21.0pt'><!--StartFragment-->
<p class=MsoNormal style='text-indent:21.0pt'><span style='font-family:宋体'>　　入冬以来，石桥镇三所小学
陆续装上了直饮水机。</span><span style='mso-spacerun:yes'>&nbsp;&nbsp; </span><o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoNormal><img width=400 height=300 src="data:image/jpeg;base64,{PICTURE}"></p>
<p class=MsoCaption>石桥镇中心小学的饮水点。本报记者 林晓舟 摄</p>
<p class=MsoNormal><span style='font-family:宋体'>水源来自后山水库，每天取样。</span></p>
<!--EndFragment--></body></html>"""
COUNT = """
() => {
  const counts = { clicks: 0, keys: 0, ...JSON.parse(sessionStorage.counts ?? "{}") };
  const add = (name) => () => {
    counts[name] += 1;
    sessionStorage.counts = JSON.stringify(counts);
  };
  addEventListener("pointerdown", add("clicks"), true);
  addEventListener("keydown", add("keys"), true);
}
"""


@dataclass
class Effort:
    """What somebody does on a page, counted by the page itself."""

    page: Page
    what: str

    def __enter__(self):
        self.page.evaluate("delete sessionStorage.counts")
        self.page.add_init_script(f"({COUNT})()")
        self.page.reload()
        self.began = time.monotonic()
        return self

    def __exit__(self, *error):
        if not error[0]:
            counts = self.page.evaluate("JSON.parse(sessionStorage.counts)")
            seconds = time.monotonic() - self.began
            sys.stdout.write(f"\n{self.what}: {counts['clicks']} clicks, {counts['keys']} keys, {seconds:.1f} s")


def test_a_text_goes_the_whole_way(portal, reader):
    """Pasted, returned, mended, signed by three, placed at the head, read, corrected, withdrawn."""
    visitor = reader()
    visitor.goto("/society/")
    expect(visitor.locator("main")).not_to_contain_text(TITLE)
    reporter, editor, director, chief = (
        desk_of(portal, reader, name) for name in ("reporter", "editor", "director", "chief")
    )
    mine = paste_and_submit(reporter)
    send_back(editor, "请写明水质由谁检测。")

    reporter.goto(mine)
    expect(reporter.locator(".errornote")).to_contain_text("请写明水质由谁检测。")
    amend(reporter, "每天取样。", "每天取样，由县疾控中心检测。")
    expect(reporter.locator(".messagelist")).to_contain_text("已送审")

    with Effort(editor, "first signature"):
        open_next(editor, TITLE)
        expect(editor.locator("ins")).to_contain_text("由县疾控中心检测")
        editor.keyboard.press("p")
        editor.keyboard.press("Enter")
        expect(editor.locator(".messagelist")).to_contain_text("一审通过")
    with Effort(director, "second signature"):
        sign(director, "二审通过")
    with Effort(chief, "third signature"):
        sign(chief, "已发布")
    place_at_the_head(chief)

    within_a_second(visitor, "/")
    expect(visitor.locator("article.headline")).to_contain_text(TITLE)
    visitor.locator("article.headline a", has_text=TITLE).first.click()
    expect(visitor.locator("h1")).to_have_text(TITLE)
    expect(visitor.locator(".prose")).to_contain_text("每天取样，由县疾控中心检测。")
    expect(visitor.locator(".prose figure img")).to_have_count(1)
    expect(visitor.locator(".prose figcaption")).to_contain_text("石桥镇中心小学的饮水点")
    expect(visitor.locator(".prose figcaption")).to_contain_text("林晓舟")
    assert visitor.locator(".prose [style], .prose [class^=Mso]").count() == 0
    address = visitor.url
    path = address.removeprefix(portal.url)
    assert len(standing(visitor, path)) == 9

    correct(reporter, mine)
    within_a_second(visitor, address)
    expect(visitor.locator(".prose")).to_contain_text("县疾控中心检测")
    sign(editor, "一审通过")
    sign(director, "二审通过")
    sign(chief, "已替换线上的文字")
    within_a_second(visitor, address)
    expect(visitor.locator(".prose")).to_contain_text("由县水务站检测")
    expect(visitor.locator("main")).to_contain_text("检测单位误写，应为水务站。")
    assert "检测单位误写，应为水务站。" in text_of(visitor, "/corrections/")

    withdraw(chief, mine)
    time.sleep(1)
    response = visitor.goto(address)
    assert response.status == 410
    expect(visitor.locator("main")).to_contain_text("测试完毕，撤下。")
    assert visitor.request.get(f"/hant{path}").status == 410
    assert standing(visitor, path) == []
    # The kept portal is left as it was.
    chief.goto(DESK)
    chief.locator("[data-desk-rows=headline] li", has_text=TITLE).get_by_role("button", name="拿掉").click()
    expect(chief.locator("[data-desk-rows=headline]")).not_to_contain_text(TITLE)


def standing(page: Page, path: str) -> list[str]:
    """Where an article of this hour in this channel is: pages, feeds, sitemaps and the search."""
    part = re.findall(r"/sitemap-articles-[0-9]+\.xml", text_of(page, "/sitemap.xml"))[-1]
    pages = ["/", "/society/", "/rolling/", f"/search/?q={TITLE}"]
    files = ["/feeds/rss.xml", "/feeds/atom.xml", "/feeds/channel/society/rss.xml", "/news-sitemap.xml", part]
    return [where for where in [*pages, *files] if path in text_of(page, where)]


def text_of(page: Page, address: str) -> str:
    response = page.request.get(address)
    assert response.status == 200, address
    return response.text()


def within_a_second(visitor: Page, address: str) -> None:
    time.sleep(1)
    visitor.goto(address)


def paste_and_submit(page: Page) -> str:
    """Write the article from its Word text; return the address of its form."""
    page.goto("/admin/articles/article/add/")
    with Effort(page, "paste to submission"):
        page.locator("input[name=title]").fill(TITLE)
        pick(page, "channel", "社会热点")
        pick(page, "source", "每日新闻网")
        page.get_by_role("textbox", name="正文").click()
        page.get_by_role("textbox", name="正文").evaluate(PASTE, WORD)
        expect(page.locator("textarea[name=body]")).to_have_value(re.compile("<figure data-photo="))
        page.locator("input[name=_submit]").click()
        expect(page.locator(".messagelist")).to_contain_text("已送审，现在等一审")
    return page.locator("#result_list a", has_text=TITLE).first.get_attribute("href")


def send_back(page: Page, note: str) -> None:
    open_next(page, TITLE)
    page.keyboard.press("r")
    page.keyboard.type(note)
    page.get_by_role("button", name="退回").click()
    expect(page.locator(".messagelist")).to_contain_text("一审退回给作者")


def amend(page: Page, old: str, new: str) -> None:
    """Change words of the text as HTML, and submit."""
    page.get_by_role("button", name="源代码", pressed=False).click()
    body = page.locator("textarea[name=body]")
    assert old in body.input_value()
    body.fill(body.input_value().replace(old, new))
    page.locator("input[name=_submit]").click()


def correct(page: Page, mine: str) -> None:
    page.goto(mine)
    page.get_by_role("button", name="修改").click()
    page.locator("input[name=correction]").fill("检测单位误写，应为水务站。")
    amend(page, "由县疾控中心检测", "由县水务站检测")
    expect(page.locator(".messagelist")).to_contain_text("已送审")


def sign(page: Page, told: str) -> None:
    """Open what waits, and pass it."""
    open_next(page, TITLE)
    page.get_by_role("button", name="通过").click()
    expect(page.locator(".messagelist")).to_contain_text(told)


def place_at_the_head(page: Page) -> None:
    page.goto(DESK)
    with Effort(page, "to the head of the home page"):
        page.locator("#desk-q").fill(TITLE)
        page.locator("#desk-into").select_option("headline")
        page.get_by_role("button", name=f"放入：{TITLE}").click()
        expect(page.locator("[data-desk-status]")).to_contain_text("已放进“头条”")
        up = page.get_by_role("button", name=f"上移：{TITLE}")
        for position in range(page.locator("[data-desk-rows=headline] li").count() - 1, 0, -1):
            up.click()
            expect(page.locator("[data-desk-status]")).to_have_text(f"已移到“头条”第 {position} 位。")


def withdraw(page: Page, mine: str) -> None:
    page.goto(mine)
    page.locator("select[name$=action]").first.select_option(label="撤稿")
    page.locator(".actions button").first.click()
    page.locator("[name=reason]").fill("测试完毕，撤下。")
    page.locator("#content input[type=submit]").last.click()
    expect(page.locator(".messagelist")).to_contain_text("撤")

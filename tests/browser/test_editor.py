"""The body editor: what is typed and dropped is the HTML that is saved, and what is only opened does not change."""

import re
import sqlite3
import time

from playwright.sync_api import expect

from articles.tests.factories import picture_bytes
from newsportal.lib.html import clean_html

from .axe import violations
from .test_publishing import desk_of, open_source, write

RUN = time.time_ns()
DROP = """
(target, [name, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(bytes)], name, { type: "image/jpeg" }));
  const box = target.getBoundingClientRect();
  const place = { clientX: box.right - 5, clientY: box.top + box.height / 2 };
  target.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data, ...place }));
}
"""
PASTE = """
(target, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  target.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data }));
}
"""
# Every body in turn through 源代码 and back: what the editor read and wrote again.
ROUND_TRIPS = """
(bodies) => {
  const area = document.querySelector("textarea[name=body]");
  const source = [...document.querySelectorAll(".editor-bar button")].find((one) => one.textContent === "源代码");
  return bodies.map((body) => {
    source.click();
    area.value = body;
    source.click();
    return area.value;
  });
}
"""
TABLE = "".join(
    [
        "<table><caption>表<em>题</em></caption><thead><tr><th>甲</th><th>乙</th></tr></thead>",
        '<tbody><tr><th scope="row">丙</th><td><p>丁</p><p>戊</p></td></tr></tbody>',
        '<tfoot><tr><td colspan="2"></td></tr></tfoot></table>',
    ]
)
BLOCKS = "\n".join(
    [
        "<h3>标题<br>两行</h3>",
        '<p>字<a href="/society/" title="题" rel="noopener">链接<strong>粗<em>斜</em></strong></a><sub>2</sub></p>',
        '<aside class="fact-box"><h4>资料</h4><p>字</p><ol><li>甲</li><li><p>乙</p><p>丙</p></li></ol></aside>',
        '<blockquote class="pull-quote"><p>提要</p></blockquote>',
        "<blockquote>没有段落标签</blockquote>",
        "<ul><li>甲<ul><li>乙</li></ul></li><li>行<br>行</li></ul>",
        '<figure data-photo="1"><figcaption>图说 &amp; 署名</figcaption></figure>',
        '<figure data-gallery="1 2 3"></figure>',
        '<figure data-video="1"></figure>',
        '<figure data-embed="https://v.qq.com/x?a=1&amp;b=2"><figcaption>题</figcaption></figure>',
        '<figure data-article="1"></figure>',
        TABLE,
        "<hr>",
        '<hr class="page-break" data-title="007">',
        '<p class="verse">一行<br>二行</p>',
    ]
)


def text_box(page):
    return page.get_by_role("textbox", name="正文")


def value(page) -> str:
    return page.locator("textarea[name=body]").input_value()


def open_new(portal, reader, username: str = "reporter"):
    page = desk_of(portal, reader, username)
    page.goto("/admin/articles/article/add/")
    expect(text_box(page)).to_be_visible()
    return page


def jpeg() -> list[int]:
    """The bytes of a picture that no run before has uploaded."""
    return list(picture_bytes(size=(640, 400), comment=str(RUN).encode()))


def test_what_is_typed_by_keyboard_is_saved_as_exactly_this(portal, reader):
    page = open_new(portal, reader)
    page.evaluate("addEventListener('input', (event) => (globalThis.heard = event.target.name || globalThis.heard))")
    text_box(page).focus()
    keys = page.keyboard
    keys.type("第一段，")
    keys.press("Control+b")
    keys.type("粗体")
    keys.press("Control+b")
    keys.type("。")
    keys.press("Enter")
    keys.press("Control+Alt+2")
    keys.type("小标题")
    keys.press("Enter")
    keys.press("Control+Shift+8")
    keys.type("甲")
    keys.press("Enter")
    keys.type("乙")
    keys.press("Enter")
    keys.press("Enter")
    keys.press("Control+Alt+5")
    keys.type("一行")
    keys.press("Enter")
    keys.type("二行")
    for _ in range(3):
        keys.press("Enter")
    keys.press("Alt+F10")
    keys.press("End")
    expect(page.get_by_role("button", name="快捷键")).to_be_focused()
    keys.press("Escape")
    keys.type("最后")
    written = (
        "<p>第一段，<strong>粗体</strong>。</p>\n<h2>小标题</h2>\n<ul><li>甲</li><li>乙</li></ul>\n"
        '<p class="verse">一行<br>二行</p>\n<p>最后</p>'
    )
    expect(page.locator("textarea[name=body]")).to_have_value(written)
    assert page.evaluate("globalThis.heard") == "body"
    page.locator("input[name=title]").fill(f"键盘写成的第{RUN}篇")
    page.locator("select[name=channel]").select_option(label="社会热点")
    page.get_by_role("button", name="保存并继续编辑").click()
    expect(page.locator(".success")).to_be_visible()
    assert value(page) == clean_html(written) == written


def test_a_dropped_picture_becomes_a_figure_and_a_refused_one_leaves_the_text(portal, reader):
    page = open_new(portal, reader, "editor")
    write(page, f"拖进图片的第{RUN}篇", "<p>第一段</p>\n<p>第二段</p>", is_source=False)
    text_box(page).get_by_text("第一段").evaluate(DROP, ["图.jpg", jpeg()])
    words = page.get_by_role("group", name="图片库里的说明")
    words.get_by_label("图说").fill("清晨的渡口")
    words.get_by_label("替代文字").fill("雾里一条船")
    words.get_by_label("署名").fill("林晓舟 摄")
    words.get_by_role("button", name="保存说明").click()
    expect(page.locator(".figure-note")).to_contain_text("署名：林晓舟 摄 · 替代文字：雾里一条船")
    text_box(page).get_by_text("第二段").evaluate(DROP, ["假.jpg", [1, 2, 3]])
    failed = page.locator(".pending.has-failed")
    expect(failed).to_contain_text("假.jpg 没有上传：这个文件不是图片")
    failed.get_by_role("button", name="重试").click()
    expect(failed).to_be_visible()
    failed.get_by_role("button", name="移除").click()
    expect(failed).to_have_count(0)
    page.get_by_role("button", name="保存并继续编辑").click()
    expect(page.locator(".success")).to_be_visible()
    assert re.fullmatch(r'<p>第一段</p>\n<figure data-photo="\d+"></figure>\n<p>第二段</p>', value(page))
    page.goto(page.url.replace("/change/", "/preview/"))
    frame = page.frame_locator("iframe")
    expect(frame.locator(".prose figcaption")).to_have_text("清晨的渡口 林晓舟 摄")
    expect(frame.locator(".prose img")).to_have_attribute("alt", "雾里一条船")


def test_a_table_is_made_filled_and_changed(portal, reader):
    page = open_new(portal, reader)
    text_box(page).focus()
    page.get_by_role("button", name="插入表格").click()
    for word in ["甲", "乙", "丙", "丁"]:
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    tools = page.get_by_role("toolbar", name="表格")
    for name in ["删除列", "删除行", "下方加行", "表格标题"]:
        tools.get_by_role("button", name=name).click()
    page.keyboard.type("题")
    rows = "<tbody><tr><td></td><td></td></tr><tr><td></td><td></td></tr></tbody>"
    head = "<table><caption>题</caption><thead><tr><th>甲</th><th>丙</th></tr></thead>"
    expect(page.locator("textarea[name=body]")).to_have_value(f"{head}{rows}</table>")


def test_no_body_changes_by_being_opened(portal, reader):
    database = sqlite3.connect(portal.folder / "newsportal.sqlite3")
    bodies = [row[0] for row in database.execute("SELECT body FROM articles_article")]
    database.close()
    assert len(bodies) > 200
    page = open_new(portal, reader)
    assert clean_html(BLOCKS) == BLOCKS
    for body, written in zip([*bodies, BLOCKS], page.evaluate(ROUND_TRIPS, [*bodies, BLOCKS]), strict=True):
        assert written == body
        assert clean_html(written) == body


def test_pasted_html_goes_through_the_hook_and_is_not_lost_without_it(portal, reader):
    page = open_new(portal, reader)
    answers = [
        lambda route: route.fulfill(json={"html": "<p>洗净的一段</p><p>第二段</p>", "notes": ["去掉了 3 处样式"]}),
        lambda route: route.fulfill(status=500, body="错"),
    ]
    page.route("**/stub-paste/", lambda route: answers.pop(0)(route))

    def with_hook(route):
        response = route.fetch()
        hook = 'data-body="" data-paste-url="/stub-paste/"'
        route.fulfill(response=response, body=response.text().replace('data-body=""', hook))

    page.route("**/article/add/", with_hook)
    page.goto("/admin/articles/article/add/")
    text_box(page).evaluate(PASTE, "<p style='color:red'>脏的<b>一段</b></p>")
    expect(page.locator("textarea[name=body]")).to_have_value("<p>洗净的一段</p>\n<p>第二段</p>")
    expect(page.locator(".editor-notes")).to_contain_text("去掉了 3 处样式")
    page.locator(".editor-notes").get_by_role("button", name="关闭").click()
    expect(page.locator(".editor-notes li")).to_have_count(0)
    text_box(page).evaluate(PASTE, "<p style='color:red'>又<b>一段</b></p>")
    expect(page.locator("textarea[name=body]")).to_have_value("<p>洗净的一段</p>\n<p>第二段又<strong>一段</strong></p>")
    expect(page.locator(".editor-status")).to_contain_text("粘贴的内容没有经过整理")

    # What is on its way is neither saved without, nor lost by a look at the HTML.
    held = []
    answers.append(held.append)
    text_box(page).evaluate(PASTE, "<p>在路上的一段</p>")
    page.locator("input[name=_continue]").click()
    expect(page.locator(".editor-status")).to_contain_text("还有 1 处图片或文字正在处理")
    page.get_by_role("button", name="源代码").click()
    expect(page.locator("textarea[name=body]")).to_be_hidden()
    held[0].fulfill(json={"html": "<p>到了的一段</p>", "notes": []})
    expect(page.locator("textarea[name=body]")).to_have_value(re.compile("到了的一段"))


def test_the_editor_is_accessible_on_a_phone_and_a_desk_in_both_schemes(portal, reader):
    for options in ({"viewport": {"width": 390, "height": 844}}, {"color_scheme": "dark"}):
        page = reader(bypass_csp=True, **options)
        desk = desk_of(portal, reader, "reporter")
        page.context.add_cookies(desk.context.cookies())
        page.goto("/admin/articles/article/add/")
        open_source(page, BLOCKS)
        page.get_by_role("button", name="源代码").click()
        expect(page.locator(".figure-note").first).to_contain_text("署名")
        assert violations(page, within=".editor") == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name="插入组图").click()
        expect(page.locator(".editor-item").first).to_be_visible()
        assert violations(page, within="dialog") == []

"""The tools of an article: 听新闻, sharing, the poster and paper; with and without JavaScript.

Headless Chromium has no voices, so these tests bring a speech of their own, which says nothing until it is told to end
a sentence.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import DESKTOP, PHONE
from .test_every_page import AXE, WIDTHS

SPEECH = """
(() => {
  globalThis.heard = [];
  globalThis.voices = [
    {lang: "en-US", localService: true, name: "English"},
    {lang: "zh-HK", localService: true, name: "粤语"},
    {lang: "zh-CN", localService: false, name: "网络普通话"},
    {lang: "zh_CN", localService: true, name: "普通话"},
  ];
  const speech = {
    now: null,
    speaking: false,
    pending: false,
    getVoices: () => voices,
    addEventListener() {},
    speak(utterance) {
      if (!utterance.text) return;
      heard.push({text: utterance.text, rate: utterance.rate, voice: utterance.voice?.name, lang: utterance.lang});
      this.now = utterance;
      this.speaking = true;
      utterance.onstart?.({});
    },
    cancel() {
      const stopped = this.now;
      this.now = null;
      this.speaking = false;
      stopped?.onerror?.({error: "interrupted"});
    },
    end() {
      const ended = this.now;
      this.now = null;
      this.speaking = false;
      ended?.onend?.({});
    },
  };
  Object.defineProperty(globalThis, "speechSynthesis", {value: speech, configurable: true});
  globalThis.SpeechSynthesisUtterance = class {
    constructor(text) {
      this.text = text;
    }
  };
})();
"""
LONGEST = 60


@pytest.fixture
def listener(reader, page_types):
    """`listener(name, **options)` opens a page with a speech of ours and presses 听新闻."""

    def listen(name: str = "article", *, script: str = "", press: bool = True, **options) -> Page:
        page = reader(**options)
        page.add_init_script(SPEECH + script)
        page.goto(page_types[name])
        if press:
            page.get_by_role("button", name="听新闻").click()
            expect(bar(page).get_by_role("status")).not_to_have_text("正在准备")
        return page

    return listen


def bar(page: Page):
    return page.get_by_role("region", name="听新闻")


def heard(page: Page) -> list[str]:
    return page.evaluate("heard.map((one) => one.text)")


def end_sentence(page: Page) -> None:
    page.evaluate("speechSynthesis.end()")


def listen_to_all(page: Page) -> list[str]:
    """Let the article be read to its end; what was spoken, in order."""
    expect(bar(page)).to_contain_text("正在朗读")
    return page.evaluate("""() => {
      for (let count = 0; count < 2000 && speechSynthesis.now; count += 1) speechSynthesis.end();
      return heard.map((one) => one.text);
    }""")


# --- 听新闻 ---


def test_the_article_is_read_in_order(listener):
    page = listener()
    spoken = listen_to_all(page)

    wanted = [page.locator("h1").inner_text()]
    wanted += page.locator(".article-lead").all_inner_texts()
    wanted += page.locator(".prose > :is(p, h2, h3, h4), .prose blockquote p, .prose li").all_inner_texts()
    assert len(wanted) > 5
    assert re.sub(r"\s", "", "".join(spoken)) == re.sub(r"\s", "", "".join(wanted))
    assert all(0 < len(sentence) <= LONGEST for sentence in spoken)
    expect(bar(page)).to_contain_text("全文读完了")
    expect(page.locator(".is-spoken")).to_have_count(0)


def test_captions_and_tables_are_not_read(listener):
    page = listener()
    spoken = "".join(listen_to_all(page))

    silent = page.locator(".prose figcaption, .prose td").all_inner_texts()
    assert len(silent) > 3
    assert not [text for text in silent if len(text) > 4 and text in spoken]


def test_the_spoken_paragraph_is_marked_and_in_view(listener):
    page = listener(viewport=PHONE)
    expect(page.locator("h1")).to_have_class(re.compile("is-spoken"))
    for _ in range(4):
        bar(page).get_by_role("button", name="下一段").click()
        expect(page.locator(".is-spoken")).to_have_count(1)
        expect(page.locator(".is-spoken")).to_be_in_viewport()
    text = page.locator(".is-spoken").inner_text().strip()
    assert text.startswith(heard(page)[-1])
    expect(bar(page)).to_contain_text("第 5 段，共")


def test_without_motion_the_page_stays_where_the_reader_put_it(listener):
    page = listener(reduced_motion="reduce", viewport=PHONE)
    for _ in range(40):
        end_sentence(page)
    assert page.evaluate("scrollY") == 0
    expect(page.locator(".is-spoken")).not_to_be_in_viewport()
    # What she asks for is shown, at once.
    bar(page).get_by_role("button", name="下一段").click()
    expect(page.locator(".is-spoken")).to_be_in_viewport()


def test_pause_next_back_speed_and_stop(listener):
    page = listener()
    player = bar(page)
    first = heard(page)[0]
    player.get_by_role("button", name="暂停").click()
    expect(player).to_contain_text("已暂停")
    assert not page.evaluate("speechSynthesis.speaking")
    player.get_by_role("button", name="播放").click()
    assert heard(page) == [first, first]

    player.get_by_role("button", name="下一段").click()
    player.get_by_role("button", name="上一段").click()
    player.get_by_role("button", name="上一段").click()
    assert heard(page)[3:] == [first, first]
    player.get_by_label("语速").select_option("1.5")
    last = page.evaluate("heard.at(-1)")
    # The mainland's voice of the device, before one from the network and before Cantonese.
    assert last == {"text": first, "rate": 1.5, "voice": "普通话", "lang": "zh_CN"}

    player.get_by_role("button", name="停止").click()
    expect(player).to_have_count(0)
    expect(page.locator(".is-spoken")).to_have_count(0)
    assert not page.evaluate("speechSynthesis.speaking")
    expect(page.get_by_role("button", name="听新闻")).to_be_focused()
    expect(page.get_by_role("button", name="听新闻")).to_have_attribute("aria-pressed", "false")


def test_the_keyboard_is_enough(listener):
    page = listener(press=False)
    page.get_by_role("button", name="听新闻").focus()
    page.keyboard.press("Enter")
    expect(bar(page).get_by_role("button", name="暂停")).to_be_focused()
    page.keyboard.press("Space")
    expect(bar(page)).to_contain_text("已暂停")
    page.keyboard.press("Tab")
    expect(bar(page).get_by_role("button", name="下一段")).to_be_focused()
    expect(bar(page).get_by_role("status")).to_have_text("已暂停")


def test_reading_goes_on_with_the_next_page(listener):
    page = listener("long-article")
    title = page.locator("h1").inner_text()
    assert title.startswith(heard(page)[0])
    following = bar(page).get_by_role("link", name="继续听下一页")
    expect(following).to_be_hidden()
    listen_to_all(page)
    expect(bar(page)).to_contain_text("本页读完了")
    following.click()

    expect(page).to_have_url(re.compile(r"_2\.html#listen$"))
    expect(bar(page)).to_contain_text("正在朗读")
    # The title was heard on the first page.
    assert not title.startswith(heard(page)[0])
    assert page.locator(".is-spoken").inner_text().strip().startswith(heard(page)[0])


def test_a_page_that_may_not_speak_yet_says_so(listener):
    script = "speechSynthesis.speak = (utterance) => utterance.onerror?.({error: 'not-allowed'});"
    page = listener(script=script)
    expect(bar(page)).to_contain_text("请按“播放”开始")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("voices.splice(1);", "没有找到中文语音"),
        (
            "speechSynthesis.speak = (utterance) => utterance.onerror?.({error: 'voice-unavailable'});",
            "没有找到中文语音",
        ),
        ("Object.defineProperty(globalThis, 'speechSynthesis', {value: undefined});", "这个浏览器不支持语音朗读"),
    ],
    ids=["no Chinese voice", "a voice that fails", "no speech at all"],
)
def test_who_cannot_listen_is_told_why(listener, script, words):
    page = listener(script=script)
    expect(bar(page)).to_contain_text(words)
    bar(page).get_by_role("button", name="停止").click()
    expect(bar(page)).to_have_count(0)


def test_a_list_of_voices_that_comes_late_is_waited_for(listener):
    script = "const all = voices.splice(0); setTimeout(() => voices.push(...all), 300);"
    page = listener(script=script)
    expect(bar(page)).to_contain_text("正在朗读")
    assert page.evaluate("heard[0].voice") == "普通话"


def test_a_phone_that_fell_silent_goes_on_when_looked_at(listener):
    page = listener()
    first = heard(page)[0]
    page.evaluate("speechSynthesis.speaking = false; speechSynthesis.now = null")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert heard(page) == [first, first]


def test_leaving_the_page_ends_the_speech(listener):
    page = listener()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert not page.evaluate("speechSynthesis.speaking")
    expect(bar(page)).to_contain_text("已暂停")


@pytest.mark.parametrize("choice", ["auto-4", "auto-4-elder"])
def test_the_player_fits_the_largest_type(listener, page_types, portal, choice):
    page = listener(press=False, viewport=PHONE)
    page.context.add_cookies([{"name": "reading", "value": choice, "url": portal.url}])
    page.reload()
    page.get_by_role("button", name="听新闻").click()
    expect(bar(page)).to_contain_text("正在朗读")
    for control in bar(page).locator("button, select").all():
        box = control.bounding_box()
        assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE["width"]
        assert box["height"] >= 44


def test_the_player_is_fetched_only_when_wanted(listener):
    page = listener(press=False)
    page.wait_for_load_state("networkidle")
    loaded = (
        "performance.getEntriesByType('resource').filter((one) => /listen[.-]/.test(one.name)).map((one) => one.name)"
    )
    (launcher,) = page.evaluate(loaded)
    assert "listen-player" not in launcher
    page.get_by_role("button", name="听新闻").click()
    expect(bar(page)).to_be_visible()
    assert len(page.evaluate(loaded)) == 3


# --- Sharing ---


def panel(page: Page):
    return page.locator("details[data-share]")


def test_the_link_is_copied(reader, page_types, portal):
    page = reader(permissions=["clipboard-read", "clipboard-write"])
    page.goto(page_types["article-page-2"])
    panel(page).locator("summary").click()
    panel(page).get_by_role("button", name="复制链接").click()
    expect(panel(page).get_by_role("status")).to_have_text("链接已复制")
    # The article's address, whichever of its pages was open.
    assert page.evaluate("navigator.clipboard.readText()") == portal.url + page_types["long-article"]


def test_where_there_is_no_clipboard_the_address_is_selected(reader, page_types, portal):
    page = reader()
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined}); document.execCommand = () => false;"
    )
    page.goto(page_types["article"])
    page.locator(".share-again").get_by_role("button", name="复制链接").click()
    expect(page.locator(".share-again").get_by_role("status")).to_contain_text("请复制选中的地址")
    assert page.evaluate("getSelection().toString().trim()") == portal.url + page_types["article"]


def test_the_system_s_share_sheet(reader, page_types, portal):
    page = reader(viewport=PHONE)
    page.add_init_script("navigator.share = async (data) => { globalThis.shared = data; };")
    page.goto(page_types["article"])
    panel(page).locator("summary").click()
    panel(page).get_by_role("button", name="更多方式").click()
    assert page.evaluate("shared") == {
        "title": page.locator("h1").inner_text(),
        "url": portal.url + page_types["article"],
    }


def test_a_browser_without_share_sheet_offers_none(reader, page_types):
    page = reader()
    page.add_init_script("delete Navigator.prototype.share;")
    page.goto(page_types["article"])
    panel(page).locator("summary").click()
    expect(panel(page).get_by_role("button", name="复制链接")).to_be_visible()
    expect(page.get_by_role("button", name="更多方式")).to_have_count(0)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_poster_is_shown_and_closed(reader, page_types, viewport):
    page = reader(viewport=viewport)
    page.goto(page_types["article"])
    panel(page).locator("summary").click()
    panel(page).get_by_role("link", name="分享海报").click()
    dialog = page.get_by_role("dialog", name="分享海报")
    expect(dialog).to_contain_text("长按图片可以保存或转发")
    image = dialog.get_by_role("img", name="本文的分享海报")
    expect(image).to_be_in_viewport()
    assert image.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [1080, 1440]
    expect(dialog.get_by_role("link", name="保存图片")).to_have_attribute("download", re.compile(r"\.jpg$"))
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(panel(page).locator("summary")).to_be_focused()


def test_without_javascript_everything_but_scripts_is_there(reader, page_types, portal):
    page = reader(java_script_enabled=False, viewport=PHONE)
    page.goto(page_types["article"])
    for name in ("听新闻", "打印", "复制链接", "更多方式"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    panel(page).locator("summary").click()
    expect(panel(page).get_by_role("img", name="本文地址的二维码")).to_be_visible()
    expect(panel(page).locator(".share-address")).to_have_text(portal.url + page_types["article"])
    for name, host in (("微博", "https://service.weibo.com/"), ("QQ空间", "https://sns.qzone.qq.com/")):
        href = panel(page).get_by_role("link", name=name).get_attribute("href") or ""
        assert href.startswith(host)
        assert "127.0.0.1" in href
    poster = panel(page).get_by_role("link", name="分享海报").get_attribute("href") or ""
    assert page.request.get(portal.url + poster).headers["content-type"] == "image/jpeg"


# --- Paper ---


def test_paper_has_the_source_the_address_and_the_code(reader, page_types, portal):
    page = reader(java_script_enabled=False)
    page.goto(page_types["article"])
    page.emulate_media(media="print")
    source = page.locator(".print-source")
    expect(source).to_contain_text(portal.url + page_types["article"])
    expect(source).to_contain_text("来源：")
    code = source.locator("svg").bounding_box()
    assert code["width"] == pytest.approx(code["height"])
    assert code["width"] > 80
    for selector in (".article-tools", ".share-again", "[data-poster-dialog]"):
        expect(page.locator(selector)).to_be_hidden()


def test_paper_has_no_player(listener):
    page = listener()
    expect(bar(page)).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".listen")).to_be_hidden()


# --- What holds on every page must hold with all of it open ---


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("opened", ["panel", "poster", "player"])
def test_axe_finds_nothing_in_what_is_open(listener, opened, scheme):
    page = listener(press=opened == "player", color_scheme=scheme, bypass_csp=True)
    if opened != "player":
        panel(page).locator("summary").click()
        expect(panel(page).get_by_text("用微信扫一扫")).to_be_visible()
    if opened == "poster":
        panel(page).get_by_role("link", name="分享海报").click()
        expect(page.get_by_role("dialog")).to_contain_text("长按图片")
    page.evaluate(AXE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found = [(one["id"], [node["target"] for node in one["nodes"]]) for one in result["violations"]]
        assert found == [], f"{opened} at {width} pixels, {scheme}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width

"""听新闻: what is read, in which order, and how the reader steers it."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE
from .speech import bar

LONGEST = 60


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

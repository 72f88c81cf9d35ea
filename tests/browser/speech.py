"""A speech of the tests' own: headless Chromium has no voices. It says nothing until it is told to end a sentence."""

from playwright.sync_api import Locator, Page

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


def bar(page: Page) -> Locator:
    """The player of 听新闻."""
    return page.get_by_role("region", name="听新闻")

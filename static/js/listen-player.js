// 听新闻: reads the article aloud with the browser's own voice, sentence by sentence.
//
// One utterance a sentence, never longer than LONGEST: Chromium falls silent after fifteen seconds of one utterance, and
// a pause is made by stopping (Android has no other) and saying the sentence again.

const LONGEST = 60; // characters; under fifteen seconds at the slowest speed
const PATIENCE = 8000; // milliseconds until a voice that did not begin counts as none
const READER_SCROLLS = 4000; // milliseconds for which a reader who scrolls is left alone
const SENTENCES = /[^。！？!?；;…\n]+(?:[。！？!?；;…]+[”’」』）)》]*)?/g;
const CLAUSES = new RegExp(`[^，、：,:]{1,${LONGEST}}[，、：,:]*`, "g");

// What is spoken of an article: [{element, sentences}], in the order of reading. Captions, tables, pictures and cards
// are not, nor pull quotes, which the text says anyway.
export function spokenParts(root) {
  const isFirstPage = !document.querySelector(".article-pager [rel=prev]");
  const wanted = `${isFirstPage ? "h1, .article-lead, " : ""}.page-title, .prose :is(p, h2, h3, h4, li)`;
  return [...root.querySelectorAll(wanted)]
    .filter((element) => !element.closest("figure, table, .story-card, .pull-quote, [hidden]") && !element.querySelector("p, li"))
    .map((element) => ({ element, sentences: sentencesOf(element.innerText) }))
    .filter((part) => part.sentences.length);
}

export function sentencesOf(text) {
  const sentences = text.match(SENTENCES) ?? [];
  return sentences
    .flatMap((sentence) => (sentence.length > LONGEST ? joined(sentence.match(CLAUSES) ?? []) : [sentence]))
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

// Clauses put together as long as they fit into one utterance.
function joined(clauses) {
  return clauses.reduce((lines, clause) => {
    const last = lines.at(-1);
    if (last !== undefined && last.length + clause.length <= LONGEST) lines[lines.length - 1] += clause;
    else lines.push(clause);
    return lines;
  }, []);
}

// The best Mandarin voice: of the mainland before others, of the device before one from the network; not Cantonese.
export function mandarinVoice(voices) {
  const rank = (voice) => {
    const tag = voice.lang.replaceAll("_", "-").toLowerCase();
    if (!/^(zh|cmn)\b/.test(tag) || /-(hk|mo)\b|yue/.test(tag)) return 0;
    return (/cn|hans|^zh$|^cmn$/.test(tag) ? 4 : 2) + (voice.localService ? 1 : 0);
  };
  return voices.filter(rank).sort((one, other) => rank(other) - rank(one))[0];
}

async function loadedVoices(synthesis) {
  if (!synthesis.getVoices().length) {
    await new Promise((resolve) => {
      synthesis.addEventListener?.("voiceschanged", resolve, { once: true });
      setTimeout(resolve, 1500);
    });
  }
  return synthesis.getVoices();
}

export function makePlayer(button) {
  const synthesis = globalThis.speechSynthesis;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const template = document.querySelector("[data-listen-template]");
  const bar = template.content.firstElementChild.cloneNode(true);
  const find = (name) => bar.querySelector(`[data-${name}]`);
  const status = find("status");
  const words = bar.dataset; // what it says, in the characters of the page
  const next = document.querySelector(".article-pager [rel=next]");
  let parts = [];
  let part = 0;
  let sentence = 0;
  let state = "closed"; // closed, paused, playing
  let turn = 0; // numbers the utterances, so that what a stopped one reports is not heard
  let utterance; // held here: Chromium forgets an utterance that nobody holds, and its end with it
  let timer;
  let scrolledAt = 0;
  let voice;

  function show(text) {
    status.textContent = text;
    const label = find("toggle-label");
    label.textContent = state === "playing" ? label.dataset.pause : label.dataset.play;
    bar.classList.toggle("is-playing", state === "playing");
    button.setAttribute("aria-pressed", String(state !== "closed"));
  }

  function mark({ wanted = false } = {}) {
    unmark();
    const { element } = parts[part];
    element.classList.add("is-spoken");
    const where = find("where");
    where.textContent = where.dataset.words.replace("{part}", part + 1).replace("{all}", parts.length);
    const { top, bottom } = element.getBoundingClientRect();
    const isSeen = top >= 0 && bottom <= innerHeight - bar.offsetHeight;
    // Motion that nobody asked for is left out where the reader wants none, and while she looks elsewhere.
    if (isSeen || (!wanted && (still.matches || Date.now() - scrolledAt < READER_SCROLLS))) return;
    const block = bottom - top > innerHeight / 2 ? "start" : "center";
    element.scrollIntoView({ block, behavior: still.matches ? "instant" : "smooth" });
  }

  function unmark() {
    for (const element of document.querySelectorAll(".is-spoken")) element.classList.remove("is-spoken");
  }

  function silence() {
    turn += 1;
    clearTimeout(timer);
    synthesis?.cancel();
  }

  function speak(options) {
    silence();
    const mine = turn;
    mark(options);
    utterance = new SpeechSynthesisUtterance(parts[part].sentences[sentence]);
    utterance.lang = voice?.lang ?? "zh-CN";
    utterance.voice = voice ?? null;
    utterance.rate = Number(find("rate").value);
    utterance.onstart = () => clearTimeout(timer);
    utterance.onend = () => mine === turn && goOn();
    utterance.onerror = (event) => mine === turn && fail(event.error);
    timer = setTimeout(() => mine === turn && fail("silent"), PATIENCE);
    state = "playing";
    show(words.reading);
    synthesis.speak(utterance);
  }

  function goOn() {
    clearTimeout(timer);
    sentence += 1;
    if (sentence < parts[part].sentences.length) speak();
    else if (part + 1 < parts.length) moveTo(part + 1);
    else finish();
  }

  function moveTo(number, options) {
    [part, sentence] = [number, 0];
    speak(options);
  }

  function pause(text = words.paused) {
    silence();
    state = "paused";
    show(text);
  }

  function finish() {
    [part, sentence] = [0, 0];
    unmark();
    pause(next ? words.pageRead : words.allRead);
    find("where").textContent = "";
    if (next) find("next").hidden = false;
  }

  function fail(error) {
    // A page opened by a link may not speak before the reader touches it.
    pause(error === "not-allowed" ? words.press : words.noVoice);
  }

  function step(by) {
    const number = Math.min(Math.max(part + by, 0), parts.length - 1);
    moveTo(number, { wanted: true });
  }

  async function open() {
    parts = spokenParts(document.querySelector(".article"));
    [part, sentence] = [0, 0];
    document.body.append(bar);
    if (next) find("next").href = `${next.getAttribute("href")}#listen`;
    find("next").hidden = true;
    bar.classList.toggle("is-mute", !synthesis || !parts.length);
    state = "paused";
    show(synthesis ? words.preparing : words.noSpeech);
    (synthesis ? find("toggle") : find("stop")).focus({ preventScroll: true });
    if (!synthesis || !parts.length) return;
    const voices = await loadedVoices(synthesis);
    voice = mandarinVoice(voices);
    // A list that stays empty says nothing: some browsers speak without telling their voices.
    if (voices.length && !voice) show(words.noVoice);
    else if (state === "paused" && bar.isConnected) speak();
  }

  function close() {
    silence();
    unmark();
    state = "closed";
    show("");
    bar.remove();
    button.focus({ preventScroll: true });
  }

  find("toggle").addEventListener("click", () => (state === "playing" ? pause() : speak({ wanted: true })));
  find("stop").addEventListener("click", close);
  find("rate").addEventListener("change", () => state === "playing" && speak());
  for (const stepper of bar.querySelectorAll("[data-step]")) {
    stepper.addEventListener("click", () => step(Number(stepper.dataset.step)));
  }
  for (const kind of ["wheel", "touchmove"]) {
    addEventListener(kind, () => (scrolledAt = Date.now()), { passive: true });
  }
  addEventListener("pagehide", () => state === "playing" && pause());
  document.addEventListener("visibilitychange", () => {
    // Phones fall silent behind another tab and do not say so.
    const isLost = state === "playing" && !synthesis.speaking && !synthesis.pending;
    if (document.visibilityState === "visible" && isLost) speak();
  });

  const styles = document.createElement("link");
  const styled = new Promise((resolve) => {
    styles.addEventListener("load", resolve);
    styles.addEventListener("error", resolve);
  });
  Object.assign(styles, { rel: "stylesheet", href: button.dataset.styles });
  document.head.append(styles);

  return { toggle: () => (state === "closed" ? styled.then(open) : close()) };
}

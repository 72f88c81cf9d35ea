// The queue of comments by keyboard, answered in place. Every key presses a button that stands on the page, every button
// sends a plain form; without this script the same forms load the page anew.
const root = document.querySelector("[data-moderation]");
const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
let busy = false;

const cards = () => [...root.querySelectorAll("[data-mod-card]")];
const current = () => document.activeElement?.closest?.("[data-mod-card]") ?? null;

const go = (card) => {
  if (!card) return;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
};

const step = (by) => {
  const all = cards();
  const at = all.indexOf(current());
  go(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
};

const say = (text) => {
  const status = root.querySelector("[data-mod-status]");
  const list = document.createElement("ul");
  list.className = "messagelist";
  const item = document.createElement("li");
  item.className = "error";
  item.textContent = text;
  list.append(item);
  status.replaceChildren(list);
};

// Put the answer's queue in place of ours, the focus where the eye is: on the comment that took the decided one's place,
// on the same one when its form came back.
const show = (html, card, at) => {
  const next = new DOMParser().parseFromString(html, "text/html").querySelector("[data-moderation]");
  if (!next) throw new Error("no queue");
  root.replaceChildren(...next.childNodes);
  ready();
  const same = card && root.querySelector(`[data-mod-card="${CSS.escape(card)}"]`);
  const open = same?.querySelector("details[open] .errorlist")?.closest("details");
  const field = open?.querySelector("input:not([type=hidden]), select, textarea");
  if (field) field.focus();
  else go(same ?? cards()[Math.min(at, cards().length - 1)]);
};

const send = async (form, submitter) => {
  if (busy) return;
  busy = true;
  root.setAttribute("aria-busy", "true");
  const own = form.closest("[data-mod-card]") ?? current();
  const at = Math.max(0, cards().indexOf(own));
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form, submitter) });
    if (!response.ok && response.status !== 422) throw new Error(response.status);
    // What was taken back is where one goes on.
    show(await response.text(), form.dataset.modUndo ?? own?.dataset.modCard, at);
  } catch {
    say("没有送到，什么也没有改。请检查网络或重新登录，再试一次。");
  } finally {
    busy = false;
    root.removeAttribute("aria-busy");
  }
};

root.addEventListener("submit", (event) => {
  if (event.target.method !== "post" || "modNative" in event.target.dataset) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

// Whoever leaves the queue has nothing on her screen any more. What the next page claims, ends later and stays.
addEventListener("pagehide", () => {
  const form = root.querySelector("[data-mod-release]");
  if (!form) return;
  const data = new FormData(form);
  data.set("left", "1");
  navigator.sendBeacon(form.action, data);
});

// --- Keys ---

const press = (card, key) => {
  const wanted = (key === "z" ? root : card)?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!wanted) return;
  const answer = card?.querySelector("[data-mod-answer]");
  if (answer && (key === "a" || key === "r") && !answer.value.trim()) {
    // To answer an appeal is to say why.
    answer.focus();
  } else if (wanted.matches("summary")) {
    wanted.parentElement.open = true;
    wanted.parentElement.querySelector("input:not([type=hidden]), select")?.focus();
  } else {
    wanted.click();
  }
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || busy) return;
  const typing = event.target.closest(TYPING);
  const opened = event.target.closest("details[open]");
  if (event.key === "Escape" && opened && root.contains(opened)) {
    opened.open = false;
    go(opened.closest("[data-mod-card]"));
    return;
  }
  if (typing) return;
  const key = event.key.toLowerCase();
  const reject = current()?.querySelector("[data-mod-reject][open]");
  if (reject && /^[1-9]$/.test(key)) {
    const choice = reject.querySelectorAll("input[type=radio]")[Number(key) - 1];
    if (choice) {
      event.preventDefault();
      choice.checked = true;
      choice.focus();
    }
    return;
  }
  if (!"jkarsbfxz".includes(key) || key.length !== 1) return;
  event.preventDefault();
  if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else press(current() ?? cards()[0] ?? null, key);
});

const ready = () => {
  const keys = root.querySelector("[data-mod-keys]");
  if (keys) keys.hidden = false;
};

ready();
if (!location.hash) go(cards()[0]);

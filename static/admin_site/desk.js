// The desk without reloading: buttons answer in place with the focus kept, rows are dragged within and between places.
// Without it the same buttons send the same forms.
const root = document.querySelector("[data-desk]");
const board = root.querySelector("[data-desk-board]");
const status = root.querySelector("[data-desk-status]");
const EDGE = 60; // pixels from the window's edge at which a drag scrolls
const STEP = 12;

// --- Sending ---

const say = (text, isError) => {
  status.classList.toggle("desk-status-error", isError);
  status.textContent = text;
};

const focusOn = (wanted) => {
  if (!wanted) return;
  const [, pk] = wanted.split("-");
  // A button at the end of its way is disabled: the one that leads back takes the focus.
  for (const name of [wanted, `up-${pk}`, `down-${pk}`, `edit-${pk}`]) {
    const found = board.querySelector(`[data-focus="${CSS.escape(name)}"]:not([disabled])`);
    if (found) {
      found.focus();
      return;
    }
  }
};

let busy = false;

const send = async (form, data, wanted) => {
  if (busy) return;
  busy = true;
  board.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(location.href, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
      redirect: "error",
    });
    const type = response.headers.get("Content-Type") ?? "";
    if (!type.startsWith("application/json")) throw new Error(response.status);
    const answer = await response.json();
    // What stands in the other rows' forms is kept: only this one was sent.
    const typed = [...board.querySelectorAll("form[method=post] input[id]")]
      .filter((input) => input.form !== form && input.value !== input.defaultValue)
      .map(({ id, value }) => [id, value]);
    board.innerHTML = answer.html;
    for (const [id, value] of typed) {
      const input = document.getElementById(id);
      if (!input) continue;
      input.value = value;
      const details = input.closest("details");
      if (details) details.open = true;
    }
    enhance();
    say(answer.message, !answer.ok);
    focusOn(answer.ok && wanted?.startsWith("save-") ? wanted.replace("save-", "edit-") : wanted);
  } catch {
    // What was typed still stands on the screen.
    say("没有送到，什么也没有改。请检查网络或重新登录，再试一次。", true);
  } finally {
    busy = false;
    board.removeAttribute("aria-busy");
  }
};

root.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.method !== "post") return;
  event.preventDefault();
  send(form, new FormData(form, submitter), submitter?.dataset.focus);
});

// --- Dragging, by pointer: mouse, pen and finger ---

// Shows where the row would go. The row itself stays until it is dropped: a finger holds on to it.
const mark = document.createElement("li");
mark.className = "desk-mark";
mark.setAttribute("aria-hidden", "true");

const others = (list, row) => [...list.children].filter((one) => one !== row && one !== mark);

// Before the first row whose middle lies below the pointer.
const follow = (row, x, y) => {
  const shelf = document.elementsFromPoint(x, y).find((one) => one.matches(".desk-shelf"));
  if (!shelf || !board.contains(shelf)) return;
  const list = shelf.querySelector("[data-desk-rows]");
  const next = others(list, row).find((other) => {
    const box = other.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
  list.insertBefore(mark, next ?? null);
};

// The number of `one` (the row, or the mark in its stead) among the other rows of a list.
const placeOf = (list, one, row) => {
  const rest = others(list, row);
  return [...list.children].filter((each) => each === one || rest.includes(each)).indexOf(one) + 1;
};

const drop = (row) => {
  const list = mark.parentElement;
  if (!list) return;
  const position = placeOf(list, mark, row);
  const isSame = list === row.parentElement && position === placeOf(list, row, row);
  mark.remove();
  if (isSame) return;
  const form = document.getElementById("desk-form");
  const data = new FormData(form);
  data.set("do", `place:${row.dataset.deskItem}`);
  data.set("slot", list.dataset.deskRows);
  data.set("position", position);
  send(form, data, null);
};

const startDrag = (event) => {
  if (event.button !== 0 || busy) return;
  const row = event.currentTarget.closest("[data-desk-item]");
  const point = { x: event.clientX, y: event.clientY };
  event.preventDefault();
  root.classList.add("desk-dragging");
  row.classList.add("desk-row-dragged");

  const scroll = setInterval(() => {
    const by = point.y < EDGE ? -STEP : point.y > innerHeight - EDGE ? STEP : 0;
    if (!by) return;
    scrollBy(0, by);
    follow(row, point.x, point.y);
  }, 16);
  const stop = new AbortController();
  const end = (isDropped) => {
    stop.abort();
    clearInterval(scroll);
    root.classList.remove("desk-dragging");
    row.classList.remove("desk-row-dragged");
    if (isDropped) drop(row);
    else mark.remove();
  };
  const listen = (name, action) => addEventListener(name, action, { signal: stop.signal });
  listen("pointermove", (moved) => {
    if (moved.pointerId !== event.pointerId) return;
    Object.assign(point, { x: moved.clientX, y: moved.clientY });
    follow(row, point.x, point.y);
  });
  listen("pointerup", (up) => up.pointerId === event.pointerId && end(true));
  listen("pointercancel", () => end(false));
  listen("keydown", (key) => key.key === "Escape" && end(false));
};

const enhance = () => {
  for (const handle of board.querySelectorAll("[data-desk-handle]")) {
    handle.hidden = false;
    handle.addEventListener("pointerdown", startDrag);
  }
  root.dispatchEvent(new CustomEvent("desk:board"));
};

enhance();

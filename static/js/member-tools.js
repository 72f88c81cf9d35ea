// For whoever is signed in: her name in the header, her strip on the home page, and buttons that keep an article.
const link = document.querySelector("[data-member-state]");
const isHant = document.documentElement.lang === "zh-Hant";
const words = isHant
  ? { keep: "收藏", kept: "已收藏", failed: "沒有存上，請再試一次" }
  : { keep: "收藏", kept: "已收藏", failed: "没有存上，请再试一次" };

async function fragment(address) {
  const response = await fetch(isHant ? `${address}?script=hant` : address);
  return response.ok && !response.redirected ? response.text() : "";
}

async function showState() {
  const html = await fragment(link.dataset.memberState);
  if (html) link.innerHTML = html;
}

async function showStrip(place) {
  const html = await fragment(place.dataset.memberStrip);
  if (!html) return;
  place.innerHTML = html;
  place.hidden = false;
}

// --- Bookmarks ---

// The links of the page, and beside the items of a list buttons of the same kind.
function marks() {
  const { bookmarks } = link.dataset;
  for (const item of document.querySelectorAll("main .item")) {
    const found = /\/(\d+)\.html$/.exec(item.querySelector("a[href$='.html']")?.getAttribute("href") ?? "");
    const meta = item.querySelector(".meta");
    if (!found || !meta) continue;
    const mark = document.createElement("a");
    mark.href = `${bookmarks}add/?article=${found[1]}`;
    mark.className = "bookmark-mark";
    mark.dataset.bookmark = found[1];
    const title = item.querySelector(".item-title, h2, h3")?.textContent.trim();
    mark.append(Object.assign(document.createElement("span"), { textContent: words.keep }));
    mark.append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: `《${title}》` }));
    meta.append(mark);
  }
  return [...document.querySelectorAll("[data-bookmark]")];
}

function show(mark, isKept) {
  mark.setAttribute("aria-pressed", String(isKept));
  // A button of the tools says it by its looks; another word would move its neighbours.
  const isTool = mark.classList.contains("button");
  mark.querySelector("span").textContent = isKept && !isTool ? words.kept : words.keep;
}

async function change(mark, token) {
  const isKept = mark.getAttribute("aria-pressed") === "true";
  const body = new URLSearchParams({ article: mark.dataset.bookmark, action: isKept ? "remove" : "add" });
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  const response = await fetch(link.dataset.bookmarks, { method: "POST", body, headers });
  if (!response.headers.get("Content-Type")?.startsWith("application/json")) throw new Error(response.status);
  const { marked } = await response.json();
  show(mark, marked);
}

async function readyMarks() {
  const all = marks();
  if (!all.length) return;
  const numbers = [...new Set(all.map((mark) => mark.dataset.bookmark))].slice(0, 60);
  const response = await fetch(`${link.dataset.bookmarks}state/?articles=${numbers.join(",")}`);
  // Signed out meanwhile: the links lead to the form that asks who it is.
  if (!response.ok || response.redirected) return;
  const { marked, token } = await response.json();
  for (const mark of all) {
    mark.setAttribute("role", "button");
    show(mark, marked.includes(Number(mark.dataset.bookmark)));
    mark.addEventListener("click", async (event) => {
      event.preventDefault();
      try {
        await change(mark, token);
      } catch {
        mark.querySelector("span").textContent = words.failed;
      }
    });
    mark.addEventListener("keydown", (event) => {
      if (event.key === " ") {
        event.preventDefault();
        mark.click();
      }
    });
  }
}

// Without the network the page stays as it is for everybody.
if (link) {
  showState().catch(() => {});
  readyMarks().catch(() => {});
  const place = document.querySelector("[data-member-strip]");
  if (place) showStrip(place).catch(() => {});
}

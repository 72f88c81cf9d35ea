// Display preferences: what the form does by a round trip, done at once. The cookie is what newsportal/preferences.py
// sets: reading=<theme>-<size>.
(() => {
  const sheet = document.querySelector("[data-preferences-sheet]");
  const address = sheet?.getAttribute("href");

  function chosen() {
    const [, theme = "auto", size = "1", mode = "standard"] =
      document.cookie.match(/(?:^|;\s*)reading=([a-z]+)-(\d)(?:-(elder))?/) ?? [];
    return { theme, size, mode };
  }

  function mark() {
    const now = chosen();
    for (const button of document.querySelectorAll(".prefs-form button")) {
      button.setAttribute("aria-pressed", String(now[button.name] === button.value));
    }
  }

  async function apply() {
    // Replaces the browser's copy of the old style sheet, so that the next page gets the new one.
    await fetch(address, { cache: "reload" });
    const old = document.querySelector("[data-preferences-sheet]");
    const fresh = old.cloneNode();
    fresh.addEventListener("load", () => old.remove(), { once: true });
    old.after(fresh);
  }

  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!sheet || !button || !event.target.matches(".prefs-form")) return;
    event.preventDefault();
    const next = { ...chosen(), [button.name]: button.value };
    const secure = location.protocol === "https:" ? ";secure" : "";
    const mode = next.mode === "elder" ? "-elder" : "";
    document.cookie = `reading=${next.theme}-${next.size}${mode};path=/;max-age=31536000;samesite=lax${secure}`;
    mark();
    apply().catch(() => location.reload());
  });

  // A page that comes back from the browser's memory may be older than the choice.
  addEventListener("pageshow", (event) => {
    if (event.persisted && sheet) apply().then(mark);
  });

  mark();
})();

// Brings the comments of an article and the form into the page, posts and likes without leaving it. Every link and form
// works without this: whatever fails here ends on the page that the link leads to.
(() => {
  const root = document.querySelector("[data-comments]");
  if (!root) return;
  const place = root.querySelector("[data-comments-form]");
  const best = root.querySelector("[data-comments-best]");
  const list = root.querySelector("[data-comments-list]");
  const FETCHED = { "X-Requested-With": "fetch" };

  async function bring(url, into) {
    const response = await fetch(url, { headers: FETCHED, credentials: "same-origin" });
    if (!response.ok) throw new Error(String(response.status));
    into.innerHTML = await response.text();
  }

  async function showBest() {
    if (!best || !list) return;
    try {
      await bring(new URL("best/", list.href), best);
      const number = best.querySelector("[data-comment-count]")?.dataset.commentCount;
      const shown = root.querySelector("[data-comments-number]");
      if (shown && number !== "0") shown.textContent = number;
      list.hidden = true;
    } catch {
      // The link to the page of all comments stays.
    }
  }

  async function showForm(url = place?.dataset.commentsForm) {
    if (!place) return;
    const typed = ["body", "nickname"].map((name) => [name, place.querySelector(`[name=${name}]`)?.value]);
    try {
      await bring(url, place);
      for (const [name, value] of typed) {
        const field = place.querySelector(`[name=${name}]`);
        if (field && value) field.value = value;
      }
      root.querySelector("[data-comments-ways] .button-solid")?.setAttribute("hidden", "");
    } catch {
      // The link to the page of the form stays.
    }
  }

  function reply(link) {
    const url = new URL(place.dataset.commentsForm, location.href);
    url.searchParams.delete("reply");
    if (link) url.searchParams.set("reply", link.dataset.reply);
    return showForm(url).then(() => {
      place.scrollIntoView({ block: "center" });
      place.querySelector("textarea[name=body]")?.focus();
    });
  }

  async function send(form) {
    const button = form.querySelector("button:not([type=button])");
    button.disabled = true;
    // What was said of the comment before is not true of this one.
    for (const line of place.querySelectorAll("[data-said]")) line.remove();
    let failed = form.dataset.failed;
    try {
      const response = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: FETCHED, credentials: "same-origin",
      });
      const html = await response.text();
      if (response.status === 404) failed = form.dataset.gone;
      // Whatever answers in place of the form is no form.
      if (response.status === 404 || !html.includes("data-comment-write")) throw new Error(String(response.status));
      place.innerHTML = html;
      place.querySelector("[data-said]")?.focus();
      if (response.ok) await showBest();
    } catch {
      button.disabled = false;
      say(form, failed);
    }
  }

  function say(form, text) {
    let line = form.querySelector("[data-said]");
    if (!line) {
      line = document.createElement("p");
      line.className = "error comment-said";
      line.setAttribute("role", "alert");
      line.dataset.said = "";
      form.prepend(line);
    }
    line.textContent = text;
  }

  async function like(link) {
    const token = place?.querySelector("[data-token]")?.dataset.token;
    try {
      if (!token) throw new Error("no token");
      const response = await fetch(link.href, {
        method: "POST", headers: { ...FETCHED, "X-CSRFToken": token }, credentials: "same-origin",
      });
      if (!response.ok) throw new Error(String(response.status));
      const { likes, liked } = await response.json();
      link.querySelector("[data-likes]").textContent = String(likes);
      link.classList.toggle("is-liked", liked);
    } catch {
      location.assign(link.href);
    }
  }

  root.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target.closest("a");
    if (!link) return;
    if (link.matches("[data-like]")) {
      event.preventDefault();
      like(link);
    } else if (place?.firstElementChild && link.matches("[data-reply], [data-no-reply]")) {
      event.preventDefault();
      reply(link.matches("[data-reply]") ? link : null);
    }
  });

  root.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-comment-form]")) return;
    event.preventDefault();
    send(event.target);
  });

  // Not before the reader comes near: most leave after the text.
  const watcher = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watcher.disconnect();
    showBest();
    showForm();
  }, { rootMargin: "600px" });
  watcher.observe(root);
})();

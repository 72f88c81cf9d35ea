// Keeps what is typed into an article's form, every ten seconds while it changes and when the page is hidden. Without it
// the form saves as it always did.
"use strict";
{
  const PAUSE = 10_000;
  const SOON = 2_000;
  // A page that goes away may send 64 kB, which is this many characters of three bytes.
  const MOST_AT_PARTING = 20_000;

  const watch = (root, form) => {
    const status = form.querySelector("[data-keeping-status]");
    const article = root.dataset.article ? Number(root.dataset.article) : null;
    let isTouched = "unsaved" in root.dataset;
    let isSubmitted = false;
    let last = 0;
    let soon = 0;
    let underWay = null;
    let sending = null;

    const say = (text) => {
      if (status && status.textContent !== text) status.textContent = text;
    };

    const snapshot = () => {
      const values = {};
      for (const [name, value] of new FormData(form)) {
        if (typeof value === "string") (values[name] ??= []).push(value);
      }
      delete values.csrfmiddlewaretoken;
      return JSON.stringify(values);
    };
    let kept = isTouched ? "" : snapshot();

    const bodyOf = (values) =>
      `{"article": ${JSON.stringify(article)}, "key": ${JSON.stringify(form.elements.draft_key?.value ?? "")}, "values": ${values}}`;

    // Signing in again, in another window, makes the token of this page worthless: the page as it is now has the new one.
    const renewToken = async () => {
      const answer = await fetch(location.href, { redirect: "manual" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("input[name=csrfmiddlewaretoken]")?.value;
      if (!fresh) return false;
      for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = fresh;
      return true;
    };

    const send = async (values, isParting, isSecond = false) => {
      const body = bodyOf(values);
      underWay = new AbortController();
      const answer = await fetch(root.dataset.autosave, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        body,
        redirect: "manual",
        keepalive: isParting && body.length < MOST_AT_PARTING,
        signal: underWay.signal,
      });
      if (answer.type === "opaqueredirect") {
        say("登录已过期，没有自动保存：请在新窗口登录，再回到这里继续写。");
        return false;
      }
      if (!answer.headers.get("Content-Type")?.startsWith("application/json")) {
        if (answer.status === 403 && !isSecond && (await renewToken())) return send(values, isParting, true);
        throw new Error(answer.status);
      }
      say((await answer.json()).message);
      // What was refused is not sent again until it changes.
      kept = values;
      return answer.ok;
    };

    // Resolves to whether all that was typed is kept.
    const save = async (isParting = false) => {
      const values = snapshot();
      if (!isTouched || values === kept) return true;
      if (isSubmitted || (underWay && !isParting)) return false;
      last = Date.now();
      try {
        sending = send(values, isParting);
        return await sending;
      } catch (error) {
        if (error.name === "AbortError") return false;
        say(navigator.onLine && error.name === "Error" ? "没有自动保存成功，稍后再试" : "没有网络，稍后再试");
        return false;
      } finally {
        underWay = null;
      }
    };

    const noteChange = () => {
      isTouched = true;
      isSubmitted = false;
      soon ||= setTimeout(() => {
        soon = 0;
        save();
      }, Math.max(SOON, PAUSE - (Date.now() - last)));
    };

    // A form that came back refused, or filled in anew, holds what is nowhere else.
    if (isTouched) noteChange();
    // What scripts make of the form by themselves, before anybody touches it, is nobody's text.
    form.addEventListener("focusin", () => {
      if (!isTouched) kept = snapshot();
      isTouched = true;
    });
    form.addEventListener("input", noteChange);
    form.addEventListener("change", noteChange);
    form.addEventListener("keep-now", (event) => {
      // What is under way may be older than what is typed by now.
      event.detail.push(Promise.resolve(sending).catch(() => {}).then(() => save()));
    });
    form.addEventListener("submit", () => {
      isSubmitted = true;
      clearTimeout(soon);
      soon = 0;
      underWay?.abort();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) save(true);
    });
    addEventListener("pagehide", () => save(true));
    addEventListener("pageshow", () => {
      isSubmitted = false;
    });
    // Boxes that search announce their changes to their own library alone.
    setInterval(() => {
      if (Date.now() - last >= PAUSE) save();
    }, PAUSE);
  };

  const root = document.querySelector("[data-keeping]");
  const form = document.getElementById("article_form");
  if (root && form) watch(root, form);
}

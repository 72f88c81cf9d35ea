// Tells the newsroom that this page has the article open, and this page who else has. Without it nobody is told.
"use strict";
{
  const PAUSE = 30_000;

  const watch = (root, form) => {
    const notice = root.querySelector("[data-takeover]");
    const holder = notice.querySelector("[data-holder]");
    let isMine = false;
    // Who took the text from this page: told until that changes.
    let taker = "";

    const post = (address, sent, options = {}) =>
      fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        body: JSON.stringify(sent),
        redirect: "manual",
        ...options,
      });

    const show = (text) => {
      if (holder.textContent !== text) holder.textContent = text;
      notice.hidden = !text;
    };

    const tellOfTaker = async () => {
      const saving = [];
      form.dispatchEvent(new CustomEvent("keep-now", { detail: saving }));
      const isKept = (await Promise.all(saving)).every(Boolean);
      show(`${taker} 已接手编辑，${isKept ? "你的文字已自动保存" : "你的文字还没有自动保存，请先复制留存"}`);
    };

    const report = async () => {
      try {
        const answer = await post(root.dataset.editing, {});
        if (!answer.ok) return;
        const told = await answer.json();
        if (isMine && !told.is_mine) {
          taker = told.holder;
          await tellOfTaker();
        } else if (told.is_mine || told.holder !== taker) {
          taker = "";
          show(told.notice);
        }
        isMine = told.is_mine;
      } catch {
        // Without a network nobody is told of anything; the next report comes in time.
      }
    };

    notice.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const answer = await post(notice.action, {});
        if (!answer.headers.get("Content-Type")?.startsWith("application/json")) {
          show("登录已过期，没有接手：请在新窗口登录，稍后再试。");
          return;
        }
        const { message } = await answer.json();
        if (answer.ok) {
          isMine = true;
          taker = "";
          show("");
          form.querySelector("[data-keeping-status]").textContent = message;
        } else {
          show(message);
        }
      } catch {
        show("没有网络，没有接手：请稍后再试。");
      }
    });

    addEventListener("pagehide", () => {
      if (isMine) post(root.dataset.editing, { leave: true }, { keepalive: true }).catch(() => {});
      isMine = false;
    });
    addEventListener("pageshow", (event) => {
      if (event.persisted) report();
    });
    report();
    setInterval(report, PAUSE);
  };

  const root = document.querySelector("[data-keeping][data-editing]");
  const form = document.getElementById("article_form");
  if (root && form) watch(root, form);
}

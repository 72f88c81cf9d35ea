// Sends many pictures one by one and tells how far each is. Without it the form sends them all at once.
"use strict";
{
  const form = document.querySelector("[data-many-photos]");
  const results = document.querySelector("[data-results]");

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const rowOf = (file) => {
    const progress = make("progress", { max: 1, value: 0 });
    progress.setAttribute("aria-label", `${file.name} 的上传进度`);
    const text = make("p", {}, progress);
    const words = make("div", {}, make("p", { textContent: file.name }), text);
    results.querySelector("[data-rows]").append(make("li", {}, make("span"), words));
    return { progress, text };
  };

  // fetch tells nothing of what has been sent so far.
  const send = (body, progress) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) progress.value = event.loaded / event.total;
      });
      request.addEventListener("load", () => resolve(request.response ?? {}));
      request.addEventListener("error", () => resolve({}));
      request.send(body);
    });

  const answerOf = (answer, file) =>
    answer.rows?.[0] ?? { text: `没有上传：${answer.error ?? "连接中断，请重试。"}`, name: file.name, id: null };

  const upload = async (files) => {
    const status = results.querySelector("[data-status]");
    const link = results.querySelector("[data-fill-in]");
    const added = [];
    results.hidden = false;
    results.querySelector("[data-rows]").replaceChildren();
    const rows = files.map(rowOf);
    for (const [index, file] of files.entries()) {
      status.textContent = `正在上传第 ${index + 1} 张，共 ${files.length} 张。`;
      const body = new FormData(form);
      body.set("files", file);
      const row = answerOf(await send(body, rows[index].progress), file);
      rows[index].text.textContent = row.text;
      rows[index].text.classList.toggle("photo-expired", row.id === null);
      if (row.is_new) added.push(row.id);
    }
    status.textContent = `完成：${added.length} 张入库，共 ${files.length} 张。`;
    link.href = `${link.dataset.address}?ids=${added.join(",")}`;
    link.parentElement.hidden = !added.length;
  };

  form?.addEventListener("submit", async (event) => {
    const input = form.elements.files;
    const files = [...input.files];
    // What the server refuses as a whole it tells best itself.
    if (!files.length || files.length > Number(form.dataset.most)) return;
    event.preventDefault();
    const button = form.querySelector("input[type=submit]");
    button.disabled = true;
    try {
      await upload(files);
      input.value = "";
    } finally {
      button.disabled = false;
    }
  });
}

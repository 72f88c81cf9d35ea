// Making elements, dialogs that ask, and requests to the back office.
export const make = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child != null));
  return element;
};

export const button = (label, action, properties = {}) => {
  const made = make("button", { type: "button", textContent: label, ...properties });
  made.addEventListener("click", action);
  return made;
};

let dialogs = 0;

// A modal dialog outside of the page's form: Return in its fields must not save the article. Gone when closed.
export const openDialog = (title, ...children) => {
  const heading = make("h2", { id: `editor-dialog-${++dialogs}`, textContent: title });
  const dialog = make("dialog", { className: "editor-dialog", "aria-labelledby": heading.id }, heading, ...children);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
};

// Ask for some words. `fields` are [{name, label, value, help, check}], where check answers what is wrong. The answer is
// {name: value}, `removal` as a string when that button was pressed, or null.
export const ask = (title, fields, { submit = "确定", removal = "" } = {}) =>
  new Promise((resolve) => {
    let answer = null;
    const inputs = fields.map(({ name, label, value = "", help = "", inputMode = "text" }) => {
      const id = `editor-field-${name}-${++dialogs}`;
      const input = make("input", { id, type: "text", value, inputMode, autocomplete: "off" });
      const error = make("p", { className: "editor-error", id: `${id}-error`, role: "alert" });
      input.setAttribute("aria-describedby", error.id);
      return { name, input, error, row: make("p", {}, make("label", { htmlFor: id, textContent: label }), input, make("small", { textContent: help })) };
    });
    const form = make("form", { method: "dialog", noValidate: true });
    for (const { row, error } of inputs) form.append(row, error);
    const close = () => dialog.close();
    form.append(
      make(
        "p",
        { className: "editor-dialog-buttons" },
        make("button", { type: "submit", className: "button default", textContent: submit }),
        removal ? button(removal, () => ((answer = removal), close()), { className: "button" }) : null,
        button("取消", close, { className: "button" }),
      ),
    );
    const dialog = openDialog(title, form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = Object.fromEntries(inputs.map(({ name, input }) => [name, input.value.trim()]));
      const wrong = inputs.filter(({ name, input, error }) => {
        error.textContent = fields.find((field) => field.name === name).check?.(values[name]) ?? "";
        input.setAttribute("aria-invalid", String(Boolean(error.textContent)));
        return error.textContent;
      });
      if (wrong.length) return wrong[0].input.focus();
      answer = values;
      close();
    });
    dialog.addEventListener("close", () => resolve(answer));
  });

const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
const UNSURE = "连不上服务器，请稍后重试。";

// What the server answers to a POST, as {ok, body}; `progress` hears how much of it has left, from 0 to 1.
export const post = (address, fields, progress = () => {}) =>
  new Promise((resolve) => {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("X-CSRFToken", token());
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => progress(event.loaded / event.total));
    request.addEventListener("load", () => {
      const body = request.response ?? {};
      const refusal = { 403: "没有这项权限，或登录已过期。", 413: "文件太大，请压缩后再上传。" }[request.status] ?? UNSURE;
      const ok = request.status === 200 && request.response !== null;
      resolve({ ok, body: ok || body.error || body.errors ? body : { error: refusal } });
    });
    request.addEventListener("error", () => resolve({ ok: false, body: { error: UNSURE } }));
    request.send(data);
  });

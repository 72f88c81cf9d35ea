// Finds articles while one types. Without it the form is sent and the page comes with what was found.
const form = document.querySelector("[data-desk-search]");

if (form) {
  const section = form.parentElement;
  const [list, none, into, template] = ["found", "none", "into", "row"].map((name) =>
    section.querySelector(`[data-desk-${name}]`),
  );
  let latest = 0;
  let timer = 0;

  const rowOf = (item) => {
    const row = template.content.firstElementChild.cloneNode(true);
    row.querySelector(".desk-title").textContent = item.title;
    row.querySelector(".desk-note").textContent = item.note;
    if (item.image) {
      const image = Object.assign(new Image(72, 48), { src: item.image, alt: "", className: "desk-thumb" });
      row.querySelector(".desk-thumb").replaceWith(image);
    }
    const button = row.querySelector("button");
    button.value = `put:${Number(item.id)}`;
    button.setAttribute("aria-label", `放入：${item.title}`);
    return row;
  };

  const find = async () => {
    clearTimeout(timer);
    const mine = ++latest;
    const text = form.elements.q.value.trim();
    if (!text) {
      list.replaceChildren();
      none.textContent = "";
      into.hidden = true;
      return;
    }
    try {
      const response = await fetch(`${form.dataset.url}?${new URLSearchParams({ q: text })}`);
      if (!response.ok) throw new Error(response.status);
      const { items } = await response.json();
      if (mine !== latest) return;
      list.replaceChildren(...items.map(rowOf));
      into.hidden = !items.length;
      none.textContent = items.length
        ? `找到 ${items.length} 篇。`
        : "没有找到可以放的稿件：已发布和定时发布的才能放。";
    } catch {
      if (mine === latest) none.textContent = "查找失败，请重试。";
    }
  };

  form.elements.q.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, 250);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    find();
  });
}

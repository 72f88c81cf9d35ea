/* Gives names to what Django's pages leave without one for a screen reader: autocompletes, inputs in lists, empty heads. */
{
  const labelOf = (control) => document.querySelector(`label[for="${CSS.escape(control.id)}"]`)?.textContent.trim().replace(/[:：]$/, "")
    || headOf(control);

  const headOf = (control) => {
    const cell = control.closest("td");
    const heads = cell?.closest("table")?.tHead?.rows[0].cells;
    // In the tables of inlines a head may span two columns.
    let column = cell ? [...cell.parentElement.children].indexOf(cell) : 0;
    for (const head of heads ?? []) {
      column -= head.colSpan;
      if (column < 0) return head.textContent.trim();
    }
    return "";
  };

  const nameAutocompletes = (root) => {
    for (const select of root.querySelectorAll("select.admin-autocomplete")) {
      const name = labelOf(select);
      const box = select.nextElementSibling;
      if (!name || !box?.matches(".select2")) continue;
      const shown = box.querySelector(".select2-selection--single");
      const rendered = shown?.querySelector(".select2-selection__rendered");
      shown?.setAttribute("aria-label", name);
      // With both, the empty text that it names would win.
      shown?.removeAttribute("aria-labelledby");
      rendered?.setAttribute("aria-label", name);
      box.querySelector(".select2-search__field")?.setAttribute("aria-label", name);
    }
  };

  // In a table the head of the column names an input, and the row tells it from the next one's.
  const nameInputs = (root) => {
    for (const input of root.querySelectorAll(":is(#result_list, .inline-group) td :is(input, select, textarea)")) {
      if (input.type === "hidden" || input.labels.length || input.hasAttribute("aria-label")) continue;
      const row = input.closest("tr");
      const name = row.querySelector("th")?.textContent.trim() || `第 ${row.sectionRowIndex + 1} 行`;
      input.setAttribute("aria-label", [headOf(input), name].filter(Boolean).join("："));
      input.removeAttribute("title");
    }
    for (const input of root.querySelectorAll(".form-row input[type=file]")) {
      const row = input.closest(".form-row");
      if (!input.labels.length) input.setAttribute("aria-label", row.querySelector("label, legend")?.textContent.trim() ?? "文件");
    }
  };

  // A drawing with a name must say that it is one.
  const nameDrawings = () => {
    for (const drawing of document.querySelectorAll(".selector span[aria-label]")) drawing.setAttribute("role", "img");
  };

  const nameHeads = () => {
    for (const head of document.querySelectorAll(".inline-group thead th")) {
      if (head.textContent.trim()) continue;
      const name = document.createElement("span");
      name.className = "visually-hidden";
      name.textContent = head.matches(".original") ? "现有的" : "操作";
      head.append(name);
    }
  };

  const nameAll = () => {
    nameAutocompletes(document);
    nameInputs(document);
    nameHeads();
  };

  // Before the boxes are built: "clear all" would stand in a list of things that are chosen and be none.
  for (const select of document.querySelectorAll("select.admin-autocomplete[multiple]")) select.dataset.allowClear = "false";
  // Asked last, so called last: by then Django's own scripts have built their boxes.
  const jQuery = globalThis.django?.jQuery;
  if (jQuery) jQuery(nameAll);
  else nameAll();
  // Lists to choose from are built when the page has loaded.
  addEventListener("load", nameDrawings);
  document.addEventListener("formset:added", (event) => setTimeout(() => {
    nameAutocompletes(event.target);
    nameInputs(event.target.parentElement);
  }));
}

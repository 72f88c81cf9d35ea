// Picks a picture from the library for a row of the desk. Without it its number is typed.
import { button } from "./editor/elements.js";
import { Library, pick } from "./editor/library.js";

const root = document.querySelector("[data-desk]");

const choose = async (input, address) => {
  const [row] = await pick(new Library(address), "选图片");
  if (row) input.value = row.id;
  input.focus();
};

const enhance = () => {
  for (const place of root.querySelectorAll("[data-desk-photos]")) {
    if (place.querySelector("button")) continue;
    const input = place.querySelector("input");
    place.append(button("选图", () => choose(input, place.dataset.deskPhotos), { className: "button" }));
  }
};

root.addEventListener("desk:board", enhance);
enhance();

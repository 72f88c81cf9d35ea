// The pictures of an article, each as large as the window, in one dialog. They stand side by side in a strip that
// scrolls from one to the next, so a swipe is the browser's own, and so is a pinch.
// `words` are what its controls are called, in the characters of the page.
const markup = (words) => `
  <p class="lightbox-count" aria-live="polite"></p>
  <button type="button" class="lightbox-button lightbox-close" aria-label="${words.close}">
    <svg viewBox="0 0 24 24" aria-hidden="true"><path d="m5 5 14 14M19 5 5 19"/></svg></button>
  <button type="button" class="lightbox-button lightbox-back" aria-label="${words.back}">
    <svg viewBox="0 0 24 24" aria-hidden="true"><path d="m15 5-7 7 7 7"/></svg></button>
  <button type="button" class="lightbox-button lightbox-on" aria-label="${words.on}">
    <svg viewBox="0 0 24 24" aria-hidden="true"><path d="m9 5 7 7-7 7"/></svg></button>
  <div class="lightbox-strip" tabindex="0" role="group" aria-label="${words.strip}"></div>`;

let links, dialog, strip, styled;
let current = 0;

export async function open(link, sheet, words) {
  dialog ??= build(words);
  styled ??= style(sheet);
  await styled;
  dialog.showModal();
  document.documentElement.classList.add("has-lightbox");
  show(links.indexOf(link), "instant");
  mark();
}

function style(address) {
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
  document.head.append(sheet);
  return new Promise((resolve, reject) => Object.assign(sheet, { onload: resolve, onerror: reject }));
}

function build(words) {
  links = [...document.querySelectorAll("[data-lightbox]")];
  dialog = Object.assign(document.createElement("dialog"), { className: "lightbox", innerHTML: markup(words) });
  dialog.setAttribute("aria-label", words.name);
  strip = dialog.querySelector(".lightbox-strip");
  strip.append(...links.map(slide));
  const onClick = (name, act) => dialog.querySelector(`.lightbox-${name}`).addEventListener("click", act);
  onClick("close", () => dialog.close());
  onClick("back", () => show(current - 1));
  onClick("on", () => show(current + 1));
  strip.addEventListener("scroll", mark, { passive: true });
  addEventListener("resize", () => show(current, "instant"));
  dialog.addEventListener("keydown", steer);
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("img, figcaption, button, p")) dialog.close();
  });
  dialog.addEventListener("close", () => {
    document.documentElement.classList.remove("has-lightbox");
    links[current].focus();
  });
  document.body.append(dialog);
  return dialog;
}

// A copy of the figure: the picture asks for its largest rendition once it comes near, and keeps its alt.
function slide(link) {
  const figure = document.createElement("figure");
  const picture = link.firstElementChild.cloneNode(true);
  for (const part of picture.children) part.sizes = "200vw";
  const caption = link.parentElement.querySelector("figcaption")?.cloneNode(true);
  figure.append(picture, ...(caption ? [caption] : []));
  return figure;
}

function show(number, behavior = "auto") {
  const wanted = Math.min(Math.max(number, 0), links.length - 1);
  strip.scrollTo({ left: strip.children[wanted].offsetLeft, behavior });
}

function steer(event) {
  const wanted = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: links.length - 1 }[event.key];
  if (wanted === undefined) return;
  event.preventDefault();
  show(wanted);
}

function mark() {
  current = Math.round(strip.scrollLeft / strip.clientWidth) || 0;
  dialog.querySelector(".lightbox-count").textContent = `${current + 1} / ${links.length}`;
  dialog.querySelector(".lightbox-back").disabled = current === 0;
  dialog.querySelector(".lightbox-on").disabled = current === links.length - 1;
}

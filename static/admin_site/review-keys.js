// The keys of the review page: J next, K previous, E the article's form, P pass, R return.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=radio]), textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!wanted) return;
  event.preventDefault();
  const note = document.querySelector("[data-review-form] textarea");
  // To return something is to say why: the first R leads to the note, and back to the button with Tab.
  if (wanted.dataset.key === "r" && note && !note.value.trim()) note.focus();
  else if (wanted.dataset.key === "p") wanted.focus();
  else wanted.click();
});

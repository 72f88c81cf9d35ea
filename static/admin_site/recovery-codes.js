// Recovery codes: copied and printed with one press.

const root = document.querySelector("[data-recovery-codes]");
if (root) {
  const copy = root.querySelector("[data-codes-copy]");
  const print = root.querySelector("[data-codes-print]");
  const note = root.querySelector("[data-codes-note]");
  const codes = [...root.querySelectorAll("code")].map((code) => code.textContent).join("\n");
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(codes);
        note.textContent = "已复制。";
      } catch {
        note.textContent = "没有复制成功，请手工抄写。";
      }
    });
  }
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

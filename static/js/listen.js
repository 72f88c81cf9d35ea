// The 听新闻 button. The player is fetched when it is first wanted.
(() => {
  const button = document.querySelector("[data-listen]");
  if (!button) return;
  let player;

  async function toggle() {
    // iOS lets only what a tap began speak, and the player is still on its way: an empty sentence opens the door.
    globalThis.speechSynthesis?.speak(new SpeechSynthesisUtterance(""));
    player ??= import(button.dataset.listen).then((module) => module.makePlayer(button));
    (await player).toggle();
  }

  button.dataset.ready = "";
  button.addEventListener("click", toggle);
  // “继续听下一页” of the page before leads here.
  if (location.hash === "#listen") toggle();
})();

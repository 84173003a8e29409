// Draws the living part of the board anew every few seconds, while somebody looks at it.
"use strict";

(() => {
  const EVERY = 5000;
  const live = document.getElementById("live");
  const lost = document.getElementById("lost");
  let pressed = false;

  const refresh = () => {
    if (!document.hidden) htmx.trigger(live, "fresh");
  };
  const tell = (isLost) => {
    const words = isLost ? lost.dataset.words : "";
    if (lost.textContent !== words) lost.textContent = words;
    document.body.classList.toggle("is-lost", isLost);
  };

  setInterval(refresh, EVERY);
  document.addEventListener("visibilitychange", refresh);

  // What is being pressed stays where it is until it is let go.
  document.addEventListener("pointerdown", () => { pressed = true; });
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { pressed = false; });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (pressed) event.detail.shouldSwap = false;
  });

  document.body.addEventListener("htmx:afterSwap", () => tell(false));
  for (const trouble of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.body.addEventListener(trouble, () => tell(true));
  }

  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.ask;
    if (question && !window.confirm(question)) event.preventDefault();
  });
})();

// The desk in the browser: keys, panels, clocks and the pulse. Without it every button works as a plain form.
import { listenToKeys } from "./desk_keys.js";
import { closePanel, openPanel, restorePanel, watchPanels } from "./desk_panels.js";
import { startClocks } from "./desk_clocks.js";
import { listenToLine, startPulse } from "./desk_pulse.js";
import { bringBack, keepTyped } from "./desk_typed.js";

document.documentElement.dataset.js = "";

const sheet = document.getElementById("sheet");

function arrive(isReload) {
  const thread = document.getElementById("thread");
  if (thread) thread.scrollTop = thread.scrollHeight;
  const opener = document.getElementById("open-sheet");
  if (opener) opener.hidden = false;
  restorePanel(isReload);
  bringBack(isReload);
  keepBreak();
}

// The wish for a break outlives a reload, but not its case.
function keepBreak() {
  const box = document.getElementById("then-break");
  const step = document.getElementById("desk")?.dataset.step;
  if (!box || !step) return;
  if (sessionStorage.getItem("break-after") === step) box.checked = true;
  box.addEventListener("change", () => {
    if (box.checked) sessionStorage.setItem("break-after", step);
    else sessionStorage.removeItem("break-after");
  });
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-panel]");
  if (opener) {
    event.preventDefault();
    if (opener.getAttribute("aria-expanded") === "true") closePanel();
    else openPanel(opener.dataset.panel);
  } else if (event.target.closest("[data-close]")) {
    event.preventDefault();
    closePanel();
  } else if (event.target.closest("#open-sheet")) {
    if (!sheet.open) sheet.showModal();
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt?.id !== "desk") return;
  arrive(false);
  if (!document.querySelector(".panel.is-open") && !isTyping()) {
    document.querySelector("#desk [data-focus]")?.focus({ preventScroll: true });
  }
});

// A picture that does not come leaves its place to the drawing behind it.
document.addEventListener("error", (event) => event.target.matches?.(".picture img") && event.target.remove(), true);
for (const picture of document.querySelectorAll(".picture img")) {
  if (picture.complete && !picture.naturalWidth) picture.remove();
}

function isTyping() {
  return document.activeElement?.matches("input:not([type=checkbox]), textarea, select") ?? false;
}

keepTyped();
listenToKeys();
watchPanels();
startClocks();
listenToLine();
startPulse();
arrive(true);

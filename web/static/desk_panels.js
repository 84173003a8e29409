// Panels above the outcomes. Which one is open stands in the address, so that a reload opens it again.

export function openedPanel() {
  return document.querySelector(".panel.is-open");
}

export function openPanel(id) {
  const panel = document.getElementById(id);
  if (!panel) return;
  close();
  panel.classList.add("is-open");
  mark(id, true);
  history.replaceState(null, "", `#${id}`);
  (panel.querySelector("[data-first]") ?? panel).focus();
}

export function closePanel() {
  const opened = openedPanel();
  const hadFocus = opened?.contains(document.activeElement);
  close();
  history.replaceState(null, "", location.pathname + location.search);
  if (hadFocus) document.activeElement?.blur();
}

function close() {
  for (const panel of document.querySelectorAll(".panel.is-open")) {
    panel.classList.remove("is-open");
    mark(panel.id, false);
  }
}

function mark(id, isOpen) {
  for (const opener of document.querySelectorAll(`[data-panel="${id}"]`)) {
    opener.setAttribute("aria-expanded", String(isOpen));
  }
}

// After a reload the panel of the address opens; when the screen was drawn anew, only the one drawn open.
export function restorePanel(isReload) {
  const opened = openedPanel();
  if (opened) return openPanel(opened.id);
  const id = location.hash.slice(1);
  if (!id.startsWith("panel-")) return;
  if (isReload && document.getElementById(id)) openPanel(id);
  else history.replaceState(null, "", location.pathname + location.search);
}

export function chooseDigit(digit) {
  const root = openedPanel() ?? document.querySelector(".found");
  const choice = root?.querySelector(`[data-digit="${digit}"]`);
  if (!choice) return false;
  if (choice.matches("input")) choice.focus();
  else choice.click();
  return true;
}

// A typed time is shown as it was read, a moment after the last letter.
export function watchPanels() {
  let waiting;
  document.addEventListener("input", (event) => {
    const address = event.target.dataset?.preview;
    if (!address) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => readTime(address, event.target), 200);
  });
}

async function readTime(address, typed) {
  const shown = document.getElementById("read-as");
  const said = typed.value;
  if (!said.trim()) return shown.replaceChildren();
  const body = new URLSearchParams({ when: said, csrf: document.getElementById("desk").dataset.csrf });
  try {
    const answer = await fetch(address, { method: "POST", body });
    if (answer.status !== 200 || typed.value !== said) return;
    shown.innerHTML = await answer.text();
  } catch {
    // The line is down; the pulse says so, and promising the time reads it again.
  }
}

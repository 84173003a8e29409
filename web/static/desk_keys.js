// One key, one action: by the place on the keyboard, so that an Arabic layout works as a Latin one does.
import { chooseDigit, closePanel, openedPanel } from "./desk_panels.js";

const field = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

export function keyTable() {
  const holder = document.querySelector("[data-keys]");
  return holder ? JSON.parse(holder.dataset.keys) : {};
}

export function codeOf(event) {
  const code = event.code.replace(/^Numpad(?=\d$)/, "Digit");
  return event.shiftKey ? `Shift+${code}` : code;
}

export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if (event.code === "Escape") return leave(event);
    if (event.code === "Enter" || event.code === "NumpadEnter") return enter(event);
    if (event.ctrlKey || event.altKey || event.metaKey || event.getModifierState("AltGraph")) return;
    if (event.target.closest?.(field)) return;
    const table = keyTable();
    if (Object.keys(table).length === 0) return;
    const sheet = document.getElementById("sheet");
    const action = table[codeOf(event)] ?? (/^[?؟]$/.test(event.key) ? "sheet" : undefined);
    if (sheet?.open) {
      if (action === "sheet") sheet.close();
      return;
    }
    const digit = digitOf(event.code);
    if (digit && !event.shiftKey && chooseDigit(digit)) return event.preventDefault();
    if (digit && openedPanel()?.querySelector("[data-digit]")) return;
    if (action && act(action, event.repeat)) event.preventDefault();
  });
}

// What chooses in a panel: the digits, and the minus after them.
function digitOf(code) {
  if (code === "Minus" || code === "NumpadSubtract") return "-";
  return /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
}

function leave(event) {
  const sheet = document.getElementById("sheet");
  if (sheet?.open) return;
  if (event.target.closest?.(field) && !openedPanel()) event.target.blur();
  else if (openedPanel()) {
    event.preventDefault();
    closePanel();
  }
}

// In a field of the outcome form Enter chooses what the field is for, never the first button of the form.
function enter(event) {
  const button = document.getElementById(event.target.dataset?.enter ?? "");
  if (!button) return;
  event.preventDefault();
  if (!event.repeat) button.click();
}

function act(action, isRepeat) {
  const found = [...document.querySelectorAll(`[data-action="${action}"]`)].find((each) => each.offsetParent !== null);
  if (!found) return action === "undo" && tellAbove(document.getElementById("told")?.dataset.undo);
  if (isRepeat) return true;
  if (found.matches("input[type=checkbox]")) found.click();
  else if (found.matches(field)) {
    found.focus();
    found.select();
  } else if (found.disabled) tell(found.title);
  else found.click();
  return true;
}

// A sentence above the case, for a moment.
function tellAbove(text) {
  const told = document.getElementById("told");
  if (!told || !text) return false;
  told.hidden = false;
  told.textContent = text;
  setTimeout(() => (told.hidden = true), 6000);
  return true;
}

function tell(why) {
  const hint = document.querySelector(".outcomes .hint");
  if (!hint || !why) return;
  hint.setAttribute("role", "status");
  hint.textContent = "";
  requestAnimationFrame(() => (hint.textContent = why));
}

// What was typed and chosen about a case. It lies in the browser's storage only while the page is away, and goes
// with the signing out; back at the desk it is taken out again, and given back to the very same case alone.
const place = "desk-typed";
let chosen;

function fields() {
  return [...document.querySelectorAll("#desk :is(.outcomes input:not([type=hidden]), .apart select)")];
}

function isChanged(field) {
  if (field.matches("select")) return field.value !== "";
  return field.value !== field.defaultValue;
}

export function isTyped() {
  return fields().some(isChanged);
}

export function keepTyped() {
  window.addEventListener("pagehide", () => {
    const typed = gather(() => true);
    if (typed && !document.querySelector("#lost:not([hidden])")) sessionStorage.setItem(place, JSON.stringify(typed));
  });
  document.addEventListener("htmx:beforeSwap", () => (chosen = gather((field) => field.matches("select"))));
  forgetAtSignOut();
}

export function forgetAtSignOut() {
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") !== "/sign-out") return;
    window.addEventListener("pagehide", () => sessionStorage.clear());
  });
}

// After a reload all of it; when the same case was drawn anew, what was chosen for its single orders.
export function bringBack(isReload) {
  if (!document.getElementById("desk")) return;
  const kept = isReload ? JSON.parse(sessionStorage.getItem(place)) : chosen;
  sessionStorage.removeItem(place);
  if (!kept || kept.mark !== mark()) return;
  fields().forEach((field, index) => {
    const value = kept.values[`${index} ${field.name}`];
    if (value === undefined || isChanged(field)) return;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function gather(isWanted) {
  if (!mark()) return null;
  const values = {};
  fields().forEach((field, index) => {
    if (isWanted(field) && isChanged(field)) values[`${index} ${field.name}`] = field.value;
  });
  return Object.keys(values).length ? { mark: mark(), values } : null;
}

function mark() {
  const { step, token } = document.getElementById("desk")?.dataset ?? {};
  return step ? `${step} ${token}` : "";
}

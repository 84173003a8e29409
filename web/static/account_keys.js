import { forgetAtSignOut } from "./desk_typed.js";

// A field takes the key that is pressed in it, and tells when another action has it already.
forgetAtSignOut();

const form = document.querySelector(".keys-form");
const fields = [...(form?.querySelectorAll("input[data-usual]") ?? [])];
// What stands on each key that the desk can take, by its code: as the desk writes it.
const caps = JSON.parse(form?.dataset.caps ?? "{}");

function check() {
  const seen = new Map();
  let clash = false;
  for (const field of fields) {
    const other = seen.get(field.value);
    field.classList.remove("is-invalid");
    if (other) {
      clash = true;
      field.classList.add("is-invalid");
      other.classList.add("is-invalid");
    }
    seen.set(field.value, field);
  }
  form.querySelector(".key-clash").textContent = clash ? form.dataset.taken : "";
}

for (const field of fields) {
  field.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (["Tab", "Escape", "Enter"].includes(event.key) || /^(Shift|Control|Alt|Meta)/.test(event.code)) return;
    event.preventDefault();
    const code = event.code.replace(/^Numpad(?=\d$)/, "Digit");
    if (event.code === "Backspace" || event.code === "Delete") field.value = field.dataset.usual;
    else field.value = caps[(event.shiftKey ? "Shift+" : "") + code] ?? field.value;
    check();
  });
}

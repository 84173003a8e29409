// A field takes the key that is pressed in it, and tells when another action has it already.
const form = document.querySelector(".keys-form");
const fields = [...(form?.querySelectorAll("input[data-usual]") ?? [])];

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
    else if (/^(Key[A-Z]|Digit\d|F\d+|Minus|Equal|Bracket(Left|Right)|Semicolon|Quote|Back(quote|slash)|Comma|Period|Slash)$/.test(code)) {
      field.value = (event.shiftKey ? "Shift+" : "") + code;
    }
    check();
  });
}

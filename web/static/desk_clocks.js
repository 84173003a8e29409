// Clocks that tick: how long since an instant, how long until one, by the server's time.

let ahead = 0;

export function setServerTime(text) {
  if (text) ahead = Date.parse(text) - Date.now();
}

export function startClocks() {
  setServerTime(document.getElementById("desk")?.dataset.now);
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSettle", tick);
}

function tick() {
  const now = Date.now() + ahead;
  for (const clock of document.querySelectorAll("time[data-since], time[data-until]")) {
    const { since, until } = clock.dataset;
    const seconds = Math.max(0, Math.round((since ? now - Date.parse(since) : Date.parse(until) - now) / 1000));
    const text = clock.classList.contains("clock-seconds") ? String(seconds) : spoken(seconds);
    if (clock.textContent !== text) clock.textContent = text;
    if (until) clock.parentElement.classList.toggle("near", seconds <= 30);
  }
  const toast = document.getElementById("toast");
  if (toast && Date.parse(toast.dataset.until) <= now) toast.remove();
}

function spoken(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

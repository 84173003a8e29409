// The heartbeat: tells the server that the page is there, hears what changed, notices when the line is down.
import { setServerTime } from "./desk_clocks.js";
import { closePanel, openedPanel } from "./desk_panels.js";
import { isTyped } from "./desk_typed.js";

const often = 5000;
const seldom = 30000;
// While phones ring, every second counts.
const ringing = 2000;
let timer;
let leavingAt = 0;

export function startPulse() {
  if (!document.querySelector("[data-pulse]")) return;
  schedule(500);
  document.addEventListener("visibilitychange", () => schedule(document.hidden ? seldom : 0));
  window.addEventListener("online", () => schedule(0));
  window.addEventListener("beforeunload", () => (leavingAt = Date.now()));
}

// Forms that the server did not get stay as they are, and the page says so.
export function listenToLine() {
  document.addEventListener("htmx:sendError", () => {
    line(false);
    schedule(2000);
  });
}

function schedule(delay) {
  clearTimeout(timer);
  timer = setTimeout(beat, delay);
}

async function beat() {
  const page = document.querySelector("[data-pulse]");
  if (!page) return;
  const { pulse, version = "", step = "", csrf } = page.dataset;
  const call = document.getElementById("call-live")?.dataset.call ?? "";
  const body = new URLSearchParams({ version, step, call, csrf });
  const abort = new AbortController();
  const tooLate = setTimeout(() => abort.abort(), 10000);
  let pause = document.hidden ? seldom : document.getElementById("call-live") ? ringing : often;
  try {
    const answer = await fetch(pulse, { method: "POST", body, redirect: "manual", signal: abort.signal });
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return signIn();
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.json(), page);
    line(true);
  } catch {
    line(false);
    pause = 3000;
  } finally {
    clearTimeout(tooLate);
  }
  schedule(pause);
}

// The session is over. Whoever is leaving by the door already is not led back to it.
function signIn() {
  if (Date.now() - leavingAt > 5000) location.reload();
  else schedule(often);
}

function show(told, page) {
  setServerTime(told.now);
  if (page.id !== "desk" || !page.isConnected) return;
  // What is on its way brings newer news; the next beat tells what is left.
  if (document.querySelector(".htmx-request")) return;
  const isIdle = !page.dataset.step;
  if (told.version !== page.dataset.version) {
    page.dataset.version = told.version;
    replace("rail-lists", told.rail);
    replace("waiting", told.waits);
    replace("today", told.today);
  }
  showState(told);
  if (told.lost) return lose(page, told.why);
  if (told.case !== (page.dataset.case ?? "")) return moveOn(page);
  showCall(told, page);
  const title = page.dataset.title;
  document.title = isIdle && told.waiting ? `(${told.waiting}) ${title}` : title;
  const drawn = page.dataset.idle;
  if (isIdle && drawn !== told.idle && !isBusy(page)) redraw(told);
}

function showState({ state, state_word: word, since }) {
  const shown = document.getElementById("state");
  if (!shown || shown.dataset.state === state) return;
  shown.className = `state state-${state}`;
  shown.dataset.state = state;
  document.getElementById("state-word").textContent = word;
  shown.querySelector("time").dataset.since = since;
}

// How far the call has come, which buttons it has now, and which outcome it speaks for.
function showCall({ call, call_said: said, call_acts: acts, suggests }, page) {
  const live = document.getElementById("call-live");
  if (!live || said === undefined || live.dataset.call === call) return;
  live.dataset.call = call;
  document.getElementById("call-said").innerHTML = said;
  const buttons = document.getElementById("call-acts");
  const hadFocus = buttons.contains(document.activeElement);
  buttons.innerHTML = acts;
  window.htmx?.process(buttons);
  if (hadFocus) (buttons.querySelector("button") ?? page.querySelector("[data-focus]"))?.focus({ preventScroll: true });
  for (const outcome of page.querySelectorAll("button.outcome[name=outcome]")) {
    outcome.classList.toggle("suggested", outcome.value === suggests);
  }
}

// An idle page takes the new state of things; one that somebody types on waits.
function redraw(told) {
  document.getElementById("desk").dataset.idle = told.idle;
  drawAnew();
}

function drawAnew() {
  window.htmx?.ajax("GET", "/desk", { target: "#desk", swap: "outerHTML" });
}

// Another tab has brought the case further. What is being typed here stays until its writer asks.
function moveOn(page) {
  if (page.querySelector(".htmx-request")) return;
  if (openedPanel() || isTyped() || document.getElementById("find") === document.activeElement) {
    document.getElementById("moved-on").hidden = false;
  } else drawAnew();
}

function isBusy(page) {
  const find = document.getElementById("find");
  return Boolean(find?.value) || find === document.activeElement || page.querySelector(".htmx-request") !== null
    || document.getElementById("toast") !== null || document.getElementById("sheet")?.open;
}

function replace(id, html) {
  const shown = document.getElementById(id);
  if (!shown || html === undefined || shown.contains(document.activeElement)) return;
  shown.innerHTML = html;
}

// Somebody else has the case now, or it is over: what was typed stays to be read, nothing can be sent.
function lose(page, why) {
  const notice = document.getElementById("lost");
  if (!notice || !notice.hidden) return;
  if (!isTyped()) closePanel();
  notice.querySelector(".why-lost").textContent = why ?? "";
  notice.hidden = false;
  page.classList.remove("is-called");
  document.getElementById("moved-on").hidden = true;
  for (const gone of document.querySelectorAll(".call-box, .gives-back, .then-break, .talk")) gone.remove();
  for (const each of page.querySelectorAll(".outcomes :is(button, select, a.outcome), .apart select")) {
    each.disabled = true;
    each.setAttribute("aria-disabled", "true");
    for (const mark of ["data-panel", "data-action", "data-digit", "href"]) each.removeAttribute(mark);
  }
  for (const each of page.querySelectorAll(".outcomes input")) {
    each.readOnly = true;
    each.removeAttribute("data-digit");
  }
  // Whoever types goes on in their field: no letter of theirs may press the button or be a key.
  if (!document.activeElement?.matches("input:not([type=checkbox])")) notice.querySelector("button").focus();
}

function line(isUp) {
  const shown = document.getElementById("connection");
  if (!shown || shown.classList.contains("trying") === !isUp) return;
  shown.classList.toggle("trying", !isUp);
  shown.querySelector(".said").textContent = isUp ? shown.dataset.ok : shown.dataset.trying;
}

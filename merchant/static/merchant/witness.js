// The tablet is a witness of the sealed log. When the shop opens, and then each few minutes in which nobody needs the tablet, it looks
// whether the log only grows: by entries/witnessing.js, which is fetched then and never before. What does not fit stands in a strip.
// What it keeps is the browser's, whatever till the server says that it is: only pairing, or the owner's PIN, begins anew.

import { factsOf, isNewEpoch, memory, momentOf } from "web/logmemory.js";
import { place } from "./place.js";

const FIRST_MS = 2000;
const LOOK_MS = 10_000;
const EACH_MS = 5 * 60_000;
const LOG = "till.log";
const DUE = `${LOG}.due`;
const TILL = `${LOG}.till`;
const PAIRS = `${LOG}.pairs`;

const whenIdle = globalThis.requestIdleCallback ?? setTimeout;
const lookNow = () => localStorage.removeItem(DUE);

/** It looked a while ago, whatever page that was on; or never. */
function isTime() {
  const left = Number(localStorage.getItem(DUE)) - Date.now();
  return !(left > 0 && left < 2 * EACH_MS);
}

/** Nobody types, waits for a ring or looks at one: the keypad with nothing on it, or a page that says so. */
function isIdle() {
  return navigator.onLine && !document.hidden && document.querySelector("[data-keypad]:not(.is-typing), [data-calm]") && !document.querySelector(".arrival, dialog[open]");
}

/** Somebody has just paired this browser, by a code of the owner's, and it is another till now: it begins anew. */
function beginAnew() {
  const { till } = place();
  if (sessionStorage.getItem(PAIRS) && localStorage.getItem(TILL) !== till) {
    memory(LOG).forget();
    lookNow();
  }
  sessionStorage.removeItem(PAIRS);
  localStorage.setItem(TILL, till);
}

function show() {
  const alarm = memory(LOG).alarm();
  const asks = isNewEpoch(alarm);
  for (const strip of document.querySelectorAll("[data-log-strip]")) {
    strip.hidden = !alarm || asks;
    if (alarm) strip.querySelector("[data-log-facts]").textContent = factsOf(alarm);
  }
  for (const strip of document.querySelectorAll("[data-epoch-strip]")) {
    strip.hidden = !asks;
    if (asks) showEpoch(strip, alarm);
  }
}

/** The association returned the book, and says so: what is gone, and a press to go on. For a key that nobody vouches for, the owner's PIN. */
function showEpoch(strip, alarm) {
  const back = strip.querySelector("[data-epoch-back]");
  back.textContent = back.dataset.says.replace("{when}", momentOf(alarm)).replace("{count}", alarm.missing.toLocaleString("ja-JP"));
  for (const part of strip.querySelectorAll("[data-epoch-when]")) part.hidden = part.dataset.epochWhen !== (alarm.isNewKey ? "key" : "epoch");
  back.hidden = alarm.missing === 0;
}

/** わかりました. */
async function goOn(button) {
  button.disabled = true;
  try {
    const { goOn: goes, showPage } = await import(place().witness);
    await goes(LOG, place());
    await showPage(LOG, place(), lookNow);
  } finally {
    button.disabled = false; // no line: the strip stays, and so does the press
    show();
  }
}

async function look() {
  if (!isTime() || !isIdle()) return;
  localStorage.setItem(DUE, Date.now() + EACH_MS * (1 + Math.random() / 2)); // two hundred tablets that open at nine do not ask at the same moment all day
  const { showPage, witness } = await import(place().witness);
  await witness(LOG, place()).finally(show);
  await showPage(LOG, place(), lookNow);
}

const lookQuietly = () => look().catch(() => {}); // no network, or a browser that cannot check: it says nothing rather than something untrue

if (place()) {
  beginAnew();
  document.addEventListener("till:opened", lookNow);
  document.addEventListener("till:page", show);
  show();
  if (document.querySelector("[data-log-page]")) import(place().witness).then(({ showPage }) => showPage(LOG, place(), lookNow)).catch(() => {}).finally(show);
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-epoch-go]");
    if (button) goOn(button).catch(() => {});
  });
  const soon = () => whenIdle(lookQuietly, { timeout: FIRST_MS });
  setTimeout(soon, FIRST_MS);
  setInterval(soon, LOOK_MS);
} else {
  document.querySelector("[data-pairs]")?.addEventListener("submit", () => sessionStorage.setItem(PAIRS, "yes"));
}

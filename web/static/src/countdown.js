// The life of a code or a bill: the ring shortens, the words count down, by the server's clock.
// <p data-countdown="end in ms" data-lasts="whole life in s">; sends `meguri:over` when it ends.

import { serverNow } from "web/clock.js";
import { word } from "web/words.js";

const SPOKEN_S = [60, 10];

/** Seconds left as people read them: 52, or 4:03 from a minute up. */
export function leftInWords(seconds) {
  if (seconds < 60) return { name: "secondsLeft", values: { seconds: String(seconds) } };
  const rest = String(seconds % 60).padStart(2, "0");
  return { name: "minutesLeft", values: { minutes: `${Math.floor(seconds / 60)}:${rest}` } };
}

/** The arc's dash for a life of `lasts` seconds with `left` to go, on a path of length 100. */
export function arc(left, lasts) {
  return `${Math.max(0, Math.min(100, Math.round((left * 1000) / lasts) / 10))} 100`;
}

function show(element) {
  const left = Math.max(0, Math.ceil((Number(element.dataset.countdown) - serverNow()) / 1000));
  if (element.dataset.left === String(left)) return;
  element.dataset.left = left;
  const { name, values } = leftInWords(left);
  const said = left ? word(name, values) : word("timeOver");
  element.querySelector("[data-countdown-words]").textContent = said;
  element.querySelector(".life__arc")?.setAttribute("stroke-dasharray", arc(left, Number(element.dataset.lasts)));
  const spoken = element.querySelector("[data-countdown-spoken]");
  if (spoken && (SPOKEN_S.includes(left) || left === 0)) spoken.textContent = said;
  if (left === 0) element.dispatchEvent(new CustomEvent("meguri:over", { bubbles: true }));
}

/** Start counting an element that came into the page later, or whose end has changed. */
export function count(element) {
  delete element.dataset.left;
  show(element);
}

if (globalThis.document) {
  const all = () => document.querySelectorAll("[data-countdown]").forEach(show);
  setInterval(all, 250);
  all();
}

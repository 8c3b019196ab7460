// The keypad: act on press down, count × and +, refuse what is beyond the limit, listen to a hardware keyboard as well.
// A hand scanner types into the same keyboard: its burst is taken back and becomes the customer's code.

import { serverNow } from "web/clock.js";
import { play } from "web/sound.js";
import { Ahead } from "./ahead.js";
import { grouped, press, shown, total } from "./sum.js";
import { place } from "./place.js";
import { forget, isMeant, isUnusual } from "./unusual.js";

const GAP_MS = 60;
const KEYS = { Backspace: "back", Delete: "clear", Escape: "clear", "*": "×", x: "×", "×": "×", "+": "+" };

let text = "";
let before = ""; // the text when the present burst of keys began
let typedAt = -Infinity;

function pad() {
  return document.querySelector("[data-keypad]");
}

function show() {
  const form = pad();
  if (!form) return;
  const sum = total(text);
  const figure = form.querySelector("[data-total]");
  figure.value = sum;
  figure.classList.toggle("is-empty", text === "");
  figure.classList.toggle("amount--long", sum >= 1_000_000n);
  figure.querySelector(".amount__n").textContent = grouped(sum);
  form.querySelector("[data-calc]").textContent = shown(text);
  form.querySelector("[data-keypad-value]").value = sum > 0n ? sum : "";
  form.classList.toggle("is-typing", text !== "");
  const rate = form.querySelector("[name=rate]:checked"); // only where the till writes the shop's receipts
  const bill = { ...(sum > 0n ? { amount: sum } : {}), ...(rate ? { rate: rate.value } : {}) };
  const lead = (link, more = {}) => link && (link.search = new URLSearchParams({ ...bill, ...more }));
  lead(form.querySelector("[data-scan-link]")); // none in practice
  lead(form.querySelector("[data-ticket-link]")); // tickets are also taken without a bill
  for (const link of form.querySelectorAll("[data-alone-link]")) lead(link, { then: link.dataset.aloneLink });
}

function refuse(sentence) {
  const display = pad().querySelector("[data-display]");
  display.classList.remove("is-over");
  void display.offsetWidth; // the shake begins anew
  display.classList.add("is-over");
  pad().querySelector("[data-said]").textContent = sentence;
  play("refused");
}

function take(key) {
  const form = pad();
  if (text === "") new Ahead(form).turn(serverNow()); // a customer's first digit
  const after = press(text, key, form.dataset.limit);
  if (after.over) return refuse(form.dataset.over);
  form.querySelector("[data-said]").textContent = "";
  text = after.text;
  forget();
  show();
}

/** The amount that is typed is meant: at once, or after the question. */
function meant() {
  return isMeant(Number(total(text)), pad().dataset.askAbove);
}

/** Begin anew: another customer. */
function clear() {
  text = "";
  forget();
  show();
}

function onPointer(event) {
  const button = event.target.closest("[data-key]");
  if (!button || !pad()) return;
  if (event.type === "click" && event.detail !== 0) return; // pressed down before; a click of the keyboard has detail 0
  if (event.type === "pointerdown" && event.button !== 0) return;
  take(button.dataset.key);
}

function onKey(event) {
  if (!pad() || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=radio]), textarea, select, dialog")) return;
  if (event.timeStamp - typedAt > GAP_MS) before = text;
  typedAt = event.timeStamp;
  const key = /^[0-9]$/.test(event.key) ? event.key : KEYS[event.key];
  if (key) {
    event.preventDefault();
    take(key);
  } else if (event.key === "Enter" && !event.target.closest("button, a")) {
    event.preventDefault();
    pad().requestSubmit();
  }
}

async function onScan(event) {
  const form = pad();
  if (!form?.querySelector("[data-scan-link]")) return;
  text = before;
  show();
  if (total(text) === 0n) return refuse(form.dataset.nothing);
  if (!(await meant())) return;
  sessionStorage.setItem("till.code", event.detail.text);
  location.assign(form.querySelector("[data-scan-link]").href);
}

function onSubmit(event) {
  const form = pad();
  if (event.target !== form) return;
  if (total(text) === 0n) {
    event.preventDefault();
    return refuse(form.dataset.nothing);
  }
  if (!isUnusual(Number(total(text)), form.dataset.askAbove)) return; // most go on untouched
  event.preventDefault();
  meant().then((yes) => yes && form.requestSubmit());
}

if (place()) {
  document.addEventListener("change", (event) => event.target.name === "rate" && pad() && show());
  document.addEventListener("pointerdown", onPointer);
  document.addEventListener("click", onPointer);
  document.addEventListener("keydown", onKey);
  document.addEventListener("meguri:scan", onScan);
  document.addEventListener("submit", onSubmit, true);
  document.addEventListener("till:page", ({ detail }) => (detail.again ? show() : clear())); // shown anew, what was typed stays
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-scan-link], [data-alone-link]");
    if (!link) return;
    event.preventDefault();
    if (total(text) === 0n) refuse(pad().dataset.nothing);
    else if (link.getAttribute("aria-disabled") !== "true") meant().then((yes) => yes && location.assign(link.href));
  });
  addEventListener("pageshow", clear);
  clear();
}

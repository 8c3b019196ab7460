// 受け取りました. A payment that comes in takes the whole screen, is heard, and leaves after eight seconds; a touch stops
// the clock. It never eats what is being typed: then it is a banner. Two rings are two, one after the other. What came
// while the line was down rings once, as a sum, and stands in the list; but what the page waits for takes the screen, however late.

import { serverNow } from "web/clock.js";
import { place, rung } from "./place.js";
import { fill, form } from "./slots.js";
import { go } from "./stay.js";
import { grouped } from "./sum.js";
import { sound } from "./voice.js";

const SHOWN_S = 8;
const BANNER_MS = 20_000;
const LATE_MS = 30_000;
const GATHER_MS = 400;
const LEFT_MS = 15_000; // what a card has left is its holder's to see, and nobody's who comes later

const waiting = [];
const late = [];
let current = null;
let gathering = null;

/** Whether a payment belongs to this till: it asked for it, or it was paid by the printed code. */
function isOurs(sale) {
  return sale.till === null || String(sale.till) === place().till;
}

/** Whether a payment is what this very page waits for. */
function isAwaited(sale) {
  const request = document.querySelector("[data-request]")?.dataset.request;
  if (request) return sale.request === request;
  return Boolean(document.querySelector("[data-consent], [data-reading]")) && ["cpm", "card"].includes(sale.way) && String(sale.till) === place().till;
}

function mayCover(sale) {
  if (document.querySelector("[data-practice]")) return true; // money first: practice can be typed again
  if (isAwaited(sale)) return true;
  return place().rings === "overlay" && !document.querySelector("[data-request], [data-consent], [data-keypad].is-typing");
}

/** A payment that the book has posted. `answered`: it is the answer to what this page has just sent. */
export function ring(sale, { answered = false } = {}) {
  if (rung.has(sale.id) && "left" in sale) return tellLeft(sale);
  if (sale.kind !== "payment" || rung.has(sale.id)) return;
  rung.add(sale.id);
  if (!isOurs(sale)) return;
  if (!answered && !isAwaited(sale) && serverNow() - sale.at > LATE_MS) return gather(sale);
  if (answered || mayCover(sale)) {
    waiting.push(sale);
    if (!current) next();
    else count();
  } else {
    sound(sale.amount, sale);
    banner(sale);
  }
}

/** What the card has left, where the live line was faster than the answer that brings it. */
function tellLeft(sale) {
  const waits = waiting.find((each) => each.id === sale.id);
  if (waits) waits.left = sale.left;
  else if (current?.sale?.id === sale.id) showLeft(current.box, sale);
}

function showLeft(box, sale) {
  if (!("left" in sale)) return;
  fill(box, sale);
  const arrived = box.querySelector("[data-arrived]");
  arrived.classList.add("arrived--card");
  hideLeft(arrived);
}

function hideLeft(arrived) {
  setTimeout(() => {
    arrived.classList.remove("arrived--card");
    arrived.querySelector("[data-left-on-card] .amount__n").textContent = "";
  }, LEFT_MS);
}

function next() {
  const sale = waiting.shift();
  if (!sale) return;
  const box = document.createElement("section");
  box.className = "pos full done arrival";
  box.append(form("arrival"));
  fill(box, sale);
  showLeft(box, sale);
  document.querySelector("[data-overlays]").append(box);
  sound(sale.amount, sale);
  current = { box, sale, awaited: isAwaited(sale), back: document.activeElement };
  cover(true);
  if (!sale.cash) countDown(box); // the cash is taken by hand, and the ring says how much until it is
  count();
  box.querySelector("[data-next]").focus({ preventScroll: true });
}

function cover(on) {
  for (const part of document.body.children) if (!part.matches("[data-stays], script, template")) part.inert = on;
}

function count() {
  if (!current) return;
  const words = current.box.querySelector("[data-more-words]");
  words.hidden = waiting.length === 0;
  words.textContent = place().more.replace("{count}", grouped(waiting.length));
}

function countDown(box) {
  const words = box.querySelector("[data-left]");
  let left = SHOWN_S;
  const tick = () => {
    if (!box.isConnected) return clearInterval(timer);
    words.textContent = place().left.replace("{seconds}", left);
    if (left-- === 0) leave();
  };
  const timer = setInterval(tick, 1000);
  tick();
  const stop = () => {
    clearInterval(timer);
    words.textContent = "";
  };
  box.addEventListener("pointerdown", stop, { once: true });
  box.addEventListener("keydown", (event) => event.key === "Tab" && stop());
}

/** Take the ring away: the next one, or back to work. */
function leave() {
  if (!current) return;
  const { box, awaited, back } = current;
  box.remove();
  current = null;
  cover(false);
  if (waiting.length) return next();
  if (awaited) go(place().home);
  else back?.focus?.({ preventScroll: true });
}

function banner(sale) {
  const box = form("banner");
  keep(fill(box, sale).firstElementChild, box);
}

function keep(element, box) {
  document.querySelector("[data-banners]").prepend(box);
  const off = () => (element.matches(":hover, :focus-within") ? setTimeout(off, 2000) : element.remove());
  setTimeout(off, BANNER_MS);
}

function gather(sale) {
  late.push(sale);
  gathering ??= setTimeout(() => {
    gathering = null;
    const came = late.splice(0);
    const amount = came.reduce((sum, each) => sum + each.amount, 0);
    sound(amount, { late: true });
    if (came.length === 1) return banner(came[0]);
    const box = form("late-banner");
    keep(fill(box, { amount, count: grouped(came.length), at: came[0].at }).firstElementChild, box);
  }, GATHER_MS);
}

document.addEventListener("till:sale", (event) => ring(event.detail));
document.addEventListener("click", (event) => {
  const onward = event.target.closest("[data-next]");
  if (onward && current?.box.contains(onward)) {
    event.preventDefault();
    leave();
  }
  if (event.target.closest("[data-close-banner]")) event.target.closest("[data-ring-banner]").remove();
});
// The next customer's digits come first: typing takes the ring away and goes on in the keypad.
document.addEventListener(
  "keydown",
  (event) => {
    if (current && /^[0-9]$/.test(event.key) && document.querySelector("[data-keypad]")) leave();
    else if (current && event.key === "Escape") leave();
  },
  true,
);

/** The arrival as a page of its own: after a form without script, or when やめる came too late. */
function showPage() {
  const page = document.querySelector("[data-arrival-page]");
  if (!page || current) return;
  const { arrivalPage, amount, at, cash } = page.dataset;
  const isNews = !rung.has(Number(arrivalPage)) && serverNow() - Number(at) < LATE_MS;
  if (!isNews) return; // somebody looks at it again
  rung.add(Number(arrivalPage));
  sound(Number(amount), { cash: Number(cash) });
  current = { box: page, awaited: true, back: null };
  hideLeft(page.querySelector("[data-arrived]"));
  if (!Number(cash)) countDown(page);
}

if (place()) {
  document.addEventListener("till:page", showPage);
  showPage();
}

// On every page of the tablet: opens its log, keeps the register's page for when the network is gone, sends what was sold without it, and
// says how many receipts have not arrived. Fetched by late.js.

import { isDown } from "../offline/line.js";
import { tellLater } from "../offline/later.js";
import { freshToken, heard, isReady, openLog, send, standing } from "../offline/log.js";
import { grouped } from "../sum.js";

const AGAIN_MS = 10_000;
const HOUR_MS = 3_600_000; // a till at work is heard of each hour, so that one that is gone is noticed

const facts = () => document.querySelector("[data-log]")?.dataset;
const till = () => Number(document.querySelector("[data-till]").dataset.till);

const instead = location.hash === "#instead"; // another page was pressed, and the service worker had only the register
if (instead) history.replaceState(history.state, "", location.pathname + location.search);

let busy = false;
let keptBy = null; // the worker that has the page as it stands here: a new version asks for it anew
let known = { unsent: 0, stopped: null };

async function show() {
  known = await standing();
  const down = isDown();
  const ready = await isReady(till());
  for (const strip of document.querySelectorAll("[data-unsent-strip]")) {
    strip.hidden = !known.unsent;
    strip.querySelector("[data-unsent]").textContent = grouped(known.unsent);
  }
  for (const part of document.querySelectorAll("[data-instead]")) part.hidden = !(down && instead);
  for (const part of document.querySelectorAll("[data-sells-alone]")) part.hidden = !(down && ready);
  for (const part of document.querySelectorAll("[data-sells-not]")) part.hidden = !(down && !ready);
  for (const strip of document.querySelectorAll("[data-log-stopped]")) {
    strip.hidden = !known.stopped;
    strip.querySelector("[data-why]").textContent = known.stopped?.texts?.[document.documentElement.lang] ?? known.stopped?.title ?? "";
  }
  for (const field of document.querySelectorAll("[data-unsent-field]")) field.value = known.unsent;
}

/** Whether the server answers at all: it may, though the line is down, and does so to a tablet that was removed meanwhile. */
async function answers() {
  try {
    return (await fetch("/livez", { cache: "no-store", signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}

/** Send, and open the log where this page may sell; what fails now is tried again. */
async function catchUp() {
  if (busy) return;
  busy = true;
  try {
    if (isDown() && !(await answers())) return;
    await send(facts());
    await tellLater(till(), facts(), () => freshToken(facts().pair));
    if (facts().sells) await openLog(till(), facts());
    if (facts().sells) await keepPage();
  } catch (error) {
    if (error.problem?.status === 401) return location.assign(facts().pair);
    if (!(error instanceof TypeError) && !["TimeoutError", "AbortError"].includes(error.name) && !error.problem) throw error;
  } finally {
    busy = false;
    await show();
  }
}

/** The service worker keeps the register as it is now, with every file that it needs: also for a shop that only ever opens the keypad. */
async function keepPage() {
  const worker = (await navigator.serviceWorker?.ready)?.active;
  if (!worker || !document.querySelector("[data-register], [data-keypad]") || worker === keptBy) return;
  keptBy = worker;
  const said = await (await fetch(facts().keptPage, { credentials: "same-origin" })).text();
  const page = new DOMParser().parseFromString(said, "text/html");
  const { articles: list } = page.querySelector("[data-register]").dataset;
  const files = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  const own = files.filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith("/static/"));
  const named = [...page.querySelectorAll("[data-script]")].map((part) => part.dataset.script);
  const { articles } = await (await fetch(list, { credentials: "same-origin" })).json();
  const pictures = articles.map((each) => each.at(-1)).filter(Boolean);
  worker.postMessage({ keep: [...new Set([...own.map(({ pathname }) => pathname), ...named, list])], pictures });
}

document.addEventListener("meguri:line", () => (isDown() ? show() : catchUp()));
document.addEventListener("till:kept", show);
document.addEventListener("click", ({ target }) => target.closest("[data-heard]") && heard().then(show));
document.addEventListener("till:page", () => (isDown() ? show() : catchUp()));
navigator.serviceWorker?.addEventListener("controllerchange", () => catchUp());
addEventListener("beforeunload", (event) => {
  if (isDown() && known.unsent) event.preventDefault();
});
addEventListener("online", catchUp);
setInterval(() => (known.unsent || isDown()) && catchUp(), AGAIN_MS);
setInterval(catchUp, HOUR_MS);
if (isDown()) show();
else catchUp();

// The seal: <div data-seal="address of the proof" data-module="proof.js" data-number data-amount>. After the page is there, and never
// before, the phone fetches the proof, checks it, and compares the log with the one that it saw last. What it saw stays on the phone.

import { Refused, ask } from "web/http.js";

const PAUSES_MS = [600, 1500, 2500, 5000, 10_000, 20_000, 40_000]; // sealing takes a second; after that it waits quietly, then not at all
export const KEPT = "meguri.log";
export const ALARM = "meguri.log.alarm";

const wait = (ms) => new Promise((next) => setTimeout(next, ms));

/** What this phone keeps of the log under `name`; null where nothing can be kept. */
export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // a phone that keeps nothing checks each receipt by itself
  }
}

/** Forget the log and its alarm: the next checkpoint is taken as the first. */
export function forget() {
  for (const name of [KEPT, ALARM]) localStorage.removeItem(name);
}

/** Name, size and the beginning of the root, for the eyes of whoever looks into an alarm. */
function inShort(note) {
  const [origin, size, root] = String(note ?? "").split("\n");
  return root ? `${origin} ${size} ${root.slice(0, 16)}` : "";
}

/** Show the alarm in `place`. */
export function raise(place, { reason, before, now }) {
  place.querySelector("[data-seal-facts]").textContent = [reason, inShort(before), inShort(now)].filter(Boolean).join(" / ");
  place.querySelector("[data-seal-bad]").hidden = false;
}

const sizeOf = ({ note }) => Number(note.split("\n")[1]);

/** The server's answer once the movement is sealed; null if it never came. */
async function fetched(address, seen) {
  for (const pause of PAUSES_MS) {
    await wait(pause);
    try {
      const answer = await ask(seen === null ? address : `${address}?seen=${seen}`, { signal: AbortSignal.timeout(8000) });
      if (!answer.waiting) return answer;
    } catch (error) {
      if (error instanceof Refused && error.problem.status < 500) return null; // signed out, or not ours to see
    }
  }
  return null;
}

/** That the proof is of this very movement: its number and its yen, as the page shows them. */
function isOf(place, { transactionId, legs }) {
  const paid = new Map();
  for (const { role, ownerId, unit, amount } of legs) {
    if (role === "consumer" && unit === 0n) paid.set(ownerId, (paid.get(ownerId) ?? 0n) + (amount < 0n ? -amount : amount));
  }
  return String(transactionId) === place.dataset.number && [...paid.values()].map(String).includes(place.dataset.amount);
}

async function seal(place) {
  const kept = recall(KEPT);
  const seen = kept && sizeOf(kept);
  const answer = await fetched(place.dataset.seal, seen);
  if (!answer) return;
  const proof = await import(place.dataset.module);
  try {
    const next = await proof.follow(kept, answer.log);
    const { transaction } = await proof.check(proof.read(JSON.stringify(answer.receipt)), [next.key]);
    if (!isOf(place, transaction)) throw new proof.Wrong("other_transaction");
    const stored = recall(KEPT);
    if (!stored || sizeOf(stored) <= sizeOf(next)) keep(KEPT, next); // a page beside this one may be further
    place.querySelector("[data-seal-good]").hidden = false;
  } catch (error) {
    if (!(error instanceof proof.Wrong)) throw error; // this browser cannot check: it says nothing rather than something untrue
    const seenNow = { reason: error.reason, before: kept?.note ?? null, now: answer.log.checkpoint, at: new Date().toISOString() };
    keep(ALARM, seenNow);
    raise(place, seenNow);
  }
}

if (globalThis.document) {
  const place = document.querySelector("[data-seal]");
  const whenIdle = globalThis.requestIdleCallback ?? setTimeout;
  const begin = () => whenIdle(() => seal(place).catch(() => {}), { timeout: 2000 });
  if (place && document.readyState === "complete") begin();
  else if (place) addEventListener("load", begin, { once: true });
}

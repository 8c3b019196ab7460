// The seal: <div data-seal="address of the proof" data-module="proof.js" data-number data-amount>. After the page is there, and never
// before, the phone fetches the proof, checks it, and compares the log with the one that it saw last. What it saw stays on the phone.

import { Refused, ask } from "web/http.js";
import { factsOf, memory, momentOf, sizeOf } from "web/logmemory.js";

const PAUSES_MS = [600, 1500, 2500, 5000, 10_000, 20_000, 40_000]; // sealing takes a second; after that it waits quietly, then not at all

/** What this phone keeps of the log. */
export const seen = memory("meguri.log");

const wait = (ms) => new Promise((next) => setTimeout(next, ms));

/** Show the alarm in `place`. */
export function raise(place, alarm) {
  place.querySelector("[data-seal-facts]").textContent = factsOf(alarm);
  place.querySelector("[data-seal-bad]").hidden = false;
}

/** The log was returned: say so once; after the press this phone goes on, and keeps what it saw before as evidence. */
function tell(place, { missing, returnedTo, isNewKey }, goOn) {
  const box = place.querySelector("[data-seal-epoch]");
  const facts = box.querySelector("[data-epoch-facts]");
  const count = missing.toLocaleString(document.documentElement.lang);
  facts.textContent = facts.textContent.replace("{when}", momentOf({ returnedTo })).replace("{count}", count);
  box.querySelector("[data-epoch-back]").hidden = missing === 0;
  box.querySelector("[data-epoch-key]").hidden = !isNewKey;
  box.querySelector("[data-epoch-go]").addEventListener("click", goOn, { once: true });
  box.hidden = false;
}

/** The server's answer once the movement is sealed; null if it never came. */
async function fetched(address, since) {
  for (const pause of PAUSES_MS) {
    await wait(pause);
    try {
      const answer = await ask(since === null ? address : `${address}?seen=${since}`, { signal: AbortSignal.timeout(8000) });
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
  const kept = seen.kept();
  const answer = await fetched(place.dataset.seal, kept && sizeOf(kept));
  if (!answer) return;
  const proof = await import(place.dataset.module);
  try {
    const next = await proof.follow(kept, answer.log);
    const { transaction } = await proof.check(proof.read(JSON.stringify(answer.receipt)), [next.key]);
    if (!isOf(place, transaction)) throw new proof.Wrong("other_transaction");
    seen.keep(kept, next);
    place.querySelector("[data-seal-good]").hidden = false;
  } catch (error) {
    if (error instanceof proof.NewEpoch) {
      tell(place, error, async () => {
        const next = await proof.follow(kept, answer.log, { accepts: true });
        seen.forget();
        seen.keep(null, next);
        location.reload();
      });
      return;
    }
    if (!(error instanceof proof.Wrong)) throw error; // this browser cannot check: it says nothing rather than something untrue
    const alarm = { reason: error.reason, before: kept?.note ?? null, now: answer.log.checkpoint, at: new Date().toISOString() };
    seen.raise(alarm);
    raise(place, alarm);
  }
}

if (globalThis.document) {
  const place = document.querySelector("[data-seal]");
  const whenIdle = globalThis.requestIdleCallback ?? setTimeout;
  const begin = () => whenIdle(() => seal(place).catch(() => {}), { timeout: 2000 });
  if (place && document.readyState === "complete") begin();
  else if (place) addEventListener("load", begin, { once: true });
}

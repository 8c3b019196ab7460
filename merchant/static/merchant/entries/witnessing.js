// One look of a witness: ask for the log since the last one, check it by proof.js, keep it and tell it, co-signed; or raise the
// alarm, keep that, and tell it with both notes. Whatever cannot be told now is told at the next look.
// After a restore that two people stand for, the alarm is only a question: a person at the tablet says yes, and it goes on.

import { cosign } from "web/cosign.js";
import { ask, formToken } from "web/http.js";
import { factsOf, isNewEpoch, memory, momentOf, sizeOf } from "web/logmemory.js";

const NOTE_MAX = 1300; // characters of a note that the server takes; a true one has some three hundred
const WAIT_MS = 15_000;
const EXPLAINED = ["shorter", "forked", "new_epoch", "new_key"]; // what a restore looks like: a new epoch may follow, and explain it

const send = (address, form) => ask(address, { form, signal: AbortSignal.timeout(WAIT_MS) });

async function tellAlarm(kept, address) {
  const { reason, before, now, told } = kept.alarm();
  if (told || !formToken()) return;
  await send(`${address}/alarm`, { reason, before: (before ?? "").slice(0, NOTE_MAX), shown: now.slice(0, NOTE_MAX) });
  if (kept.alarm()) kept.raise({ ...kept.alarm(), told: true });
}

async function raise(kept, address, alarm) {
  kept.raise({ ...alarm, at: new Date().toISOString() });
  await tellAlarm(kept, address);
}

/** Tell what was verified; after a yes to a new epoch first that, until it was heard. */
async function tellSeen(kept, seen, address, signer) {
  if (!formToken()) return;
  const { accepted, ...next } = seen;
  if (accepted) {
    await send(`${address}/epoch`, {});
    kept.keep(seen, next);
  }
  const [, size, root] = next.note.split("\n");
  await send(`${address}/seen`, { size, root, ...(await cosign(signer, next.note)) });
}

/** The log since the last look. Null: nothing was ever signed. */
async function sight(last, address) {
  const since = last ? `?seen=${sizeOf(last)}` : "";
  return (await ask(`${address}/sight${since}`, { signal: AbortSignal.timeout(WAIT_MS) })).log;
}

const factsOfEpoch = ({ missing, returnedTo, isNewKey }) => ({ missing, returnedTo: new Date(returnedTo).toISOString(), isNewKey });
const isSameEpoch = (one, other) => JSON.stringify(factsOfEpoch(one)) === JSON.stringify(factsOfEpoch(other));

/** `log`: under which name the tablet keeps what it saw; `watch`: where it asks and tells; `proof`: the module that checks. */
export async function witness(log, { till, watch, proof }) {
  const kept = memory(log);
  const alarm = kept.alarm();
  if (alarm) await tellAlarm(kept, watch);
  if (alarm && !EXPLAINED.includes(alarm.reason)) return;
  const last = kept.kept();
  const shown = await sight(last, watch);
  if (!shown) return;
  const { NewEpoch, Wrong, follow } = await import(proof);
  const problem = { before: last?.note ?? null, now: shown.checkpoint };
  try {
    const next = await follow(last, shown);
    if (isNewEpoch(alarm)) await raise(kept, watch, { reason: "forked", before: alarm.now, now: shown.checkpoint }); // it had shown more
    if (alarm) return; // that it fits now undoes nothing
    const seen = last?.accepted ? { ...next, accepted: true } : next;
    kept.keep(last, seen);
    await tellSeen(kept, seen, watch, `till.${till}`);
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    if (error instanceof NewEpoch) {
      if (isNewEpoch(alarm) && isSameEpoch(alarm, error)) return;
      await raise(kept, watch, { reason: error.reason, ...problem, ...factsOfEpoch(error) });
    } else if (!alarm || isNewEpoch(alarm)) await raise(kept, watch, { reason: error.reason, ...problem });
  }
}

/** Somebody has read what the alarm says of the new epoch, and said yes to that and to no other. What it saw before stays as evidence. */
export async function goOn(log, { till, watch, proof }) {
  const kept = memory(log);
  const [alarm, last] = [kept.alarm(), kept.kept()];
  const shown = await sight(last, watch);
  const { NewEpoch, follow } = await import(proof);
  try {
    await follow(last, shown);
  } catch (error) {
    if (!(error instanceof NewEpoch) || !isSameEpoch(alarm, error)) return witness(log, { till, watch, proof }); // it says something else now
    const seen = { ...(await follow(last, shown, { accepts: true })), accepted: true };
    kept.forget();
    kept.keep(null, seen);
    await tellSeen(kept, seen, watch, `till.${till}`);
  }
}

const FORGETS = "till.log.forgets";

/** The owner has pressed the button here and the server has agreed to the PIN: it goes on in the new epoch, or forgets all. */
async function beginAnew(log, place, lookNow) {
  const kept = memory(log);
  if (isNewEpoch(kept.alarm())) return goOn(log, place);
  kept.forget();
  lookNow();
}

/** 台帳の見守り: what this tablet keeps, and what it asks or warns of. */
export async function showPage(log, place, lookNow) {
  const page = document.querySelector("[data-log-page]");
  if (!page) return;
  const forgets = "logAnew" in page.dataset && sessionStorage.getItem(FORGETS);
  sessionStorage.removeItem(FORGETS); // else the PIN was wrong
  if (forgets) await beginAnew(log, place, lookNow);
  page.querySelector("[data-log-forgets]")?.addEventListener("submit", () => sessionStorage.setItem(FORGETS, "yes"));
  const { kept, alarm } = memory(log);
  showAlarm(page, alarm());
  showKept(page, kept());
}

/** Each part of the page that speaks of what is wrong: of an alarm, of a new epoch, of a new key. */
function showAlarm(page, alarm) {
  const now = !alarm ? "" : !isNewEpoch(alarm) ? "alarm" : alarm.isNewKey ? "key" : "epoch";
  for (const part of page.querySelectorAll("[data-log-when]")) part.hidden = !part.dataset.logWhen.split(" ").includes(now);
  page.querySelector("[data-log-facts]").textContent = alarm ? factsOf(alarm) : "";
  if (!isNewEpoch(alarm)) return;
  const back = page.querySelector("[data-log-back]");
  back.hidden = alarm.missing === 0;
  back.textContent = back.dataset.says.replace("{when}", momentOf(alarm)).replace("{count}", alarm.missing.toLocaleString("ja-JP"));
}

function showKept(page, last) {
  page.querySelector("[data-log-seen]").hidden = !last;
  page.querySelector("[data-log-none]").hidden = Boolean(last);
  const before = page.querySelector("[data-log-before]");
  before.hidden = !last?.before;
  before.querySelector("pre").textContent = (last?.before ?? []).join("\n");
  if (!last) return;
  const [, size, root] = last.note.split("\n");
  const counted = page.querySelector("[data-log-size]");
  counted.textContent = counted.dataset.counted.replace("{count}", Number(size).toLocaleString("ja-JP"));
  page.querySelector("[data-log-root]").textContent = root.slice(0, 16);
}

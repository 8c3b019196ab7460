// One look of a witness: ask for the log since the last one, check it by proof.js, keep it and tell it, co-signed; or raise the
// alarm, keep that, and tell it with both notes. Whatever cannot be told now is told at the next look.

import { cosign } from "web/cosign.js";
import { ask, formToken } from "web/http.js";
import { factsOf, memory, sizeOf } from "web/logmemory.js";

const NOTE_MAX = 1300; // characters of a note that the server takes; a true one has some three hundred
const WAIT_MS = 15_000;

const send = (address, form) => ask(address, { form, signal: AbortSignal.timeout(WAIT_MS) });

async function tellAlarm(kept, address) {
  const { reason, before, now, told } = kept.alarm();
  if (told || !formToken()) return;
  await send(`${address}/alarm`, { reason, before: (before ?? "").slice(0, NOTE_MAX), shown: now.slice(0, NOTE_MAX) });
  if (kept.alarm()) kept.raise({ ...kept.alarm(), told: true });
}

async function tellSeen({ note }, address, signer) {
  const [, size, root] = note.split("\n");
  if (formToken()) await send(`${address}/seen`, { size, root, ...(await cosign(signer, note)) });
}

/** `log`: under which name the tablet keeps what it saw; `watch`: where it asks and tells; `proof`: the module that checks. */
export async function witness(log, { till, watch, proof }) {
  const kept = memory(log);
  if (kept.alarm()) return tellAlarm(kept, watch);
  const last = kept.kept();
  const shown = (await ask(last ? `${watch}/sight?seen=${sizeOf(last)}` : `${watch}/sight`, { signal: AbortSignal.timeout(WAIT_MS) })).log;
  if (!shown) return; // nothing was ever signed
  const { Wrong, follow } = await import(proof);
  try {
    const next = await follow(last, shown);
    kept.keep(last, next);
    await tellSeen(next, watch, `till.${till}`);
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    kept.raise({ reason: error.reason, before: last?.note ?? null, now: shown.checkpoint, at: new Date().toISOString() });
    await tellAlarm(kept, watch);
  }
}

const FORGETS = "till.log.forgets";

/** 台帳の見守り: what this tablet keeps. It forgets only where its owner has pressed the button here and the server has agreed to the PIN. */
export function showPage(log, lookNow) {
  const page = document.querySelector("[data-log-page]");
  if (!page) return;
  const kept = memory(log);
  if ("logAnew" in page.dataset && sessionStorage.getItem(FORGETS)) {
    kept.forget();
    lookNow();
  }
  sessionStorage.removeItem(FORGETS); // the PIN was wrong
  page.querySelector("[data-log-forgets]")?.addEventListener("submit", () => sessionStorage.setItem(FORGETS, "yes"));
  const [last, alarm] = [kept.kept(), kept.alarm()];
  page.querySelector("[data-log-seen]").hidden = !last;
  page.querySelector("[data-log-none]").hidden = Boolean(last);
  for (const part of page.querySelectorAll("[data-log-alarm]")) part.hidden = !alarm;
  if (alarm) page.querySelector("[data-log-facts]").textContent = factsOf(alarm);
  if (!last) return;
  const [, size, root] = last.note.split("\n");
  const counted = page.querySelector("[data-log-size]");
  counted.textContent = counted.dataset.counted.replace("{count}", Number(size).toLocaleString("ja-JP"));
  page.querySelector("[data-log-root]").textContent = root.slice(0, 16);
}

// 控え: the log of this tablet. Opened with the network, written without it, sent when it is back: in order, as often as it takes.

import { ask } from "web/http.js";
import { hashOf, write } from "./entry.js";
import { receipt, stamped } from "./receipt.js";
import { append, currentGrant, entriesAfter, grants, keepGrant, lastEntry, tail } from "./store.js";

const PIECE = 50;
const WAIT_MS = 15_000;
const ENDED = ["till_log_of_revoked", "till_log_closed"]; // nothing of it will be booked any more; what is left is listed

/** Whether this browser promises to keep what is written: without that nothing is sold without the network. */
export async function isKept() {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch {
    return false;
  }
}

const canKeep = () => Boolean(globalThis.indexedDB && globalThis.crypto?.subtle);

/** Whether a sale could be made without the network just now. */
export async function isReady(till) {
  return Boolean(canKeep() && (await currentGrant(till)) && (await navigator.storage?.persisted?.()));
}

/** The server's time less this device's, in ms, as this till last heard it; null: never. */
export async function offsetOf(till) {
  return canKeep() ? ((await currentGrant(till))?.offset ?? null) : null;
}

/** A token for forms of this very moment: the page may have been kept for days. */
export async function freshToken(pair) {
  const page = await (await fetch(pair, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(WAIT_MS) })).text();
  return new DOMParser().parseFromString(page, "text/html").querySelector('input[name="csrf_token"]')?.value ?? "";
}

const ASKED = "till.log.asked";
const newSecret = () => [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The secret of a log that is being opened: kept before the server is asked, so that a page that is left meanwhile opens no second log. */
function askedSecret(till) {
  const name = `${ASKED}.${till}`;
  const secret = localStorage.getItem(name) ?? newSecret();
  localStorage.setItem(name, secret);
  return secret;
}

/** Open this till's log, or hear how the shop is called now. A log of which the server knows more than this device goes on as another one. */
export async function openLog(till, { open, pair }) {
  if (!canKeep() || !(await isKept())) return;
  const token = await freshToken(pair);
  const before = await currentGrant(till);
  const secret = before?.secret ?? askedSecret(till);
  const said = await ask(open, { form: { secret }, token, signal: AbortSignal.timeout(WAIT_MS) });
  const mine = await lastEntry(secret);
  const offset = said.now - Date.now();
  const grant = { secret, sent: said.seq, log: said.log, shop: said.shop, till: said.till, staff: said.staff, offset, stopped: said.stopped };
  if (said.seq > (mine?.seq ?? 0)) grant.stopped = { code: "till_log_behind" };
  await keepGrant(grant);
  localStorage.removeItem(`${ASKED}.${till}`);
  if (grant.stopped) await openLog(till, { open, pair });
}

/** Sell for cash without the network: the receipt, once it is on the disk; null where none could be kept. `sale`: {key, bill, mode, rounding, received}. */
export async function sell(till, sale) {
  if (!canKeep()) return null;
  const [{ grant, last }, isPromised] = await Promise.all([tail(till), navigator.storage?.persisted?.()]);
  if (!grant || !isPromised) return null;
  const kept = last && JSON.parse(last.said).body;
  if (kept?.key === sale.key) return kept.content; // the device died before anybody saw it: the same press is the same receipt
  let content = null;
  await append(grant.secret, last, async (before) => {
    content = receipt(grant, sale, (before?.seq ?? 0) + 1, Date.now() + grant.offset);
    const body = { key: sale.key, staff_id: grant.staff?.id ?? null, device_at: stamped(Date.now()), content };
    const said = write({ till: grant.till.id, log: grant.log }, before, body);
    return { said, hash: await hashOf(said) };
  });
  return content;
}

/** How many receipts of this device have not been heard of by the server, and why one of its logs stands still. */
export async function standing() {
  let [unsent, stopped] = [0, null];
  for (const grant of await grants()) {
    const missing = ((await lastEntry(grant.secret))?.seq ?? 0) - grant.sent;
    if (grant.stopped && missing > 0) stopped = grant.heard ? stopped : grant.stopped;
    else unsent += Math.max(missing, 0);
  }
  return { unsent, stopped };
}

/** Somebody has read why a log stands still. */
export async function heard() {
  for (const grant of await grants()) if (grant.stopped) await keepGrant({ ...grant, heard: true });
}

/** Send what is not sent. What the server knows already it says again; where it stops a log, the rest is shown to it once, for the owner. */
export async function send({ take, pair }) {
  let token = null;
  for (const grant of await grants()) {
    if (ENDED.includes(grant.stopped?.code) ? grant.shown : grant.stopped) continue;
    if (((await lastEntry(grant.secret))?.seq ?? 0) <= grant.sent) continue;
    token ??= await freshToken(pair);
    await sendOne(grant, take, token);
  }
}

async function sendOne(grant, take, token) {
  for (let from = grant.sent; ; ) {
    const last = (await lastEntry(grant.secret)).seq;
    const entries = await entriesAfter(grant.secret, from, PIECE);
    if (!entries.length) return keepGrant({ ...grant, shown: Boolean(grant.stopped) });
    const said = await tell(grant, last, entries, take, token);
    const stopped = said.stopped?.code === "till_log_gap" ? null : said.stopped;
    grant = { ...grant, sent: said.seq ?? grant.sent, stopped: stopped ?? grant.stopped };
    await keepGrant(grant);
    if (stopped && !ENDED.includes(stopped.code)) return;
    from = stopped ? entries.at(-1).seq : grant.sent;
  }
}

/** A log that is another till's by now (the tablet was paired anew) stands still, and the others go on. */
async function tell({ secret }, last, entries, take, token) {
  const form = new URLSearchParams({ secret, last });
  for (const { said } of entries) form.append("entries", said);
  try {
    return await ask(take, { form, token, signal: AbortSignal.timeout(WAIT_MS) });
  } catch (error) {
    if (error.problem?.code !== "till_log_unknown") throw error;
    return { stopped: error.problem };
  }
}

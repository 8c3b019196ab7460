// あとで払うQR: what this tablet asks a phone for while it has no network, signed so that only this tablet can have made it, written in the one
// way that merchant/rules/later.py reads (tests/vectors/offline/later.json). Kept beside the log, numbered, and shown once it is on the disk.

import { ask } from "web/http.js";
import { RATES } from "../register/totals.js";
import { append, currentGrant, entriesAfter, grants } from "./store.js";

const DOMAIN = "meguri-later-v1\0";
const LIFE_MS = 30 * 24 * 3600 * 1000;
const TAG_BYTES = 12;
const MOST = 10_000;
const PIECE = 50;
const WAIT_MS = 15_000;
const TOLD = "till.later.told";

const list = (secret) => `${secret}.later`;
const bytesOf = (text) => new TextEncoder().encode(text);

/** The text of a request. `asked`: {till, log, number, made (seconds), amounts by RATES}. */
export async function written(secret, { till, log, number, made, amounts }) {
  const bytes = new Uint8Array(42);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint8(1, 3);
  view.setUint16(2, Math.floor(till / 2 ** 32));
  view.setUint32(4, till % 2 ** 32);
  view.setUint8(8, log >> 16);
  view.setUint16(9, log & 0xffff);
  view.setUint8(11, number >> 16);
  view.setUint16(12, number & 0xffff);
  [made, ...amounts].forEach((value, place) => view.setUint32(14 + 4 * place, value));
  const raw = await crypto.subtle.digest("SHA-256", bytesOf(secret));
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const tag = await crypto.subtle.sign("HMAC", key, new Uint8Array([...bytesOf(DOMAIN), ...bytes.subarray(0, 30)]));
  bytes.set(new Uint8Array(tag, 0, TAG_BYTES), 30);
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

/** Ask for a bill. The same bill (`key`) asked for again is the same request, also after a reload: {token, number, until}. */
export async function askLater(till, { key, byRate }) {
  const grant = await currentGrant(till);
  if (!grant) return null;
  const before = await entriesAfter(list(grant.secret), 0, MOST);
  const entry =
    before.find((each) => each.key === key) ??
    (await append(list(grant.secret), before.at(-1) ?? null, async (last) => {
      const number = (last?.seq ?? 0) + 1;
      const made = Math.floor((Date.now() + grant.offset) / 1000);
      const amounts = RATES.map((rate) => byRate.find((each) => each.rate === rate)?.gross ?? 0);
      return { key, made, hash: "", said: await written(grant.secret, { till, log: grant.log, number, made, amounts }) };
    }));
  const number = `${till}-Q${grant.log}-${String(entry.seq).padStart(3, "0")}`;
  return { token: entry.said, number, until: new Date(entry.made * 1000 + LIFE_MS) };
}

/** Back with the network: say what was asked for, so that the owner sees it. Said again it is the same. */
export async function tellLater(till, { later }, token) {
  for (const grant of (await grants()).filter((each) => each.till.id === till)) {
    const name = `${TOLD}.${till}.${grant.log}`;
    for (;;) {
      const entries = await entriesAfter(list(grant.secret), Number(localStorage.getItem(name) ?? 0), PIECE);
      if (!entries.length) break;
      const form = new URLSearchParams();
      for (const { said } of entries) form.append("tokens", said);
      await ask(later, { form, token: await token(), signal: AbortSignal.timeout(WAIT_MS) });
      localStorage.setItem(name, entries.at(-1).seq);
    }
  }
}

// あとで払うQR: what this tablet asks a phone for while it has no network, signed so that only this tablet can have made it (latertext.js). Kept
// beside the log, numbered, and shown once it is on the disk.

import { ask } from "web/http.js";
import { RATES } from "../register/totals.js";
import { fitting } from "./latertext.js";
import { append, currentGrant, entriesAfter, grants } from "./store.js";

const LIFE_MS = 30 * 24 * 3600 * 1000;
const MOST = 10_000;
const PIECE = 50;
const WAIT_MS = 15_000;
const TOLD = "till.later.told";

const list = (secret) => `${secret}.later`;

/** Ask for a bill. The same bill (`key`) asked for again is the same request, also after a reload: {token, number, until, isNamed}.
 * `sold`: what it is made of, which goes into the text where that is then no longer than `most`. */
export async function askLater(till, { key, byRate, sold, most }) {
  const grant = await currentGrant(till);
  if (!grant) return null;
  const before = await entriesAfter(list(grant.secret), 0, MOST);
  const entry =
    before.find((each) => each.key === key) ??
    (await append(list(grant.secret), before.at(-1) ?? null, async (last) => {
      const number = (last?.seq ?? 0) + 1;
      const made = Math.floor((Date.now() + grant.offset) / 1000);
      const amounts = RATES.map((rate) => byRate.find((each) => each.rate === rate)?.gross ?? 0);
      return { key, made, hash: "", ...(await fitting(grant.secret, { till, log: grant.log, number, made, amounts }, sold, most)) };
    }));
  const number = `${till}-Q${grant.log}-${String(entry.seq).padStart(3, "0")}`;
  return { token: entry.said, number, until: new Date(entry.made * 1000 + LIFE_MS), isNamed: entry.isNamed !== false };
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

// A witness of the sealed log: keeps the last checkpoint that it saw, and takes the next one only with a proof that it adds to it.

import { Wrong, isConsistent, readCheckpoint, readKey, signedByOne, trustedKeys, unbase64 } from "web/sealedlog.js";

/**
 * What to keep after the server has shown a newer state of the log.
 *
 * `kept`: {key, note} from before, or null for whoever sees the log for the first time and pins its key.
 * `shown`: {key, endorsements, checkpoint, consistency}; consistency: base64 from the kept size, null if the log knows no such size.
 * Throws Wrong: "signature_wrong", "shorter" (leaves are gone) or "forked" (the past is another one).
 */
export async function follow(kept, shown) {
  const key = kept?.key ?? shown.key;
  const next = readCheckpoint(shown.checkpoint);
  const pinned = await readKey(key);
  const keys = pinned.name === next.origin ? await trustedKeys(pinned, shown.endorsements) : [];
  if (!(await signedByOne(keys, shown.checkpoint))) throw new Wrong("signature_wrong");
  if (kept) {
    const last = readCheckpoint(kept.note);
    if (next.size < last.size) throw new Wrong("shorter");
    const proof = shown.consistency?.map(unbase64);
    if (!proof || proof.includes(null) || !(await isConsistent(last.size, last.root, next.size, next.root, proof))) throw new Wrong("forked");
  }
  return { key, note: shown.checkpoint };
}

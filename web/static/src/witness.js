// A witness of the sealed log: keeps the last checkpoint that it saw, and takes the next one only with a proof that it adds to it.
// After a restore the log goes on in a new epoch: that, too, it takes only with a signed note, and never without a person's yes.

import { Wrong, isConsistent, readCheckpoint, readEpoch, readKey, signedByOne, trustedKeys, unbase64 } from "web/sealedlog.js";

/**
 * The log was returned to an earlier state, and says so as it must; whether that is accepted, a person decides. `reason`: "new_epoch", or
 * "new_key" where the log's key was lost and no earlier one stands behind the new. `missing`: transactions at most; `returnedTo`: Date.
 */
export class NewEpoch extends Wrong {
  constructor(facts) {
    super(facts.isNewKey ? "new_key" : "new_epoch");
    Object.assign(this, facts);
  }
}

/**
 * What to keep after the server has shown a newer state of the log.
 *
 * `kept`: {key, note, before} from before, or null for whoever sees the log for the first time and pins its key; `before`: notes that
 * were given up with earlier epochs, as evidence.
 * `shown`: {key, endorsements, checkpoint, consistency, epochs}; consistency: base64 from the kept size, null if the log knows no such
 * size; epochs: [{note, consistency}], each from where that epoch goes on. `accepts`: a person said yes to the new epoch.
 * Throws Wrong: "signature_wrong", "shorter" (leaves are gone) or "forked" (the past is another one), and NewEpoch.
 */
export async function follow(kept, shown, { accepts = false } = {}) {
  const key = kept?.key ?? shown.key;
  const next = readCheckpoint(shown.checkpoint);
  const last = kept && readCheckpoint(kept.note);
  const pinned = await readKey(key);
  const keys = pinned.name === next.origin ? await trustedKeys(pinned, shown.endorsements) : [];
  if (last && next.epoch > last.epoch) {
    const begun = await newEpoch(last, next, shown, keys);
    if (!accepts) throw new NewEpoch(begun);
    return { key: begun.isNewKey ? begun.key : key, note: shown.checkpoint, before: [...(kept.before ?? []), kept.note] };
  }
  if (!(await signedByOne(keys, shown.checkpoint))) throw new Wrong("signature_wrong");
  if (last) {
    if (next.epoch < last.epoch) throw new Wrong("forked");
    if (next.size < last.size) throw new Wrong("shorter");
    if (!(await adds(last, next, shown.consistency))) throw new Wrong("forked");
  }
  return { key, note: shown.checkpoint, ...(kept?.before && { before: kept.before }) };
}

/** Whether `next` only adds to `from`, by a proof as it is shown. */
async function adds(from, next, consistency) {
  const proof = consistency?.map(unbase64);
  return Boolean(proof) && !proof.includes(null) && (await isConsistent(from.size, from.root, next.size, next.root, proof));
}

/** What the notes of the epochs since `last` say together: each signed, in order, and `next` goes on from where each began. Throws Wrong. */
async function newEpoch(last, next, shown, keys) {
  const steps = [];
  let own = null; // a key that no earlier one stands behind
  for (const { note, consistency } of shown.epochs ?? []) {
    const epoch = await readEpoch(note);
    if (epoch.number <= last.epoch) continue;
    if (epoch.origin !== last.origin || epoch.number !== last.epoch + steps.length + 1) throw new Wrong("forked");
    if (!(await signedByOne(keys, note))) {
      own = epoch.key;
      keys = await trustedKeys(own, shown.endorsements);
      if (!(await signedByOne([own], note))) throw new Wrong("signature_wrong");
    }
    if (!(await adds(epoch, next, consistency))) throw new Wrong("forked");
    steps.push(epoch);
  }
  if (last.epoch + steps.length !== next.epoch) throw new Wrong("forked");
  if (!(await signedByOne(keys, shown.checkpoint))) throw new Wrong("signature_wrong");
  const earliest = steps.reduce((one, other) => (other.size < one.size ? other : one));
  if (last.size <= earliest.size && !(await adds(last, next, shown.consistency))) throw new Wrong("forked"); // it saw nothing of what is gone
  steps[0].largest = Math.max(steps[0].largest, last.size);
  const missing = steps.reduce((sum, { largest, size }) => sum + largest - size, 0);
  return { missing, returnedTo: earliest.returnedTo, size: earliest.size, isNewKey: own !== null, key: own?.text };
}

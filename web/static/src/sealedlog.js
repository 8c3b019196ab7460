// The sealed log, checked by whoever holds a phone: hashes, proofs, checkpoints (docs/reference/sealed-log.md, sections 2 and 3).
// It trusts nothing that the server says but a key that was pinned. Bytes are Uint8Array; needs a secure page (WebCrypto).

import { verifyAsync } from "@noble/ed25519"; // one way for all: WebCrypto's own Ed25519 is too young for many phones

/** It does not hold. `reason`: the first thing that does not, by the names of sealed-log.md. */
export class Wrong extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

const utf8 = new TextEncoder();

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Base64 as it is written, without spaces or missing signs; null for anything else. */
export function unbase64(text) {
  if (typeof text !== "string" || text.length % 4 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  try {
    const plain = atob(text);
    return btoa(plain) === text ? Uint8Array.from(plain, (sign) => sign.charCodeAt(0)) : null; // one spelling only
  } catch {
    return null;
  }
}

export function same(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

// The tree (RFC 9162, 2.1). Sizes pass 2^31, so no bit operators.

export function leafHash(data) {
  return sha256(concat(Uint8Array.of(0), data));
}

export function nodeHash(left, right) {
  return sha256(concat(Uint8Array.of(1), left, right));
}

const half = (number) => Math.floor(number / 2);

/** Of each of `count` hashes on the way up from place `here` whether it stands left; null: so many do not lead to the top. */
function sides(here, last, count) {
  const found = [];
  for (let step = 0; step < count; step++) {
    if (last === 0) return null;
    const isLeft = here % 2 === 1 || here === last;
    while (isLeft && here && here % 2 === 0) [here, last] = [half(here), half(last)];
    found.push(isLeft);
    [here, last] = [half(here), half(last)];
  }
  return last === 0 ? found : null;
}

/** Check an inclusion proof against a root that one trusts (2.1.3.2). */
export async function isIncluded(hashOfLeaf, index, size, proof, root) {
  const turns = index >= 0 && index < size ? sides(index, size - 1, proof.length) : null;
  if (!turns) return false;
  let digest = hashOfLeaf;
  for (const [step, sibling] of proof.entries()) digest = await (turns[step] ? nodeHash(sibling, digest) : nodeHash(digest, sibling));
  return same(digest, root);
}

/** Check that the tree with `root` only adds to the one with `oldRoot` (2.1.4.2). */
export async function isConsistent(old, oldRoot, size, root, proof) {
  if (old === 0 || old === size) return proof.length === 0 && same(oldRoot, old === 0 ? await sha256(new Uint8Array()) : root);
  if (!(old > 0 && old < size && proof.length)) return false;
  let [here, last] = [old - 1, size - 1];
  while (here % 2) [here, last] = [half(here), half(last)];
  const hashes = here === 0 ? [oldRoot, ...proof] : proof; // a whole subtree of the new tree is not told again
  const turns = sides(here, last, hashes.length - 1);
  if (!turns) return false;
  let [ofOld, ofNew] = [hashes[0], hashes[0]];
  for (const [step, sibling] of hashes.slice(1).entries()) {
    if (turns[step]) ofOld = await nodeHash(sibling, ofOld);
    ofNew = await (turns[step] ? nodeHash(sibling, ofNew) : nodeHash(ofNew, sibling));
  }
  return same(ofOld, oldRoot) && same(ofNew, root);
}

// Signed notes (C2SP), keys and checkpoints.

/** The text that was signed, and name, id and signature of each line below it. */
function split(note) {
  const gap = note.lastIndexOf("\n\n");
  if (gap < 0 || !note.endsWith("\n") || note.length === gap + 2) throw new Wrong("note_malformed");
  const signatures = note
    .slice(gap + 2, -1)
    .split("\n")
    .map((line) => {
      const [, name, encoded] = line.match(/^\u2014 ([^ ]+) (.*)$/) ?? [];
      const value = unbase64(encoded);
      if (!value || value.length < 5) throw new Wrong("signature_malformed");
      return { name, id: hex(value.slice(0, 4)), signature: value.slice(4) };
    });
  return { text: note.slice(0, gap + 1), signatures };
}

/** A key from its text form `name+id+key`: {name, id, raw, text}. */
export async function readKey(text) {
  const [, name, id, encoded] = text.match(/^([^+]+)\+([^+]+)\+(.*)$/) ?? [];
  const raw = unbase64(encoded);
  if (!raw || raw.length !== 33 || raw[0] !== 1) throw new Wrong("key_malformed");
  if (hex((await sha256(concat(utf8.encode(`${name}\n`), raw))).slice(0, 4)) !== id) throw new Wrong("key_id_wrong");
  return { name, id, raw: raw.slice(1), text };
}

/** Whether one of the signatures below `note` is good and is this key's. */
export async function hasSigned(key, note) {
  const { text, signatures } = split(note);
  for (const { name, id, signature } of signatures) {
    if (name !== key.name || id !== key.id || signature.length !== 64) continue;
    if (await verifyAsync(signature, utf8.encode(text), key.raw, { zip215: false })) return true;
  }
  return false;
}

/** A number as it is written: no sign, no zero in front. Else null. */
function count(text) {
  return /^(0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null;
}

/** What a signed note says, {origin, size, root, epoch}; its signatures are not checked here. */
export function readCheckpoint(note) {
  const lines = split(note).text.split("\n");
  const [root, size] = [unbase64(lines[2]), count(lines[1])];
  if (lines.length < 4 || !lines[0] || size === null || root?.length !== 32) throw new Wrong("checkpoint_malformed");
  const epoch = lines[3].startsWith("epoch ") ? count(lines[3].slice(6)) : 1;
  if (epoch === null || (epoch < 2 && lines[3].startsWith("epoch "))) throw new Wrong("checkpoint_malformed");
  return { origin: lines[0], size, root, epoch };
}

/** What the note of a new epoch says (section 6), {origin, number, size, root, largest, returnedTo, key}; not who signed it. */
export async function readEpoch(note) {
  const lines = split(note).text.split("\n");
  const [number, size, largest, root] = [count(lines[2]), count(lines[3]), count(lines[5]), unbase64(lines[4])];
  const isWhole = lines.length === 9 && lines[0] && lines[1] === "new epoch" && number >= 2 && size !== null && largest >= size && largest !== null;
  const returnedTo = new Date(lines[6]);
  if (!isWhole || root?.length !== 32 || !/^[-\d]{10}T[:\d]{8}Z$/.test(lines[6]) || Number.isNaN(+returnedTo)) throw new Wrong("epoch_malformed");
  const key = await readKey(lines[7]);
  if (key.name !== lines[0]) throw new Wrong("epoch_malformed");
  return { origin: lines[0], number, size, root, largest, returnedTo, key };
}

/** The pinned key and all to which endorsements lead from it, oldest first; the rest of them counts for nothing. */
export async function trustedKeys(pinned, endorsements) {
  const trusted = [pinned];
  for (const note of endorsements) {
    try {
      const lines = split(note).text.split("\n");
      if (lines.length !== 4 || lines[0] !== pinned.name || lines[1] !== "next key") continue;
      if (await signedByOne(trusted, note)) trusted.push(await readKey(lines[2]));
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
    }
  }
  return trusted;
}

/** The first of `keys` that signed `note`, or null. */
export async function signedByOne(keys, note) {
  for (const key of keys) if (await hasSigned(key, note)) return key;
  return null;
}

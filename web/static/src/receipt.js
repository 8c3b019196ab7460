// The proof of a receipt, checked in the browser (docs/reference/sealed-log.md, sections 1, 4 and 5). Whole numbers are BigInt.

import { Wrong, concat, isIncluded, leafHash, readCheckpoint, readKey, signedByOne, trustedKeys, unbase64 } from "web/sealedlog.js";

const FORMAT = "meguri receipt proof 1";
const FILE_MAX_BYTES = 1_000_000; // of a slip as PDF
const PROOF_MAX_BYTES = 100_000;
const ATTACHED_MAX = 20;
const MAGIC = [0x4d, 0x47, 0x54, 0x58, 1];
const FIRST_US = -62135596800000000n; // the years 1 to 9999, as every other reader of these bytes
const LAST_US = 253402300799999999n;

/** The transaction that these bytes are. Throws Wrong for bytes that no encoder would write. */
export function decode(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  const take = (count) => {
    if (at + count > data.length) throw new Wrong("transaction_malformed");
    at += count;
    return at - count;
  };
  const number = () => view.getBigInt64(take(8));
  const name = () => {
    const length = data[take(1)];
    const from = take(length);
    const letters = data.subarray(from, from + length);
    if (letters.some((letter) => letter > 127)) throw new Wrong("transaction_malformed");
    return String.fromCharCode(...letters);
  };
  const leg = () => ({ accountId: number(), role: name(), ownerId: number(), seriesId: number(), unit: number(), amount: number() });

  const magic = take(MAGIC.length);
  if (MAGIC.some((byte, place) => data[magic + place] !== byte)) throw new Wrong("transaction_malformed");
  const [districtId, transactionId, postedAtUs] = [number(), number(), number()];
  const kind = name();
  take(32 + 32); // the hashes of key and command
  const [refersTo, holdId] = [number(), number()];
  take(32); // the hash of the facts
  const lines = view.getInt16(take(2));
  const legs = Array.from({ length: Math.max(lines, 0) }, leg);
  if (lines < 0 || at !== data.length || postedAtUs < FIRST_US || postedAtUs > LAST_US) throw new Wrong("transaction_malformed");
  const postedAt = new Date(Number((postedAtUs - FIRST_US) / 1000n + FIRST_US / 1000n)); // rounded down, also before 1970
  return { districtId, transactionId, postedAt, kind, refersTo, holdId, legs };
}

/** The proof that a file is (bytes), or that is attached to it if it is a PDF. Throws Wrong. */
export async function fromFile(data) {
  if (data.length > FILE_MAX_BYTES) throw new Wrong("too_large");
  const signs = new TextDecoder("latin1").decode(data); // one sign a byte, to find places in it
  if (!signs.startsWith("%PDF-")) return utf8(data);
  for (const { index } of [...signs.matchAll(/\/EmbeddedFile\b/g)].slice(0, ATTACHED_MAX)) {
    const stream = signs.indexOf("stream", index);
    const head = signs.slice(signs.lastIndexOf("obj", index), stream);
    const begin = signs.indexOf("\n", stream) + 1;
    const body = data.slice(begin, signs.indexOf("endstream", begin));
    const text = await attached(body, head.includes("/FlateDecode"));
    if (text.includes(FORMAT)) return text;
  }
  throw new Wrong("no_proof");
}

function utf8(data) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(data);
  } catch {
    throw new Wrong("malformed");
  }
}

/** An attached file as text; empty if it cannot be read. What stands behind the packed bytes (a line feed) does not matter. */
async function attached(body, isPacked) {
  const reader = (isPacked ? new Blob([body]).stream().pipeThrough(new DecompressionStream("deflate")) : new Blob([body]).stream()).getReader();
  let read = new Uint8Array();
  try {
    for (let part = await reader.read(); !part.done && read.length < PROOF_MAX_BYTES; part = await reader.read()) read = concat(read, part.value);
  } catch {
    // told apart below: a whole proof, or not
  }
  try {
    return utf8(read);
  } catch {
    return "";
  }
}

/** What a file holds. Throws Wrong("too_large", "malformed"). */
export function read(text) {
  if (text.length > PROOF_MAX_BYTES) throw new Wrong("too_large");
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Wrong("malformed");
  }
  const list = (value) => Array.isArray(value) && value.every((each) => typeof each === "string");
  const known = found?.format === FORMAT && Number.isSafeInteger(found.place) && typeof found.checkpoint === "string";
  if (!known || !list(found.proof) || !list(found.endorsements)) throw new Wrong("malformed");
  const proof = found.proof.map(unbase64);
  const encoded = unbase64(found.transaction);
  if (!encoded || proof.includes(null)) throw new Wrong("malformed");
  return { encoded, place: found.place, proof, note: found.checkpoint, endorsements: found.endorsements };
}

/** What the receipt proves to whoever trusts one of `pins` (texts): {transaction, checkpoint, key}. Throws Wrong. */
export async function check(receipt, pins) {
  const transaction = decode(receipt.encoded);
  const checkpoint = readCheckpoint(receipt.note);
  let signedBy = null;
  for (const pin of await Promise.all(pins.map(readKey))) {
    if (pin.name === checkpoint.origin) signedBy ??= await signedByOne(await trustedKeys(pin, receipt.endorsements), receipt.note);
  }
  if (!signedBy) throw new Wrong("signature_wrong");
  if (!checkpoint.origin.endsWith(`/ledger/${transaction.districtId}`)) throw new Wrong("other_district");
  const leaf = await leafHash(receipt.encoded);
  if (!(await isIncluded(leaf, receipt.place, checkpoint.size, receipt.proof, checkpoint.root))) throw new Wrong("not_included");
  return { transaction, checkpoint, key: signedBy };
}

/** Yen that consumers gave or got (BigInt); where none is part of it, that moved at all. */
export function amountOf({ legs }) {
  const inYen = legs.filter(({ unit }) => unit === 0n);
  const ofConsumers = inYen.filter(({ role }) => role === "consumer");
  const given = (ofConsumers.length ? ofConsumers : inYen).map(({ amount }) => amount);
  const [into, out] = [1n, -1n].map((sign) => given.reduce((sum, each) => (each * sign > 0n ? sum + each * sign : sum), 0n));
  return into > out ? into : out;
}

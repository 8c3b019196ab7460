// The proof of a receipt, checked in the browser (docs/reference/sealed-log.md, sections 1, 4 and 5). Whole numbers are BigInt.

import { Wrong, isIncluded, leafHash, readCheckpoint, readKey, signedByOne, trustedKeys, unbase64 } from "web/sealedlog.js";

const FORMAT = "meguri receipt proof 1";
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

/** What a file holds. Throws Wrong("malformed"). */
export function read(text) {
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

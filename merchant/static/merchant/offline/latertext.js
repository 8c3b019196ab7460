// The text of あとで払うQR, written in the one way that merchant/rules/later.py reads; how it is made up stands there
// (tests/vectors/offline/later.json).

import { RATES } from "../register/totals.js";

const [VERSION, KIND, TAG_BYTES] = [2, 3, 12];
const DOMAIN = `meguri-later-v${VERSION}\0`;
const ROUNDINGS = ["floor", "half_up", "ceil"];
const [TYPED, BAG] = [0, 1]; // an article is its number and one

const bytesOf = (text) => new TextEncoder().encode(text);

/** A number in sevens of bits, the smallest first; beyond 32 bits, too. */
function number(value) {
  const bytes = [];
  for (; value > 0x7f; value = Math.floor(value / 0x80)) bytes.push(0x80 + (value % 0x80));
  return [...bytes, value];
}

const fourBytes = (value) => [...new Uint8Array(new Uint32Array([value]).buffer)].reverse();

/** `sold`: {bill, mode, rounding, bag}, the bill as the basket has it; `bag`: what the bag is called. */
function billOf({ bill, mode, rounding, bag }) {
  const counted = (bill.eat_in ? 1 : 0) + (mode === "exclusive" ? 2 : 0) + 4 * ROUNDINGS.indexOf(rounding);
  const what = ({ article, name }) => (article === null ? (name === bag ? BAG : TYPED) : article + 1);
  const lines = bill.lines.flatMap((line) => [what(line), 3 * line.qty + RATES.indexOf(line.rate), line.price]);
  const offs = bill.offs.flatMap(({ line, amount, percent }) => [2 * (line === null ? 0 : line + 1) + (amount === null ? 1 : 0), amount ?? percent]);
  return [counted, ...[bill.lines.length, ...lines, ...offs].flatMap(number)];
}

/** `asked`: {till, log, number, made (seconds), amounts by RATES, sold}; without `sold` the text does not say what was sold. */
export async function written(secret, { till, log, number: place, made, amounts, sold = null }) {
  const numbers = [till, log, place].flatMap(number);
  const body = [VERSION, KIND, ...numbers, ...fourBytes(made), ...amounts.flatMap(number), ...(sold ? billOf(sold) : [])];
  const raw = await crypto.subtle.digest("SHA-256", bytesOf(secret));
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const tag = new Uint8Array(await crypto.subtle.sign("HMAC", key, new Uint8Array([...bytesOf(DOMAIN), ...body])));
  const text = btoa(String.fromCharCode(...body, ...tag.subarray(0, TAG_BYTES)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The same with what was `sold`, where that is no longer than `most`: {said, isNamed}. */
export async function fitting(secret, asked, sold, most) {
  const whole = await written(secret, { ...asked, sold });
  const isNamed = whole.length <= most;
  return { said: isNamed ? whole : await written(secret, asked), isNamed };
}

// 割り勘: a bill in parts that come to it, to the yen. A part is a bill of its own, its prices with tax; its tax is counted on its receipt.

import { inProportion, workOut } from "./totals.js";

const numbers = (parts) => parts.map(Number);

/** `amount` over lines by what is left of them; where nothing is, evenly. */
function spread(amount, left) {
  return numbers(inProportion(BigInt(amount), left.some((each) => each > 0) ? left.map(BigInt) : left.map(() => 1n)));
}

/** What each line of a bill came to, discounts taken off and tax and all: together its total. As merchant/rules/slip.py finds it. */
export function grossByLine(bill, mode, rounding) {
  const sums = workOut(bill, mode, rounding);
  const left = bill.lines.map(({ qty, price }) => qty * price);
  const of = (rate) => bill.lines.flatMap((line, place) => (line.rate === rate ? [place] : []));
  bill.offs.forEach((off, place) => {
    if (off.line !== null) left[off.line] -= sums.offs[place];
    else for (const [rate, part] of sums.shares[place]) spread(part, of(rate).map((each) => left[each])).forEach((yen, at) => (left[of(rate)[at]] -= yen));
  });
  const gross = left.map(() => 0);
  for (const { rate, gross: yen } of sums.byRate) spread(yen, of(rate).map((each) => left[each])).forEach((part, at) => (gross[of(rate)[at]] = part));
  return gross;
}

const share = (line, qty, price, rate) => ({ ...line, qty, out: { price, rate }, here: { price, rate }, apart: true });

/** The lines of a basket at what they came to; pieces of one line may differ by a yen, and are two lines then. */
export function flat(basket, mode, rounding) {
  const bill = basket.bill;
  const gross = grossByLine(bill, mode, rounding);
  return basket.lines.flatMap((line, place) => {
    const price = Math.floor(gross[place] / line.qty);
    const dearer = gross[place] - price * line.qty;
    const { rate } = bill.lines[place];
    return [share(line, line.qty - dearer, price, rate), share(line, dearer, price + 1, rate)].filter(({ qty }) => qty);
  });
}

const content = (lines) => ({ lines, offs: [], eatIn: false, inside: true });

/** Two bills: so many pieces of each line, and the rest. */
export function byItems(lines, taken) {
  const part = (of) => content(lines.map((line, place) => ({ ...line, qty: of(line, place) })).filter(({ qty }) => qty));
  return [part((_, place) => taken[place]), part((line, place) => line.qty - taken[place])];
}

/** A bill for each of `count` people: their part of each rate, the odd yen to the first. `named(place)`: what its lines are called. */
export function evenly(bill, count, mode, rounding, named) {
  const { byRate } = workOut(bill, mode, rounding);
  const parts = byRate.map(({ rate, gross }) => ({ rate, yen: numbers(inProportion(BigInt(gross), Array(count).fill(1n))) }));
  return Array.from({ length: count }, (_, place) =>
    content(
      parts
        .filter(({ yen }) => yen[place])
        .map(({ rate, yen }) => share({ article: null, name: named(place + 1), isHere: bill.eat_in }, 1, yen[place], rate)),
    ),
  );
}

export const sumOf = (part) => part.lines.reduce((sum, { qty, out }) => sum + qty * out.price, 0);

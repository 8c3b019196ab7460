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

const share = (line, qty, price, rate, off) => ({ ...line, qty, off, out: { price, rate }, here: { price, rate }, apart: true });

/** What each of `count` bears of a sum before discounts and after them, the odd yen first: [before, after] of each, never more after. */
function eachOf(count, before, after) {
  const part = (sum, place) => Math.floor(sum / count) + (place < sum % count ? 1 : 0);
  return Array.from({ length: count }, (_, place) => [part(before, place), part(after, place)]);
}

/** The lines of a basket, each piece with its discounts in `off`, tax and all; pieces of one line may differ by a yen, and are several then. */
export function flat(basket, mode, rounding) {
  const bill = basket.bill;
  const [before, after] = [grossByLine({ ...bill, offs: [] }, mode, rounding), grossByLine(bill, mode, rounding)];
  return basket.lines.flatMap((line, place) => {
    const { rate } = bill.lines[place];
    const lines = [];
    for (const [price, paid] of eachOf(line.qty, Math.max(before[place], after[place]), after[place])) {
      const last = lines.at(-1);
      if (last?.out.price === price && last.off === price - paid) last.qty++;
      else lines.push(share(line, 1, price, rate, price - paid));
    }
    return lines;
  });
}

/** The same lines at what they came to. */
export const net = ({ off, ...line }) => share(line, line.qty, line.out.price - off, line.out.rate, 0);

function content(lines) {
  const offs = lines.flatMap(({ qty, off }, line) => (off ? [{ line, amount: qty * off, percent: null }] : []));
  return { lines, offs, eatIn: false, inside: true };
}

/** Two bills: so many pieces of each line, and the rest. */
export function byItems(lines, taken) {
  const part = (of) => content(lines.map((line, place) => ({ ...line, qty: of(line, place) })).filter(({ qty }) => qty));
  return [part((_, place) => taken[place]), part((line, place) => line.qty - taken[place])];
}

/** A bill for each of `count` people: their part of each rate and of its discounts, the odd yen to the first. `named(place)`: what its
 * lines are called. */
export function evenly(bill, count, mode, rounding, named) {
  const before = new Map(workOut({ ...bill, offs: [] }, mode, rounding).byRate.map(({ rate, gross }) => [rate, gross]));
  const rates = workOut(bill, mode, rounding).byRate.map(({ rate, gross }) => ({ rate, yen: eachOf(count, before.get(rate), gross) }));
  return Array.from({ length: count }, (_, place) =>
    content(
      rates
        .filter(({ yen }) => yen[place][0])
        .map(({ rate, yen }) => {
          const [price, paid] = yen[place];
          return share({ article: null, name: named(place + 1), isHere: bill.eat_in }, 1, price, rate, price - paid);
        }),
    ),
  );
}

/** Several parts as one bill again, with their discounts of lines. */
export function together(parts) {
  const lines = parts.flatMap((part) => part.lines);
  const starts = parts.map((_, place) => parts.slice(0, place).reduce((sum, part) => sum + part.lines.length, 0));
  const offs = parts.flatMap((part, place) => part.offs.flatMap((off) => (off.line === null ? [] : [{ ...off, line: off.line + starts[place] }])));
  return { lines, offs };
}

export const sumOf = (part) => part.lines.reduce((sum, { qty, out }) => sum + qty * out.price, 0) - part.offs.reduce((sum, { amount }) => sum + amount, 0);

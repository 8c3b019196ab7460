// What a bill comes to, as merchant/rules counts it: whole yen, tax rounded once a rate, discounts over the rates to the yen.
// The server counts again; where the two differ nothing is sold.

export const RATES = [10, 8, 0];
const ROUND = {
  floor: (top, bottom) => top / bottom,
  ceil: (top, bottom) => (top + bottom - 1n) / bottom,
  half_up: (top, bottom) => (2n * top + bottom) / (2n * bottom),
};

/** `amount` over `shares` in proportion; odd yen to the largest remainders, the first named before the later ones. */
export function inProportion(amount, shares) {
  const whole = shares.reduce((sum, each) => sum + each, 0n);
  if (!whole) return shares.map(() => 0n);
  const parts = shares.map((share) => (amount * share) / whole);
  let odd = amount - parts.reduce((sum, each) => sum + each, 0n);
  const rest = (place) => (amount * shares[place]) % whole;
  const order = shares.map((_, place) => place).sort((a, b) => (rest(a) === rest(b) ? a - b : rest(a) < rest(b) ? 1 : -1));
  for (const place of order) if (odd > 0n) [parts[place], odd] = [parts[place] + 1n, odd - 1n];
  return parts;
}

function row(rate, amount, mode, rounding) {
  const inside = mode === "inclusive";
  const tax = ROUND[rounding](amount * BigInt(rate), inside ? BigInt(100 + rate) : 100n);
  return inside ? { rate, gross: amount, tax } : { rate, gross: amount + tax, tax };
}

/** `bill`: lines of {qty, price, rate} and offs of {line, amount, percent}. `offs`: yen of each, `shares`: [rate, yen] of each; `wrong`: a
 * discount beyond what is left. */
export function workOut(bill, mode, rounding) {
  const ofLines = bill.lines.map((line) => BigInt(line.qty) * BigInt(line.price));
  const left = new Map(RATES.filter((rate) => bill.lines.some((line) => line.rate === rate)).map((rate) => [rate, 0n]));
  bill.lines.forEach((line, index) => left.set(line.rate, left.get(line.rate) + ofLines[index]));
  let wrong = false;
  const shares = [];
  const offs = bill.offs.map((off) => {
    const whole = [...left.values()].reduce((sum, each) => sum + each, 0n);
    const base = off.line === null ? whole : ofLines[off.line];
    const yen = off.amount === null ? (base * BigInt(off.percent)) / 100n : BigInt(off.amount);
    const most = off.line === null ? whole : [base, left.get(bill.lines[off.line].rate)].reduce((a, b) => (a < b ? a : b));
    if (yen > most) {
      wrong = true;
      shares.push([]);
      return 0;
    }
    if (off.line === null) {
      const rates = [...left.keys()];
      const parts = inProportion(yen, [...left.values()]);
      parts.forEach((part, place) => left.set(rates[place], left.get(rates[place]) - part));
      shares.push(parts.map((part, place) => [rates[place], Number(part)]));
    } else {
      ofLines[off.line] -= yen;
      shares.push([[bill.lines[off.line].rate, Number(yen)]]);
      left.set(bill.lines[off.line].rate, left.get(bill.lines[off.line].rate) - yen);
    }
    return Number(yen);
  });
  const byRate = [...left].map(([rate, amount]) => row(rate, amount, mode, rounding));
  const sum = (name) => Number(byRate.reduce((all, each) => all + each[name], 0n));
  return {
    byRate: byRate.map((each) => ({ rate: each.rate, gross: Number(each.gross), tax: Number(each.tax) })),
    offs,
    shares,
    wrong,
    total: sum("gross"),
    tax: sum("tax"),
  };
}

// A receipt as data, made without a network: the same names and the same figures as merchant/rules/slip.py makes, which the server
// makes again of it when it arrives. For cash only.

import { workOut } from "../register/totals.js";

const FORM = 1;
const SERIES = 1_000_000_000;
const STAMP_FROM = 50_000; // yen without tax, from which a paper receipt for money needs a stamp

/** A moment as a receipt says it: UTC, whole seconds. */
export function stamped(ms) {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** `grant`: what the server said when the log was opened; `sale`: {bill, mode, rounding, received}; `seq`: its entry in the log. */
export function receipt(grant, sale, seq, at) {
  const { shop, till, staff, log } = grant;
  const { bill, mode, rounding, received } = sale;
  const sums = workOut(bill, mode, rounding);
  const kept = bill.offs.map((off, place) => ({ off, yen: sums.offs[place], shares: sums.shares[place] })).filter(({ yen }) => yen > 0);
  return {
    form: FORM,
    kind: "sale",
    shop,
    till,
    serial: log * SERIES + seq,
    number: `${shop.number}-${till.id}-O${log}-${String(seq).padStart(6, "0")}`,
    staff: staff?.name ?? null,
    at: stamped(at),
    of: null,
    lines: bill.lines.map(({ name, qty, price, rate, article }) => [name, qty, price, rate, article]),
    offs: bill.offs.map(({ line, amount, percent }) => [line, amount, percent]),
    eat_in: bill.eat_in,
    mode,
    rounding,
    amounts: bill.lines.map(({ qty, price }) => qty * price),
    discounts: kept.map(({ off, yen, shares }) => ({ line: off.line, amount: yen, percent: off.percent, shares })),
    by_rate: sums.byRate.map(({ rate, gross, tax }) => [rate, gross, tax, gross - tax]),
    total: sums.total,
    tax: sums.tax,
    paid: [{ kind: "cash", amount: sums.total, name: "現金", name_en: "Cash", number: null }],
    received: Math.max(received, sums.total),
    change: Math.max(received - sums.total, 0),
    stamp: sums.total - sums.tax >= STAMP_FROM,
  };
}

// 紙の券 for a bill of 商品レジ: the form carries the bill that is open in this tab, and once tickets have paid it, it is no bill any more.

import { settle } from "./bills.js";

const KEPT = "meguri.tickets.bill";

/** Keep a bill for the page that reads the tickets. `bill`: as the server takes it; `slot`, `content`: where and how it is open; `next`:
 * what is open there once it is paid, or null. */
export function keepBill(bill, slot, content, next) {
  sessionStorage.setItem(KEPT, JSON.stringify({ bill, slot, content, next }));
}

const asRows = ({ lines }) => JSON.stringify(lines.map(({ name, qty, price, rate, article }) => [name, qty, price, rate, article]));

function meet() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  const field = document.querySelector("[data-open-bill]");
  if (field && kept) field.value = JSON.stringify(kept.bill);
  const paid = document.querySelector("[data-paid-bill]");
  if (!paid || !kept || JSON.stringify(JSON.parse(paid.dataset.paidBill)) !== asRows(kept.bill)) return;
  settle(kept.slot, kept.content, kept.next);
  sessionStorage.removeItem(KEPT);
}

document.addEventListener("till:page", meet);
meet();

// Fills the empty forms that the page brings along with what the book says of a payment.

import { timeOfDay } from "web/clock.js";
import { grouped } from "./sum.js";

/** A copy of the page's <template data-NAME>. */
export function form(name) {
  return document.querySelector(`template[data-${name}]`).content.cloneNode(true);
}

function slots(root, name) {
  return root.querySelectorAll(`[data-slot="${name}"]`);
}

/** Put a payment into its slots: amount (all but the cash), the cash beside it, what a coupon took off it, what a card has left, word, customer,
 * number, time, way, links. */
export function fill(root, sale) {
  for (const data of slots(root, "amount")) {
    data.value = sale.amount;
    data.classList.toggle("amount--long", sale.amount >= 1_000_000);
    data.querySelector(".amount__n").textContent = grouped(sale.amount);
  }
  for (const data of slots(root, "left")) {
    data.value = sale.left ?? "";
    data.querySelector(".amount__n").textContent = sale.left === undefined ? "" : grouped(sale.left);
  }
  for (const part of slots(root, "real")) part.hidden = !document.querySelector("[data-practice]");
  for (const part of slots(root, "mixed")) part.hidden = !sale.cash;
  for (const name of ["cash", "total"]) {
    for (const data of slots(root, name)) {
      data.value = sale[name] ?? "";
      data.querySelector(".amount__n").textContent = grouped(sale[name] ?? "");
    }
  }
  for (const name of ["word", "customer", "number", "count"]) for (const element of slots(root, name)) element.textContent = sale[name] ?? "";
  for (const time of slots(root, "time")) time.textContent = timeOfDay(sale.at, time.closest(".came") ? "minutes" : "seconds");
  for (const way of slots(root, "way")) way.textContent = root.querySelector("[data-ways]")?.content.querySelector(`[data-way="${sale.way}"]`)?.textContent ?? "";
  for (const link of slots(root, "href")) link.href = `/till/sales/${sale.id}`;
  for (const part of slots(root, "coupon")) part.hidden = !sale.discount;
  for (const part of slots(root, "discount")) part.textContent = grouped(sale.discount ?? 0);
  for (const link of slots(root, "undo")) link.href = `/till/sales/${sale.id}/refund?amount=${sale.amount - (sale.discount ?? 0)}${sale.cash ? `&cash=${sale.cash}` : ""}`;
  for (const shop of slots(root, "shop")) shop.textContent = document.querySelector(".brand span")?.textContent ?? "";
  return root;
}

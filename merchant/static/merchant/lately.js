// The last three arrivals on the keypad page; pressed, one speaks again.

import { place } from "./place.js";
import { fill, form } from "./slots.js";
import { sound } from "./voice.js";

const SHOWN = 3;

function add(sale) {
  const list = document.querySelector("[data-arrivals]");
  if (!list || sale.kind !== "payment" || list.querySelector(`[data-sale="${sale.id}"]`)) return;
  const row = fill(form("arrival-row"), sale).firstElementChild;
  row.dataset.sale = sale.id;
  row.querySelector("[data-again]").dataset.amount = sale.amount;
  list.prepend(row);
  for (const old of [...list.children].slice(SHOWN)) old.remove();
  const none = document.querySelector("[data-none]");
  if (none) none.hidden = true;
}

if (place()) {
  document.addEventListener("till:sale", (event) => add(event.detail));
  document.addEventListener("click", (event) => {
    const again = event.target.closest("[data-again]");
    if (again) sound(Number(again.dataset.amount));
  });
}

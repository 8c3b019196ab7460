// いつもより大きい金額です: a slip of one digit is asked about before it is shown to a customer. Once for an entry, and a yes
// goes on at once; it never blocks, and where the shop has no usual amount it never asks.

import { play } from "web/sound.js";
import { grouped } from "./sum.js";

let sure = null; // the amount of the present entry to which somebody has said yes

/** Whether an amount is asked about: above the shop's usual, and not said yes to already. All in yen. */
export function asks(amount, above, said) {
  return Number(above) > 0 && amount > Number(above) && amount !== said;
}

/** Another entry: what was said about the one before does not count any more. */
export function forget() {
  sure = null;
}

/** Whether the page would ask about this amount now. */
export function isUnusual(amount, above) {
  return asks(amount, above, sure) && document.querySelector("[data-unusual]") !== null;
}

/** True at once, or once somebody has said yes; false when they want to type anew. `above`: the page's own limit, or "". */
export function isMeant(amount, above) {
  if (!isUnusual(amount, above)) return Promise.resolve(true);
  const sheet = document.querySelector("[data-unusual]");
  play("question");
  sheet.querySelector("[data-unusual-amount]").value = amount;
  sheet.querySelector(".amount__n").textContent = grouped(amount);
  sheet.querySelector("[data-unusual-words]").textContent = grouped(amount);
  sure = null;
  sheet.showModal();
  return new Promise((answer) => {
    sheet.querySelector("[data-unusual-yes]").onclick = () => {
      sure = amount;
      sheet.close();
    };
    sheet.querySelector("[data-unusual-no]").onclick = () => sheet.close();
    sheet.onclose = () => answer(sure === amount); // by a button, by Escape, by a touch beside it
  });
}

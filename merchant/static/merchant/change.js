// お釣り at an agent's tablet: while the cash is typed, what goes back stands beside it. Nothing here decides.
// <… data-change="amount"> with a field `received`, [data-change-notes] and [data-change-back] with its [data-change-short].

import { grouped } from "web/money.js";

/** What goes back in whole yen, below zero what is missing; null for nothing typed. */
export function change(amount, typed) {
  const digits = typed.normalize("NFKC").replace(/[^0-9]/g, "");
  return digits === "" || digits.length > 12 ? null : Number(digits) - amount;
}

function show(root, field) {
  const back = change(Number(root.dataset.change), field.value);
  const place = root.querySelector("[data-change-back]");
  const figure = place.querySelector(".amount");
  const short = place.querySelector("[data-change-short]");
  place.hidden = back === null;
  figure.hidden = back < 0;
  figure.value = back ?? "";
  figure.querySelector(".amount__n").textContent = grouped(String(Math.max(back, 0)));
  short.hidden = back >= 0;
  short.querySelector("span").textContent = short.dataset.changeShort.replace("{missing}", grouped(String(Math.abs(back))));
}

if (globalThis.document) {
  for (const root of document.querySelectorAll("[data-change]")) {
    const field = root.querySelector("[name=received]");
    const notes = root.querySelector("[data-change-notes]");
    notes.hidden = false;
    notes.addEventListener("click", (event) => {
      if (event.target.value === undefined) return;
      field.value = grouped(event.target.value);
      show(root, field);
    });
    field.addEventListener("input", () => show(root, field));
    show(root, field);
  }
}

// The card beside the form, while a coupon is being typed: <form data-coupon data-condition="… {min} …" data-off data-pieces>
// fills [data-preview=amount_off|name|condition|cost]. Nothing here decides: the page counts again.

import { grouped } from "web/money.js";

const figure = (text) => {
  const digits = text.normalize("NFKC").replace(/[^0-9]/g, "");
  return digits === "" || digits.length > 9 ? null : Number(digits);
};

/** What all pieces together may cost, in whole yen, as it is shown; a dash as long as one of both is missing. */
export function worst(off, pieces) {
  return off && pieces ? grouped(String(off * pieces)) : "—";
}

function show(name, text) {
  document.querySelectorAll(`[data-preview="${name}"]`).forEach((place) => (place.textContent = text));
}

function preview(form) {
  const typed = (name) => form.elements[name]?.value ?? "";
  const off = figure(typed("amount_off")) ?? Number(form.dataset.off);
  const least = figure(typed("min_spend"));
  if (off) show("amount_off", grouped(String(off)));
  const name = typed(document.documentElement.lang === "en" ? "name_en" : "name").trim();
  if (name) show("name", name);
  if (least) show("condition", form.dataset.condition.replace("{min}", grouped(String(least))));
  show("cost", worst(off, figure(typed("pieces")) ?? Number(form.dataset.pieces)));
}

function pick(form) {
  form.querySelectorAll("[data-when]").forEach((part) => {
    part.hidden = !part.dataset.when.split(" ").some((one) => form.elements[one.split("=")[0]]?.value === one.split("=")[1]);
  });
}

if (globalThis.document) {
  document.querySelectorAll("form[data-coupon]").forEach((form) => {
    form.addEventListener("input", () => preview(form));
  });
  document.querySelectorAll("form[data-coupon], form[data-picks]").forEach((form) => {
    form.addEventListener("change", () => pick(form));
    addEventListener("pageshow", () => pick(form)); // coming back, the browser fills in again what was chosen
    pick(form);
  });
}

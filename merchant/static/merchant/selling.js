// コインを売る: usual amounts at a touch, and what camera or scanner read is sent as soon as the amount is there.
// <… data-selling> around a form [data-selling-form] with the fields `amount` and `code`.

import "web/camera.js";
import "web/keyscanner.js";
import { grouped } from "web/money.js";

const root = document.querySelector("[data-selling]");
const form = root?.querySelector("[data-selling-form]");

if (form) {
  const { amount, code } = form.elements;
  const keys = form.querySelector("[data-fills-amount]");
  keys.hidden = false;
  keys.addEventListener("click", (event) => {
    if (!event.target.value) return;
    amount.value = grouped(event.target.value);
    (code.value ? form.querySelector("button.btn") : code).focus();
  });
  root.addEventListener("meguri:scan", (event) => {
    code.value = event.detail.text;
    if (amount.value) form.requestSubmit();
    else amount.focus();
  });
}

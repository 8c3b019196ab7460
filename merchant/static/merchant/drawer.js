// レジ締め: what was counted stands beside what must be there while it is typed. Nothing here decides.

import { grouped } from "./sum.js";

function show(form) {
  const pieces = [...form.querySelectorAll("[data-piece]")];
  const counted = pieces.reduce((sum, each) => sum + Number(each.dataset.piece) * Number(each.value.normalize("NFKC").replace(/\D/g, "") || 0), 0);
  const difference = counted - Number(form.dataset.expected);
  form.querySelector("[data-counted]").value = counted;
  form.querySelector("[data-counted] .amount__n").textContent = grouped(counted);
  form.querySelector("[data-difference]").value = difference;
  form.querySelector("[data-difference] .amount__n").textContent = `${difference < 0 ? "−" : ""}${grouped(Math.abs(difference))}`;
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-drawer]");
  if (form) show(form);
});
document.addEventListener("focusin", (event) => event.target.matches?.("[data-piece]") && event.target.select());

// The eye over the balance: hides every figure marked private, and remembers. <button data-eye>

import { word } from "web/words.js";

const YEAR_S = 365 * 24 * 3600;

function label(button) {
  const hidden = document.documentElement.dataset.amounts === "hidden";
  button.setAttribute("aria-pressed", String(hidden));
  button.setAttribute("aria-label", word(hidden ? "amountsShow" : "amountsHide"));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-eye]");
  if (!button) return;
  const root = document.documentElement;
  if (root.dataset.amounts === "hidden") delete root.dataset.amounts;
  else root.dataset.amounts = "hidden";
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `amounts=${root.dataset.amounts ?? "shown"}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
  document.querySelectorAll("[data-eye]").forEach(label);
});
document.querySelectorAll("[data-eye]").forEach(label);

// The pay button: <form data-pay>. Sent once; answered → the page that the server names; refused → said in place of the
// page; silent for 8 s or cut off → "unknown", a state of its own: from then on nothing is sent but the question what
// became of the key. A payment that did not start is never started later by itself.

import { Refused, ask, formToken } from "web/http.js";
import { release } from "web/once.js";
import { vibrate } from "web/vibrate.js";
import { settle } from "./settle.js";

const PATIENCE_MS = 8000;
const DRAWN_ANEW = new Set(["confirmation_needed", "pin_missing", "plan_changed", "coupon_unusable", "coupon_stopped", "form_expired"]);

/** What an answer that never came means: everything but a refusal is unknown, for the payment may have been made. */
export function isUnknown(error) {
  return !(error instanceof Refused) || error.problem.status >= 500;
}

async function send(form) {
  const fields = new FormData(form);
  try {
    const { next } = await ask(form.action, { form: fields, token: formToken(form), signal: AbortSignal.timeout(PATIENCE_MS) });
    vibrate("done"); // here, where the thumb has just pressed: a page that has only loaded may not
    location.assign(next);
  } catch (error) {
    if (isUnknown(error)) wonder(fields, formToken(form));
    else if (beside(form, error.problem)) release(form);
    else if (DRAWN_ANEW.has(error.problem.code)) again(form);
    else refuse(error.problem, fields.get("again"));
  }
}

/** Say beside the field what is wrong with it, and take the focus there; false if the page has no such field. */
function beside(form, { errors = {} }) {
  const [input] = Object.keys(errors).map((name) => form.querySelector(`#f-${name}`)).filter(Boolean);
  if (!input) return false;
  const field = input.closest(".field");
  field.querySelectorAll(".field__error").forEach((old) => old.remove());
  const words = document.createElement("p");
  words.className = "field__error";
  words.id = `e-${input.name}`;
  words.setAttribute("role", "alert");
  words.textContent = errors[input.name].join(" ");
  field.classList.add("field--error");
  field.append(words);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", words.id);
  input.value = "";
  input.focus();
  return true;
}

/** Nothing was counted yet: the server draws the page anew, with what has changed and the same key. */
function again(form) {
  release(form);
  form.removeAttribute("data-pay");
  form.submit();
}

function wonder(fields, token) {
  const key = fields.get("key");
  const back = fields.get("again") ?? "";
  const address = `/wallet/unknown/${key}`;
  show("unknown");
  history.replaceState(null, "", `${address}?again=${encodeURIComponent(back)}`);
  settle(address, back, token);
}

function refuse(problem, back) {
  const place = show("refused");
  const said = problem.texts?.[document.documentElement.lang] ?? problem.title;
  const [title, ...rest] = said.split(/(?<=[。.])\s*/u);
  place.querySelector("[data-answer-title]").textContent = rest.length ? title.replace(/。$/u, "") : title;
  const text = place.querySelector("[data-answer-text]");
  text.textContent = rest.join("") || (problem.status === 401 ? text.dataset.notYet : ""); // signed out meanwhile
  place.querySelector("[data-answer-number]").textContent = `(${problem.number})`;
  const link = place.querySelector("[data-answer-again]");
  if (back) link.href = back;
  else link.remove();
}

/** Put a state in place of the page's content; the form and its button are gone with it. */
function show(name) {
  const main = document.querySelector("dialog[open]") ?? document.querySelector("main");
  main.replaceChildren(document.querySelector(`template[data-answer="${name}"]`).content.cloneNode(true));
  document.querySelectorAll(".foot").forEach((foot) => foot.remove());
  main.querySelector(".state").focus();
  return main;
}

if (globalThis.document) {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-pay]");
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    send(form);
  });
}

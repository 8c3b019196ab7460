// Between keypad, QR and arrival the document stays: a browser that has once been allowed to sound may go on sounding,
// and the live line is not cut. Forms and links marked data-stay are fetched, and the page's body is exchanged. Where
// that fails, the browser does what it always does.

import { showState } from "web/live.js";
import { place, tell } from "./place.js";

let state = "connecting";
let latest = 0; // the last wish counts: an answer that comes after the next wish is not shown any more
let underway = 0;

/** Go to an address of the till, or send a form there, without leaving the document. */
export async function go(address, options = {}) {
  underway++;
  try {
    await fetchAndShow(address, ++latest, options);
  } finally {
    underway--;
  }
}

/** Show the present page anew, unless somebody is on the way to another one: what the line tells must not call them back. */
export async function refresh() {
  if (!underway) await go(location.href, { push: false, again: true });
}

async function fetchAndShow(address, turn, { form = null, push = true, again = false }) {
  const fields = form ? new URLSearchParams(new FormData(form)) : undefined;
  const answer = await fetch(address, {
    method: form ? "POST" : "GET",
    body: fields,
    headers: { Accept: "text/html" },
    credentials: "same-origin",
    cache: "no-store",
  });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (turn !== latest) return;
  if (!page.querySelector("[data-till]")) return location.assign(form ? location.href : answer.url);
  exchange(page);
  if (push) history.pushState({ stays: true }, "", answer.url);
  tell("till:page", { again });
}

function exchange(page) {
  // A parser that is not the page's own reads what stands in <noscript> as elements: a field there would be sent beside ours, empty
  for (const part of page.querySelectorAll("noscript")) part.remove();
  const kept = [...document.body.children].filter((part) => part.matches("[data-stays]"));
  const fresh = [...page.body.children].filter((part) => !part.matches("[data-stays], script"));
  document.title = page.title;
  document.body.className = page.body.className;
  document.body.replaceChildren(...fresh, ...kept);
  showState(state);
  document.querySelector("[data-takes-focus], #main")?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

async function send(form) {
  const button = form.querySelector("button:not([type=button])");
  button.setAttribute("aria-busy", "true");
  form.dataset.sent = "yes";
  try {
    await go(form.action, { form });
  } catch {
    delete form.dataset.sent; // no network: nothing was asked for that anybody has seen; the strip says so
    button.removeAttribute("aria-busy");
  }
}

if (place()) {
  document.addEventListener("meguri:line", (event) => (state = event.detail));
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-stay]");
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    if (!form.dataset.sent) send(form);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-stay]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(link.href).catch(() => location.assign(link.href));
  });
  addEventListener("popstate", () => go(location.href, { push: false }).catch(() => location.reload()));
}

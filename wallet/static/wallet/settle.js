// "確認しています": asks what became of a key until there is an answer. <form data-settle action="/wallet/unknown/KEY">.
// Asking finds the payment or closes the key for good; it can never pay.

import { Refused, ask, formToken } from "web/http.js";

const PAUSES_MS = [0, 1000, 2000, 3000, 5000];
const PATIENCE_MS = 8000;

const wait = (ms) => new Promise((next) => setTimeout(next, ms));

/** A network, or the moment at which there is one again. */
function network() {
  return navigator.onLine ? Promise.resolve() : new Promise((next) => addEventListener("online", next, { once: true }));
}

/** Ask until the server answers, then go where it says. */
export async function settle(address, again, token) {
  for (let tries = 0; ; tries++) {
    await wait(PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]);
    await Promise.race([network(), wait(PATIENCE_MS)]);
    try {
      const { next } = await ask(address, { form: { again }, token, signal: AbortSignal.timeout(PATIENCE_MS) });
      location.replace(next);
      return;
    } catch (error) {
      if (error instanceof Refused && error.problem.status < 500) {
        location.reload(); // signed out, or the form has aged: the page itself leads on
        return;
      }
    }
  }
}

if (globalThis.document) {
  for (const form of document.querySelectorAll("form[data-settle]")) {
    settle(form.action, form.elements.again.value, formToken(form));
  }
}

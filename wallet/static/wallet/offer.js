// Waiting for the shop's answer to an offer: <div data-offer="/wallet/pay/request/ID/offer">. Asks until there is one, then
// the payment's own page shows it. Nothing is paid by itself: that page has a button of its own.

import { ask, Refused } from "web/http.js";
import { vibrate } from "web/vibrate.js";

const EACH_MS = 1500;

async function look(place) {
  try {
    const { next } = await ask(place.dataset.offer, { signal: AbortSignal.timeout(EACH_MS * 4) });
    if (next) {
      if (navigator.userActivation?.hasBeenActive) vibrate("read");
      return location.replace(next);
    }
  } catch (error) {
    if (error instanceof Refused && error.problem.status < 500) return location.reload(); // over, or withdrawn: the page says which
  }
  setTimeout(() => look(place), EACH_MS);
}

if (globalThis.document) {
  const place = document.querySelector("[data-offer]");
  if (place) setTimeout(() => look(place), EACH_MS);
}

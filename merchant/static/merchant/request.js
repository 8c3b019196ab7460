// The QR page follows its request: over in time, withdrawn or paid at another place, it says so by itself. And a shop that is
// suspended, or let in again, sees that at once on whatever page it stands.

import { refresh } from "./stay.js";
import { place } from "./place.js";

function again() {
  refresh().catch(() => null); // without a network the page stays; the strip says why
}

if (place()) {
  document.addEventListener("meguri:over", () => {
    if (document.querySelector("[data-request], [data-consent='waiting']")) again();
  });
  document.addEventListener("till:state", (event) => {
    const shown = document.querySelector("[data-request]")?.dataset.request;
    const { request, shop, state } = event.detail;
    const isOver = shown && request === shown && (state === "cancelled" || state === "expired");
    if (isOver || shop !== place().shop) again();
  });
}

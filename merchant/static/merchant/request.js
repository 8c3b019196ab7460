// The QR page follows its request: over in time, withdrawn or paid at another place, it says so by itself.

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
    const { request, state } = event.detail;
    if (shown && request === shown && (state === "cancelled" || state === "expired")) again();
  });
}

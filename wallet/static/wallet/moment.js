// A payment is shown as just made for some minutes: <main data-until="ms since 1970">. A page that stays open gives way to its
// statement then, like one that is opened again: yesterday's tick, its clock still going, shall fool nobody.

import { serverNow } from "web/clock.js";

const page = globalThis.document?.querySelector("main[data-until]"); // of a till's page other parts have an end, too

function look() {
  if (navigator.onLine && serverNow() > Number(page.dataset.until)) location.reload(); // without a network its clock stands still
}

if (page) {
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
}

// The QR page follows its request: over in time, withdrawn or paid at another place, it says so by itself, and so it does
// when a customer whose balance is short offers a part and waits for the shop's answer. And a shop that is suspended or a district that stops, and either that goes on, sees that at once on whatever page it stands.

import { play } from "web/sound.js";
import { place } from "./place.js";
import { form } from "./slots.js";
import { refresh } from "./stay.js";

/** What the page shows of an agreement: the offer that waits, and the cash that was agreed on. */
function said(page) {
  return `${page.offered ?? ""}:${page.agreed ?? 0}`;
}

/** A customer waits for an answer while the till shows another page. */
function remind(request, offered) {
  const old = document.querySelector("[data-banners] [data-offer-banner-part]");
  if (!offered) return old?.remove();
  if (old) return;
  const banner = form("offer-banner");
  banner.querySelector("[data-offer-href]").href = `/till/request/${request}`;
  document.querySelector("[data-banners]").prepend(banner);
  play("question");
}

function again() {
  refresh().catch(() => null); // without a network the page stays; the strip says why
}

if (place()) {
  document.addEventListener("meguri:over", () => {
    if (document.querySelector("[data-request], [data-consent='waiting']")) again();
  });
  document.addEventListener("till:page", () => {
    if (document.querySelector("[data-request]")) document.querySelector("[data-banners] [data-offer-banner-part]")?.remove();
  });
  document.addEventListener("till:state", (event) => {
    const shown = document.querySelector("[data-request]")?.dataset.request;
    const { request, shop, state, offered, cash, stopped } = event.detail;
    const page = document.querySelector("[data-request]")?.dataset;
    const isOver = shown && request === shown && (state === "cancelled" || state === "expired");
    const isNew = shown && request === shown && state === "open" && said(page) !== `${offered ?? ""}:${cash}`;
    if (isNew && offered) play("question");
    const isStopped = "stopped" in place() && String(stopped) !== place().stopped; // all paying in the district: the keypad says so
    if (isOver || isNew || isStopped || shop !== place().shop) again();
    if (!shown) remind(request, offered);
  });
}

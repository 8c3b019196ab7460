// The wallet's live line: <div data-wallet-live="/wallet/events" data-after="mark" data-then="reload|code|receive|refund">.
// A payment by my code opens its page; a shop's question opens the sheet; anything else draws the page anew.

import { count } from "web/countdown.js";
import { connect } from "web/live.js";
import { vibrate } from "web/vibrate.js";

/** What a movement does to the page: open its own, draw this one anew, or nothing. */
export function reaction(then, movement, here) {
  if (then === "receive" && movement.kind === "transfer") return "open";
  if (then === "code" && ["payment", "top_up", "agent_top_up"].includes(movement.kind)) return "open";
  return movement.id === here ? "nothing" : "reload";
}

/** Browsers let only a page that was touched vibrate. */
function feel(kind) {
  if (navigator.userActivation?.hasBeenActive) vibrate(kind);
}

function moved(movement, then) {
  const here = Number(document.querySelector("[data-done]")?.dataset.done);
  const what = reaction(then, movement, here);
  if (what === "open") {
    dispatchEvent(new CustomEvent("meguri:code-used"));
    feel("done");
    location.assign(movement.page);
  } else if (what === "reload") location.reload();
}

/** A shop asks (`page`), or does not any more (null). Where there is no sheet, the page shows it itself. */
async function asked({ page }) {
  const sheet = document.querySelector("[data-consent-sheet]");
  if (!page) {
    if (sheet?.open) location.assign(sheet.dataset.page); // answered or over: its own page says which
    return;
  }
  if (!sheet) {
    location.reload();
    return;
  }
  const answer = await fetch(`${page}?part=1`, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) return;
  sheet.innerHTML = await answer.text();
  sheet.dataset.page = page;
  count(sheet.querySelector("[data-countdown]"));
  if (!sheet.open) sheet.showModal();
  feel("read");
}

if (globalThis.document) {
  const place = document.querySelector("[data-wallet-live]");
  if (place) {
    connect(place.dataset.walletLive, {
      after: place.dataset.after || null,
      on: { movement: (movement) => moved(movement, place.dataset.then), consent: asked, end: () => location.reload() },
    });
  }
}

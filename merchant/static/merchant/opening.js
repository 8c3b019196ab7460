// 開店: once a day the ring is played, so that somebody has heard it before the first customer pays.

import { isHeld } from "web/awake.js";
import { serverNow } from "web/clock.js";
import { play, say } from "web/sound.js";
import { place, tell } from "./place.js";

const OPENED = "till.opened";

function today() {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo" }).format(serverNow());
}

function strip() {
  return document.querySelector("[data-opening]");
}

function show() {
  if (strip()) strip().hidden = localStorage.getItem(OPENED) === today();
}

function ringOnce() {
  play("arrived");
  say(place().say.replace("{amount}", "1,280"));
  strip().querySelector("[data-opening-ask]").hidden = true;
  strip().querySelector("[data-opening-heard]").hidden = false;
  strip().querySelector("[data-open-again]").hidden = false;
  const open = strip().querySelector("[data-open]");
  open.textContent = open.dataset.heard;
  open.dataset.rang = "yes";
  strip().querySelector("[data-awake-yes]").hidden = !isHeld();
  strip().querySelector("[data-awake-no]").hidden = isHeld();
}

if (place()) {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-again]")) return setTimeout(ringOnce, 50);
    const open = event.target.closest("[data-open]");
    if (!open) return;
    if (!open.dataset.rang) return setTimeout(ringOnce, 50); // the touch itself unlocks the sound
    localStorage.setItem(OPENED, today());
    show();
    tell("till:opened");
  });
  document.addEventListener("till:page", show);
  show();
}

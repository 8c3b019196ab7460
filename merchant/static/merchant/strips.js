// What is wrong stands on the page until it is mended: the line is lost (and what is certain), the sound is locked.

import { timeOfDay } from "web/clock.js";
import { canSound, play, unlock } from "web/sound.js";
import { lastHeard } from "./line.js";
import { place } from "./place.js";

const LOOK_MS = 1000;

let up = true; // a button that has nothing to do yet says so by data-idle, and no line lights it
let why = "offline";

function showLine() {
  for (const strip of document.querySelectorAll("[data-line-strip]")) {
    strip.hidden = up;
    const sure = strip.querySelector("[data-sure]");
    if (!up && sure) sure.textContent = timeOfDay(lastHeard(), "seconds");
    for (const reason of strip.querySelectorAll("[data-when]")) reason.hidden = reason.dataset.when !== why;
  }
  for (const control of document.querySelectorAll("[data-needs-line]")) {
    if (control instanceof HTMLButtonElement) control.disabled = !up || control.hasAttribute("data-idle");
    else if (up) control.removeAttribute("aria-disabled");
    else control.setAttribute("aria-disabled", "true");
  }
}

function showSound() {
  for (const strip of document.querySelectorAll("[data-sound-strip]")) strip.hidden = canSound();
}

if (place()) {
  document.addEventListener("meguri:line", (event) => {
    up = event.detail === "online" || event.detail === "connecting";
    why = event.detail === "away" ? "away" : "offline";
    showLine();
  });
  document.addEventListener("meguri:controls", showLine);
  document.addEventListener("till:page", () => {
    showLine();
    showSound();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest('[aria-disabled="true"]')) {
      event.preventDefault();
      event.stopImmediatePropagation();
      play("refused");
    }
    if (event.target.closest("[data-unlock]")) setTimeout(() => play("arrived"), 50); // the same touch has just unlocked it
    setTimeout(showSound, 100);
  }, true);
  unlock(); // allowed where the person came from a page of ours by a press, or the till is installed
  setTimeout(showSound, 300);
  setInterval(showSound, LOOK_MS);
}

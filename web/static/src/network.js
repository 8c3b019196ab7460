// Pages without a live line say when the device itself has no network.

import { hasLine } from "web/live.js";
import { word } from "web/words.js";

function show() {
  if (hasLine()) return;
  for (const banner of document.querySelectorAll("[data-offline]")) {
    banner.hidden = navigator.onLine;
    banner.textContent = navigator.onLine ? "" : word("noNetwork");
  }
}

addEventListener("online", show);
addEventListener("offline", show);
show();

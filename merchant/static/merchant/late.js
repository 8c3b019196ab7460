// A page's own script is fetched when such a page is shown, and never before: the keypad stays as light as it is.
// <… data-script="address">: a bundle that starts by itself, once, and from then on listens for `till:page`.

import { place } from "./place.js";

function load() {
  for (const part of document.querySelectorAll("[data-script]")) import(part.dataset.script);
}

if (place()) {
  document.addEventListener("till:page", load);
  load();
}

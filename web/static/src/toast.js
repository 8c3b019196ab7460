// Small results that can be undone; never money, never an error.

import { word } from "web/words.js";

const SHOWN_MS = 6000;

function shelf() {
  let place = document.querySelector(".toasts");
  if (!place) {
    place = document.createElement("div");
    place.className = "toasts";
    place.setAttribute("role", "status");
    document.body.append(place);
  }
  return place;
}

/** Show `text` for 6 s, longer while it is touched or holds the focus; `undo` adds the button. */
export function toast(text, { undo = null } = {}) {
  const box = document.createElement("div");
  box.className = "toast";
  const said = document.createElement("span");
  said.className = "grow";
  said.textContent = text;
  box.append(said);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = word("undo");
    button.addEventListener("click", () => {
      box.remove();
      undo();
    });
    box.append(button);
  }
  shelf().append(box);
  const leave = () => (box.matches(":hover, :focus-within") ? setTimeout(leave, 1000) : box.remove());
  setTimeout(leave, SHOWN_MS);
  return box;
}

// What is under way at the till's printer: looked at each second while something moves, and never otherwise.
// A sale at the register sets it moving (`meguri:sold`).

import { place } from "./place.js";

let timer = 0;

function strips() {
  return document.querySelector("[data-prints]");
}

async function look() {
  const here = strips();
  if (!here) return;
  const answer = await fetch(here.dataset.prints, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.querySelector("[data-prints]");
  if (now && here.isConnected) here.replaceWith(now);
  wait();
}

function wait() {
  clearTimeout(timer);
  if (strips()?.hasAttribute("data-moving")) timer = setTimeout(() => look().catch(wait), 1_000);
}

if (place()) {
  document.addEventListener("till:page", wait);
  document.addEventListener("meguri:sold", () => look().catch(wait));
  wait();
}

// A form is sent once: the button becomes the ring, keeps its width, ignores presses. The key in the form protects
// the book in any case; this protects the nerves. <form data-once>, with [data-slow] for what to say after 8 s.

import { word } from "web/words.js";

const SLOW_MS = 8000;

function send(event) {
  const form = event.target.closest("form[data-once]");
  if (!form) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (!navigator.onLine) {
    event.preventDefault();
    document.querySelectorAll("[data-offline]").forEach((banner) => {
      banner.hidden = false;
      banner.textContent = word("noNetwork");
      banner.scrollIntoView({ block: "nearest" });
    });
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter ?? form.querySelector("button:not([type=button])");
  if (button) {
    button.style.width = `${button.offsetWidth}px`;
    button.setAttribute("aria-busy", "true");
  }
  setTimeout(() => form.dataset.sent && form.querySelectorAll("[data-slow]").forEach((part) => (part.hidden = false)), SLOW_MS);
}

/** The form may be sent again: the page came back from the browser's memory, or a script took over. */
export function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[data-slow]").forEach((part) => (part.hidden = true));
  form.querySelectorAll('[aria-busy="true"]').forEach((button) => {
    button.removeAttribute("aria-busy");
    button.style.width = "";
  });
}

document.addEventListener("submit", send);
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
});

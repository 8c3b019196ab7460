// スマホへの通知: form[data-push="key"] asks the browser only when it is pressed, and sends what the browser gives.
// Without service worker or push there is no form, and the page says so.

import { ask } from "web/http.js";

/** The server's public key as the browser wants it: bytes of base64url. */
export function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

/** A key of a subscription as base64url without padding. */
export function textOf(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

const show = (name, visible) => document.querySelector(`[data-push-${name}]`)?.toggleAttribute("hidden", !visible);

async function begin(form) {
  show("refused", false);
  show("failed", false);
  if ((await Notification.requestPermission()) !== "granted") return show("refused", true);
  const worker = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(form.dataset.push) };
  const wish = await worker.pushManager.subscribe(options);
  form.elements.endpoint.value = wish.endpoint;
  form.elements.p256dh.value = textOf(wish.getKey("p256dh"));
  form.elements.auth.value = textOf(wish.getKey("auth"));
  await ask(form.action, { form: new FormData(form) });
  location.reload();
}

const form = globalThis.document?.querySelector("form[data-push]");
if (form && navigator.serviceWorker && globalThis.PushManager && globalThis.Notification) {
  show("missing", false);
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    begin(form).catch(() => show("failed", true));
  });
}

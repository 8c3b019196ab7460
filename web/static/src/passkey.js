// Passkeys (WebAuthn). <form data-passkey="create|get" data-options="/address/of/options">: when it is sent, the options
// are fetched (POST with the form's fields), the device asks the person, and the form goes with the answer as JSON in
// its field `credential`. [data-passkey-words] shows why it did not go; [data-needs-passkey] is hidden without support.

import { Refused, ask, formToken } from "web/http.js";
import { release } from "web/once.js";

/** Whether this browser knows passkeys. */
export function supported() {
  return Boolean(globalThis.PublicKeyCredential && navigator.credentials);
}

/** base64url text → bytes. */
export function toBytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

/** bytes → base64url text. */
export function toText(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function withBytes(options) {
  const list = (ids) => ids?.map((each) => ({ ...each, id: toBytes(each.id) }));
  return {
    ...options,
    challenge: toBytes(options.challenge),
    ...(options.user ? { user: { ...options.user, id: toBytes(options.user.id) } } : {}),
    ...(options.excludeCredentials ? { excludeCredentials: list(options.excludeCredentials) } : {}),
    ...(options.allowCredentials ? { allowCredentials: list(options.allowCredentials) } : {}),
  };
}

function asJson(credential) {
  if (credential.toJSON) return credential.toJSON();
  const { response } = credential;
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = toText(response[name]);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: parts,
  };
}

/** Make a passkey; `options` as the server's JSON. Gives the answer as JSON. */
export async function create(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON?.(options) ?? withBytes(options);
  return asJson(await navigator.credentials.create({ publicKey }));
}

/** Sign in with a passkey; `options` as the server's JSON. Gives the answer as JSON. */
export async function get(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON?.(options) ?? withBytes(options);
  return asJson(await navigator.credentials.get({ publicKey }));
}

async function send(form) {
  const words = form.querySelector("[data-passkey-words]");
  if (words) words.hidden = true;
  try {
    const fields = new FormData(form);
    fields.delete("credential");
    const { publicKey, ...options } = await ask(form.dataset.options, { form: fields, token: formToken(form) });
    const answer = await (form.dataset.passkey === "create" ? create : get)(publicKey ?? options);
    form.elements.credential.value = JSON.stringify(answer);
    form.submit();
  } catch (error) {
    release(form);
    if (!words) throw error;
    words.hidden = false;
    words.textContent = error instanceof Refused ? error.message : words.dataset.passkeyWords;
  }
}

if (globalThis.document) {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-passkey]");
    if (!form || event.defaultPrevented || !supported()) return;
    event.preventDefault();
    send(form);
  });
  if (!supported()) document.querySelectorAll("[data-needs-passkey]").forEach((part) => (part.hidden = true));
}

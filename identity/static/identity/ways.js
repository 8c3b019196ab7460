// Two ways in one form, and the passkeys that a browser offers by itself.
//
// [data-passkey-part] is shown where the browser knows passkeys. In form[data-two-ways] the button
// [data-without-passkey] sends the form as it is, without asking the device. [data-passkey-autofill] also offers
// passkeys while one types (conditional mediation); a choice goes out with the page's form[data-passkey="get"].

import { ask, formToken } from "web/http.js";
import { supported } from "web/passkey.js";

/** Send the form natively, past the script that would ask the device. */
function plain(form) {
  form.elements.credential.value = "";
  form.submit();
}

function twoWays(form) {
  const other = form.querySelector("[data-without-passkey]");
  form.addEventListener("submit", (event) => {
    if (event.submitter !== other) return;
    event.preventDefault();
    event.stopPropagation();
    plain(form);
  });
  form.elements.email.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    plain(form);
  });
}

/** Offer passkeys in the address field, until the button asks for one: a browser answers one request at a time. */
async function autofill(form) {
  const asked = new AbortController();
  form.addEventListener("submit", () => asked.abort());
  if (!PublicKeyCredential.parseRequestOptionsFromJSON) return;
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  const { signal } = asked;
  try {
    const options = await ask(form.dataset.options, { form: new FormData(form), token: formToken(form), signal });
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    const answer = await navigator.credentials.get({ publicKey, mediation: "conditional", signal });
    form.elements.credential.value = JSON.stringify(answer);
    form.submit();
  } catch {
    // an offer that came to nothing: the buttons are still there
  }
}

if (globalThis.document && supported()) {
  document.querySelectorAll("[data-passkey-part]").forEach((part) => (part.hidden = false));
  document.querySelectorAll("form[data-two-ways]").forEach(twoWays);
  const form = document.querySelector('form[data-passkey="get"]');
  if (form && document.querySelector("[data-passkey-autofill]")) autofill(form);
}

// An inbox that was shown has been seen: form[data-seen] is sent behind the page, and its button goes. Without the script it is pressed.

import { ask } from "web/http.js";

/** Say that what this page shows was seen. A press remains where it could not be said. */
async function seen(form) {
  try {
    await ask(form.action, { form: new FormData(form) });
    form.hidden = true;
  } catch {
    // the button is still there
  }
}

if (globalThis.document) document.querySelectorAll("form[data-seen]").forEach(seen);

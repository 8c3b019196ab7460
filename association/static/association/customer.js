// What the camera or a hand scanner reads goes into a form: <… data-reads-customer> around or on [data-customer-form].
// Its field `code` (or the one that the attribute names) is filled and sent at once; with "fill" it waits for the rest.

import "web/camera.js";
import "web/keyscanner.js";

for (const root of document.querySelectorAll("[data-reads-customer]")) {
  const form = root.matches("form") ? root : root.querySelector("[data-customer-form]");
  const way = form.dataset.customerForm;
  root.addEventListener("meguri:scan", (event) => {
    const field = form.elements[way === "find" ? "find" : "code"];
    if (!field) return; // the card was read before this page
    field.value = event.detail.text;
    if (way === "fill") form.querySelector("[name=note], [name=pin]").focus();
    else form.requestSubmit();
  });
}

// チャージ, first step: what the camera or a hand scanner reads is sent at once. <… data-reads-customer> around a form
// [data-customer-form] with the field `code`.

import "web/camera.js";
import "web/keyscanner.js";

const root = document.querySelector("[data-reads-customer]");

if (root) {
  const form = root.querySelector("[data-customer-form]");
  root.addEventListener("meguri:scan", (event) => {
    form.elements.code.value = event.detail.text;
    form.requestSubmit();
  });
}

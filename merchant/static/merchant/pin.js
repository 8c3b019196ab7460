// Keys for a PIN on a tablet: large, and no keyboard of the system over half of the page.

for (const field of document.querySelectorAll("[data-pin]")) {
  const input = field.querySelector("input");
  field.querySelector("[data-pin-keys]").hidden = false;
  if (matchMedia("(pointer: coarse)").matches) input.inputMode = "none";
  field.addEventListener("click", (event) => {
    const key = event.target.closest("[data-pin-key]")?.dataset.pinKey;
    if (!key) return;
    if (key === "clear") input.value = "";
    else if (key === "back") input.value = input.value.slice(0, -1);
    else if (input.value.length < input.maxLength) input.value += key;
  });
}

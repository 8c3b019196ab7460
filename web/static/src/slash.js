// The slash key goes to the search box, from anywhere but a field.

const box = document.querySelector("[data-slash]");
const types = (element) => element?.closest?.("input, textarea, select, [contenteditable], dialog[open]");

if (box) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || types(event.target)) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}

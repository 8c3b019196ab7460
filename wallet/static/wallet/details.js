// A sign in the bar that opens a folded part: <a href="#search" data-opens-details="search">.

if (globalThis.document) {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens-details]");
    const part = opener && document.getElementById(opener.dataset.opensDetails);
    if (!part) return;
    event.preventDefault();
    part.open = true;
    part.querySelector("input, select")?.focus();
  });
}

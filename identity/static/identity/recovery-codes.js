// [data-recovery-codes]: copy, save and print the codes that are shown this once.

/** The codes as lines of text. */
export function text(part) {
  return [...part.querySelectorAll("[data-codes] code")].map((code) => code.textContent).join("\n") + "\n";
}

function save(part) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text(part)], { type: "text/plain" }));
  link.download = part.dataset.file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function copy(part, button) {
  await navigator.clipboard.writeText(text(part));
  button.querySelector("span").textContent = button.dataset.done;
}

function enhance(part) {
  const buttons = { copy: navigator.clipboard && copy, save, print: () => window.print() };
  for (const [name, act] of Object.entries(buttons)) {
    const button = part.querySelector(`[data-${name}]`);
    if (!act) continue;
    button.hidden = false;
    button.addEventListener("click", () => act(part, button));
  }
}

if (globalThis.document) document.querySelectorAll("[data-recovery-codes]").forEach(enhance);

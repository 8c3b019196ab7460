// [data-share]: a gift's link is handed to the phone's own share sheet, or copied. Both stay hidden where the browser cannot.

async function copy(part, button) {
  await navigator.clipboard.writeText(part.querySelector("[data-share-text]").textContent);
  button.querySelector("span").textContent = button.dataset.done;
}

function send(part, button) {
  // A share sheet that is closed again is no fault.
  navigator.share({ title: button.dataset.title, url: part.querySelector("[data-share-text]").textContent }).catch(() => {});
}

function enhance(part) {
  const acts = { send: navigator.share && send, copy: navigator.clipboard && copy };
  for (const [name, act] of Object.entries(acts)) {
    const button = part.querySelector(`[data-share-${name}]`);
    if (!act) continue;
    button.hidden = false;
    button.addEventListener("click", () => act(part, button));
  }
}

if (globalThis.document) document.querySelectorAll("[data-share]").forEach(enhance);

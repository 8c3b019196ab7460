// A file that takes seconds to be written: the page says so until it is there. Without a script the browser waits by itself.
// <form method="get" data-makes-file> with its button, and [data-making] for the words.

const NAME = /filename="?([^";]+)/;

function show(form, isMaking) {
  form.querySelector("button").setAttribute("aria-busy", isMaking);
  form.querySelector("[data-making]").hidden = !isMaking;
}

function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function make(form) {
  const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  show(form, true);
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    const [, name] = NAME.exec(answer.headers.get("content-disposition") ?? "") ?? [];
    if (!answer.ok || !name) return location.assign(address); // the browser shows what it says instead
    save(await answer.blob(), name);
  } catch {
    location.assign(address);
  } finally {
    show(form, false);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-makes-file]");
  if (!form) return;
  event.preventDefault();
  if (form.querySelector("[data-making]").hidden) make(form);
});

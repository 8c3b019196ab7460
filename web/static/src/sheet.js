// A confirm sheet is a <dialog>: [data-opens="id"] opens it, a touch outside or Escape closes it, nothing is done.

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.opens)?.showModal();
    return;
  }
  if (event.target instanceof HTMLDialogElement && event.target.matches(".sheet")) event.target.close();
});

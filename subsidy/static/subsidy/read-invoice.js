// 請求書の読み取り: <form data-reads="/…/read"> sends the PDF that was chosen, and what the answer proposes goes into fields that nobody
// has typed in, each with the sentence that it was only read. Nothing is kept by it, and without a script the fields are typed.

const INVOICE = "V_INVOICE";

class Reading {
  #form;
  #asked = 0;

  constructor(form) {
    this.#form = form;
    for (const name of ["file", "kind"]) form.elements[name]?.addEventListener("change", () => this.#ask());
  }

  get #kind() {
    return (this.#form.elements.kind ?? this.#form.elements.asked).value.split(":")[0];
  }

  /** Answers may overtake each other: only that to the newest file is shown. */
  async #ask() {
    const number = ++this.#asked;
    this.#forget();
    const file = this.#form.elements.file.files[0];
    if (this.#kind !== INVOICE || file?.type !== "application/pdf") return;
    const sent = { method: "POST", body: new FormData(this.#form), headers: { Accept: "application/json" }, credentials: "same-origin" };
    const answer = await fetch(this.#form.dataset.reads, sent);
    if (!answer.ok || number !== this.#asked) return;
    for (const [name, said] of Object.entries(await answer.json())) this.#propose(name, said);
  }

  #propose(name, { value, words }) {
    const input = this.#form.elements[name];
    if (input.value === "") {
      input.value = value;
      input.dataset.read = value;
    }
    const hint = this.#form.querySelector(`[data-read-words=${name}]`);
    hint.textContent = words;
    hint.hidden = false;
  }

  /** What was read of another file goes; what somebody typed stays. */
  #forget() {
    for (const input of this.#form.querySelectorAll("[data-read]")) {
      if (input.value === input.dataset.read) input.value = "";
      delete input.dataset.read;
    }
    for (const hint of this.#form.querySelectorAll("[data-read-words]")) hint.hidden = true;
  }
}

for (const form of globalThis.document?.querySelectorAll("[data-reads]") ?? []) new Reading(form);

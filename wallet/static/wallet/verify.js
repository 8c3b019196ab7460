// 利用明細を確かめる: the file is checked here and never sent. <form data-verify data-module="proof.js" data-keys="name+id+key …">.

const say = (name, text) => {
  document.querySelector(`[data-say="${name}"]`).textContent = text;
};

function show(good, bad) {
  document.querySelector("[data-verify-good]").hidden = !good;
  document.querySelector("[data-verify-bad]").hidden = !bad;
}

/** 受付番号, in groups of four from the right. */
export function paymentNumber(transactionId) {
  return String(transactionId)
    .padStart(8, "0")
    .replace(/\B(?=(\d{4})+$)/g, "-");
}

function tell({ transaction, checkpoint }, amount) {
  const language = document.documentElement.lang;
  const when = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "medium", timeZone: "Asia/Tokyo" });
  say("kind", document.querySelector(`[data-kind="${CSS.escape(transaction.kind)}"]`)?.content.textContent ?? transaction.kind);
  say("amount", amount.toLocaleString(language));
  say("when", when.format(transaction.postedAt));
  say("number", paymentNumber(transaction.transactionId));
  say("size", checkpoint.size.toLocaleString(language));
  say("log", checkpoint.origin);
  show(true, false);
}

function refuse(reason) {
  const lines = [...document.querySelectorAll("[data-reason]")];
  const known = lines.some((line) => line.dataset.reason === reason) ? reason : "signature_malformed";
  for (const line of lines) line.hidden = line.dataset.reason !== known;
  say("reason", reason);
  show(false, true);
}

async function verify(form, file) {
  let proof;
  try {
    proof = await import(form.dataset.module);
    const text = await proof.fromFile(new Uint8Array(await file.arrayBuffer()));
    const proved = await proof.check(proof.read(text), form.dataset.keys.split(" "));
    tell(proved, proof.amountOf(proved.transaction));
  } catch (error) {
    refuse(proof && error instanceof proof.Wrong ? error.reason : "browser");
  }
}

if (globalThis.document) {
  const form = document.querySelector("form[data-verify]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    show(false, false);
    const [file] = form.elements.file.files;
    if (file) verify(form, file);
    else refuse("malformed");
  });
}

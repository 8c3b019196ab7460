// Asking the server from a script: JSON in, JSON out, refusals as problems (RFC 9457).

/** What the server refused: `problem` holds code, number and the sentence in both languages. */
export class Refused extends Error {
  constructor(problem) {
    super(problem.title);
    this.problem = problem;
  }
}

/** The token of this page's forms. */
export function formToken(root = document) {
  return root.querySelector('input[name="csrf_token"]')?.value ?? "";
}

/** GET or POST `address`; `form` is sent as form fields. Throws Refused, or TypeError without a network. */
export async function ask(address, { form = null, token = formToken(), signal = undefined } = {}) {
  const answer = await fetch(address, {
    method: form ? "POST" : "GET",
    body: form ? new URLSearchParams(form) : undefined,
    headers: { Accept: "application/json", ...(form ? { "X-CSRFToken": token } : {}) },
    credentials: "same-origin",
    cache: "no-store",
    signal,
  });
  const body = answer.headers.get("content-type")?.includes("json") ? await answer.json() : null;
  if (!answer.ok) throw new Refused(body ?? { title: answer.statusText, status: answer.status, code: "fault" });
  return body;
}

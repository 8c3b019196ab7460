// The print agent on this very computer (merchant/print_agent.py), for receipts that were made without the network. A paper goes out once
// for each press: whether it came is said where it is known, and asked where nobody knows.

import { bytesOf } from "./escpos.js";
import { paper } from "./paper.js";

const READY_MS = 3000;
const PRINT_MS = 30_000;

export class AgentPrinter {
  #box;
  #said = null;
  #name = "";
  #tries = 0;
  #opened = false;
  #busy = false;

  /** `box`: the dialog that says what was sold; data-agent is where the agent is, and none where the till prints elsewhere. */
  constructor(box) {
    this.#box = box;
    box.querySelector("[data-print-agent]")?.addEventListener("click", () => this.#print());
  }

  /** This receipt was sold just now. */
  sold(said) {
    if (!this.#box.dataset.agent) return;
    this.#said = said;
    this.#name = crypto.randomUUID();
    this.#tries = 0;
    this.#opened = false;
    this.#say("");
    if (this.#box.dataset.auto) this.#print();
  }

  #say(how) {
    const place = this.#box.querySelector("[data-agent-said]");
    place.hidden = !how;
    place.textContent = how ? place.dataset[how] : "";
    place.classList.toggle("cash__short", how !== "sent" && how !== "sending");
  }

  async #print() {
    if (this.#busy || !this.#said) return;
    this.#busy = true;
    this.#say("sending");
    try {
      this.#say(await this.#outcome());
    } finally {
      this.#busy = false;
    }
  }

  /** sent; away, paper or cover: surely nothing came out; unknown. */
  async #outcome() {
    const { agent, roll, drawer } = this.#box.dataset;
    try {
      await fetch(agent, { signal: AbortSignal.timeout(READY_MS) });
    } catch {
      return "absent";
    }
    const kick = Boolean(drawer) && !this.#opened;
    const body = bytesOf(paper(this.#said), { roll: Number(roll), kick });
    this.#tries++;
    try {
      const answer = await fetch(`${agent}/paper/${this.#name}.${this.#tries}`, { method: "POST", body, signal: AbortSignal.timeout(PRINT_MS) });
      const { state, why } = await answer.json();
      this.#opened ||= state !== "failed";
      return state === "failed" ? why : state;
    } catch {
      this.#opened = true;
      return "unknown";
    }
  }
}

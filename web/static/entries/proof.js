// What checks proofs, as a module of its own: a page fetches it only when it has something to check.

export * from "web/receipt.js";
export * from "web/sealedlog.js";
export * from "web/witness.js";

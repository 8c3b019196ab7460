// Co-signing (docs/reference/sealed-log.md, section 6): a key of this device's own, which nobody can take out of the browser, and its word
// under a checkpoint that the device verified. Where the browser cannot, it does not co-sign.

const STORE = "keys";

/** One step in this device's store of keys: `act` gives the request. */
function inStore(mode, act) {
  return new Promise((done, fail) => {
    const opening = indexedDB.open("meguri.witness", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => fail(opening.error);
    opening.onsuccess = () => {
      const request = act(opening.result.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    };
  });
}

/** The key pair of this name, made when it is first needed. */
async function ownKey(name) {
  const kept = await inStore("readonly", (store) => store.get(name));
  if (kept) return kept;
  const made = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  await inStore("readwrite", (store) => store.put(made, name));
  return made;
}

const base64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

/** {key, time, signature} under `note`, by the key of this name: base64, and seconds since 1970. Empty where the browser cannot. */
export async function cosign(name, note) {
  try {
    const { privateKey, publicKey } = await ownKey(name);
    const time = Math.floor(Date.now() / 1000);
    const text = note.slice(0, note.lastIndexOf("\n\n") + 1);
    const signature = await crypto.subtle.sign("Ed25519", privateKey, new TextEncoder().encode(`cosignature/v1\ntime ${time}\n${text}`));
    return { key: base64(await crypto.subtle.exportKey("raw", publicKey)), time, signature: base64(signature) };
  } catch {
    return {};
  }
}

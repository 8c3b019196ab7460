// Where a tablet keeps its log: IndexedDB, flushed before anything is shown. Entries are added and never changed; where two pages add at
// once, one of them finds the place taken and comes after.

const NAME = "meguri.till";
const RETRIES = 20;

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asking = indexedDB.open(NAME, 1);
    asking.onupgradeneeded = () => {
      asking.result.createObjectStore("grant", { keyPath: "secret" });
      asking.result.createObjectStore("entry", { keyPath: ["secret", "seq"] });
    };
    asking.onsuccess = () => resolve(asking.result);
    asking.onerror = () => reject(asking.error);
  });
  return opened;
}

/** One transaction: `act` asks of the stores, and its answer counts once everything is on the disk. */
async function within(names, mode, act) {
  const transaction = (await open()).transaction(names, mode, { durability: "strict" });
  const answer = act(...names.map((name) => transaction.objectStore(name)));
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  return answer?.result;
}

const ofLog = (secret, from = 0) => IDBKeyRange.bound([secret, from], [secret, Number.MAX_SAFE_INTEGER]);

/** All logs of this device: what the server granted, and how far it is known to be sent. */
export const grants = async () => (await within(["grant"], "readonly", (store) => store.getAll())) ?? [];

export const keepGrant = (grant) => within(["grant"], "readwrite", (store) => store.put(grant));

/** The log of a till that may still be written. */
export async function currentGrant(till) {
  return (await grants()).find((grant) => grant.till.id === till && !grant.stopped) ?? null;
}

/** Entries of a log after `seq`, at most `most`: [{seq, hash, said}]. */
export const entriesAfter = async (secret, seq, most) => (await within(["entry"], "readonly", (store) => store.getAll(ofLog(secret, seq + 1), most))) ?? [];

/** The last entry of a log, or null. */
export async function lastEntry(secret) {
  let found = null;
  await within(["entry"], "readonly", (store) => newest(store, secret, (entry) => (found = entry)));
  return found;
}

/** The log of a till that may still be written, with its last entry: {grant, last}, either null. In one go, since somebody waits at the counter. */
export async function tail(till) {
  const found = { grant: null, last: null };
  await within(["grant", "entry"], "readonly", (granted, entries) => {
    const asking = granted.getAll();
    asking.onsuccess = () => {
      found.grant = asking.result.find((grant) => grant.till.id === till && !grant.stopped) ?? null;
      if (found.grant) newest(entries, found.grant.secret, (entry) => (found.last = entry));
    };
  });
  return found;
}

function newest(store, secret, give) {
  const asking = store.openCursor(ofLog(secret), "prev");
  asking.onsuccess = () => give(asking.result?.value ?? null);
}

/** Add the entry after `last`: `make(last)` gives {said, hash} and is asked again where another page was first. */
export async function append(secret, last, make) {
  for (let tries = 0; tries < RETRIES; tries++) {
    const entry = { secret, seq: (last?.seq ?? 0) + 1, ...(await make(last)) };
    try {
      await within(["entry"], "readwrite", (store) => store.add(entry));
      return entry;
    } catch (error) {
      if (error?.name !== "ConstraintError") throw error;
      last = await lastEntry(secret);
    }
  }
  throw new Error("the log is busy");
}

// What this device keeps of the sealed log, under a name: the last checkpoint that it saw, {key, note}, and the alarm that it
// raised, {reason, before, now, at}, until somebody has dealt with it. An alarm that is no more than the question whether to go on in
// a new epoch has its facts as well: {missing, returnedTo, isNewKey}.

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // a device that keeps nothing checks each time anew
  }
}

/** How many leaves the log had that {note} tells of. */
export const sizeOf = ({ note }) => Number(note.split("\n")[1]);

/** The memory of this name. Null where nothing is kept, or nothing can be. */
export function memory(name) {
  const alarm = `${name}.alarm`;
  return {
    kept: () => read(name),
    /** `next` goes on from `last`. What a page beside this one has kept meanwhile stays. */
    keep: (last, next) => {
      if (read(name)?.note === last?.note) write(name, next);
    },
    alarm: () => read(alarm),
    raise: (value) => write(alarm, value),
    /** Forget the log and its alarm: the next checkpoint is taken as the first. */
    forget: () => {
      for (const each of [name, alarm]) localStorage.removeItem(each);
    },
  };
}

/** Whether an alarm asks for a person's yes to a new epoch, and says nothing worse. */
export const isNewEpoch = (alarm) => alarm?.returnedTo !== undefined;

/** When the book of a new epoch was returned to, in the words of the page's language. */
export function momentOf({ returnedTo }) {
  const day = { month: "long", day: "numeric", hour: "numeric", minute: "2-digit", timeZone: "Asia/Tokyo" };
  return new Intl.DateTimeFormat(document.documentElement.lang, day).format(new Date(returnedTo));
}

/** Name, size and the beginning of the root, for the eyes of whoever looks into an alarm. */
function inShort(note) {
  const [origin, size, root] = String(note ?? "").split("\n");
  return root ? `${origin} ${size} ${root.slice(0, 16)}` : "";
}

/** An alarm in a line: why, before, now. */
export const factsOf = ({ reason, before, now }) => [reason, inShort(before), inShort(now)].filter(Boolean).join(" / ");

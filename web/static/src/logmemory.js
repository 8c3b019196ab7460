// What this device keeps of the sealed log, under a name: the last checkpoint that it saw, {key, note}, and the alarm that it
// raised, {reason, before, now, at}, until somebody has dealt with it.

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

/** Name, size and the beginning of the root, for the eyes of whoever looks into an alarm. */
function inShort(note) {
  const [origin, size, root] = String(note ?? "").split("\n");
  return root ? `${origin} ${size} ${root.slice(0, 16)}` : "";
}

/** An alarm in a line: why, before, now. */
export const factsOf = ({ reason, before, now }) => [reason, inShort(before), inShort(now)].filter(Boolean).join(" / ");

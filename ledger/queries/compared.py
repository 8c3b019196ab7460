"""What others hold of a sealed log, compared with the book: phones, tablets and papers after a restore."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ledger.queries.epochs import log_epochs, log_states
from ledger.queries.sealed import log_root, log_signers
from ledger.rules.notes import DASH, Checkpoint, NoteWrong

WHOLE = re.compile(rf"^[^\n{DASH}]+\n[0-9]+\n[A-Za-z0-9+/]{{43}}=\n(?:[^\n]+\n)*\n(?:{DASH} [^\n]+(?:\n|\Z))+", re.MULTILINE)
SHORT = re.compile(r"([^\s\"]+/ledger/[0-9]+)\s+([0-9]+)\s+([A-Za-z0-9+/]{12,43}=?)")
"""As an alarm and a paper show it: origin, size and the beginning of the root."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A checkpoint that somebody holds. `root`: its beginning at least, base64; `note`: None on paper, where nothing is signed."""

    origin: str
    size: int
    root: str
    epoch: int = 1
    note: str | None = None

    @property
    def district_id(self) -> int:
        number = self.origin.rpartition("/ledger/")[2]
        return int(number) if number.isascii() and number.isdigit() else 0


@dataclass(frozen=True, slots=True)
class Compared:
    """`verdict`: a name in VERDICTS; `missing`: of how many transactions."""

    seen: Seen
    verdict: str
    missing: int = 0


VERDICTS = {
    "agrees": "agrees",
    "behind": "the book is {missing} transactions behind",
    "given_up": "{missing} transactions were given up by a later epoch, as two people confirmed",
    "contradicts": "CONTRADICTS: another past was signed (fork)",
    "signature_wrong": "is not signed by a key of this log: it says nothing",
    "unknown_log": "is of another log: there is no such one here",
}


def read_seen(text: str) -> list[Seen]:
    """Every checkpoint in a text: whole notes, also inside JSON, and the short form of papers."""
    text = text.replace("\\n", "\n").replace("\\u2014", DASH).replace('"', "\n").replace("\r\n", "\n")
    found = []
    for match in WHOLE.finditer(text):
        note = match[0] if match[0].endswith("\n") else match[0] + "\n"
        try:
            said = Checkpoint.read(note)
        except NoteWrong:
            continue
        found.append(Seen(said.origin, said.size, base64.b64encode(said.root).decode(), said.epoch, note))
    return found + [Seen(origin, int(size), root) for origin, size, root in SHORT.findall(WHOLE.sub("", text))]


def compare(session: Session, held: Iterable[Seen]) -> list[Compared]:
    """Each by itself. What was sealed since the return, while the log is held, does not count as the book's past."""
    states = {state.district_id: state for state in log_states(session)}
    found = []
    for seen in held:
        keys = log_signers(session, seen.district_id)
        state = states.get(seen.district_id)
        if state is None or not keys or keys[0].name != seen.origin:
            found.append(Compared(seen, "unknown_log"))
            continue
        if seen.note is not None and not any(key.has_signed(seen.note) for key in keys):
            found.append(Compared(seen, "signature_wrong"))
            continue
        later = [each.epoch.size for each in log_epochs(session, seen.district_id) if each.epoch.number > seen.epoch]
        reach = state.signed_size if state.is_held else state.size
        found.append(_compared(session, seen, reach, min(later, default=None)))
    return found


def _compared(session: Session, seen: Seen, reach: int, given_up_from: int | None) -> Compared:
    """`reach`: how many leaves count; `given_up_from`: the size from which a later epoch than the one that was seen goes on."""
    is_ours = seen.size <= reach and base64.b64encode(log_root(session, seen.district_id, seen.size)).decode().startswith(seen.root)
    if is_ours and (given_up_from is None or seen.note is None or seen.size <= given_up_from):
        return Compared(seen, "agrees")
    if given_up_from is not None and seen.size > given_up_from:
        return Compared(seen, "given_up", seen.size - given_up_from)
    return Compared(seen, "behind", seen.size - reach) if seen.size > reach else Compared(seen, "contradicts")

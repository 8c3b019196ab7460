"""Replays an exported book: every balance, floor, ceiling, hash, root and signature anew, from the files alone, on any machine."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from struct import error as StructError
from typing import Any

from ledger.export import FORMAT
from ledger.rules.encoding import Leg, Sealable, encode
from ledger.rules.notes import Checkpoint, Epoch, NoteWrong, PublicKey, trusted_keys
from ledger.rules.tree import Edge, leaf_hash

EVERY = 5_000
"""Transactions after which a report is made."""


class BookDiffers(Exception):
    """The first thing that does not agree. `what`: a name in docs/reference/book-export.md, which also says what `subject` is."""

    def __init__(self, what: str, subject: int | str) -> None:
        super().__init__(what, subject)
        self.what, self.subject = what, subject


@dataclass(frozen=True, slots=True)
class Account:
    """As the export has it. `floor` and `ceiling` are natural: on the side that a person sees; None: none."""

    id: int
    role: str
    owner_id: int
    series_id: int
    unit: int
    sign: int
    floor: int | None
    ceiling: int | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was recomputed, and by whose word the root is the log's."""

    district_id: int
    size: int
    accounts: int
    root: bytes
    key: PublicKey


def replay(folder: Path, pins: Sequence[PublicKey], report: Callable[[int, int], None]) -> Replayed:
    """Recompute the book in `folder`; `report` hears (done, of) transactions.

    `pins`: keys known from elsewhere; without one the first key of the export is believed. Raises BookDiffers at the first difference.
    """
    try:
        return _Replay.of(folder, pins).run(report)
    except OSError as error:
        raise BookDiffers("file_missing", Path(str(error.filename)).name) from error
    except (ValueError, TypeError, KeyError, StructError, NoteWrong) as error:
        raise BookDiffers("malformed", str(error)) from error


def read_accounts(folder: Path) -> dict[int, Account]:
    """The accounts of an export by their numbers."""
    return {line["id"]: Account(**line) for line in _lines(folder / "accounts.jsonl")}


def read_transaction(district_id: int, accounts: Mapping[int, Account], line: Mapping[str, Any]) -> Sealable:
    """A line of `transactions.jsonl` as it was sealed. Raises BookDiffers for an account that is not there."""
    legs = []
    for account_id, amount in line["lines"]:
        account = accounts.get(account_id)
        if account is None:
            raise BookDiffers("account_missing", line["id"])
        legs.append(Leg(account.id, account.role, account.owner_id, account.series_id, account.unit, amount))
    return Sealable(
        district_id,
        line["id"],
        datetime.fromisoformat(line["posted_at"]),
        line["kind"],
        bytes.fromhex(line["key_hash"]),
        bytes.fromhex(line["command_hash"]),
        line["refers_to"],
        line["hold_id"],
        bytes.fromhex(line["facts_hash"]),
        tuple(legs),
    )


@dataclass(slots=True)
class _Replay:
    """The state of a replay: what every account has so far, and the right edge of the tree."""

    folder: Path
    district_id: int
    size: int
    filling: frozenset[str]
    accounts: dict[int, Account]
    checkpoints: dict[int, list[str]]
    epochs: list[str]
    keys: list[PublicKey]
    epoch: int = 1
    started: set[int] = field(default_factory=set)
    balances: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    edge: Edge = field(default_factory=Edge)

    @classmethod
    def of(cls, folder: Path, pins: Sequence[PublicKey]) -> _Replay:
        about = json.loads((folder / "book.json").read_text(encoding="utf-8"))
        if about["format"] != FORMAT:
            raise ValueError("format")
        known = list(_lines(folder / "keys.jsonl"))
        epochs = [line["note"] for line in _lines(folder / "epochs.jsonl")] if (folder / "epochs.jsonl").exists() else []
        named = {Epoch.read(note).key for note in epochs}
        firsts = [PublicKey.read(each["key"]) for each in known if not each["endorsement"]]
        firsts = [key for place, key in enumerate(firsts) if place == 0 or key in named]
        pinned = [pin for pin in pins if pin.name.endswith(f"/ledger/{about['district']}")] if pins else firsts
        if not pinned:
            raise BookDiffers("signature_wrong", about["size"])
        endorsements = [line["endorsement"] for line in known if line["endorsement"]]
        checkpoints: defaultdict[int, list[str]] = defaultdict(list)
        for line in _lines(folder / "checkpoints.jsonl"):
            checkpoints[line["size"]].append(line["note"])
        return cls(
            folder,
            about["district"],
            about["size"],
            frozenset(about["kinds_that_meet_ceilings"]),
            read_accounts(folder),
            dict(checkpoints),
            epochs,
            [key for pin in pinned for key in trusted_keys(pin, endorsements)],
        )

    def run(self, report: Callable[[int, int], None]) -> Replayed:
        key = None
        for line in _lines(self.folder / "transactions.jsonl"):
            self._transaction(line)
            self.started |= self._epochs_from_here()
            for note in self.checkpoints.get(self.edge.size, ()):
                key = self._checkpoint(note)
            if self.edge.size % EVERY == 0:
                report(self.edge.size, self.size)
        report(self.edge.size, self.size)
        if key is None or self.edge.size != self.size or self.size != max(self.checkpoints):
            raise BookDiffers("end_missing", self.edge.size)
        self._compare_balances()
        return Replayed(self.district_id, self.size, len(self.balances), self.edge.root(), key)

    def _transaction(self, line: dict[str, Any]) -> None:
        if "kind" not in line:
            raise BookDiffers("transaction_missing", line["id"])
        sealed = read_transaction(self.district_id, self.accounts, line)
        if leaf_hash(encode(sealed)).hex() != line["hash"]:
            raise BookDiffers("transaction_changed", line["id"])
        self._book(sealed)
        for _ in self.edge.append(bytes.fromhex(line["hash"])):
            pass  # of the nodes on the way only the edge is kept

    def _book(self, sealed: Sealable) -> None:
        sums: defaultdict[int, int] = defaultdict(int)
        for leg in sealed.legs:
            account = self.accounts[leg.account_id]
            sums[leg.unit] += leg.amount
            self.balances[leg.account_id] += leg.amount
            natural = account.sign * self.balances[leg.account_id]
            is_lowered = account.sign * leg.amount < 0
            if is_lowered and account.floor is not None and natural < account.floor:
                raise BookDiffers("floor_passed", sealed.transaction_id)
            if not is_lowered and sealed.kind in self.filling and account.ceiling is not None and natural > account.ceiling:
                raise BookDiffers("ceiling_passed", sealed.transaction_id)
        if any(sums.values()):
            raise BookDiffers("unbalanced", sealed.transaction_id)

    def _epochs_from_here(self) -> set[int]:
        """The numbers of the epochs that go on from the present size."""
        starts = set()
        for number, note in enumerate(self.epochs, 2):
            said = Epoch.read(note)
            if said.size == self.edge.size:
                if (said.number, said.root) != (number, self.edge.root()) or self._signer(said.origin, note) is None:
                    raise BookDiffers("epoch_differs", number)
                starts.add(number)
        return starts

    def _checkpoint(self, note: str) -> PublicKey:
        said = Checkpoint.read(note)
        if (said.size, said.root) != (self.edge.size, self.edge.root()):
            raise BookDiffers("checkpoint_differs", self.edge.size)
        if said.epoch < self.epoch or (said.epoch > 1 and said.epoch not in self.started):
            raise BookDiffers("epoch_differs", said.epoch)
        self.epoch = said.epoch
        key = self._signer(said.origin, note)
        if key is None:
            raise BookDiffers("signature_wrong", self.edge.size)
        return key

    def _signer(self, origin: str, note: str) -> PublicKey | None:
        return next((key for key in self.keys if origin == key.name and key.has_signed(note)), None)

    def _compare_balances(self) -> None:
        stated = {line["account"]: line["balance"] for line in _lines(self.folder / "balances.jsonl")}
        for account_id in sorted(self.balances.keys() | stated.keys()):
            if self.balances.get(account_id) != stated.get(account_id):
                raise BookDiffers("balance_differs", account_id)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)

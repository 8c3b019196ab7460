"""Who looks on while everything breaks, and remembers: witnesses of the log, and tablets that must ring for every payment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from sqlalchemy.orm import Session

from ledger import queries
from ledger.rules.notes import Checkpoint, PublicKey
from ledger.rules.tree import is_consistent
from tests.faults.history import Finding, Written


@dataclass
class Witness:
    """Keeps every signed checkpoint that it is shown, and the first key, as phones do."""

    district_id: int
    key: PublicKey | None = None
    seen: list[Checkpoint] = field(default_factory=list)

    def looks(self, session: Session) -> None:
        shown = queries.checkpoint(session, self.district_id)
        self.key = self.key or queries.log_keys(session, self.district_id)[0].public_key
        checkpoint = Checkpoint.read(shown.note)
        assert self.key.has_signed(shown.note), shown.note
        if checkpoint not in self.seen:
            self.seen.append(checkpoint)

    def findings(self, session: Session) -> Iterator[Finding]:
        """`forked`: two checkpoints of which the later does not only add to the earlier."""
        for old, new in pairwise(sorted(self.seen, key=lambda seen: seen.size)):
            proof = queries.consistency(session, self.district_id, old.size, new.size) if old.size < new.size else []
            if not is_consistent(old.size, old.root, new.size, new.root, proof):
                yield Finding("forked", f"checkpoints {old.size} and {new.size}")
        self.seen = self.seen[-1:]


@dataclass
class Tablet:
    """Asks again and again what has come since it last asked. `owner` None: for all shops, as the association's webhooks do."""

    district_id: int
    owner: int | None
    account: int | None
    cursor: int | None = None
    heard: set[int] = field(default_factory=set)

    def looks(self, session: Session) -> None:
        news = queries.arrivals(session, self.district_id, "payable", self.owner, cursor=self.cursor)
        if self.cursor is not None:
            self.heard.update(entry.transaction_id for entry in news.entries)
        self.cursor = news.cursor

    def findings(self, journal: Iterable[Written]) -> Iterator[Finding]:
        """`unheard`: a payment or refund that this tablet was never told of."""
        for one in journal:
            if one.kind in ("payment", "refund") and (self.account is None or self.account in one.lines) and one.number not in self.heard:
                yield Finding("unheard", f"transaction {one.number}, by shop {self.owner or 'any'}")
        self.heard.clear()

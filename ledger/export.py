"""The whole book of a district as files, up to its newest checkpoint, for an auditor who has nothing else.

docs/reference/book-export.md describes them. No personal data: accounts have the numbers of their owners, facts only their hash.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.queries.epochs import log_epochs
from ledger.queries.sealed import checkpoint, log_keys, sealables
from ledger.rules.encoding import Sealable

FORMAT = "meguri book 1"
TRANSACTIONS_A_PIECE = 5_000


def export(session: Session, district_id: int, folder: Path, report: Callable[[int, int], None]) -> int:
    """Write the files into `folder`, which must not be there yet, and give the number of transactions. It appears when it is whole.

    `report` hears (done, of) transactions. Raises CheckpointUnknown where nothing is sealed yet, FileExistsError.
    """
    size = checkpoint(session, district_id).size
    unfinished = folder.with_name(folder.name + ".unfinished")
    if folder.exists():
        raise FileExistsError(folder)
    unfinished.mkdir(exist_ok=True)  # what an export that was cut off has left is written over
    _write(unfinished / "transactions.jsonl", _transactions(session, district_id, size, report))
    values = {"district_id": district_id, "size": size}
    for name, query in (("accounts", ACCOUNTS), ("balances", BALANCES), ("checkpoints", CHECKPOINTS)):
        _write(unfinished / f"{name}.jsonl", (dict(row._mapping) for row in session.execute(query, values)))
    _write(
        unfinished / "keys.jsonl",
        ({"key": str(each.public_key), "endorsement": each.endorsement} for each in log_keys(session, district_id)),
    )
    _write(unfinished / "epochs.jsonl", ({"number": each.epoch.number, "note": each.note} for each in log_epochs(session, district_id)))
    kinds = session.execute(text("SELECT name FROM ledger.kind WHERE fills ORDER BY name")).scalars().all()
    about = {"format": FORMAT, "district": district_id, "size": size, "kinds_that_meet_ceilings": list(kinds)}
    (unfinished / "book.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    session.rollback()
    unfinished.rename(folder)
    return size


LEAVES = text("""
    SELECT transaction_id, hash FROM ledger.leaf WHERE district_id = :district_id AND place >= :low AND place < :high ORDER BY place
""")
ACCOUNTS = text("""
    SELECT a.id, a.role, a.owner_id, a.series_id, a.unit, a.sign, a.floor,
        CASE WHEN a.locked THEN COALESCE(a.ceiling, s.balance_max) END AS ceiling
    FROM ledger.account a LEFT JOIN ledger.series s ON s.district_id = a.district_id AND s.id = a.series_id
    WHERE a.district_id = :district_id ORDER BY a.id
""")
# From the entries, not from the lines of the transactions: whoever replays compares the two.
BALANCES = text("""
    SELECT e.account_id AS account, sum(e.amount)::bigint AS balance FROM ledger.entry e
    JOIN ledger.leaf l ON l.district_id = e.district_id AND l.transaction_id = e.transaction_id
    WHERE e.district_id = :district_id AND l.place < :size GROUP BY 1 ORDER BY 1
""")
CHECKPOINTS = text("SELECT size, note FROM ledger.checkpoint WHERE district_id = :district_id AND size <= :size ORDER BY size, epoch")


def _transactions(session: Session, district_id: int, size: int, report: Callable[[int, int], None]) -> Iterator[dict[str, Any]]:
    """In their sealed order. What is in the log but not in the journal has its hash and nothing else."""
    for low in range(0, size, TRANSACTIONS_A_PIECE):
        high = min(low + TRANSACTIONS_A_PIECE, size)
        leaves = session.execute(LEAVES, {"district_id": district_id, "low": low, "high": high}).all()
        journal = sealables(session, district_id, [row.transaction_id for row in leaves])
        for row in leaves:
            found = journal.get(row.transaction_id)
            yield {"id": row.transaction_id, "hash": bytes(row.hash).hex()} | (_content(found) if found else {})
        session.rollback()  # each piece has its own snapshot: what is sealed never changes
        report(high, size)


def _content(found: Sealable) -> dict[str, Any]:
    return {
        "posted_at": found.posted_at.isoformat(),
        "kind": found.kind,
        "key_hash": found.key_hash.hex(),
        "command_hash": found.command_hash.hex(),
        "refers_to": found.refers_to,
        "hold_id": found.hold_id,
        "facts_hash": found.facts_hash.hex(),
        "lines": [[leg.account_id, leg.amount] for leg in found.legs],
    }


def _write(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            file.write(json.dumps(line, separators=(",", ":")) + "\n")

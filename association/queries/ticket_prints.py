"""印刷: who has drawn which part of a lot of tickets, as the log has it. Of two papers with one code, one is worth nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import identity.queries
from association.queries.ticket_lots import ListedLot
from identity.commands import authorise
from identity.queries import Principal


@dataclass(frozen=True, slots=True)
class TicketPrint:
    """The last time that one part of a lot was drawn. `times`: how often so far."""

    at: datetime
    name: str | None
    times: int


def ticket_prints(session: Session, who: Principal, lots: Sequence[ListedLot]) -> dict[tuple[int, int], TicketPrint]:
    """By lot and part, of what was ever drawn."""
    authorise(session, who, "association.read")
    if not lots:
        return {}
    found: dict[tuple[int, int], list[tuple[datetime, int | None]]] = {}
    since = min(lot.made_at for lot in lots)
    for at, person, about in identity.queries.done_so_far(session, who.district_id, "association.print_tickets", "lot:", since=since):
        lot, _part, part = about.removeprefix("lot:").split(" ")
        found.setdefault((int(lot), int(part)), []).append((at, person))
    names = identity.queries.nicknames(session, who.district_id, {row[1] for rows in found.values() for row in rows if row[1] is not None})
    return {place: TicketPrint(rows[-1][0], names.get(rows[-1][1] or 0), len(rows)) for place, rows in found.items()}

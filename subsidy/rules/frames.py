"""Other applications that stand in the way (概要: 申請単位と申請回数; rules S-61 to S-63)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from subsidy.rules.calls import Call

STATUSES = ("applying", "granted", "rejected", "withdrawn")


@dataclass(frozen=True, slots=True)
class Earlier:
    """An application of a member to another frame (枠). `year`: of its call; `decided`: the day of the grant decision, if any."""

    year: int
    scheme: str
    status: str
    decided: date | None


@dataclass(frozen=True, slots=True)
class Block:
    """Why a member cannot apply. `allowed_from`: the first free day, None if it is not a matter of waiting or the day is not known."""

    member: str
    code: str
    allowed_from: date | None


def blocks(applied: date, histories: Mapping[str, Sequence[Earlier]], call: Call) -> list[Block]:
    """What stands in the way of an application on the day `applied`, in the order of members and their histories.

    A rejected or withdrawn application never does. Raises ValueError for a status that there is not.
    """
    return [block for member, history in histories.items() for earlier in history for block in _block(member, earlier, applied, call)]


def _block(member: str, earlier: Earlier, applied: date, call: Call) -> Iterator[Block]:
    values = call.values
    if earlier.status not in STATUSES:
        raise ValueError(f"no status {earlier.status}")
    if earlier.scheme not in values.blocking_frames:
        return
    is_granted = earlier.status == "granted"
    if earlier.status == "applying" or (is_granted and earlier.year >= values.call_year):
        yield Block(member, "E_DUPLICATE_FRAME", None)
    elif is_granted and earlier.year == values.waiting_year:
        free = first_free_day(earlier.decided, call) if earlier.decided else None
        if free is None or applied < free:
            yield Block(member, "E_WITHIN_12_MONTHS", free)


def first_free_day(decided: date, call: Call) -> date:
    """The first day on which somebody with a decision of `decided` may apply: after the same day number twelve months on, or that
    month's last day where it has no such number (民法140条, 143条)."""
    months = decided.year * 12 + decided.month - 1 + call.values.waiting_months
    year, month = months // 12, months % 12 + 1
    last = date(year, month, min(decided.day, monthrange(year, month)[1]))
    return last + timedelta(days=1) if call.values.last_waiting_day_blocks else last

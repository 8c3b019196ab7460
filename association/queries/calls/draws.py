"""抽選: what is published, and what everybody can compute from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
from association.errors import CallUnknown
from association.models import VoucherDraw, VoucherDrawRound
from association.queries.calls.terms import Call, one_call
from association.queries.vouchers import VoucherTerms
from association.rules.draw import Entry, Place, draw, seed


@dataclass(frozen=True, slots=True)
class Drawn:
    """The draw of a campaign, for everybody. `campaign`: its name in addresses. Without a checkpoint there was enough for all.

    `kept`: by round, who gave up units and how many they kept; `places`: as the last round gives them.
    """

    terms: VoucherTerms
    call: Call
    campaign: str
    entries: tuple[Entry, ...]
    list_hash: bytes
    after_size: int
    fixed_at: datetime
    size: int | None
    root: bytes | None
    signed_at: datetime | None
    drawn_at: datetime | None
    rounds: tuple[Round, ...]

    @property
    def wanted(self) -> int:
        return sum(entry.units for entry in self.entries)

    @property
    def places(self) -> list[Place]:
        return places_of(self, self.rounds[-1].kept if self.rounds else {}) if self.drawn_at else []

    def question(self, number: int) -> dict[str, object]:
        """What `meguri rules vouchers.draw` is asked to get round `number`."""
        assert self.size is not None and self.root is not None, self.campaign
        asked: dict[str, object] = {
            "id": f"{self.campaign}-{number}",
            "campaign": self.campaign,
            "entries": [[entry.number, entry.units] for entry in self.entries],
            "units": self.terms.units,
            "size": self.size,
            "root": self.root.hex(),
        }
        kept = self.rounds[number - 1].kept
        return asked | ({"kept": [list(pair) for pair in sorted(kept.items())]} if kept else {})


@dataclass(frozen=True, slots=True)
class Round:
    """One look down the list. `kept`: application number → units kept by whoever gave some up."""

    number: int
    kept: dict[int, int]
    pay_until: date
    made_at: datetime


def places_of(drawn: Drawn, kept: dict[int, int]) -> list[Place]:
    """What each application gets, by the published rule."""
    if drawn.size is None or drawn.root is None:
        return [Place(rank, entry.number, entry.units, kept.get(entry.number, entry.units)) for rank, entry in enumerate(drawn.entries, 1)]
    return draw(drawn.entries, drawn.terms.units, seed(drawn.campaign, drawn.entries, drawn.size, drawn.root), kept=kept)


def draw_of(session: Session, district_id: int, voucher_id: int) -> Drawn | None:
    """The draw as it is published; None before the list is fixed. For doors that have asked already. Raises CallUnknown."""
    row = session.get(VoucherDraw, (district_id, voucher_id), populate_existing=True)
    if row is None:
        return None
    terms, call = one_call(session, district_id, voucher_id)
    mine = (VoucherDrawRound.district_id == district_id, VoucherDrawRound.voucher_id == voucher_id)
    rounds = session.scalars(select(VoucherDrawRound).where(*mine).order_by(VoucherDrawRound.round))
    return Drawn(
        terms=terms,
        call=call,
        campaign=campaign_name(session, district_id, voucher_id),
        entries=tuple(Entry(*pair) for pair in zip(row.numbers, row.wanted, strict=True)),
        list_hash=row.list_hash,
        after_size=row.after_size,
        fixed_at=row.fixed_at,
        size=row.size,
        root=row.root,
        signed_at=row.signed_at,
        drawn_at=row.drawn_at,
        rounds=tuple(
            Round(each.round, dict(zip(each.kept_numbers, each.kept_units, strict=True)), each.pay_until, each.made_at) for each in rounds
        ),
    )


def campaign_name(session: Session, district_id: int, voucher_id: int) -> str:
    """What decides together with the checkpoint: the code of its series, as it stands in addresses."""
    return book.one_series(session, district_id, voucher_id).code


def published_draw(session: Session, district_id: int, campaign: str) -> tuple[VoucherTerms, Call, Drawn | None]:
    """What anybody may see. Raises CallUnknown."""
    found = next((one for one in book.series(session, district_id) if one.code == campaign), None)
    if found is None:
        raise CallUnknown
    terms, call = one_call(session, district_id, found.id)
    return terms, call, draw_of(session, district_id, terms.id)

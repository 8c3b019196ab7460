"""The association's people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import association.commands
import association.queries
import ledger.queries
from association.commands import (
    AgentPaysIn,
    CancelCodes,
    CloseDrawer,
    DrawerClosed,
    HandOutFloat,
    LargeTopUp,
    NewBatch,
    ReleaseSuspense,
    SellVoucher,
    TopUp,
    TopUpReceipt,
    VoucherSold,
)
from association.queries.drawers import last_count
from association.rules.cash import broken_down
from base.clock import tokyo_day
from identity.queries import Principal
from ledger.commands import Posted
from tests.town.people import Consumer
from tests.town.shops import Shop

if TYPE_CHECKING:
    from tests.town.the_town import Town


@dataclass
class Clerk:
    """The association's people, by what they do at the desk."""

    town: Town
    person_id: int
    who: Principal

    def tops_up(
        self, consumer: Consumer, amount: int, *, received: int | None = None, series_id: int | None = None, key: UUID | None = None
    ) -> TopUpReceipt:
        """Take cash and book coin. `received`: what was handed over, exactly the amount if not said."""
        order = TopUp(
            person_id=consumer.person_id,
            series_id=series_id or self.town.series_id,
            amount=amount,
            received=amount if received is None else received,
            key=key or uuid4(),
        )
        return association.commands.top_up(self.town.session, self.who, order, now=self.town.now)

    def sells(
        self, consumer: Consumer, voucher_id: int, units: int = 1, *, received: int | None = None, key: UUID | None = None
    ) -> VoucherSold:
        """Take cash, exactly the price if not said, and book vouchers."""
        terms = association.queries.one_voucher(self.town.session, self.town.district_id, voucher_id)
        order = SellVoucher(voucher_id, consumer.person_id, units, terms.price * units if received is None else received, key or uuid4())
        return association.commands.sell_voucher(self.town.session, self.who, order, now=self.town.now)

    def cash(self) -> int:
        """What is in this clerk's drawer."""
        account = ledger.queries.account_id(self.town.session, self.town.district_id, "drawer", self.person_id, 0)
        return 0 if account is None else ledger.queries.balance(self.town.session, self.town.district_id, account)

    def signs_in_again(self) -> Clerk:
        """The same person in a fresh session: a desk's are short."""
        return Clerk(self.town, self.person_id, self.town.signs_in(self.person_id))

    def submits(self, closes_on: date, *, without: frozenset[int] = frozenset()) -> association.queries.Run:
        """Put the run of a closing day before somebody else."""
        run_id = association.commands.submit_run(self.town.session, self.who, closes_on, without=without, now=self.town.now)
        return self.sees_run(run_id)

    def sees_run(self, run_id: int) -> association.queries.Run:
        return association.queries.run(self.town.session, self.who, run_id)

    def approves(self, proposal_id: int) -> list[Posted]:
        """Approve what another person proposed."""
        return association.commands.approve(self.town.session, self.who, proposal_id, now=self.town.now)

    def declines(self, proposal_id: int, reason: str = "金額を確かめる") -> None:
        association.commands.decline(self.town.session, self.who, proposal_id, reason=reason, now=self.town.now)

    def says_paid(self, run_id: int, paid_on: date) -> int:
        """Say that the bank has paid a run; gives the proposal that somebody else confirms."""
        return association.commands.submit_payout(self.town.session, self.who, run_id, paid_on=paid_on, now=self.town.now)

    def releases(self, account_id: int, *, to_person: bool, key: UUID | None = None) -> int:
        """Propose what becomes of a refund that waits in suspense."""
        order = ReleaseSuspense(account_id, to_person, "本人に連絡した", key or uuid4())
        return association.commands.propose_release(self.town.session, self.who, order, now=self.town.now)

    def finds(
        self, clerk: Clerk, counted: int | Mapping[int, int], *, stays: int = 0, reason: str = "", key: UUID | None = None
    ) -> CloseDrawer:
        """What stands on the page when another clerk's drawer was counted: nothing is booked yet. A sum is in few notes."""
        pieces = broken_down(counted) if isinstance(counted, int) else counted
        last = last_count(self.town.session, self.town.district_id, clerk.person_id)
        return CloseDrawer(clerk.person_id, pieces, stays, clerk.cash(), last.id if last else 0, key or uuid4(), reason)

    def counts(self, clerk: Clerk, counted: int | Mapping[int, int], **words: Any) -> DrawerClosed:
        """Count another clerk's drawer and carry all but what `stays` to the safe."""
        return self.closes(self.finds(clerk, counted, **words))

    def closes(self, closing: CloseDrawer) -> DrawerClosed:
        """Press the button of a count."""
        return association.commands.close_drawer(self.town.session, self.who, closing, now=self.town.now)

    def hands_float(self, clerk: Clerk, amount: int, *, key: UUID | None = None) -> Posted:
        """Change for the morning, from the safe into another clerk's drawer."""
        order = HandOutFloat(clerk.person_id, amount, key or uuid4())
        return association.commands.hand_out_float(self.town.session, self.who, order, now=self.town.now)

    def asks_for_large(self, consumer: Consumer, amount: int, *, note: str = "団体の旅行", key: UUID | None = None) -> int:
        """Lay a top-up before a second person; gives the proposal's number."""
        wanted = TopUp(consumer.person_id, self.town.series_id, amount, amount, key or uuid4())
        return association.commands.propose_large_top_up(self.town.session, self.who, LargeTopUp(wanted, note), now=self.town.now)

    def takes_from(self, shop: Shop, amount: int, *, key: UUID | None = None) -> Posted:
        """An agent brings cash to this clerk's counter."""
        order = AgentPaysIn(shop.id, amount, key or uuid4())
        return association.commands.take_agent_cash(self.town.session, self.who, order, now=self.town.now)

    def proposes_codes(self, pieces: int = 3, face_value: int = 1_000, *, key: UUID | None = None, **changes: Any) -> int:
        """Lay a batch of top-up codes before a second person; gives the batch's number."""
        usual: dict[str, Any] = {
            "series_id": self.town.series_id,
            "paid_from": "safe",
            "last_day": tokyo_day(self.town.now) + timedelta(days=90),
            "note": "夏祭り",
        }
        new = NewBatch(face_value=face_value, pieces=pieces, key=key or uuid4(), **(usual | changes))
        return association.commands.propose_codes(self.town.session, self.who, new, now=self.town.now)

    def cancels_codes(self, batch_id: int, place: int | None = None, *, key: UUID | None = None) -> int:
        """Lay before a second person that a code, or the rest of a batch, ends; gives the proposal's number."""
        order = CancelCodes(batch_id, place, "紛失した", key or uuid4())
        return association.commands.propose_code_cancel(self.town.session, self.who, order, now=self.town.now)

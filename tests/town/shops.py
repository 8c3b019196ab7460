"""A shop and its tablet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import association.commands
import association.queries
import identity.commands
import identity.queries
import ledger.queries
import merchant.commands
import merchant.queries
import wallet.commands
from association.commands import (
    NewAgent,
    SellCoin,
    TopUpReceipt,
    UndoSale,
)
from identity.queries import Principal
from ledger.commands import Posted
from merchant.commands import Ask, NewStaff, Refund, Refunded
from merchant.queries import Asked
from tests.town.cards import PaperCard
from tests.town.known import CASHIER_PIN, NUMBERS
from wallet.commands import PayByCode

if TYPE_CHECKING:
    from tests.town.people import CardHolder, Consumer
    from tests.town.the_town import Town


@dataclass
class Shop:
    """みなと屋: asks for money, takes it, gives it back. `owner` is its owner, signed in."""

    town: Town
    id: int
    public_number: str
    owner: Principal
    _till: Till | None = field(default=None, repr=False)

    def asks(self, amount: int, *, key: UUID | None = None) -> Asked:
        """A request at the shop's first tablet."""
        return self.till().asks(amount, key=key)

    def place(self) -> merchant.queries.Shop:
        """The shop as everybody sees it."""
        return merchant.queries.merchant(self.town.session, self.town.district_id, self.id)

    def taken(self) -> int:
        """What the book owes the shop now."""
        held = ledger.queries.balances(self.town.session, self.town.district_id, "payable", self.id)
        return sum(one.balance for one in held)

    def refunds(self, transaction_id: int, amount: int, *, key: UUID | None = None, reason: str = "返品") -> Refunded:
        """The owner gives back `amount` of a payment."""
        order = Refund(transaction_id, amount, reason, key or uuid4())
        return merchant.commands.refund(self.town.session, self.owner, order, now=self.town.now)

    def till(self) -> Till:
        """The shop's first tablet, paired when it is first needed."""
        if self._till is None:
            self._till = self.another_till("レジ1")
        return self._till

    def another_till(self, name: str = "レジ2") -> Till:
        """Pair one more tablet with a code from the owner's page."""
        session, now = self.town.session, self.town.now
        code = merchant.commands.make_pair_code(session, self.owner, self.id, name, now=now)
        newcomer = identity.queries.nobody(self.town.district_id, address=f"192.0.2.{next(NUMBERS) % 250 + 1}")
        paired = merchant.commands.pair_till(session, newcomer, code.code, now=now)
        return Till(self.town, self, paired.till.id, paired.token)

    def hires(self, name: str = "レジ係", *, role: str = "cashier", pin: str = CASHIER_PIN) -> int:
        """A member of staff with a PIN; gives their number."""
        new = NewStaff(name, role, pin)
        return merchant.commands.add_staff(self.town.session, self.owner, self.id, new, now=self.town.now).id

    def is_agent(self, daily_max: int = 100_000) -> Shop:
        """Two people switched it on to sell coin."""
        new = NewAgent(self.id, daily_max, "フロントで売りたい")
        number = association.commands.propose_agent(self.town.session, self.town.clerk().who, new, now=self.town.now)
        self.town.approver().approves(number)
        return self

    def is_no_agent(self, reason: str = "担当者が替わった") -> None:
        association.commands.end_agent(self.town.session, self.town.approver().who, self.id, reason=reason, now=self.town.now)

    def debt(self) -> int:
        """Cash that it took for coin and has not handed over."""
        return self.sales().debt

    def sales(self) -> association.queries.AgentStanding:
        """How it stands as an agent."""
        return association.queries.agent(self.town.session, self.town.district_id, self.id, now=self.town.now)

    def is_suspended(self, reason: str = "苦情の確認") -> None:
        association.commands.suspend_shop(self.town.session, self.town.approver().who, self.id, reason=reason, now=self.town.now)

    def is_resumed(self, reason: str = "確認が済んだ") -> None:
        association.commands.resume_shop(
            self.town.session, self.town.another_clerk("approver").who, self.id, reason=reason, now=self.town.now
        )


@dataclass
class Till:
    """端末: a paired tablet. `token` is what its cookie `meguri_till` carries."""

    town: Town
    shop: Shop
    id: int
    token: str

    @property
    def who(self) -> Principal:
        return identity.queries.principal_for_till(
            self.town.session, self.token, self.town.now, district_id=self.town.district_id, address="192.0.2.9"
        )

    def asks(self, amount: int, *, key: UUID | None = None) -> Asked:
        return merchant.commands.ask(self.town.session, self.who, Ask(amount, key or uuid4()), now=self.town.now)

    def cancels(self, asked: Asked) -> Asked:
        return merchant.commands.cancel_ask(self.town.session, self.who, asked.id, now=self.town.now)

    def scans(self, code: str, amount: int, *, key: UUID | None = None) -> wallet.commands.Taken | wallet.queries.ConsentView:
        """Read the consumer's one-time code (its text or its digits) and take `amount`."""
        return wallet.commands.pay_by_code(self.town.session, self.who, PayByCode(code, amount, key or uuid4()), now=self.town.now)

    def scans_card(
        self, card: PaperCard | CardHolder, amount: int, *, pin: str | None = None, key: UUID | None = None, typed: bool = False
    ) -> wallet.commands.Taken:
        """Read a card (`typed`: its number instead of its QR) and take `amount`, with the PIN if the holder typed one."""
        paper = card if isinstance(card, PaperCard) else card.card
        order = PayByCode(paper.number if typed else paper.text, amount, key or uuid4(), pin)
        taken = wallet.commands.pay_by_code(self.town.session, self.who, order, now=self.town.now)
        assert isinstance(taken, wallet.commands.Taken), taken
        return taken

    def sells(self, consumer: Consumer, amount: int, *, staff_id: int, pin: str = CASHIER_PIN, key: UUID | None = None) -> TopUpReceipt:
        """Coin for cash, at an agent's tablet; the customer's code was read before."""
        order = SellCoin(consumer.person_id, self.town.series_id, amount, key or uuid4(), staff_id, pin)
        return association.commands.sell_coin(self.town.session, self.who, order, now=self.town.now)

    def undoes(self, transaction_id: int, *, staff_id: int, pin: str = CASHIER_PIN, key: UUID | None = None) -> Posted:
        """Take a sale of coin back."""
        order = UndoSale(transaction_id, "金額の打ち間違い", key or uuid4(), staff_id, pin)
        return association.commands.undo_sale(self.town.session, self.who, order, now=self.town.now)

    def refunds(self, transaction_id: int, amount: int, *, staff_id: int, pin: str, key: UUID | None = None) -> Refunded:
        order = Refund(transaction_id, amount, "返品", key or uuid4(), staff_id=staff_id, pin=pin)
        return merchant.commands.refund(self.town.session, self.who, order, now=self.town.now)

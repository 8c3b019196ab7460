"""Who holds coins: with a phone, or with a card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import association.commands
import association.queries
import identity.commands
import identity.queries
import ledger.queries
import wallet.commands
from identity.queries import Principal
from ledger.commands import Posted
from merchant.queries import Asked
from tests.town.cards import PaperCard
from tests.town.shops import Shop
from wallet.commands import Claim, Pay, ToRequest, ToShop

if TYPE_CHECKING:
    from tests.town.the_town import Town


@dataclass
class Consumer:
    """花子: holds coins and pays."""

    town: Town
    person_id: int
    who: Principal

    def coins(self, series_id: int | None = None) -> int:
        """What stands on the account now, holds included."""
        held = ledger.queries.balances(self.town.session, self.town.district_id, "consumer", self.person_id)
        return sum(one.balance for one in held if one.series.id == (series_id or self.town.series_id))

    def points(self) -> int:
        """Points that can be spent."""
        held = ledger.queries.balances(self.town.session, self.town.district_id, "consumer", self.person_id)
        return sum(one.balance for one in held if one.series.is_points)

    def takes_part(self, code: str, choice: int | None = None) -> Posted:
        """もらう on the page that a poster leads to."""
        return association.commands.take_part(self.town.session, self.who, code, choice=choice, now=self.town.now)

    def receipt_points(self, receipt: wallet.queries.Receipt) -> int:
        """Points that the done page of a payment says it earns."""
        earned = wallet.queries.earned_by(self.town.session, self.who, receipt)
        return 0 if earned is None else earned.points

    def pending_points(self) -> int:
        """Points that wait until the refund window is over."""
        held = ledger.queries.balances(self.town.session, self.town.district_id, "point_pending", self.person_id)
        return sum(one.balance for one in held)

    def claims(self, coupon_id: int, *, key: UUID | None = None) -> Posted:
        """もらう: one piece."""
        return wallet.commands.claim_coupon(self.town.session, self.who, Claim(coupon_id, key or uuid4()), now=self.town.now)

    def pieces(self, coupon_id: int) -> int:
        """How many of this coupon are in the wallet."""
        return self.coins(coupon_id)

    def coupons(self) -> wallet.queries.MyCoupons:
        """What the page クーポン shows."""
        return wallet.queries.my_coupons(self.town.session, self.who, now=self.town.now)

    def plans(self, whom: Asked | Shop, amount: int | None = None, *, coupon: wallet.queries.CouponChoice = "best") -> wallet.queries.Plan:
        """What the confirm page shows."""
        session, who, now = self.town.session, self.who, self.town.now
        if isinstance(whom, Shop):
            assert amount is not None, "at a printed code the consumer types the amount"
            return wallet.queries.plan_for(session, who, whom.place(), amount, coupon=coupon, now=now)
        shop, asked = wallet.queries.target_of_request(session, who, whom.id, now=now)
        return wallet.queries.plan_for(session, who, shop, asked.amount, asked=asked, coupon=coupon, now=now)

    def pays(
        self,
        whom: Asked | Shop,
        amount: int | None = None,
        *,
        key: UUID | None = None,
        pin: str | None = None,
        shown: str | None = None,
        coupon: int | None = None,
    ) -> wallet.queries.Receipt:
        """Pay a request that is waiting, or type the amount at a shop's printed code."""
        if isinstance(whom, Shop):
            assert amount is not None, "at a printed code the consumer types the amount"
            target: ToShop | ToRequest = ToShop(whom.public_number)
        else:
            target, amount = ToRequest(whom.id), whom.amount if amount is None else amount
        order = Pay(target, amount, key or uuid4(), shown=shown, pin=pin, coupon=coupon)
        return self.receipt(wallet.commands.pay(self.town.session, self.who, order, now=self.town.now))

    def pays_request(self, request_id: UUID, amount: int) -> wallet.queries.Receipt:
        """Pay a request of which only the number is known."""
        order = Pay(ToRequest(request_id), amount, uuid4())
        return self.receipt(wallet.commands.pay(self.town.session, self.who, order, now=self.town.now))

    def receipt(self, paid: Posted) -> wallet.queries.Receipt:
        """What the done page shows."""
        return wallet.queries.payment(self.town.session, self.who, paid.transaction_id, now=self.town.now)

    def consents(self, *, pin: str | None = None) -> wallet.queries.Receipt:
        """Say yes to what the phone is asking."""
        asked = wallet.queries.waiting_consent(self.town.session, self.who, now=self.town.now)
        assert asked is not None, "nobody asks"
        return self.receipt(wallet.commands.consent_to(self.town.session, self.who, asked.id, pin=pin, now=self.town.now))

    def shows_code(self) -> wallet.commands.ShownCode:
        """The one-time code on the phone."""
        return wallet.commands.show_code(self.town.session, self.who, now=self.town.now)

    def redeems(self, code: str, *, key: UUID | None = None) -> Posted:
        """Type a top-up code."""
        return association.commands.redeem_code(self.town.session, self.who, code, key or uuid4(), now=self.town.now)

    def sets_pin(self, pin: str) -> None:
        identity.commands.set_pin(self.town.session, self.who, pin, now=self.town.now)

    def signs_in_again(self, *, way: str = "demo") -> Consumer:
        """The same person on another device."""
        return Consumer(self.town, self.person_id, self.town.signs_in(self.person_id, way=way))


@dataclass
class CardHolder(Consumer):
    """山田さん: has no phone and never signs in; shows a card."""

    card: PaperCard

"""What the association's desk does once the town's year is booked, through its own doors: points, gifts, a case, vouchers of two kinds.

Each is made once and left to whoever plays. It comes last, so that nobody who opens the try-out waits for it. What a door refuses of one
resident, who has too little, is left out.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

import association.commands
import association.queries
import ledger.queries
import merchant.queries
import wallet.commands
import wallet.queries
from association.commands import (
    AllowTransfers,
    CloseDrawer,
    CountSafe,
    NewEvent,
    NewPoints,
    NewTicketLot,
    NewVoucher,
    OpenDispute,
    SellBooklets,
    SellVoucher,
    Share,
    TakeTickets,
)
from association.queries import TicketName
from base.clock import tokyo_day
from base.errors import MeguriError
from demo.cast import APPROVER, ISSUER, Named
from demo.doings import LARGE, TOWN, residents
from demo.opening import Report, Town
from demo.shops import MINATOYA
from identity.queries import Principal

NAMESPACE = UUID("c1c4fb0e-52d1-4d3e-9a0f-6a0f8a4f3d21")
SPLIT, PAPER = "はしご湯 商品券", "灯ノ沢 紙の商品券"
BOOKLETS, SOLD, USED = 20, 6, (4, 2, 0, 8, 1, 0)
"""Of the lot on paper: printed, sold, and how many tickets of each sold booklet were used at みなと屋."""
TWICE = 1_280
"""A customer says that she paid this twice: she did."""
NOTES_AND_COINS = (10_000, 5_000, 1_000, 500, 100, 50, 10, 5, 1)
SAFE_DAYS = 25
"""The safe is counted again when the last count is so old."""


def live_on(session: Session, town: Town, report: Report, *, now: datetime) -> None:
    """Everything that is not there yet, and the safe's monthly count. Again is harmless."""
    issuer, approver = _as(town, ISSUER), _as(town, APPROVER)
    here = {one.terms.name for one in association.queries.listed_vouchers(session, issuer, now=now)}
    is_running = ledger.queries.one_series(session, town.district_id, town.series_on(tokyo_day(now))).is_valid(now)
    if PAPER not in here and is_running:
        folk = residents(session, town)
        for what in (_points, _gifts, _case, _split, _paper):
            what(session, town, folk, now)
        _close(session, issuer, approver, now)
        report("points, gifts, a case, vouchers in two parts and on paper: there to be looked at")
    _count_safe(session, approver, now)


def _as(town: Town, one: Named) -> Principal:
    return Principal(town.district_id, town.people[one.mailbox], None, one.roles, address="demo")


def _key(town: Town, name: str) -> UUID:
    return uuid5(NAMESPACE, f"{town.district_id} {name}")


def _consumer(town: Town, person_id: int) -> Principal:
    return Principal(town.district_id, person_id, None, frozenset({"consumer"}), address="demo")


def _points(session: Session, town: Town, folk: list[int], now: datetime) -> None:
    """One point for each 100 yen, half of it by the town; and points for coming to the festival."""
    issuer, approver, today = _as(town, ISSUER), _as(town, APPROVER), tokyo_day(now)
    if association.queries.listed_programmes(session, issuer, now=now):
        return
    shares = (Share("association", 50), Share("funder", 50, TOWN))
    new = NewPoints("灯ノ沢ポイント", "Hinosawa points", 100, 1, "down", 7, 6, today, None, shares, "payer")
    programme = association.commands.propose_points(session, issuer, new, key=_key(town, "points"), now=now)
    _approve(session, approver, association.queries.one_programme(session, town.district_id, programme).proposal_id, now)
    festival = NewEvent("湯まつり 来場ポイント", "Festival points", 50, 300, today, today + timedelta(days=30), shares)
    event = association.commands.propose_event(session, issuer, festival, key=_key(town, "event"), now=now)
    terms = association.queries.one_event(session, town.district_id, event)
    _approve(session, approver, terms.proposal_id, now)
    for person_id in folk[:12]:
        with suppress(MeguriError):
            association.commands.take_part(session, _consumer(town, person_id), terms.code, now=now)


def _gifts(session: Session, town: Town, folk: list[int], now: datetime) -> None:
    """Coin may be passed on, within what the law allows by far: three gifts were taken, and one still waits."""
    series_id = town.series_on(tokyo_day(now))
    order = AllowTransfers(series_id, 5_000, 20_000, "お年玉やお礼に使いたいという声が多いため。")
    _approve(session, _as(town, APPROVER), association.commands.propose_transfers(session, _as(town, ISSUER), order), now)
    given = 0
    for giver, taker in pairwise(folk):
        if given == 4:
            return
        with suppress(MeguriError):
            gift = wallet.commands.Give(series_id, 500, "いつもありがとう", _key(town, f"gift {giver}"))
            wallet.commands.give(session, _consumer(town, giver), gift, now=now)
            given += 1
            if given < 4:
                [made, *_older] = wallet.queries.my_gifts(session, _consumer(town, giver), now=now)
                wallet.commands.take_gift(session, _consumer(town, taker), made.code, _key(town, f"taken {taker}"), now=now)


def _case(session: Session, town: Town, folk: list[int], now: datetime) -> None:
    """Somebody pressed twice, on two phones of the family; she telephoned, and the shop was asked."""
    issuer, shop = _as(town, ISSUER), _shop(session, town)
    for person_id in folk:
        paid: list[int] = []
        with suppress(MeguriError):
            for turn in (1, 2):
                pay = wallet.commands.Pay(wallet.commands.ToShop(shop.public_number), TWICE, _key(town, f"twice {person_id} {turn}"))
                paid.append(wallet.commands.pay(session, _consumer(town, person_id), pay, now=now).transaction_id)
        if len(paid) == 2:
            due, said = tokyo_day(now) + timedelta(days=14), "同じ買い物を二度払ったとのこと。"
            order = OpenDispute(paid[1], "consumer", said, due, None, _key(town, "case"))
            number = association.commands.open_dispute(session, issuer, order, now=now)
            words = "お店に電話しました。レジの控えを夕方に見てもらいます。"
            association.commands.add_dispute_note(session, issuer, number, "association", words, is_told=False, now=now)
            return


def _split(session: Session, town: Town, folk: list[int], now: datetime) -> None:
    """A voucher in two parts, 専用券 and 共通券, in the wallets of some."""
    voucher = _campaign(session, town, SPLIT, "Bath crawl voucher", price=5_000, face=6_500, local_face=4_000, now=now)
    for person_id in folk[12:20]:
        order = SellVoucher(voucher, person_id, 1, 5_000, _key(town, f"{SPLIT} {person_id}"))
        with suppress(MeguriError):
            association.commands.sell_voucher(session, _as(town, ISSUER), order, now=now)
    shops = [one for one in merchant.queries.shops(session, town.district_id, states=("open",)) if one.name not in LARGE]
    for place, person_id in enumerate(folk[12:18]):
        target = wallet.commands.ToShop(shops[place].public_number)
        pay = wallet.commands.Pay(target, 800 + 120 * place, _key(town, f"{SPLIT} pay {person_id}"))
        with suppress(MeguriError):
            wallet.commands.pay(session, _consumer(town, person_id), pay, now=now)


def _paper(session: Session, town: Town, _folk: list[int], now: datetime) -> None:
    """A voucher on paper: a lot of booklets, some sold over the counter, some of their tickets taken at a till."""
    issuer = _as(town, ISSUER)
    voucher = _campaign(session, town, PAPER, "Hinosawa paper voucher", price=5_000, face=6_500, local_face=0, now=now)
    lot = association.commands.make_ticket_lot(session, issuer, NewTicketLot(voucher, BOOKLETS, 500, _key(town, "lot")), now=now)

    def text(booklet: int, ticket: int) -> str:
        return association.queries.text_of(session, town.district_id, TicketName(lot, booklet, ticket))

    for number in range(1, SOLD + 1):
        order = SellBooklets((text(number, 0),), None, 5_000, _key(town, f"booklet {number}"))
        association.commands.sell_booklets(session, issuer, order, now=now)
    shop = _shop(session, town)
    till = merchant.queries.tills(session, town.district_id, shop.id)[0]
    at_till = Principal(town.district_id, None, None, frozenset({"till"}), merchant_id=shop.id, till_id=till.id)
    for number, used in enumerate(USED, 1):
        if used:
            codes = tuple(text(number, ticket) for ticket in range(1, used + 1))
            association.commands.take_tickets(session, at_till, TakeTickets(codes, _key(town, f"used {number}")), now=now)


def _campaign(session: Session, town: Town, name: str, name_en: str, *, price: int, face: int, local_face: int, now: datetime) -> int:
    """On sale from today, paid for by the town; approved by the second person. Gives its number."""
    today = tokyo_day(now)
    new = NewVoucher(
        name=name,
        name_en=name_en,
        price=price,
        face=face,
        units=200,
        per_person=2,
        budget=(face - price) * 200,
        sale_first_day=today,
        sale_last_day=today + timedelta(days=30),
        last_day=today + timedelta(days=90),
        shops="all",
        trades=(),
        shares=(Share("funder", 100, TOWN),),
        unspent_to="association",
        local_face=local_face,
    )
    number = association.commands.propose_voucher(session, _as(town, ISSUER), new, key=_key(town, name), note="町の補助金による", now=now)
    _approve(session, _as(town, APPROVER), association.queries.one_voucher(session, town.district_id, number).proposal_id, now)
    return number


def _close(session: Session, issuer: Principal, approver: Principal, now: datetime) -> None:
    """What was sold over the counter is counted by the other one, and lies in the safe."""
    mine = next(one for one in association.queries.drawers(session, approver) if one.clerk_id == issuer.person_id)
    if mine.cash:
        key = uuid5(NAMESPACE, f"close {issuer.district_id} {mine.last}")
        closing = CloseDrawer(mine.clerk_id, _pieces(mine.cash), 0, mine.cash, mine.last, key)
        association.commands.close_drawer(session, approver, closing, now=now)


def _count_safe(session: Session, approver: Principal, now: datetime) -> None:
    """Once a month, as the association does: what is counted is what the book says."""
    cash = association.queries.safe_cash(session, approver)
    last = association.queries.last_safe_count(session, approver.district_id)
    if cash and (last is None or now - last.counted_at > timedelta(days=SAFE_DAYS)):
        key = uuid5(NAMESPACE, f"safe {approver.district_id} {last.id if last else 0}")
        association.commands.count_safe(session, approver, CountSafe(_pieces(cash), cash, key), now=now)


def _pieces(yen: int) -> dict[int, int]:
    """So much in notes and coins, the largest first."""
    found = {}
    for value in NOTES_AND_COINS:
        found[value], yen = divmod(yen, value)
    return {value: many for value, many in found.items() if many}


def _shop(session: Session, town: Town) -> merchant.queries.Shop:
    return next(one for one in merchant.queries.shops(session, town.district_id) if one.name == MINATOYA)


def _approve(session: Session, approver: Principal, proposal_id: int, now: datetime) -> None:
    association.commands.approve(session, approver, proposal_id, now=now)

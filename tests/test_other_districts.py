"""Nothing crosses districts: every door that takes a number is tried with a real number of another district.

Whoever tries holds every role there is, in their own. The answer must be a refusal or nothing at all, and the very same as for a
number that exists nowhere: else it would tell that the thing is there.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import association.commands
import association.queries
import identity.commands
import identity.queries
import ledger.commands
import ledger.queries
import merchant.commands
import merchant.queries
import wallet.commands
import wallet.queries
from association.commands import (
    Apply,
    BenefitPaid,
    CashRefund,
    CloseDrawer,
    NamedLine,
    NewBenefit,
    ReturnBenefit,
    SellVoucher,
    TakeTickets,
    TopUp,
    UndoTopUp,
    VoucherFunderPays,
    VoucherReturn,
    check_benefit,
)
from association.rules import Conditions, Segment
from base.clock import tokyo_day
from base.db import atomic
from base.errors import MeguriError
from identity.commands import FreezeOrder, NewToken, Site
from identity.permissions import ROLES
from identity.queries import Principal
from ledger.commands import Draft, hash_command, transfer
from merchant.commands import ArticleList, Correct, NewStaff, Paper, Refund, ReturnGoods
from merchant.queries import ArticleFacts, PrinterChoice, ReceiptSearch, RegisterChoice
from merchant.rules.invoice import Line
from tests.association.test_bank_details import MARUYA
from tests.town import Consumer, Shop, Town, district, other_district
from wallet.commands import Pay, ToRequest, ToShop

__all__ = ["district", "other_district"]

TEA = ArticleFacts("お茶", "", "", 350, True, 8, True, None, None, 10)


@dataclass(frozen=True)
class Numbers:
    """One of everything that has a number, in one district."""

    person_id: int
    merchant_id: int
    public_number: str
    staff_id: int
    till_id: int
    transaction_id: int
    request_id: UUID
    consent_id: UUID
    proposal_id: int
    webhook_id: int
    api_token_id: int
    device_id: int
    series_id: int
    benefit_id: int
    voucher_id: int
    article_id: int


NOWHERE = Numbers(*(10**12, 10**12, "000000", 10**12, 10**12, 10**12), UUID(int=1), UUID(int=2), *[10**12] * 8)


@dataclass
class Life:
    """A district in which all of that has happened. `who`: somebody who may do everything here."""

    town: Town
    hanako: Consumer
    shop: Shop
    numbers: Numbers
    who: Principal


def lived(town: Town) -> Life:
    """A payment, a refund to come, a question, a proposal, an address, a token."""
    hanako, shop, admin = town.consumer(coins=9_000), town.shop(), town.another_clerk("administrator")
    staff = merchant.commands.add_staff(town.session, shop.owner, shop.id, NewStaff("係", "cashier", "7391"), now=town.now)
    paid, request = hanako.pays(shop, 1_000), shop.asks(500)
    asked = shop.till().scans(hanako.shows_code().text, 4_000)
    hosts = {"books.example"}
    hook = merchant.commands.add_webhook(town.session, shop.owner, shop.id, "https://books.example/", hosts=hosts)
    identity.commands.create_api_token(town.session, admin.who, NewToken("x", ["payments:read"], merchant_id=shop.id), now=town.now)
    numbers = Numbers(
        person_id=hanako.person_id,
        merchant_id=shop.id,
        public_number=shop.public_number,
        staff_id=staff.id,
        till_id=shop.till().id,
        transaction_id=paid.transaction_id,
        request_id=request.id,
        consent_id=asked.id,  # type: ignore[union-attr]
        proposal_id=a_proposal(town),
        webhook_id=hook.id,
        api_token_id=identity.queries.api_tokens(town.session, admin.who)[0].id,
        device_id=identity.queries.devices(town.session, hanako.who, town.now)[0].id,
        series_id=town.series_id,
        benefit_id=a_benefit(town, hanako),
        voucher_id=town.voucher(),
        article_id=merchant.commands.add_article(town.session, shop.owner, shop.id, TEA, key=uuid4(), now=town.now),
    )
    who = Principal(
        town.district_id, admin.person_id, admin.who.session_id, ROLES, shop.id, shop.till().id, staff.id, opened_at=town.now, way="demo"
    )
    return Life(town, hanako, shop, numbers, who)


def a_benefit(town: Town, hanako: Consumer) -> int:
    """A list with one resident, looked at and not proposed."""
    new = NewBenefit("給付", "", town.series_id, "promotion", "", "")
    return check_benefit(town.session, town.clerk().who, new, [NamedLine(1, hanako.person_id, 100, None, "")], now=town.now)


def a_proposal(town: Town) -> int:
    """A large top-up that waits for a second person."""
    hanako = town.consumer(coins=1)
    account = ledger.queries.account_id(town.session, town.district_id, "consumer", hanako.person_id, town.series_id)
    assert account is not None
    with atomic(town.session):
        safe = ledger.commands.open_account(town.session, town.district_id, "safe", 0, 0)
        draft = Draft("top_up_large", uuid4(), hash_command("test", uuid4()), transfer(safe, account, 80_000))
        return ledger.commands.propose(town.session, town.district_id, town.clerk().person_id, "top_up_large", [draft])


ROOMS = (
    *(identity.commands, identity.queries, merchant.commands, merchant.queries),
    *(association.commands, association.queries, wallet.commands, wallet.queries),
)
NUMBERS = {each.name for each in fields(Numbers)}
ORDERS: dict[str, dict[str, Callable[[Numbers], object]]] = {
    "merchant.commands.make_paper": {"till_id": lambda n: Paper("paper", "", "", uuid4())},
    "merchant.commands.correct_receipt": {"till_id": lambda n: Correct((Line("そば", 1, 900, 8),), uuid4())},
    "merchant.commands.return_goods": {"till_id": lambda n: ReturnGoods((1,), "", uuid4())},
    "merchant.commands.refund": {"transaction_id": lambda n: Refund(n.transaction_id, 100, "", uuid4())},
    "wallet.commands.pay": {
        "public_number": lambda n: Pay(ToShop(n.public_number), 100, uuid4()),
        "request_id": lambda n: Pay(ToRequest(n.request_id), 500, uuid4()),
    },
    "association.commands.top_up": {
        "person_id": lambda n: TopUp(n.person_id, n.series_id, 100, 100, uuid4()),
        "series_id": lambda n: TopUp(n.person_id, n.series_id, 100, 100, uuid4()),
    },
    "association.commands.sell_voucher": {
        "person_id": lambda n: SellVoucher(n.voucher_id, n.person_id, 1, 10_000, uuid4()),
        "voucher_id": lambda n: SellVoucher(n.voucher_id, n.person_id, 1, 10_000, uuid4()),
    },
    "association.commands.propose_voucher_return": {"voucher_id": lambda n: VoucherReturn(n.voucher_id, 1, "bank", "", uuid4())},
    "association.commands.apply_for_voucher": {"voucher_id": lambda n: Apply(n.voucher_id, 1, None, "", uuid4())},
    "association.commands.type_application": {
        "voucher_id": lambda n: Apply(n.voucher_id, 1, None, "", uuid4()),
        "person_id": lambda n: Apply(n.voucher_id, 1, None, "", uuid4()),
    },
    **{
        f"association.commands.{name}": {"voucher_id": lambda n: [Apply(n.voucher_id, 1, None, "", uuid4())]}
        for name in ("rehearse_papers", "type_papers")
    },
    "association.commands.voucher_funder_pays": {"voucher_id": lambda n: VoucherFunderPays(n.voucher_id, 1, 1, "bank", uuid4())},
    "association.commands.propose_refund": {
        "person_id": lambda n: CashRefund(n.person_id, n.series_id, 100, "bank", "unavoidable", "転出", uuid4()),
        "series_id": lambda n: CashRefund(n.person_id, n.series_id, 100, "bank", "unavoidable", "転出", uuid4()),
    },
    "association.commands.take_tickets_for": {"merchant_id": lambda n: TakeTickets(("M3",), uuid4())},
    "association.commands.undo_top_up": {"transaction_id": lambda n: UndoTopUp(n.transaction_id, "間違い", uuid4())},
    "association.commands.propose_benefit_return": {"benefit_id": lambda n: ReturnBenefit(n.benefit_id, 1, "間違い", uuid4())},
    "association.commands.benefit_paid": {"benefit_id": lambda n: BenefitPaid(n.benefit_id, "bank", 100, uuid4())},
    "association.commands.close_drawer": {"person_id": lambda n: CloseDrawer(n.person_id, {1_000: 1}, 0, 1_000, 0, uuid4())},
}
"""Doors whose numbers lie in their order."""

PURE = {
    "merchant.queries.pseudonym_of": "makes a name out of any number, and looks nothing up",
    "identity.queries.open_words": "opens what it is given, which no other district's key does",
}
"""Doors whose answer depends on the number alone."""


def doors() -> Iterator[tuple[str, Callable[..., Any], str]]:
    """Every door that asks who is asking, and every one that reads, with each number that it takes."""
    for room in ROOMS:
        for name, door in inspect.getmembers(room, inspect.isfunction):
            takes, full = inspect.signature(door).parameters, f"{room.__name__}.{name}"
            if "session" not in takes or full in PURE or ("who" not in takes and not room.__name__.endswith("queries")):
                continue
            for number in (NUMBERS & takes.keys()) | ORDERS.get(full, {}).keys():
                yield full, door, number


DOORS = sorted(doors(), key=lambda each: (each[0], each[2]))


def outcome(life: Life, full: str, door: Callable[..., Any], number: str, foreign: Numbers) -> object:
    """What the door answers when this one number is not of the district: the refusal and its facts, or what it gives."""
    mixed = Numbers(**{**life.numbers.__dict__, number: getattr(foreign, number)})
    session, now = life.town.session, life.town.now
    plain: dict[str, object] = {
        "session": session,
        "who": life.who,
        "district_id": life.town.district_id,
        "now": now,
        "day": tokyo_day(now),
        "today": tokyo_day(now),
        "month": tokyo_day(now),
        "one": SimpleNamespace(closes_on=tokyo_day(now), facts={}),  # the days of a payout
        "pin": "7391",
        "role": "auditor",
        "reason": "確認",
        "note": "確認",
        "monthly": 1,
        "most": 1,
        "admission_check": "確認",
        "till_name": "x",
        "since": now,
        "key": uuid4(),
        "new": NewStaff("新人", "cashier", "7391"),
        "address": "https://books.example/",
        "hosts": {"books.example"},
        "public_url": "https://meguri.test",
        "pseudonym_key": b"x" * 32,
        "cursor": 0,
        "email": "x@example.jp",
        "order": FreezeOrder("self", "確認"),
        "gives_up": True,
        "pin_free": True,
        "coin": 100,
        "amount": 100,
        "seen_id": 0,
        "site": Site("https://meguri.test", "めぐり"),
        "size": "large",
        "first": tokyo_day(now),
        "last": tokyo_day(now),
        "account": MARUYA,
        "cycle": None,
        "held": (),
        "number": 1,
        "accept": True,
        "pieces": 1,
        "units": 1,
        "place": 1,
        "rounds": 1,
        "found": (),
        "contact_id": UUID(int=3),
        "person_ids": (1,),
        "terms": association.queries.one_voucher(session, life.town.district_id, life.numbers.voucher_id),
        "code": "M3",
        "facts": TEA,
        "report": 1,
        "serial": 1,
        "beginning": "1",
        "limit": 9,
        "log": 1,
        "seq": 1,
        "stands": "both",
        "choice": RegisterChoice(),
        "printer": PrinterChoice(),
        "allowed": (),
        "job_id": UUID(int=5),
        "shared_id": UUID(int=6),
        "search": ReceiptSearch(),
        "daily": True,
        "issues": True,
        "content": None,
        "what": Conditions(1, 2, segment=Segment("silent")),
        "visits": {},
        "listed": ArticleList((), ((2, TEA),), uuid4()),
    }
    if full in ORDERS:
        plain |= {name: ORDERS[full][number](mixed) for name in ("order", "closing", "papers")}
    takes = inspect.signature(door).parameters
    given = {name: value for name, value in {**plain, **mixed.__dict__}.items() if name in takes}
    if full.endswith("code_sheet"):
        given["key"] = b"k" * 32
    try:
        answer = door(**given)
        return list(answer) if isinstance(answer, Iterator) else answer
    except MeguriError as refusal:
        session.rollback()
        return type(refusal), {name: value for name, value in refusal.facts.items() if value != getattr(foreign, number)}


def is_nothing(answer: object) -> bool:
    """No row and no money: None, an empty list, 0, or figures that are all 0."""
    if isinstance(answer, tuple) and (isinstance(answer[0], type) or not any(answer)):
        return True  # refused, or none of none
    figures = {name: getattr(answer, name) for name in getattr(answer, "__slots__", ()) if name not in ("day", "cursor")} if answer else {}
    return not answer or (bool(figures) and not any(figures.values()))


def told_as(answer: object) -> str:
    """The answer as text, without the moment of the book at which it was read."""
    return re.sub(r"cursor=[0-9]+", "", repr(answer))


def test_every_number_of_another_district(district: Town, other_district: Town) -> None:
    """Door by door and number by number: refused, or nothing; as if it were nowhere; and over there nothing has changed."""
    other_district.applicant()  # else the first shops of both would have the same number
    here, there = lived(district), lived(other_district)
    before = there.hanako.coins(), there.shop.taken(), there.town.difference()
    told = {}
    for full, door, number in DOORS:
        foreign, nowhere = (outcome(here, full, door, number, numbers) for numbers in (there.numbers, NOWHERE))
        if told_as(foreign) != told_as(nowhere) or not is_nothing(foreign):
            told[f"{full}({number})"] = (foreign, nowhere)
    assert sorted(told) == [], told
    assert (there.hanako.coins(), there.shop.taken(), there.town.difference()) == before
    shop = merchant.queries.merchant(there.town.session, there.town.district_id, there.numbers.merchant_id)
    assert shop.is_open and len(merchant.queries.tills(there.town.session, there.town.district_id, shop.id)) == 1


def test_the_walk_meets_the_doors() -> None:
    """It grows with the product: each room is in it, and the doors of money are."""
    met = {full for full, _, _ in DOORS}
    assert {full.rsplit(".", 1)[0] for full in met} >= {"identity.commands", "merchant.commands", "merchant.queries", "wallet.queries"}
    assert ORDERS.keys() <= met
    assert {
        "wallet.commands.consent_to",
        "association.commands.approve",
        "merchant.commands.replay",
        "identity.commands.erase_person",
    } <= met

"""A Saturday in town and the Monday after it, through the doors: phones, cards, codes, coupons, agents, drawers, payout."""

from __future__ import annotations

from random import Random

import ledger.queries
from base.clock import tokyo_day
from ledger.verify import verify
from tests.conftest import TestClock
from tests.town import CARD_PIN, CASHIER_PIN, CardHolder, Consumer, Shop, Town

PAYMENTS, REFUNDS = 200, 10


def stands_on(town: Town, role: str) -> int:
    """What stands on all accounts of a role together, debit positive."""
    return sum(row.debit - row.credit for row in ledger.queries.trial_balance(town.session, town.district_id) if row.role == role)


def booked(town: Town, *kinds: str) -> list[ledger.queries.Transaction]:
    return ledger.queries.journal(town.session, town.district_id, ledger.queries.Wanted(kinds=kinds), limit=1_000)


def pays_somehow(who: Consumer, shop: Shop, amount: int, coupon: int, chance: Random) -> int:
    """A printed code, the till's QR, the phone's own code, or a card; who has a coupon uses it where it applies. Gives the payment."""
    if isinstance(who, CardHolder):
        return shop.till().scans_card(who, amount, pin=CARD_PIN, typed=chance.random() < 0.2).transaction_id
    use = coupon if amount >= 1_000 and who.pieces(coupon) else None
    match chance.choice(["printed", "request", "code"]):
        case "printed":
            return who.pays(shop, amount, coupon=use).transaction_id
        case "request":
            return who.pays(shop.asks(amount), coupon=use).transaction_id
        case _:
            return shop.till().scans(who.shows_code().text, amount).transaction_id


def test_a_saturday_and_the_monday_after(district: Town, clock: TestClock) -> None:
    """Two hundred payments, ten refunds, coupons, three agents, two drawers; on Monday every shop is paid and the books are zero."""
    chance = Random(4)
    first, second, approver = district.clerk(), district.another_clerk("issuer", nickname="早川"), district.approver()
    inn, *others = [district.shop(name).is_agent() for name in ("旅館 灯の屋", "山水荘", "民宿 はなれ")]
    stalls = others + [district.shop(f"店{number}") for number in range(1, 6)]
    district.settles_by(closing="weekly", weekday=tokyo_day(clock()).weekday(), pay_after_days=1)
    coupon = district.coupon(200, pieces=20, per_person=1)

    phones = [district.consumer(nickname=f"客{number}") for number in range(20)]
    cards = [district.card_holder() for _ in range(5)]
    for number, holder in enumerate([*phones, *cards]):
        (first if number % 2 else second).tops_up(holder, 20_000)
    for holder in phones[:15]:
        holder.claims(coupon)
    desk = inn.hires("フロント")
    inn.till().sells(phones[0], 5_000, staff_id=desk)
    for host in others:
        host.till().sells(phones[1], 2_000, staff_id=host.hires("フロント"), pin=CASHIER_PIN)

    phones[2].pays(inn, 5_000)
    phones[3].pays(inn, 3_000)
    for host in others:
        phones[4].pays(host, 2_500)
    paid = {}
    for _ in range(PAYMENTS - 4):
        who, shop = chance.choice([*phones[5:], *cards]), chance.choice(stalls)
        paid[pays_somehow(who, shop, chance.randrange(100, 1_600), coupon, chance)] = shop
    for payment in chance.sample(sorted(paid), REFUNDS):
        left = ledger.queries.transaction(district.session, district.district_id, payment)
        coin = sum(line.amount for line in left.lines if line.role == "consumer" and line.unit == 0)
        paid[payment].refunds(payment, coin if chance.random() < 0.5 else max(1, coin // 2))

    payments = booked(district, "payment", "coupon_payment")
    assert (len(payments), len(booked(district, "refund", "coupon_refund"))) == (PAYMENTS, REFUNDS)
    assert {each.facts["way"] for each in payments} == {"static", "dynamic", "cpm", "card"} and booked(district, "coupon_payment")

    approver.counts(first, first.cash())
    approver.counts(second, second.cash() - 500, reason="釣り銭の渡し間違い")
    (difference,) = booked(district, "drawer_difference")
    assert (difference.amount, stands_on(district, "over_short"), first.cash() + second.cash()) == (500, 500, 0)

    clock.advance(days=2)
    run = first.submits(tokyo_day(payments[0].posted_at))
    approver.approves(run.id)
    run = first.sees_run(run.id)
    assert run.carried == () and stands_on(district, "payable") == stands_on(district, "agent") == 0
    (paid_to_inn,) = [line for line in run.lines if line.merchant_id == inn.id]
    assert [paid_to_inn.yen(name) for name in ("payable", "agent", "net")] == [8_000, 5_000, 3_000]
    clock.advance(days=5)
    approver.approves(first.says_paid(run.id, run.pay_on))
    assert (first.sees_run(run.id).state, stands_on(district, "in_transit")) == ("paid", 0)

    assert district.difference() == 0
    assert list(verify(district.session, lambda _: None, district_id=district.district_id)) == []

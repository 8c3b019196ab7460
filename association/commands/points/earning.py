"""ポイントを付ける: behind the payments, from the sealed log, each payment once; and taken back from those that were refunded.

A payment costs nothing more than before. The log gives every committed transaction once and in an order that never changes, so a place in
it is all that has to be remembered; it moves in the same database transaction as what it stands for, and each posting has a key of its
payment's besides. Cut off anywhere, nothing is lost and nothing is given twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.coupons.proposing import OWNERS_A_COUPON
from association.commands.keys import own_key
from association.commands.points.lots import make_lot
from association.models import PointCursor, PointShortfall, PointSkipped
from association.queries.point_campaigns import CampaignTerms, best_bonus, one_campaign
from association.queries.point_lots import Lot, lots
from association.queries.points import PointTerms, one_programme, programme_at
from association.rules import bonus_of, shares_of_points, spread, to_take_back
from base.clock import tokyo_day
from base.db import wake
from base.errors import MeguriError
from identity.queries import person_topic
from ledger.commands import Draft, Line
from ledger.queries import Followed, Keyed, TransactionLine

PIECE_MAX = 200
"""Transactions of the log that are looked at in one go."""
TRIES = 2
"""How often a single one is planned anew when the book refuses it: somebody may have paid in between."""
BEARERS = ("promotion", "funder", "payable")


@dataclass(frozen=True, slots=True)
class Ground:
    """What every earning of a round looks at."""

    district_id: int
    programmes: tuple[PointTerms, ...]
    campaigns: tuple[CampaignTerms, ...]
    given: dict[int, int]  # by campaign: points on top so far; counted on while a piece is planned
    lots: dict[tuple[int, date], Lot]
    now: datetime

    @property
    def all_lots(self) -> list[Lot]:
        """Those that were known before anything was booked, in the order in which they were made."""
        return list(self.lots.values())


def follow_payments(session: Session, ground: Ground) -> int:
    """Look at what was sealed since the last time and give what it earns; gives how many transactions were looked at.

    What the book refuses is written down and left out, so that nobody else waits for it (again.py).
    """
    cursor = session.get(PointCursor, ground.district_id, with_for_update=True, populate_existing=True)
    if cursor is None:
        return 0
    events = read.follow(session, ground.district_id, cursor.place, (*read.TAKING, *read.GIVING_BACK), limit=PIECE_MAX)
    if not events:
        return 0
    try:
        with session.begin_nested():
            book_events(session, replace(ground, given=dict(ground.given)), events)
    except MeguriError:
        for event in events:
            _book_alone(session, ground, event)
    cursor.place = events[-1].place + 1
    session.flush()
    return len(events)


def _book_alone(session: Session, ground: Ground, event: Followed) -> None:
    for left in reversed(range(TRIES)):
        try:
            attempt = replace(ground, given=dict(ground.given))
            with session.begin_nested():
                book_events(session, attempt, [event])
            ground.given.update(attempt.given)
            return
        except MeguriError as refusal:
            if not left:
                row = {"district_id": ground.district_id, "transaction_id": event.id, "code": refusal.code, "noted_at": ground.now}
                row |= {"tries": 0, "tried_at": ground.now}
                session.execute(insert(PointSkipped).values(row).on_conflict_do_nothing())


def book_events(session: Session, ground: Ground, events: Sequence[Followed]) -> None:
    """In the order of the log: a refund finds what its payment has earned."""
    drafts: list[Draft] = []
    for event in events:
        if event.kind in read.TAKING:
            draft = _earning(session, ground, event)
            if draft is not None:
                drafts.append(draft)
        elif event.kind in read.GIVING_BACK and event.refers_to is not None:
            _post(session, ground.district_id, drafts)
            drafts = []
            take_back(session, ground, event, event.refers_to)
    _post(session, ground.district_id, drafts)


def _post(session: Session, district_id: int, drafts: Sequence[Draft]) -> None:
    if drafts:
        book.post_many(session, district_id, drafts)


def earn_key(session: Session, district_id: int, payment_id: int) -> UUID:
    """Of what a payment earns: foretold by nobody, and the same whatever is repeated."""
    return own_key(session, "point_earn", district_id, payment_id)


def back_key(session: Session, district_id: int, refund_id: int) -> UUID:
    return own_key(session, "point_back", district_id, refund_id)


def _earning(session: Session, ground: Ground, event: Followed) -> Draft | None:
    """What a payment earns, on the part that was not paid in points; None for nothing."""
    terms = programme_at(ground.programmes, event.posted_at)
    paid = _paid(session, ground.district_id, event.lines)
    if terms is None or not paid:
        return None
    base = sum(line.amount for line in paid)
    points = terms.rate.earned(base)
    paid_on = tokyo_day(event.posted_at)
    if points < 1:
        return None
    lot = _lot(session, ground, terms, paid_on.replace(day=1))
    shop_id = next(line.owner_id for line in event.lines if line.role == "payable")
    best = best_bonus(ground.campaigns, ground.given, event.posted_at, shop_id, points)
    bears = _bearers(session, ground.district_id, terms, points, _payable(event, paid[0].series_id))
    if best is not None:
        campaign, bonus = best
        bears += _campaign_bears(campaign, bonus)
        ground.given[campaign.id] = ground.given.get(campaign.id, 0) + bonus
        points += bonus
    pending = book.open_account(session, ground.district_id, "point_pending", paid[0].owner_id, lot.series_id)
    wake(session, person_topic(ground.district_id, paid[0].owner_id))
    return Draft(
        kind="point_earn",
        key=earn_key(session, ground.district_id, event.id),
        command_hash=book.hash_command("association.point_earn", event.id),
        lines=(*bears, Line(pending, -points)),
        facts={
            "payment": event.id,
            "paid_on": paid_on.isoformat(),
            "shop": shop_id,
            "base": base,
            "points": points,
            "programme": terms.id,
            "lot": lot.series_id,
            **({} if best is None else {"campaign": best[0].id, "bonus": best[1]}),
        },
    )


def _lot(session: Session, ground: Ground, terms: PointTerms, month: date) -> Lot:
    """The lot of a month; made now where the worker was away so long that nobody made it ahead."""
    if (terms.id, month) not in ground.lots:
        make_lot(session, ground.district_id, terms, month, now=ground.now)
        ground.lots.update({(each.programme_id, each.month): each for each in lots(session, ground.district_id)})
    return ground.lots[terms.id, month]


def _paid(session: Session, district_id: int, lines: Sequence[TransactionLine]) -> list[TransactionLine]:
    """What the person paid in yen that are no points: only that earns."""
    return [
        line
        for line in lines
        if line.role == "consumer" and line.unit == 0 and not read.one_series(session, district_id, line.series_id).is_points
    ]


def _payable(event: Followed, series_id: int) -> int | None:
    return next((line.account_id for line in event.lines if line.role == "payable" and line.series_id == series_id), None)


def _bearers(session: Session, district_id: int, terms: PointTerms, points: int, payable: int | None) -> list[Line]:
    """Who pays for so many points. Where a shop cannot bear its part (suspended, paid out), the association does."""
    others, of_shop = shares_of_points(points, terms.shop_percent, [part.percent for part in terms.others])
    amounts = {part.account_id: share for part, share in zip(terms.others, others, strict=True) if part.account_id is not None}
    if of_shop:
        bearer = payable if payable is not None and _can_bear(session, district_id, payable, of_shop) else None
        if bearer is None:
            own = next((part.account_id for part in terms.others if part.payer == "association"), None)
            bearer = own or book.open_account(session, district_id, "promotion", terms.id * OWNERS_A_COUPON + 60, 0)
        amounts[bearer] = amounts.get(bearer, 0) + of_shop
    return [Line(account_id, amount) for account_id, amount in amounts.items() if amount]


def _campaign_bears(campaign: CampaignTerms, bonus: int) -> list[Line]:
    """Who pays for points on top: never the shop."""
    shares, _of_shop = shares_of_points(bonus, 0, [part.percent for part in campaign.parts])
    parts = zip(campaign.parts, shares, strict=True)
    return [Line(part.account_id, share) for part, share in parts if share and part.account_id is not None]


def _can_bear(session: Session, district_id: int, payable: int, amount: int) -> bool:
    return read.account_state(session, district_id, payable) == "open" and read.balance(session, district_id, payable) >= amount


def take_back(session: Session, ground: Ground, event: Followed, payment_id: int) -> None:
    """What the rest of a payment no longer deserves: from what is pending first, then from what can be spent, never below zero."""
    district_id = ground.district_id
    earned = read.keyed(session, district_id, [earn_key(session, district_id, payment_id)])
    if not earned:
        return
    [given] = earned.values()
    payment = read.transaction(session, district_id, payment_id)
    refunds = [read.transaction(session, district_id, number) for number in payment.refunds]
    backs = read.keyed(session, district_id, [back_key(session, district_id, each.id) for each in refunds])
    terms = one_programme(session, district_id, int(given.facts["programme"] or 0))
    returned = sum(
        -line.amount
        for each in refunds
        for line in each.lines
        if line.role in ("consumer", "suspense") and line.unit == 0 and not read.one_series(session, district_id, line.series_id).is_points
    )
    left = int(given.facts["base"] or 0) - returned
    taken = sum(int(each.facts["points"] or 0) for each in backs.values())
    number = int(given.facts.get("campaign") or 0)
    campaign = one_campaign(session, district_id, number) if number else None
    wanted = to_take_back(int(given.facts["points"] or 0), taken, _deserved(terms, campaign, left))
    person_id = next(line.owner_id for line in given.lines if line.role == "point_pending")
    sources = _sources(session, district_id, person_id, int(given.facts["lot"] or 0), wanted, ground.now)
    found = sum(line.amount for line in sources)
    if found:
        backs_lines = _give_back(given, list(backs.values()), found)
        draft = Draft(
            kind="point_back",
            key=back_key(session, district_id, event.id),
            command_hash=book.hash_command("association.point_back", event.id),
            lines=(*sources, *backs_lines),
            facts={
                "payment": payment_id,
                "shop": given.facts["shop"],
                "refund": event.id,
                "paid_on": given.facts["paid_on"],
                "points": found,
                "programme": terms.id,
                "lot": given.facts["lot"],
            },
        )
        book.post(session, district_id, draft)
        wake(session, person_topic(district_id, person_id))
        if campaign is not None:
            back = sum(-line.amount for line in backs_lines if line.account_id in campaign.accounts)
            ground.given[campaign.id] = ground.given.get(campaign.id, 0) - back
    _note_shortfall(session, ground, payment_id, terms.id, wanted - found)


def _deserved(terms: PointTerms, campaign: CampaignTerms | None, left: int) -> int:
    """What the rest of a payment would have earned, with what its campaign gave on top, if it gave any."""
    points = terms.rate.earned(left)
    return points if campaign is None else points + bonus_of(points, campaign.extra)


def _sources(session: Session, district_id: int, person_id: int, lot: int, wanted: int, now: datetime) -> list[Line]:
    """Accounts of the person that give so many points: of the payment's own lot first, pending before usable; then other lots, what
    ends last first, so that nobody loses what they are about to spend. What is held or frozen is not touched."""
    pending = read.balances(session, district_id, "point_pending", person_id)
    usable = read.balances(session, district_id, "consumer", person_id)
    found = [(0, each) for each in pending] + [(1, each) for each in usable if each.series.is_points]
    live = [(turn, each) for turn, each in found if each.state == "open" and each.available > 0 and each.series.is_valid(now)]
    live.sort(key=lambda one: (one[1].series.id != lot, -(one[1].series.valid_until or now).timestamp(), one[0]))
    lines = []
    for _turn, each in live:
        part = min(each.available, wanted)
        if part:
            lines.append(Line(each.account_id, part))
            wanted -= part
    return lines


def _give_back(given: Keyed, backs: Sequence[Keyed], amount: int) -> list[Line]:
    """Those who paid for the points get as much of it back, in proportion to what each still bears."""
    borne: dict[int, int] = {}
    for line in (line for each in (given, *backs) for line in each.lines if line.role in BEARERS):
        borne[line.account_id] = borne.get(line.account_id, 0) + line.amount
    parts = spread(amount, list(borne.values()))
    return [Line(account_id, -part) for account_id, part in zip(borne, parts, strict=True) if part]


def _note_shortfall(session: Session, ground: Ground, payment_id: int, programme_id: int, points: int) -> None:
    """What could not be taken is shown and never asked for; a later refund of the same payment looks again."""
    values = {"points": points, "noted_at": ground.now}
    row = insert(PointShortfall).values(district_id=ground.district_id, payment_id=payment_id, programme_id=programme_id, **values)
    keys = [PointShortfall.district_id, PointShortfall.payment_id]
    if points:
        session.execute(row.on_conflict_do_update(index_elements=keys, set_=values))

"""What a coupon is, as somebody proposes it, and whether that makes sense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

import ledger.queries as read
import merchant.queries
from association.errors import CouponWrong, SegmentSmall
from association.queries.rehearsal import people_for
from association.queries.shop_classes import class_is_well
from association.rules import FEWEST, KEPT_SEGMENTS, WHOLE_DAY, WHOLE_WEEK, Conditions, Segment, Visit
from base.clock import tokyo_day


@dataclass(frozen=True, slots=True)
class Share:
    """Who pays which part. `payer`: shop, association or funder; `funder`: the funder's name."""

    payer: str
    percent: int
    funder: str = ""


@dataclass(frozen=True, slots=True)
class NewCoupon:
    """A coupon as the association describes it. Amounts in yen, days in Tokyo, both included.

    `min_spend`: of the bill before the discount. `shops`: shop ids, None for all, or all of `shop_class`: small, or trades (of `trades`).
    `lands_in`: the coin series in which shops get the discount.
    `per_person`: claims of one person, ever. `percent`: of the bill,
    `amount_off` is its cap then.
    `weekdays`, `from_minute`, `until_minute`, `visit`, `within_days`, `sources`, `segment`: see association.rules.Conditions.
    `way`: open (in every wallet), poster (whoever has the link), receipt (with the done page of a payment that it follows).
    `together`: may stand on one bill with another that says so. `valid_days`: from the day of receipt on, that day included, and never
    beyond the last day; for coupons of one piece a person, since pieces of one coupon cannot be told from each other.
    """

    name: str
    name_en: str
    amount_off: int
    min_spend: int
    first_day: date
    last_day: date
    pieces: int
    per_person: int
    shops: tuple[int, ...] | None
    shares: tuple[Share, ...]
    lands_in: int
    percent: int | None = None
    weekdays: int = WHOLE_WEEK
    from_minute: int = 0
    until_minute: int = WHOLE_DAY
    visit: str | None = None
    within_days: int | None = None
    sources: tuple[int, ...] = ()
    segment: str | None = None
    segment_days: int | None = None
    segment_trade: str = ""
    segment_without: str = ""
    way: str = "open"
    together: bool = False
    valid_days: int | None = None
    shop_class: str = "all"
    trades: tuple[str, ...] = ()

    @property
    def conditions(self) -> Conditions:
        """The same as the rules read them."""
        return Conditions(
            amount_off=self.amount_off,
            min_spend=self.min_spend,
            percent=self.percent,
            weekdays=self.weekdays,
            from_minute=self.from_minute,
            until_minute=self.until_minute,
            visit=None if self.visit is None else Visit(self.visit),
            within_days=self.within_days,
            shops=None if self.shops is None else frozenset(self.shops),
            shop_class=self.shop_class,
            trades=frozenset(self.trades),
            sources=frozenset(self.sources),
            segment=None
            if self.segment is None
            else Segment(self.segment, self.segment_days or 0, self.segment_trade, self.segment_without),
        )


def must_make_sense(session: Session, district_id: int, new: NewCoupon, now: datetime) -> None:
    """Raises CouponWrong, SegmentSmall. What the page's own schema tells field by field is asked here once more."""
    coins = {one.id for one in read.running_coins(session, district_id, now=now)}
    known = {shop.id for shop in merchant.queries.shops(session, district_id, states=["open", "suspended"])}
    is_well = (
        _discount_is_well(new)
        and _shares_are_well(new.shares)
        and _conditions_are_well(new)
        and new.first_day <= new.last_day
        and tokyo_day(now) <= new.last_day
        and 1 <= new.per_person <= new.pieces <= 1_000_000
        and (new.valid_days is None or (1 <= new.valid_days <= 365 and new.per_person == 1))
        and new.lands_in in coins
        and (new.shops is None or (bool(new.shops) and set(new.shops) <= known))
        and class_is_well(session, district_id, new.shop_class, new.trades, new.shops)
        and set(new.sources) <= known
    )
    if not is_well:
        raise CouponWrong
    if new.segment is not None and people_for(session, district_id, new.conditions, now=now) < FEWEST:
        raise SegmentSmall(fewest=FEWEST)


def _discount_is_well(new: NewCoupon) -> bool:
    """Something is off, and something is left to pay."""
    if not (1 <= new.amount_off <= 100_000 and 1 <= new.min_spend <= 1_000_000):
        return False
    if new.percent is None:
        return new.amount_off < new.min_spend
    return 1 <= new.percent <= 99 and new.min_spend * new.percent >= 100


def _shares_are_well(shares: tuple[Share, ...]) -> bool:
    payers = [share.payer for share in shares]
    funders = [share.funder for share in shares if share.payer == "funder"]
    return (
        sum(share.percent for share in shares) == 100
        and all(share.percent >= 1 for share in shares)
        and set(payers) <= {"shop", "association", "funder"}
        and payers.count("shop") <= 1
        and payers.count("association") <= 1
        and all(funders)
        and len(set(funders)) == len(funders)
    )


def _conditions_are_well(new: NewCoupon) -> bool:
    """Hours go forward, a pair is of two, days stand where they are needed and nowhere else."""
    return (
        1 <= new.weekdays <= WHOLE_WEEK
        and 0 <= new.from_minute < new.until_minute <= WHOLE_DAY
        and new.visit in (None, *Visit)
        and (new.visit in (Visit.again, Visit.pair)) == (new.within_days is not None)
        and 1 <= (new.within_days or 1) <= 365
        and (new.visit == Visit.pair) == bool(new.sources)
        and not set(new.sources) & set(new.shops or ())
        and _segment_is_well(new)
        and new.way in ("open", "poster", "receipt")
        and (new.way != "receipt" or new.visit in (Visit.again, Visit.pair))
    )


def _segment_is_well(new: NewCoupon) -> bool:
    """Trades are a regular's, and nobody is asked to go and not to go to the same one."""
    return (
        new.segment in (None, "regular", "absent", *KEPT_SEGMENTS)
        and (new.segment in ("regular", "absent")) == (new.segment_days is not None)
        and 1 <= (new.segment_days or 1) <= 365
        and (new.segment == "regular" or not (new.segment_trade or new.segment_without))
        and (not new.segment_without or new.segment_without != new.segment_trade)
    )

"""クーポン: proposed by one person, alive once another has approved it, claimed piece by piece, and paid for by its funders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
import merchant.queries
from association.errors import (
    CouponDraftUnknown,
    CouponEnded,
    CouponLimit,
    CouponNotRunning,
    CouponNotYet,
    CouponOver,
    CouponSoldOut,
    CouponUnknown,
    CouponWrong,
    FunderOverpaid,
)
from association.models import Coupon, CouponDraft, CouponShare, CouponShop, Funder
from association.rules import split_discount, stock_in_shards
from base.clock import day_bounds, tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.commands import Draft, Line, NewSeries, Posted, hash_command
from ledger.errors import KeyReused

OWNERS_A_COUPON = 100
"""Accounts of `promotion` and `funder` belong to one share of one coupon: their owner is the coupon's number and the place."""
ROLES = {"association": "promotion", "funder": "funder"}
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")


@dataclass(frozen=True, slots=True)
class Share:
    """Who pays which part. `payer`: shop, association or funder; `funder`: the funder's name."""

    payer: str
    percent: int
    funder: str = ""


@dataclass(frozen=True, slots=True)
class NewCoupon:
    """A coupon as the association describes it. Amounts in yen, days in Tokyo, both included.

    `min_spend`: of the bill before the discount. `shops`: shop ids, None for all. `lands_in`: the coin series in which shops
    get the discount. `per_person`: claims of one person, ever.
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


@dataclass(frozen=True, slots=True)
class FunderPays:
    """A funder's money has arrived. `place`: which share of the coupon; `into`: safe or bank; `amount` in yen."""

    coupon_id: int
    place: int
    amount: int
    into: str
    key: UUID


def save_draft(session: Session, who: Principal, fields: dict[str, Any], *, draft_id: int | None, now: datetime) -> int:
    """Keep what was typed so far, over what stood there; gives the draft's number. Raises CouponDraftUnknown."""
    with atomic(session):
        authorise(session, who, "association.draft_coupon")
        if draft_id is None:
            values = {"district_id": who.district_id, "fields": fields, "made_by": who.person_id, "saved_at": now}
            return int(session.execute(insert(CouponDraft).values(values).returning(CouponDraft.id)).scalar_one())
        draft = _draft(session, who.district_id, draft_id)
        if draft.coupon_id is not None:
            raise CouponDraftUnknown
        draft.fields, draft.saved_at = {**draft.fields, **fields}, now
        return draft_id


def drop_draft(session: Session, who: Principal, draft_id: int) -> None:
    """Throw a draft away. One that was proposed stays; one that is gone is gone."""
    with atomic(session):
        authorise(session, who, "association.draft_coupon")
        mine = (CouponDraft.district_id == who.district_id, CouponDraft.id == draft_id, CouponDraft.coupon_id.is_(None))
        session.execute(delete(CouponDraft).where(*mine))


def propose_coupon(
    session: Session, who: Principal, new: NewCoupon, *, key: UUID, note: str = "", draft_id: int | None = None, now: datetime
) -> int:
    """Lay a coupon before a second person and give its number; nobody sees it before it is approved.

    The same key, or the same draft, gives the first answer again. Raises CouponWrong, CouponDraftUnknown, KeyReused.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_coupon", subject=f"coupon:{new.amount_off}x{new.pieces}")
        draft = None if draft_id is None else _draft(session, who.district_id, draft_id)
        if draft is not None and draft.coupon_id is not None:
            return draft.coupon_id
        content = hash_command("association.propose_coupon", new)
        before = _proposed_before(session, who.district_id, key, content)
        if before is not None:
            return before
        _must_make_sense(session, who.district_id, new, now)
        coupon_id = book.create_series(session, who.district_id, _series(new, key, now))
        used = book.open_account(session, who.district_id, "coupon_used", 0, coupon_id)
        proposal_id = book.propose(
            session,
            who.district_id,
            who.person_id,
            "coupon",
            [Draft("coupon_issue", key, content, _stocked(session, who.district_id, coupon_id, new.pieces), {"coupon": coupon_id})],
            facts={"coupon": coupon_id, "worst": new.amount_off * new.pieces, "note": note or None},
        )
        _write_down(session, who, new, coupon_id, key=key, content=content, used=used, proposal_id=proposal_id, now=now)
        if draft is not None:
            draft.coupon_id = coupon_id
        return coupon_id


def end_coupon(session: Session, who: Principal, coupon_id: int, *, reason: str, now: datetime) -> None:
    """End a coupon before its time, for good: nobody claims one any more, and what was claimed cannot be used any more.

    The book refuses it from this commit on. Ending it again changes nothing. Raises CouponUnknown, CouponNotRunning.
    """
    with atomic(session):
        authorise(session, who, "association.end_coupon", subject=f"coupon:{coupon_id} {reason}")
        coupon = session.get(Coupon, (who.district_id, coupon_id), with_for_update=True, populate_existing=True)
        if coupon is None:
            raise CouponUnknown
        if coupon.ended_at is not None:
            return
        if not _is_approved(session, who.district_id, coupon_id) or now >= day_bounds(coupon.last_day)[1]:
            raise CouponNotRunning
        changes = update(Coupon).where(Coupon.district_id == who.district_id, Coupon.id == coupon_id)
        session.execute(changes.values(ended_by=who.person_id, ended_at=now, end_reason=reason))
        for account_id in [coupon.used_account_id, *_shards(session, who.district_id, coupon_id)]:
            book.set_account_state(session, who.district_id, account_id, "frozen")


def must_be_left(session: Session, district_id: int, coupon_id: int) -> None:
    """Raises CouponSoldOut where nothing is left of a coupon. For the crowd that comes too late: one look, no lock."""
    was_stocked, is_left = read.stock(session, district_id, coupon_id)
    if was_stocked and not is_left:
        raise CouponSoldOut


def hand_out(session: Session, district_id: int, person_id: int, coupon_id: int, *, key: UUID, content: bytes, now: datetime) -> Posted:
    """Give one piece to a person, inside the caller's transaction and under the wallet's lock.

    Raises CouponUnknown, CouponEnded, CouponNotYet, CouponOver, CouponLimit, CouponSoldOut.
    """
    coupon = session.get(Coupon, (district_id, coupon_id), populate_existing=True)
    if coupon is None or not _is_approved(session, district_id, coupon_id):
        raise CouponUnknown
    if coupon.ended_at is not None:
        raise CouponEnded
    if tokyo_day(now) < coupon.first_day:
        raise CouponNotYet(day=coupon.first_day)
    if tokyo_day(now) > coupon.last_day:
        raise CouponOver
    claimed = read.entries_of_kind(session, district_id, "consumer", person_id, "coupon_claim", series_id=coupon_id)
    if claimed.get(coupon_id, 0) >= coupon.per_person:
        raise CouponLimit(limit=coupon.per_person)
    shard = book.take_piece(session, district_id, coupon_id)
    if shard is None:
        raise CouponSoldOut
    mine = book.open_account(session, district_id, "consumer", person_id, coupon_id)
    return book.post(session, district_id, Draft("coupon_claim", key, content, book.transfer(shard, mine, 1), {"coupon": coupon_id}))


def funder_pays(session: Session, who: Principal, order: FunderPays, *, now: datetime) -> Posted:
    """Book a funder's money against what it owes for one coupon. Raises CouponUnknown, FunderOverpaid, KeyReused."""
    assert order.into in ("safe", "bank"), order
    with atomic(session):
        authorise(session, who, "association.funder_pays", subject=f"coupon:{order.coupon_id}.{order.place} {order.amount}")
        content = hash_command("association.funder_pays", order.coupon_id, order.place, order.amount, order.into)
        session.execute(ONE_AT_A_TIME, {"what": f"association.funder_pays {who.district_id} {order.coupon_id} {order.place}"})
        before = read.find_key(session, who.district_id, order.key, content)
        if before is not None:
            return before
        share = session.get(CouponShare, (who.district_id, order.coupon_id, order.place))
        if share is None or share.payer != "funder" or share.account_id is None:
            raise CouponUnknown
        owed = read.balance(session, who.district_id, share.account_id)
        if not 1 <= order.amount <= owed:
            raise FunderOverpaid(owed=owed)
        into = book.open_account(session, who.district_id, order.into, 0, 0)
        facts = {"coupon": order.coupon_id, "staff": who.person_id}
        lines = book.transfer(into, share.account_id, order.amount)
        return book.post(session, who.district_id, Draft("funder_pays", order.key, content, lines, facts))


def _draft(session: Session, district_id: int, draft_id: int) -> CouponDraft:
    draft = session.get(CouponDraft, (district_id, draft_id), with_for_update=True, populate_existing=True)
    if draft is None:
        raise CouponDraftUnknown
    return draft


def _proposed_before(session: Session, district_id: int, key: UUID, content: bytes) -> int | None:
    """The coupon that this key has proposed. Raises KeyReused for other content."""
    row = session.scalars(select(Coupon).where(Coupon.district_id == district_id, Coupon.key == key)).one_or_none()
    if row is None:
        return None
    if content != row.command_hash:
        raise KeyReused
    return row.id


def _must_make_sense(session: Session, district_id: int, new: NewCoupon, now: datetime) -> None:
    """Raises CouponWrong. What the page's own schema tells field by field is asked here once more."""
    payers = [share.payer for share in new.shares]
    funders = [share.funder for share in new.shares if share.payer == "funder"]
    coins = {one.id for one in read.running_coins(session, district_id, now=now)}
    known = {shop.id for shop in merchant.queries.shops(session, district_id, states=["open", "suspended"])}
    is_well = (
        1 <= new.amount_off <= 100_000
        and new.amount_off < new.min_spend <= 1_000_000
        and new.first_day <= new.last_day
        and tokyo_day(now) <= new.last_day
        and 1 <= new.per_person <= new.pieces <= 1_000_000
        and sum(share.percent for share in new.shares) == 100
        and all(share.percent >= 1 for share in new.shares)
        and set(payers) <= {"shop", *ROLES}
        and payers.count("shop") <= 1
        and payers.count("association") <= 1
        and all(funders)
        and len(set(funders)) == len(funders)
        and new.lands_in in coins
        and (new.shops is None or (bool(new.shops) and set(new.shops) <= known))
    )
    if not is_well:
        raise CouponWrong


def _series(new: NewCoupon, key: UUID, now: datetime) -> NewSeries:
    """The coupon's series. It begins when it is proposed, since an approval before the first day must be able to stock it."""
    return NewSeries(
        code=f"coupon_{key.hex[:24]}",
        name=new.name,
        name_en=new.name_en,
        valid_from=day_bounds(min(tokyo_day(now), new.first_day))[0],
        valid_until=day_bounds(new.last_day)[1],
        unit="piece",
        payment_max=1,
        balance_max=new.per_person,
        transfer_max=0,
        ask_above=0,
        pin_above=0,
        new_device_max=1,
        refund_cashier_max=0,
    )


def _stocked(session: Session, district_id: int, coupon_id: int, pieces: int) -> tuple[Line, ...]:
    """All pieces into the shards of the stock."""
    issued = book.open_account(session, district_id, "coupon_issued", 0, coupon_id)
    shards = [
        Line(book.open_account(session, district_id, "coupon_stock", place, coupon_id), -part)
        for place, part in enumerate(stock_in_shards(pieces), start=1)
    ]
    return Line(issued, pieces), *shards


def _write_down(
    session: Session,
    who: Principal,
    new: NewCoupon,
    coupon_id: int,
    *,
    key: UUID,
    content: bytes,
    used: int,
    proposal_id: int,
    now: datetime,
) -> None:
    session.add(
        Coupon(
            district_id=who.district_id,
            id=coupon_id,
            name=new.name,
            name_en=new.name_en,
            amount_off=new.amount_off,
            min_spend=new.min_spend,
            first_day=new.first_day,
            last_day=new.last_day,
            pieces=new.pieces,
            per_person=new.per_person,
            all_shops=new.shops is None,
            lands_in=new.lands_in,
            key=key,
            command_hash=content,
            used_account_id=used,
            proposal_id=proposal_id,
            made_by=who.person_id,
            made_at=now,
        )
    )
    session.flush()
    session.add_all(CouponShop(district_id=who.district_id, coupon_id=coupon_id, merchant_id=shop_id) for shop_id in set(new.shops or ()))
    shop_percent = sum(share.percent for share in new.shares if share.payer == "shop")
    others = [share for share in new.shares if share.payer != "shop"]
    split = split_discount(new.amount_off, shop_percent, [share.percent for share in others])
    ordered = [(share, part) for share, part in zip(others, split.others, strict=True)]
    ordered += [(share, split.shop) for share in new.shares if share.payer == "shop"]
    for place, (share, part) in enumerate(ordered, start=1):
        role, owner = ROLES.get(share.payer), coupon_id * OWNERS_A_COUPON + place
        session.add(
            CouponShare(
                district_id=who.district_id,
                coupon_id=coupon_id,
                place=place,
                payer=share.payer,
                funder_id=funder_of(session, who, share.funder, now) if share.payer == "funder" else None,
                percent=share.percent,
                amount=part,
                account_id=None if role is None else book.open_account(session, who.district_id, role, owner, 0),
            )
        )
    session.flush()


def funder_of(session: Session, who: Principal, name: str, now: datetime) -> int:
    """The funder with this name, written down now if it is new. No role check: for doors that made their own."""
    values = {"district_id": who.district_id, "name": name, "created_by": who.person_id, "created_at": now}
    session.execute(upsert(Funder).values(values).on_conflict_do_nothing())
    return int(session.execute(select(Funder.id).where(Funder.district_id == who.district_id, Funder.name == name)).scalar_one())


def _is_approved(session: Session, district_id: int, coupon_id: int) -> bool:
    """Whether a second person has approved the coupon: its stock has been filled."""
    was_stocked, _is_left = read.stock(session, district_id, coupon_id)
    return was_stocked


def _shards(session: Session, district_id: int, coupon_id: int) -> list[int]:
    found = (read.account_id(session, district_id, "coupon_stock", place, coupon_id) for place in range(1, len(stock_in_shards(10**6)) + 1))
    return [account_id for account_id in found if account_id is not None]

"""A coupon is drafted, and laid before a second person."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

import ledger.commands as book
from association.commands.coupons.terms import NewCoupon, must_make_sense
from association.commands.posters import poster_code
from association.errors import CouponDraftUnknown
from association.models import Coupon, CouponDraft, CouponShare, CouponShop, CouponSource, Funder
from association.rules import split_discount, stock_in_shards
from base.clock import day_bounds, tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.commands import Draft, Line, Mandate, NewSeries, hash_command
from ledger.errors import KeyReused

OWNERS_A_COUPON = 100
"""Accounts of `promotion` and `funder` belong to one share of one coupon: their owner is the coupon's number and the place."""
SHARES_A_COUPON = 59
"""From there on owners of the same hundred belong to points."""
ROLES = {"association": "promotion", "funder": "funder"}


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

    The same key, or the same draft, gives the first answer again. Raises CouponWrong, SegmentSmall, CouponDraftUnknown, KeyReused.
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
        must_make_sense(session, who.district_id, new, now)
        coupon_id = book.create_series(session, who.district_id, _series(new, key, now))
        used = book.open_account(session, who.district_id, "coupon_used", 0, coupon_id)
        proposal_id = book.propose(
            session,
            who.district_id,
            who.person_id,
            "coupon",
            [Draft("coupon_issue", key, content, _stocked(session, who.district_id, coupon_id, new.pieces), {"coupon": coupon_id})],
            facts={"coupon": coupon_id, "worst": new.amount_off * new.pieces, "note": note or None},
            mandate=_mandate(new, coupon_id),
        )
        _write_down(session, who, new, coupon_id, key=key, content=content, used=used, proposal_id=proposal_id, now=now)
        if draft is not None:
            draft.coupon_id = coupon_id
        return coupon_id


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


def _mandate(new: NewCoupon, coupon_id: int) -> Mandate:
    """A piece is worth what others than the shop bear of its discount, and no more is ever booked for it."""
    shop_percent = sum(share.percent for share in new.shares if share.payer == "shop")
    split = split_discount(new.amount_off, shop_percent, [share.percent for share in new.shares if share.payer != "shop"])
    first = coupon_id * OWNERS_A_COUPON
    return Mandate("piece", sum(split.others), first, first + SHARES_A_COUPON, piece=coupon_id)


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
            percent=new.percent,
            weekdays=new.weekdays,
            from_minute=new.from_minute,
            until_minute=new.until_minute,
            visit=new.visit,
            within_days=new.within_days,
            segment=new.segment,
            segment_days=new.segment_days,
            segment_trade=new.segment_trade or None,
            segment_without=new.segment_without or None,
            way=new.way,
            together=new.together,
            link_code=poster_code(),
            first_day=new.first_day,
            last_day=new.last_day,
            valid_days=new.valid_days,
            pieces=new.pieces,
            per_person=new.per_person,
            all_shops=new.shops is None,
            shop_class=new.shop_class,
            trades=sorted(set(new.trades)),
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
    session.add_all(CouponSource(district_id=who.district_id, coupon_id=coupon_id, merchant_id=shop_id) for shop_id in set(new.sources))
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

"""商品券を作る: drafts, and a campaign that is laid before a second person with its units and its place in law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
import merchant.commands as shop
import merchant.queries
from association.commands.calls.new import NewCall, write_call
from association.commands.coupons import Share, funder_of
from association.commands.coupons.proposing import OWNERS_A_COUPON, ROLES
from association.commands.notice import must_be_complete
from association.errors import (
    LimitsUnlawful,
    NoticeMissing,
    RegistrationMissing,
    VoucherDraftUnknown,
    VoucherSaleTooLate,
    VoucherWrong,
)
from association.models import SeriesTerms, Voucher, VoucherDraft, VoucherShare
from association.queries.notice import PublishedNotice, current_notice
from association.queries.vouchers import one_voucher
from association.rules import Regime, regime
from base.clock import day_bounds, tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.commands import Draft, Mandate, NewSeries, hash_command
from ledger.errors import KeyReused
from ledger.queries import Proposal

PRICE_MAX = 300_000
"""Yen that a unit may cost or be worth."""
SAME, COMMON, SMALL = ("", ""), (" 共通券", " (all shops)"), (" 専用券", " (small shops)")
"""What the series of a campaign are called beside its name: of one part, and of two."""
NAME_MAX, NAME_EN_MAX = (40 - max(len(COMMON[place]), len(SMALL[place])) for place in (0, 1))
"""Signs that the name of a campaign in two parts may have, so that its series' names have room."""


@dataclass(frozen=True, slots=True)
class NewVoucher:
    """A campaign as the association describes it. Yen of one unit; `budget`: of premium in all. Days in Tokyo, both included.

    `shops`: all, small or trades (those of `trades`). `unspent_to`: who gets the price that was paid and never used. `local_face`: what
    of `face` is for small shops only, as a part of its own; 0: one part. `payment_max`: yen that one payment may take; None:
    all that one person may have.
    `call`: who may buy; None: whoever comes.
    """

    name: str
    name_en: str
    price: int
    face: int
    units: int
    per_person: int
    budget: int
    sale_first_day: date
    sale_last_day: date
    last_day: date
    shops: str
    trades: tuple[str, ...]
    shares: tuple[Share, ...]
    unspent_to: str
    local_face: int = 0
    call: NewCall | None = None
    payment_max: int | None = None

    @property
    def premium(self) -> int:
        return self.face - self.price


def save_voucher_draft(session: Session, who: Principal, fields: dict[str, Any], *, draft_id: int | None, now: datetime) -> int:
    """Keep what was typed so far, over what stood there; gives the draft's number. Raises VoucherDraftUnknown."""
    with atomic(session):
        authorise(session, who, "association.draft_voucher")
        if draft_id is None:
            values = {"district_id": who.district_id, "fields": fields, "made_by": who.person_id, "saved_at": now}
            return int(session.execute(insert(VoucherDraft).values(values).returning(VoucherDraft.id)).scalar_one())
        draft = _draft(session, who.district_id, draft_id)
        if draft.voucher_id is not None:
            raise VoucherDraftUnknown
        draft.fields, draft.saved_at = {**draft.fields, **fields}, now
        return draft_id


def drop_voucher_draft(session: Session, who: Principal, draft_id: int) -> None:
    """Throw a draft away. One that was proposed stays; one that is gone is gone."""
    with atomic(session):
        authorise(session, who, "association.draft_voucher")
        mine = (VoucherDraft.district_id == who.district_id, VoucherDraft.id == draft_id, VoucherDraft.voucher_id.is_(None))
        session.execute(delete(VoucherDraft).where(*mine))


def propose_voucher(
    session: Session, who: Principal, new: NewVoucher, *, key: UUID, note: str = "", draft_id: int | None = None, now: datetime
) -> int:
    """Lay a campaign before a second person and give its number; nobody sees or buys it before it is approved.

    The same key, or the same draft, gives the first answer again. Raises VoucherWrong, VoucherDraftUnknown, LimitsUnlawful, NoticeMissing,
    NoticeIncomplete, RegistrationMissing, KeyReused.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_voucher", subject=f"voucher:{new.price}>{new.face}x{new.units}")
        draft = None if draft_id is None else _draft(session, who.district_id, draft_id)
        if draft is not None and draft.voucher_id is not None:
            return draft.voucher_id
        content = hash_command("association.propose_voucher", new)
        before = session.scalars(select(Voucher).where(Voucher.district_id == who.district_id, Voucher.key == key)).one_or_none()
        if before is not None:
            if before.command_hash != content:
                raise KeyReused
            return before.id
        _must_make_sense(session, who.district_id, new, now)
        notice, becomes = _must_be_lawful(session, who.district_id, new.sale_first_day, new.last_day)
        voucher_id, units_id, *local_id = (book.create_series(session, who.district_id, each) for each in _series(session, new, key, now))
        lines = book.transfer(
            book.open_account(session, who.district_id, "voucher_units", 0, units_id),
            book.open_account(session, who.district_id, "voucher_stock", 0, units_id),
            new.units,
        )
        proposal_id = book.propose(
            session,
            who.district_id,
            who.person_id,
            "voucher",
            [Draft("voucher_issue", key, content, lines, {"voucher": voucher_id})],
            facts={"voucher": voucher_id, "worst": new.premium * new.units, "note": note or None},
            mandate=Mandate(
                "piece",
                new.premium,
                voucher_id,
                voucher_id,
                piece=units_id,
                worth={voucher_id: new.face - new.local_face} | dict.fromkeys(local_id, new.local_face),
            ),
        )
        _write_down(
            session, who, new, (voucher_id, units_id, *local_id), becomes, key=key, content=content, proposal_id=proposal_id, now=now
        )
        for part in (voucher_id, *local_id):
            session.add(
                SeriesTerms(
                    district_id=who.district_id,
                    series_id=part,
                    first_issue=new.sale_first_day,
                    last_day=new.last_day,
                    regime=becomes,
                    notice_version=notice.version,
                    created_by=who.person_id,
                    created_at=now,
                )
            )
            shop.open_payables(session, who.district_id, part)
        if draft is not None:
            draft.voucher_id = voucher_id
        return voucher_id


def must_be_sellable(session: Session, district_id: int, proposal: Proposal, *, now: datetime) -> None:
    """What a second person's approval asks once more: the law as it stands now, and whether there is anything left of the sale.

    Raises VoucherSaleTooLate, NoticeMissing, NoticeIncomplete, RegistrationMissing.
    """
    terms = one_voucher(session, district_id, int(proposal.facts["voucher"] or 0))
    if tokyo_day(now) > terms.sale_last_day:
        raise VoucherSaleTooLate(day=terms.sale_last_day)
    _must_be_lawful(session, district_id, terms.sale_first_day, terms.last_day)


def _draft(session: Session, district_id: int, draft_id: int) -> VoucherDraft:
    draft = session.get(VoucherDraft, (district_id, draft_id), with_for_update=True, populate_existing=True)
    if draft is None:
        raise VoucherDraftUnknown
    return draft


def _must_be_lawful(session: Session, district_id: int, first_day: date, last_day: date) -> tuple[PublishedNotice, Regime]:
    """As for every paid series: the statements to users, and the issuer's registration unless it is exempt."""
    notice = current_notice(session, district_id)
    if notice is None:
        raise NoticeMissing
    becomes = regime(first_day, last_day, public_body=notice.public_body)
    must_be_complete(notice, becomes)
    if becomes is Regime.THIRD_PARTY and notice.registration_number is None:
        raise RegistrationMissing
    return notice, becomes


def _must_make_sense(session: Session, district_id: int, new: NewVoucher, now: datetime) -> None:
    """Raises VoucherWrong, LimitsUnlawful. What the page's own schema tells field by field is asked here once more."""
    payers = [share.payer for share in new.shares]
    funders = [share.funder for share in new.shares if share.payer == "funder"]
    trades = {one.trade for one in merchant.queries.shops(session, district_id, states=["open", "suspended"])}
    is_well = (
        1 <= new.price < new.face <= PRICE_MAX
        and 1 <= new.per_person <= new.units <= 1_000_000
        and new.premium * new.units <= new.budget
        and new.sale_first_day <= new.sale_last_day <= new.last_day
        and tokyo_day(now) <= new.sale_last_day
        and _call_is_well(new, now)
        and sum(share.percent for share in new.shares) == 100
        and all(share.percent >= 1 for share in new.shares)
        and set(payers) <= set(ROLES)
        and payers.count("association") <= 1
        and all(funders)
        and len(set(funders)) == len(funders)
        and (new.unspent_to == "association" or (new.unspent_to == "funder" and bool(funders)))
        and (set(new.trades) <= trades if new.shops == "trades" else new.shops in ("all", "small"))
        and (new.shops == "trades") == bool(new.trades)
        and 0 <= new.local_face < new.face
        and (new.payment_max is None or 1 <= new.payment_max <= new.face * new.per_person)
        and (not new.local_face or (new.shops != "small" and len(new.name) <= NAME_MAX and len(new.name_en) <= NAME_EN_MAX))
    )
    if not is_well:
        raise VoucherWrong
    most = read.law(session).balance_max
    if new.face * new.per_person > most:
        raise LimitsUnlawful(balance_max=most)


def _call_is_well(new: NewVoucher, now: datetime) -> bool:
    days = {"sale_first_day": new.sale_first_day, "sale_last_day": new.sale_last_day, "today": tokyo_day(now)}
    return new.call is None or new.call.is_well(**days)


def _series(session: Session, new: NewVoucher, key: UUID, now: datetime) -> list[NewSeries]:
    """The voucher's own, the one that counts its units, and that of the part for small shops, if there is one. All begin when they are
    proposed, so that an approval can stock them."""
    begins = day_bounds(min(tokyo_day(now), new.sale_first_day))[0]
    code = f"{read.VOUCHER}{key.hex[:18]}"
    two = bool(new.local_face)
    common = _part(session, new, code, (COMMON if two else SAME), new.face - new.local_face, begins)
    units = NewSeries(
        code=f"units_{key.hex[:22]}",
        name=new.name,
        name_en=new.name_en,
        valid_from=begins,
        valid_until=day_bounds(new.sale_last_day)[1],
        unit="piece",
        payment_max=1,
        balance_max=new.per_person,
        transfer_max=0,
        ask_above=0,
        pin_above=0,
        new_device_max=1,
        refund_cashier_max=0,
    )
    return [common, units, *([_part(session, new, code + read.LOCAL, SMALL, new.local_face, begins)] if two else [])]


def _part(session: Session, new: NewVoucher, code: str, words: tuple[str, str], face: int, begins: datetime) -> NewSeries:
    """A series of money in which `face` yen of each unit stand. One payment may take all that one person has of the whole campaign, or as
    much as the campaign says; that both parts together keep to it is the tender's rule (wallet/rules.py)."""
    most = new.payment_max or new.face * new.per_person
    usual = NewSeries("", "", "", begins, None)
    return NewSeries(
        code=code,
        name=new.name + words[0],
        name_en=new.name_en + words[1],
        valid_from=begins,
        valid_until=day_bounds(new.last_day)[1],
        payment_max=min(most, read.law(session).payment_max),
        balance_max=face * new.per_person,
        transfer_max=0,
        ask_above=min(usual.ask_above, most),
        pin_above=min(usual.pin_above, most),
        new_device_max=min(usual.new_device_max, most),
        refund_cashier_max=usual.refund_cashier_max,
    )


def _write_down(
    session: Session,
    who: Principal,
    new: NewVoucher,
    series: tuple[int, ...],
    becomes: Regime,
    *,
    key: UUID,
    content: bytes,
    proposal_id: int,
    now: datetime,
) -> None:
    voucher_id, units_id, *local_id = series
    same = (
        "name",
        "name_en",
        "price",
        "face",
        "local_face",
        "units",
        "per_person",
        "payment_max",
        "budget",
        "sale_first_day",
        "sale_last_day",
        "last_day",
        "shops",
    )
    session.add(
        Voucher(
            district_id=who.district_id,
            id=voucher_id,
            units_series_id=units_id,
            local_series_id=local_id[0] if local_id else None,
            **{each: getattr(new, each) for each in same},
            regime=becomes,
            trades=sorted(set(new.trades)),
            unspent_to=new.unspent_to,
            premium_account_id=book.open_account(session, who.district_id, "premium", voucher_id, 0),
            expired_account_id=book.open_account(session, who.district_id, "voucher_expired", voucher_id, 0),
            key=key,
            command_hash=content,
            proposal_id=proposal_id,
            made_by=who.person_id,
            made_at=now,
        )
    )
    session.flush()
    if new.call is not None:
        write_call(session, who.district_id, voucher_id, new.call)
    for place, share in enumerate(new.shares, start=1):
        owner = voucher_id * OWNERS_A_COUPON + place
        session.add(
            VoucherShare(
                district_id=who.district_id,
                voucher_id=voucher_id,
                place=place,
                payer=share.payer,
                funder_id=funder_of(session, who, share.funder, now) if share.payer == "funder" else None,
                percent=share.percent,
                account_id=book.open_account(session, who.district_id, ROLES[share.payer], owner, 0),
            )
        )
    session.flush()

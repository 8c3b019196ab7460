"""加盟店: one person puts a shop forward, another admits it; either is on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

import merchant.commands as shop
import merchant.queries
from association.commands.application_letters import tell_admitted
from association.commands.cycles import keep_past_cycle
from association.errors import LiftByAnother, ShopListStale
from association.models import ShopAdmission, ShopStop
from association.queries.risk import stopped_by
from association.queries.shops import stops_of_shop
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.errors import SameHands
from merchant.errors import ShopStateForbidden, ShopUnknown
from merchant.queries import Shop

ONE_LIST_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('association.shop_list', :district))")


def register_shop(session: Session, who: Principal, new: shop.NewShop, *, now: datetime) -> Shop:
    """Put a shop forward. It takes no money before another person approves it."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.register_shop", subject="shop")
        applied = shop.register(session, who.district_id, new, now=now)
        session.add(ShopAdmission(district_id=who.district_id, merchant_id=applied.id, registered_by=who.person_id, registered_at=now))
        return applied


@dataclass(frozen=True, slots=True)
class ShopEdit:
    """One shop's facts as they were looked at, and as they shall be. `number`: its public one, for people."""

    merchant_id: int
    number: str
    before: shop.NewShop
    after: shop.NewShop


def keep_shop_list(session: Session, who: Principal, new: Sequence[shop.NewShop], edits: Sequence[ShopEdit], *, now: datetime) -> None:
    """Put the new shops forward, as one by one, and write down what differs; all or nothing. Each is a line of the log.

    Raises ShopListStale: a shop is not any more as it was looked at, or a new one's name has come meanwhile.
    """
    with atomic(session):
        session.execute(ONE_LIST_AT_A_TIME, {"district": who.district_id})
        names = {each.name for each in merchant.queries.shops(session, who.district_id) if each.state != "closed"}
        if names & {each.name for each in new}:
            raise ShopListStale
        for each in new:
            register_shop(session, who, each, now=now)
        for edit in edits:
            edit_shop(session, who, edit, now=now)


def edit_shop(session: Session, who: Principal, edit: ShopEdit, *, now: datetime) -> Shop:
    """Write down a shop's name, reading, trade, size, address or invoice number anew. Raises ShopUnknown, ShopListStale."""
    with atomic(session):
        changed = [name for name in shop.NewShop.__slots__ if getattr(edit.before, name) != getattr(edit.after, name)]
        authorise(session, who, "association.edit_shop", subject=f"shop:{edit.merchant_id} {' '.join(changed)}")
        before = merchant.queries.merchant(session, who.district_id, edit.merchant_id)
        if shop.facts_of(before) != edit.before:
            raise ShopListStale
        keep_past_cycle(session, who, before, edit.after.size, now=now)
        return shop.describe(session, who.district_id, edit.merchant_id, edit.after, now=now)


def approve_shop(session: Session, who: Principal, merchant_id: int, *, admission_check: str, now: datetime) -> Shop:
    """Admit a shop that applied. `admission_check`: what was looked at, in words (payment-law 37).

    Approving an approved shop again changes nothing, and the first decision stays on record.
    Raises SameHands, ShopUnknown, ShopStateForbidden.
    """
    with atomic(session):
        authorise(session, who, "association.approve_shop", subject=f"shop:{merchant_id}")
        admission = session.get(ShopAdmission, (who.district_id, merchant_id), with_for_update=True, populate_existing=True)
        if admission is None:
            raise ShopUnknown
        if admission.registered_by == who.person_id:
            raise SameHands
        before = merchant.queries.merchant(session, who.district_id, merchant_id).state
        if before not in ("applied", "open"):
            raise ShopStateForbidden(before=before, after="open")
        admitted = shop.set_state(session, who.district_id, merchant_id, "open", now=now)
        if admission.decided_by is None:
            admission.decided_by, admission.decided_at, admission.admission_check = who.person_id, now, admission_check
            tell_admitted(session, who.district_id, admitted, now=now)
        return admitted


def decline_shop(session: Session, who: Principal, merchant_id: int, *, reason: str, now: datetime) -> Shop:
    """Turn an application down for good; whoever put it forward may also take it back. Raises ShopUnknown, ShopStateForbidden."""
    with atomic(session):
        command = "association.register_shop" if _is_own(session, who, merchant_id) else "association.approve_shop"
        authorise(session, who, command, subject=f"shop:{merchant_id} {reason}")
        before = merchant.queries.merchant(session, who.district_id, merchant_id).state
        if before != "applied":
            raise ShopStateForbidden(before=before, after="closed")
        return shop.set_state(session, who.district_id, merchant_id, "closed", now=now)


def classify_shop(session: Session, who: Principal, merchant_id: int, *, size: str, now: datetime) -> Shop:
    """Say whether a shop is small or large: some vouchers are for small ones only, and towns ask for both apart. Raises ShopUnknown."""
    assert size in ("small", "large"), size
    with atomic(session):
        authorise(session, who, "association.classify_shop", subject=f"shop:{merchant_id} {size}")
        keep_past_cycle(session, who, merchant.queries.merchant(session, who.district_id, merchant_id), size, now=now)
        return shop.set_size(session, who.district_id, merchant_id, size)


def suspend_shop(session: Session, who: Principal, merchant_id: int, *, reason: str, now: datetime) -> Shop:
    """Stop a shop from taking money, at once. What it has taken stays owed. Of a shop that is stopped already, this word is kept as well.

    Raises ShopUnknown, ShopStateForbidden."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.suspend_shop", subject=f"shop:{merchant_id} {reason}")
        stopped = shop.set_state(session, who.district_id, merchant_id, "suspended", now=now)
        if (who.person_id, reason) not in {(each.by, each.reason) for each in stops_of_shop(session, stopped)}:
            row = {"merchant_id": merchant_id, "reason": reason, "stopped_by": who.person_id, "stopped_at": now}
            session.add(ShopStop(district_id=who.district_id, **row))
        return stopped


def resume_shop(session: Session, who: Principal, merchant_id: int, *, reason: str, now: datetime) -> Shop:
    """Let a suspended shop take money again, by another person than stopped it. Raises ShopUnknown, ShopStateForbidden, LiftByAnother."""
    with atomic(session):
        authorise(session, who, "association.suspend_shop", subject=f"shop:{merchant_id} {reason}")
        admission = session.get(ShopAdmission, (who.district_id, merchant_id))
        if admission is None:
            raise ShopUnknown
        if admission.decided_by is None:  # never admitted: resuming must not be a way round the second person
            raise ShopStateForbidden(before=merchant.queries.merchant(session, who.district_id, merchant_id).state, after="open")
        if stopped_by(session, who.district_id, merchant_id) == who.person_id:
            raise LiftByAnother
        return shop.set_state(session, who.district_id, merchant_id, "open", now=now)


def _is_own(session: Session, who: Principal, merchant_id: int) -> bool:
    admission = session.get(ShopAdmission, (who.district_id, merchant_id))
    return admission is not None and admission.registered_by == who.person_id


def make_shop_code(session: Session, who: Principal, merchant_id: int, *, now: datetime) -> None:
    """Make an admitted shop's first printed code, so that its pack can be brought along. A code that stands on a counter is left alone:
    only the owner makes another. Raises ShopUnknown, ShopStateForbidden."""
    with atomic(session):
        authorise(session, who, "association.print_shop_code", subject=f"merchant:{merchant_id}")
        state = merchant.queries.merchant(session, who.district_id, merchant_id).state
        if state not in ("open", "suspended"):
            raise ShopStateForbidden(before=state, after="open")
        shop.first_code(session, who.district_id, merchant_id, now=now)

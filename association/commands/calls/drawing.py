"""抽選: the list is fixed, a checkpoint that nobody knew decides, winners are told, and what is not paid in time goes down the list.

Each step is made once and published; the worker takes it when its time has come, and again is harmless.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import identity.queries
import ledger.queries as book
from association.commands.announcements import tell_applicants
from association.commands.calls.locks import alone
from association.commands.keys import own_key
from association.errors import ApplicationsWaiting, CallUnknown, DrawPublished, DrawTooEarly
from association.models import VoucherApplication, VoucherDraw, VoucherDrawRound
from association.queries.announcements import Words
from association.queries.calls import Call, Drawn, bought_units, draw_of, one_call, places_of
from association.queries.vouchers import VoucherTerms
from association.rules.draw import Entry, Place, list_hash
from base.clock import tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal

DUE = text("""
    SELECT c.voucher_id FROM voucher_call c JOIN voucher v ON v.district_id = c.district_id AND v.id = c.voucher_id
    WHERE c.district_id = :district_id AND c.way = 'application' AND c.last_day < :today AND v.sale_last_day >= :today ORDER BY c.voucher_id
""")
GIVE = text("""
    UPDATE voucher_application a SET rank = n.rank, given = n.given, pay_until = COALESCE(n.until, a.pay_until)
    FROM unnest(CAST(:numbers AS bigint[]), CAST(:ranks AS bigint[]), CAST(:given AS bigint[]), CAST(:until AS date[]))
        AS n (number, rank, given, until)
    WHERE a.district_id = :district_id AND a.voucher_id = :voucher_id AND a.number = n.number
""")


def close_applications(session: Session, who: Principal, voucher_id: int, *, now: datetime) -> None:
    """締め切る: the list of who takes part is fixed and published; the named moment and checkpoint decide. Once only.

    Raises CallUnknown, DrawTooEarly, ApplicationsWaiting, DrawPublished.
    """
    with atomic(session):
        authorise(session, who, "association.draw_voucher", subject=f"voucher:{voucher_id} close")
        terms, call = one_call(session, who.district_id, voucher_id)
        alone(session, who.district_id, voucher_id)
        if call.way != "application" or draw_of(session, who.district_id, voucher_id) is not None:
            raise DrawPublished
        if now < call.closes:
            raise DrawTooEarly(day=call.last_day)
        waiting = _waiting(session, who.district_id, voucher_id)
        if waiting:
            raise ApplicationsWaiting(count=waiting)
        _fix(session, who.district_id, terms, by=who.person_id, now=now)


def run_draws(session: Session, *, now: datetime) -> int:
    """Whatever is due, in every district, a campaign a database transaction; gives how many took a step. For the worker."""
    steps = 0
    for district in identity.queries.districts(session):
        for voucher_id in session.scalars(DUE, {"district_id": district.id, "today": tokyo_day(now)}).all():
            with atomic(session):
                alone(session, district.id, voucher_id)
                steps += _step(session, district.id, voucher_id, now)
    return steps


def _step(session: Session, district_id: int, voucher_id: int, now: datetime) -> bool:
    try:
        terms, call = one_call(session, district_id, voucher_id)
    except CallUnknown:  # nobody has approved it
        return False
    drawn = draw_of(session, district_id, voucher_id)
    if drawn is None:
        assert call.draw_at is not None, call
        if now < call.draw_at or _waiting(session, district_id, voucher_id):
            return False
        _fix(session, district_id, terms, by=None, now=now)
        return True
    if drawn.drawn_at is None:
        return _decide(session, district_id, terms, call, drawn, now)
    return _next_round(session, district_id, terms, call, drawn, now)


def _waiting(session: Session, district_id: int, voucher_id: int) -> int:
    sql = "SELECT count(*) FROM voucher_application WHERE district_id = :d AND voucher_id = :v AND state = 'checking'"
    return int(session.execute(text(sql), {"d": district_id, "v": voucher_id}).scalar_one())


def _fix(session: Session, district_id: int, terms: VoucherTerms, *, by: int | None, now: datetime) -> None:
    """The list as it stands, and how far the sealed log is: whatever decides comes after both."""
    accepted = (
        VoucherApplication.district_id == district_id,
        VoucherApplication.voucher_id == terms.id,
        VoucherApplication.state == "accepted",
    )
    rows = session.scalars(select(VoucherApplication).where(*accepted).order_by(VoucherApplication.number)).all()
    entries = [Entry(row.number, row.units) for row in rows]
    newest = book.newest_checkpoint(session, district_id)
    draw = VoucherDraw(
        district_id=district_id,
        voucher_id=terms.id,
        numbers=[entry.number for entry in entries],
        wanted=[entry.units for entry in entries],
        list_hash=list_hash(entries),
        after_size=0 if newest is None else newest.size,
        fixed_by=by,
        fixed_at=now,
    )
    session.add(draw)
    session.flush()
    if sum(entry.units for entry in entries) <= terms.units:  # enough for all: there is nothing to draw
        draw.drawn_at = now
        session.flush()
        _publish(session, district_id, terms.id, {}, now)


def _decide(session: Session, district_id: int, terms: VoucherTerms, call: Call, drawn: Drawn, now: datetime) -> bool:
    """The first checkpoint after the list was fixed that is signed at the named moment or later; not before there is one."""
    assert call.draw_at is not None, call
    found = book.checkpoint_after(session, district_id, size=drawn.after_size, moment=call.draw_at)
    if found is None:
        return False
    row = session.get_one(VoucherDraw, (district_id, terms.id), populate_existing=True)
    row.size, row.root, row.signed_at, row.drawn_at = found.size, found.root, found.signed_at, now
    session.flush()
    _publish(session, district_id, terms.id, {}, now)
    return True


def _next_round(session: Session, district_id: int, terms: VoucherTerms, call: Call, drawn: Drawn, now: datetime) -> bool:
    """繰り上げ: who did not pay in time, or gave up, keeps what was bought; the rest goes down the same order while anybody waits."""
    rows = {
        row.number: row
        for row in session.scalars(
            select(VoucherApplication).where(VoucherApplication.district_id == district_id, VoucherApplication.voucher_id == terms.id)
        )
    }
    kept = dict(drawn.rounds[-1].kept)
    for number, row in rows.items():
        is_late = row.pay_until is not None and row.pay_until < tokyo_day(now)
        if row.given is not None and number not in kept and (is_late or row.state == "withdrawn"):
            bought = bought_units(session, district_id, terms, row.person_id)
            if bought < row.given or row.state == "withdrawn":
                kept[number] = min(bought, row.given)
    gains = any(place.given > (rows[place.number].given or 0) for place in places_of(drawn, kept))
    if gains:
        _publish(session, district_id, terms.id, kept, now)
    return gains


def _publish(session: Session, district_id: int, voucher_id: int, kept: dict[int, int], now: datetime) -> None:
    """Write down a round, what each application has by it, and tell whoever won, and the first time who waits."""
    drawn = draw_of(session, district_id, voucher_id)
    assert drawn is not None, voucher_id
    terms, number = drawn.terms, len(drawn.rounds) + 1
    until = _pay_until(terms, drawn.call, now)
    before = {
        row.number: row
        for row in session.scalars(
            select(VoucherApplication).where(VoucherApplication.district_id == district_id, VoucherApplication.voucher_id == voucher_id)
        )
    }
    places = places_of(drawn, kept)
    winners = [place for place in places if place.given > (before[place.number].given or 0)]
    _give(session, district_id, voucher_id, places, {place.number: until for place in winners})
    session.add(
        VoucherDrawRound(
            district_id=district_id,
            voucher_id=voucher_id,
            round=number,
            kept_numbers=sorted(kept),
            kept_units=[kept[each] for each in sorted(kept)],
            pay_until=until,
            made_at=now,
        )
    )
    session.flush()
    session.expire_all()
    told = {"won": [before[place.number].person_id for place in winners]}
    if number == 1:
        told["waits"] = [before[place.number].person_id for place in places if not place.given]
    for what, people in told.items():
        words = _won(terms, until) if what == "won" else _waits(terms)
        key = own_key(session, "voucher draw", district_id, voucher_id, number, what)
        tell_applicants(session, district_id, [each for each in people if each is not None], words, key=key, made_by=terms.made_by, now=now)


def _give(session: Session, district_id: int, voucher_id: int, places: Sequence[Place], until: dict[int, date]) -> None:
    values = {
        "district_id": district_id,
        "voucher_id": voucher_id,
        "numbers": [place.number for place in places],
        "ranks": [place.rank for place in places],
        "given": [place.given for place in places],
        "until": [until.get(place.number) for place in places],
    }
    session.execute(GIVE, values)


def _pay_until(terms: VoucherTerms, call: Call, now: datetime) -> date:
    """The last day of payment: so many days after the result, or after the sale begins, and never after it ends."""
    assert call.pay_days is not None, call
    begins = max(tokyo_day(now), terms.sale_first_day)
    return min(begins + timedelta(days=call.pay_days), terms.sale_last_day)


def _won(terms: VoucherTerms, until: date) -> Words:
    day = f"{until.month}月{until.day}日"
    return Words(
        f"「{terms.name}」に当選しました",
        f"{day}までに窓口で代金を支払ってください。口数は「商品券の申し込み」の画面にあります。過ぎると、次の順番の人に回ります。",
        f"You won “{terms.name_en}”",
        f"Pay at the counter by {until:%-d %B}. The page of voucher applications says how many units. Later they go to the next in line.",
    )


def _waits(terms: VoucherTerms) -> Words:
    return Words(
        f"「{terms.name}」は補欠になりました",
        "抽選の順番は「商品券の申し込み」の画面にあります。支払われなかった口数が回ってきたら、お知らせします。",
        f"You are on the waiting list of “{terms.name_en}”",
        "Your place is on the page of voucher applications. If units come to you, you are told.",
    )

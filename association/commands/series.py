"""種別: a district's coin comes into being, within the law's limits."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries
import merchant.commands as shop
from association.commands.notice import must_be_complete
from association.errors import LimitsUnlawful, NoticeMissing, RegistrationMissing, ValidityWrong
from association.models import SeriesTerms
from association.queries.notice import current_notice
from association.rules import Limits, Regime, limits_broken, regime
from base.clock import day_bounds
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal

USUAL: dict[str, Any] = {each.name: each.default for each in fields(book.NewSeries)}
"""What the book's own door takes where nothing is said: the limits stand there and nowhere else."""


@dataclass(frozen=True, slots=True)
class NewSeries:
    """A coin as the association describes it. Limits in yen; days in Tokyo, both included; no last day: no end."""

    code: str
    name: str
    name_en: str
    first_day: date
    last_day: date | None
    payment_max: int = USUAL["payment_max"]
    balance_max: int = USUAL["balance_max"]
    transfer_max: int = USUAL["transfer_max"]
    ask_above: int = USUAL["ask_above"]
    pin_above: int = USUAL["pin_above"]
    new_device_max: int = USUAL["new_device_max"]
    refund_cashier_max: int = USUAL["refund_cashier_max"]


def create_series(session: Session, who: Principal, new: NewSeries, *, now: datetime) -> int:
    """Open a series, give every open shop an account in it, and give its id.

    The regime in law is derived from the dates and from who the issuer is; a paid series cannot be opened while
    one of the statements to users is missing, nor a third-party one that is not exempt without a registration.
    Raises ValidityWrong, LimitsUnlawful, NoticeMissing, NoticeIncomplete, RegistrationMissing, and the book's SeriesExists, SeriesWrong.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.create_series", subject=f"series:{new.code}")
        if new.last_day is not None and new.last_day < new.first_day:
            raise ValidityWrong
        law = ledger.queries.law(session)
        most = Limits(law.payment_max, law.balance_max, law.transfer_max)
        if limits_broken(Limits(new.payment_max, new.balance_max, new.transfer_max), most):
            raise LimitsUnlawful(balance_max=law.balance_max)
        notice = current_notice(session, who.district_id)
        if notice is None:
            raise NoticeMissing
        becomes = regime(new.first_day, new.last_day, public_body=notice.public_body)
        must_be_complete(notice, becomes)
        if becomes is Regime.THIRD_PARTY and notice.registration_number is None:
            raise RegistrationMissing
        series_id = book.create_series(session, who.district_id, _for_the_book(new))
        session.add(
            SeriesTerms(
                district_id=who.district_id,
                series_id=series_id,
                first_issue=new.first_day,
                last_day=new.last_day,
                regime=becomes,
                notice_version=notice.version,
                created_by=who.person_id,
                created_at=now,
            )
        )
        shop.open_payables(session, who.district_id, series_id)
        return series_id


def _for_the_book(new: NewSeries) -> book.NewSeries:
    return book.NewSeries(
        code=new.code,
        name=new.name,
        name_en=new.name_en,
        valid_from=day_bounds(new.first_day)[0],
        valid_until=None if new.last_day is None else day_bounds(new.last_day)[1],
        payment_max=new.payment_max,
        balance_max=new.balance_max,
        transfer_max=new.transfer_max,
        ask_above=min(new.ask_above, new.payment_max, new.new_device_max),
        pin_above=min(new.pin_above, new.payment_max),
        new_device_max=min(new.new_device_max, new.payment_max),
        refund_cashier_max=new.refund_cashier_max,
    )

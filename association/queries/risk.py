"""見てください: the queue, one finding with its evidence, the limits of the rules. People are numbers here; their page says who."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import identity.queries
import ledger.queries as book
import merchant.queries
from association.errors import FindingUnknown
from association.models import RiskFinding, RiskNote, RiskThreshold, ShopStop
from association.rules import risk
from association.rules.risk import LIMITS, Found
from identity.commands import authorise
from identity.queries import Principal, nicknames
from merchant.queries import Shop

OPEN = ("new", "seen")
HISTORY = 30
"""Days of top-ups that say what is usual."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One transaction behind a finding; yen. `person`: a number."""

    id: int
    kind: str
    at: datetime
    amount: int
    person: int | None
    shop: Shop | None


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a finding. `by_name`: None for a rule that saw it grow."""

    state: str
    figure: int
    words: str
    by_name: str | None
    by_rule: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """`person`, `shop`: what can be stopped, where it is one. `people`: whom it concerns, by number."""

    id: int
    rule: str
    subject: str
    figure: int
    facts: dict[str, Any]
    first_at: datetime
    last_at: datetime
    state: str
    person: int | None
    shop: Shop | None
    people: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    said: tuple[Said, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class SetLimit:
    """A limit of a rule as it holds. `set_by`: None while it is as at first."""

    rule: str
    name: str
    value: int
    limit: risk.Limit
    set_by: str | None
    set_at: datetime | None


def limits(session: Session, district_id: int) -> dict[str, dict[str, int]]:
    """Every limit of every rule, as it holds now."""
    held = {rule: {name: limit.default for name, limit in names.items()} for rule, names in LIMITS.items()}
    for row in session.scalars(select(RiskThreshold).where(RiskThreshold.district_id == district_id).order_by(RiskThreshold.id)):
        if row.rule in held and row.name in held[row.rule]:
            held[row.rule][row.name] = row.value
    return held


def set_limits(session: Session, who: Principal) -> list[SetLimit]:
    """The same with who set them when."""
    authorise(session, who, "association.read_risks", subject="limits")
    rows = {(row.rule, row.name): row for row in session.scalars(_thresholds(who.district_id))}
    names = nicknames(session, who.district_id, {row.set_by for row in rows.values()}) if rows else {}
    found = []
    for rule, each in LIMITS.items():
        for name, limit in each.items():
            row = rows.get((rule, name))
            value = limit.default if row is None else row.value
            by, at = (None, None) if row is None else (names.get(row.set_by, ""), row.set_at)
            found.append(SetLimit(rule, name, value, limit, by, at))
    return found


def look(session: Session, district_id: int, *, now: datetime) -> list[Found]:
    """What the rules find in the last day. For the worker; reads that day's part of the book, and of few people a month's."""
    held, since = limits(session, district_id), now - risk.WINDOW
    moves = book.traffic(session, district_id, since, now)
    works: dict[int, frozenset[int]] = {}
    for grant in identity.queries.grants(session, district_id):
        if grant.merchant_id is not None:
            works[grant.person_id] = works.get(grant.person_id, frozenset()) | {grant.merchant_id}
    usual_of = risk.wants_history(moves, held["top_ups"])
    usual = book.topped_up(session, district_id, usual_of, since - HISTORY * risk.WINDOW, since) if usual_of else {}
    found = [
        *risk.circular(moves, works, held["circular"]),
        *risk.refunds(moves, held["refunds"]),
        *risk.refunds_of_shop(moves, held["refunds_of_shop"]),
        *risk.close(moves, held["close"]),
        *risk.top_ups(moves, usual, held["top_ups"]),
        *risk.through(moves, held["through"]),
        *risk.units(moves, held["units"]),
    ]
    for each in merchant.queries.twins_since(session, district_id, since):
        if each.count >= held["twins"]["count"]:
            subject = f"shop:{each.merchant_id}" if each.staff_id is None else f"staff:{each.merchant_id}:{each.staff_id}"
            found.append(Found("twins", subject, each.count, {"yen": each.total}))
    for tries in identity.queries.wrong_tries(session, district_id, since, least=held["tries"]["count"]):
        found.append(Found("tries", tries.subject, tries.count, {"secret": tries.name, "last_at": tries.last_at.isoformat()}))
    for device in identity.queries.crowded_devices(session, district_id, least=held["device"]["people"]):
        found.append(Found("device", f"device:{device.mark}", len(device.people), {"people": list(device.people)}))
    return found


def waiting_findings(session: Session, who: Principal) -> int:
    """How many nobody has looked at yet; 0 for a desk that does not see them."""
    if not may_see(who):
        return 0
    new = (RiskFinding.district_id == who.district_id, RiskFinding.state == "new")
    return session.execute(select(func.count()).select_from(RiskFinding).where(*new)).scalar_one()


def may_see(who: Principal) -> bool:
    """Whether this desk sees the queue."""
    return any(map(who.has, ("approver", "auditor", "administrator")))


def oldest_finding(session: Session, district_id: int) -> datetime | None:
    """Since when the oldest finding waits that nobody has looked at."""
    new = (RiskFinding.district_id == district_id, RiskFinding.state == "new")
    return session.scalar(select(func.min(RiskFinding.first_at)).where(*new))


def findings(session: Session, who: Principal, *, answered: bool = False) -> list[Finding]:
    """Those that wait, the new ones first; or those that were answered, the latest first."""
    authorise(session, who, "association.read_risks", subject="queue")
    which = RiskFinding.state.not_in(OPEN) if answered else RiskFinding.state.in_(OPEN)
    query = select(RiskFinding).where(RiskFinding.district_id == who.district_id, which)
    rows = session.scalars(query.order_by(RiskFinding.state, RiskFinding.last_at.desc()).limit(200)).all()
    shops = _shops(session, who.district_id, rows)
    return [_as_finding(row, shops) for row in rows]


def finding(session: Session, who: Principal, finding_id: int) -> Finding:
    """One, with its transactions and what was said. Raises FindingUnknown."""
    authorise(session, who, "association.read_risks", subject=f"finding:{finding_id}")
    row = session.get(RiskFinding, (who.district_id, finding_id), populate_existing=True)
    if row is None:
        raise FindingUnknown
    query = select(RiskNote).where(RiskNote.district_id == who.district_id, RiskNote.finding_id == finding_id).order_by(RiskNote.id)
    notes = session.scalars(query).all()
    names = nicknames(session, who.district_id, {note.made_by for note in notes if note.made_by is not None}) if notes else {}
    said = tuple(
        Said(note.state, note.figure, note.words, names.get(note.made_by or 0), note.made_by is None, note.made_at) for note in notes
    )
    return _as_finding(row, _shops(session, who.district_id, [row]), said)


def stopped_by(session: Session, district_id: int, merchant_id: int) -> int | None:
    """Who stopped this shop last."""
    theirs = (ShopStop.district_id == district_id, ShopStop.merchant_id == merchant_id)
    return session.scalar(select(ShopStop.stopped_by).where(*theirs).order_by(ShopStop.id.desc()).limit(1))


def _thresholds(district_id: int) -> Any:
    return select(RiskThreshold).where(RiskThreshold.district_id == district_id).order_by(RiskThreshold.id)


def _shops(session: Session, district_id: int, rows: Any) -> dict[int, Shop]:
    wanted = {shop for row in rows for shop in (_shop_of(row), *(move[5] for move in row.facts.get("moves", ()))) if shop is not None}
    return {shop.id: shop for shop in merchant.queries.shops(session, district_id, ids=sorted(wanted))} if wanted else {}


def _shop_of(row: RiskFinding) -> int | None:
    kind, _, rest = row.subject.partition(":")
    return int(rest.split(":")[0]) if kind in ("shop", "staff") and row.rule != "tries" else None


def _as_finding(row: RiskFinding, shops: dict[int, Shop], said: tuple[Said, ...] = ()) -> Finding:
    kind, _, rest = row.subject.partition(":")
    shop = _shop_of(row)
    return Finding(
        id=row.id,
        rule=row.rule,
        subject=row.subject,
        figure=row.figure,
        facts=row.facts,
        first_at=row.first_at,
        last_at=row.last_at,
        state=row.state,
        person=int(rest) if kind == "person" else None,
        shop=shops.get(shop) if shop is not None else None,
        people=tuple(row.facts.get("people", ())),
        evidence=tuple(
            Evidence(number, each, datetime.fromisoformat(at), amount, person, shops.get(where or 0))
            for number, each, at, amount, person, where in row.facts.get("moves", ())
        ),
        said=said,
    )

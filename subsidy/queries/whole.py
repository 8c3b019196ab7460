"""A project is read once, whole: for its lead, for a party of its own side, and whom to call."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.commands import authorise
from identity.queries import Principal, nicknames
from identity.vault import vault
from subsidy.errors import PartNotInvited, PartyUnknown, ProjectUnknown
from subsidy.models import Fact, Link, Project
from subsidy.models import Party as PartyModel
from subsidy.queries.claims import last_claim
from subsidy.queries.figures import figures_of
from subsidy.queries.filings import last_filing, savers
from subsidy.queries.lines import lines_of
from subsidy.queries.papers import papers_of
from subsidy.queries.quotes import asked_of
from subsidy.queries.review import answers_of
from subsidy.queries.rows import Contact, fact_row, link_row, party_row
from subsidy.queries.seats import Seated, lead_of, seat_of
from subsidy.queries.standing import Standing
from subsidy.rules.calls import call_of


def standing(
    session: Session, who: Principal, project_id: int, *, now: datetime, today: date, parts: Collection[str] | None = None
) -> Standing:
    """The whole project, for its lead or an auditor, and for an outside expert who is invited to these `parts` of it.

    `parts`: what the caller shows; None is for no expert. Raises ProjectUnknown, PartNotInvited.
    """
    authorise(session, who, "subsidy.read")
    seat = seat_of(session, who, project_id)
    if seat.role in ("participant", "provider"):
        raise ProjectUnknown
    if seat.role == "expert" and (parts is None or not seat.may_see(parts, today)):
        raise PartNotInvited
    return read_standing(session, who.district_id, project_id, seat, now=now, today=today)


def own_side(session: Session, who: Principal, project_id: int, *, now: datetime, today: date) -> Standing:
    """What a member sees: itself, its papers, and nothing of the others but how many there are.

    Raises ProjectUnknown, PartNotInvited: an expert has no side of its own.
    """
    authorise(session, who, "subsidy.read_own")
    seat = seat_of(session, who, project_id)
    if seat.role == "expert":
        raise PartNotInvited
    whole = read_standing(session, who.district_id, project_id, seat, now=now, today=today)
    return whole if seat.role not in ("participant", "provider") else only(whole, seat)


def only(whole: Standing, seat: Seated) -> Standing:
    """The project as one party may see it."""
    mine = seat.party_id
    return Standing(
        **{
            **{name: value for name, value in whole.__dict__.items() if name in Standing.__dataclass_fields__},
            "parties": tuple(row for row in whole.parties if row.id == mine),
            "papers": tuple(row for row in whole.papers if row.party_id == mine),
            "links": tuple(row for row in whole.links if row.party_id == mine),
            "lines": tuple(row for row in whole.lines if row.party_id == mine),
            "answers": (),
            "asked": {},
            "filing": None,
            "claim": None,
            "figures": tuple(row for row in whole.figures if row.party_id == mine),
            "seat": seat,
        }
    )


def read_standing(session: Session, district_id: int, project_id: int, seat: Seated, *, now: datetime, today: date) -> Standing:
    """For doors that have asked already. Raises ProjectUnknown."""
    project = session.get(Project, (district_id, project_id))
    if project is None:
        raise ProjectUnknown
    here = {"district_id": district_id, "project_id": project_id}
    parties = tuple(
        map(party_row, session.scalars(select(PartyModel).filter_by(**here).order_by(PartyModel.role != "representative", PartyModel.id)))
    )
    history = session.scalars(select(Fact).filter_by(**here).order_by(Fact.id)).all()
    links = session.scalars(select(Link).filter_by(**here).order_by(Link.id)).all()
    papers = papers_of(session, district_id, project_id)
    lines = lines_of(session, district_id, project_id, papers)
    answers = answers_of(session, district_id, project_id)
    figures = figures_of(session, district_id, project_id)
    asked = asked_of(session, district_id, project_id)
    people = (
        {row.made_by for row in lines}
        | {row.made_by for row in answers}
        | savers(session, district_id, project_id)
        | {row.made_by for row in history}
        | {row.handed_by for row in papers if row.handed_by}
        | {row.made_by for row in figures if row.made_by}
    )
    return Standing(
        id=project.id,
        name=project.name,
        setting=project.setting,
        business_types=tuple(project.business_types),
        representative_kind=project.representative_kind,
        has_district_body=project.has_district_body,
        call=call_of(project.scheme, project.rules_version),
        seat=seat,
        today=today,
        now=now,
        parties=parties,
        history=tuple(map(fact_row, history)),
        papers=papers,
        links=tuple(map(link_row, links)),
        lines=lines,
        figures=figures,
        names=nicknames(session, district_id, people) if people else {},
        answers=answers,
        asked=asked,
        revision=project.revision,
        filing=last_filing(session, district_id, project_id),
        claim=last_claim(session, district_id, project_id, papers, parties),
    )


def contacts_of(session: Session, district_id: int, project_id: int) -> dict[int, Contact]:
    """Whom to call at each party, for papers that the lead signs for. For doors that have asked already."""
    rows = session.scalars(select(PartyModel).filter_by(district_id=district_id, project_id=project_id)).all()
    return {row.id: _contact(session, district_id, row) for row in rows}


def application_to_make(session: Session, who: Principal, project_id: int, *, now: datetime, today: date) -> Standing:
    """The project for its lead, whose application the worker packs. For doors that have asked already. Raises ProjectUnknown."""
    return read_standing(session, who.district_id, project_id, lead_of(session, who, project_id), now=now, today=today)


def contact_of(session: Session, who: Principal, project_id: int, party_id: int) -> Contact:
    """Whom to call: for the lead alone. Raises ProjectUnknown, PartyUnknown."""
    authorise(session, who, "subsidy.read")
    seat = seat_of(session, who, project_id)
    row = session.get(PartyModel, (who.district_id, party_id))
    if row is None or row.project_id != project_id:
        raise PartyUnknown
    return _contact(session, who.district_id, row) if seat.is_lead else Contact()


def _contact(session: Session, district_id: int, row: PartyModel) -> Contact:
    if row.contact is None:
        return Contact()
    found: dict[str, Any] = json.loads(vault(session).unseal(row.contact, "subsidy contact", district_id))
    return Contact(**found)

"""A link stands for a party without an account: it asks for papers and answers, and a person who holds it may take the party's seat."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from base.db import atomic
from base.errors import Forbidden
from base.ids import fingerprint
from identity.commands import appoint, authorise, limit_caller, limit_tries
from identity.queries import Principal
from subsidy.commands.papers import From, NewPaper, check_evidence, examined, store_paper
from subsidy.commands.parties import earlier_as_stored, held_party, keep_party_saving
from subsidy.errors import LinkOver, PaperNotAsked
from subsidy.models import Link, Party, Seat
from subsidy.queries import lead_of
from subsidy.queries.links import living_link, may_sit_for
from subsidy.rules.frames import Earlier
from subsidy.rules.invoice_text import Read, read_invoice

LASTS = timedelta(days=30)
PER_HOUR = 120
"""Files and answers from one device in an hour; ten times as many from one address, which a shopping street may share."""
FILES_A_DAY = 60
"""By one link: no file is ever deleted, and whoever has found a link must not fill the disk from many addresses."""
SEATS = {"participant": "group_member", "provider": "group_expert", "expert": "group_expert"}
"""Which role a person gets who takes the seat of a party; for the representative they have theirs before."""


@dataclass(frozen=True, slots=True)
class NewLink:
    """`asked`: kinds of papers, or of evidence with the line ("V_PAYMENT:12"). `words`: a sentence from the lead."""

    asked: tuple[str, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a party says of itself; None leaves what was known."""

    is_small: bool | None
    earlier: tuple[Earlier, ...] | None


def make_link(session: Session, who: Principal, project_id: int, party_id: int, new: NewLink, *, now: datetime) -> str:
    """A fresh link; the one that the party had before ends. Gives its token, which nobody can be told again. Raises PartyUnknown."""
    if who.person_id is None:
        raise Forbidden
    with atomic(session):
        authorise(session, who, "subsidy.ask_member", subject=f"subsidy_party:{party_id}")
        lead_of(session, who, project_id)
        held_party(session, who, project_id, party_id)
        _end(session, who, party_id, now)
        return issue_link(session, who.district_id, project_id, party_id, new, made_by=who.person_id, now=now)[1]


def issue_link(
    session: Session, district_id: int, project_id: int, party_id: int, new: NewLink, *, made_by: int | None, now: datetime
) -> tuple[int, str]:
    """For doors that have asked already: one more link beside those that live. Its number and its token. `made_by`: None for the worker."""
    token = secrets.token_urlsafe(24)
    row = Link(
        district_id=district_id,
        project_id=project_id,
        party_id=party_id,
        token_hash=fingerprint(token),
        asked=list(new.asked),
        words=new.words,
        made_by=made_by,
        made_at=now,
        expires_at=now + LASTS,
    )
    session.add(row)
    session.flush()
    return row.id, token


def end_link(session: Session, who: Principal, project_id: int, party_id: int, *, now: datetime) -> None:
    """The party's link opens nothing any more. Again is harmless. Raises PartyUnknown."""
    with atomic(session):
        authorise(session, who, "subsidy.ask_member", subject=f"subsidy_party:{party_id} ends")
        lead_of(session, who, project_id)
        held_party(session, who, project_id, party_id)
        _end(session, who, party_id, now)


def hand_in_by_link(session: Session, who: Principal, token: str, new: NewPaper, *, now: datetime) -> int:
    """A file from whoever holds the link, of a kind that it asks for. Raises LinkOver, PaperNotAsked, TooMany, and as `hand_in`."""
    limit(session, who)
    asks_for(living_link(session, who.district_id, token, now=now), new)  # whoever has no link costs no process that opens files
    found = examined(session, new.content)
    with atomic(session):
        row = opened(session, who, token, now)
        authorise(session, who, "subsidy.use_link", subject=f"subsidy_link:{row.id}")
        limit_tries(session, "subsidy_link:files", str(row.id), per=timedelta(days=1), count=FILES_A_DAY, district_id=who.district_id)
        asks_for(row, new)
        if new.line is not None:
            check_evidence(session, who, row.project_id, row.party_id, new, now)
        row.seen_at = now
        return store_paper(session, who.district_id, row.project_id, row.party_id, new, found, From("link", None, row.id), now=now)


def asks_for(link: Link, new: NewPaper) -> None:
    """Raises PaperNotAsked."""
    if (new.kind if new.line is None else f"{new.kind}:{new.line}") not in link.asked:
        raise PaperNotAsked


def read_by_link(session: Session, who: Principal, token: str, content: bytes, *, now: datetime) -> Read:
    """What the text of an invoice says, for the form behind a link: nothing is kept. Raises LinkOver, TooMany, as `hand_in`."""
    limit(session, who)
    living_link(session, who.district_id, token, now=now)
    return read_invoice(examined(session, content).text)


def answer_by_link(session: Session, who: Principal, token: str, answers: Answers, *, now: datetime) -> None:
    """What the party says of itself. The lead sees that it came, and can still change it. Raises LinkOver, TooMany."""
    limit(session, who)
    with atomic(session):
        row = opened(session, who, token, now)
        authorise(session, who, "subsidy.use_link", subject=f"subsidy_link:{row.id}")
        party = held_party(session, who, row.project_id, row.party_id)
        row.seen_at = now
        party.is_small = party.is_small if answers.is_small is None else answers.is_small
        if answers.earlier is not None:
            party.earlier = earlier_as_stored(answers.earlier)
        party.revision, party.changed_by, party.changed_at = party.revision + 1, None, now
        keep_party_saving(session, who, party)


def take_seat(session: Session, who: Principal, token: str, *, now: datetime) -> int:
    """A signed-in person who holds the link sits for its party from now on. Again is harmless. Gives the project.

    A link is passed on, so it makes nobody a lead: for the representative sits who has that role from the association already.
    Raises LinkOver, Forbidden.
    """
    if who.person_id is None:
        raise Forbidden
    with atomic(session):
        row = opened(session, who, token, now)
        authorise(session, who, "subsidy.take_seat", subject=f"subsidy_party:{row.party_id}")
        party = held_party(session, who, row.project_id, row.party_id)
        if not may_sit_for(who, party.role):
            raise Forbidden
        mine = (Seat.district_id == who.district_id, Seat.party_id == party.id, Seat.person_id == who.person_id, Seat.ended_at.is_(None))
        if session.scalar(select(Seat.id).where(*mine)) is None:
            session.add(Seat(district_id=who.district_id, project_id=row.project_id, party_id=party.id, person_id=who.person_id, since=now))
            if party.role in SEATS:
                appoint(session, who.district_id, who.person_id, SEATS[party.role], now=now)
        return row.project_id


def limit(session: Session, who: Principal) -> None:
    """For doors that have not asked yet: how often one device may come, and last one address. Raises TooMany."""
    an_hour = timedelta(hours=1)
    limit_caller(
        session,
        "subsidy_link",
        who.address,
        device=who.device_token,
        each=PER_HOUR,
        place=10 * PER_HOUR,
        per=an_hour,
        district_id=who.district_id,
    )


def opened(session: Session, who: Principal, token: str, now: datetime) -> Link:
    """The living link of a party that is still there. Raises LinkOver."""
    row = living_link(session, who.district_id, token, now=now)
    party = session.get(Party, (who.district_id, row.party_id))
    if party is None or party.left_on is not None:
        raise LinkOver
    return row


def _end(session: Session, who: Principal, party_id: int, now: datetime) -> None:
    for row in session.scalars(select(Link).filter_by(district_id=who.district_id, party_id=party_id, ended_at=None)):
        row.ended_at = now

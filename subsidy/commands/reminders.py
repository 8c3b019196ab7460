"""催促: members whose figures are missing get a mail with a fresh link; whoever has no address is named, to be called."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

import identity.queries
from base.clock import tokyo_day
from base.db import atomic
from base.errors import N_
from identity.commands import authorise, queue_mail
from identity.queries import Letter, Principal
from identity.vault import vault
from subsidy.commands.links import LASTS, NewLink, make_link
from subsidy.models import Party, Seat
from subsidy.queries import lead_of
from subsidy.queries.standing import Standing
from subsidy.queries.whole import read_standing

PAUSE = timedelta(hours=20)
"""Between two mails to one member: a button that is pressed again must not fill a letter box."""
WORDS = N_("効果報告の数字をお願いします。")
"""What the page behind the link says on top."""

LETTER = Letter(
    N_("【%(district)s】効果報告の数字をお願いします"),
    N_(
        "%(name)s 御中\n\n「%(project)s」の効果報告に使う、売上、原価、従業員数、労働時間がまだ届いていません。\n"
        "次のページから入れてください。登録はいりません。\n\n%(link)s\n\nこのページは%(until)sまで使えます。\n"
        "紙で出したいときは、代表事業者（%(lead)s）に連絡してください。\n"
    ),
)


@dataclass(frozen=True, slots=True)
class Reminded:
    """Parties by number: `mailed` now, `already` today, and `unreached`, who have no address."""

    mailed: tuple[int, ...]
    already: tuple[int, ...]
    unreached: tuple[int, ...]


def remind(session: Session, who: Principal, project_id: int, page_of: Callable[[str], str], *, now: datetime) -> Reminded:
    """Everybody of whom a year that is asked for now is missing. `page_of`: the address of a link's page. Their older links end.

    Raises ProjectUnknown.
    """
    mailed, already, unreached = [], [], []
    with atomic(session):
        authorise(session, who, "subsidy.ask_member", subject=f"subsidy_project:{project_id} figures")
        seat = lead_of(session, who, project_id)
        project = read_standing(session, who.district_id, project_id, seat, now=now, today=tokyo_day(now))
        waiting = [row for row in project.reporting if any(not project.figure(row.id, year) for year in project.years_asked)]
        for row in waiting:
            address = _address(session, who, row.id)
            if not address:
                unreached.append(row.id)
            elif _was_reminded(project, row.id, now):
                already.append(row.id)
            else:
                token = make_link(session, who, project_id, row.id, NewLink((), WORDS), now=now)
                _mail(session, who, project, row.id, address, page_of(token), now)
                mailed.append(row.id)
    return Reminded(tuple(mailed), tuple(already), tuple(unreached))


def _was_reminded(project: Standing, party_id: int, now: datetime) -> bool:
    link = project.link_of(party_id)
    return link is not None and link.ended_at is None and now - link.made_at < PAUSE


def _address(session: Session, who: Principal, party_id: int) -> str:
    """The one that the lead wrote down, else that of a person who sits for the party; empty where there is none."""
    row = session.get_one(Party, (who.district_id, party_id))
    if row.contact is not None:
        found: str = json.loads(vault(session).unseal(row.contact, "subsidy contact", who.district_id)).get("mail", "")
        if found:
            return found
    mine = (Seat.district_id == who.district_id, Seat.party_id == party_id, Seat.ended_at.is_(None))
    people = session.scalars(select(Seat.person_id).where(*mine).order_by(Seat.id)).all()
    profiles = (identity.queries.profile(session, who.district_id, person) for person in people)
    return next((profile.email for profile in profiles if profile.email), "")


def _mail(session: Session, who: Principal, project: Standing, party_id: int, to: str, page: str, now: datetime) -> None:
    lead = next(row.name for row in project.parties if row.role == "representative")
    facts: dict[str, str | int] = {
        "district": identity.queries.district(session, who.district_id).name,
        "name": project.name_of(party_id),
        "project": project.name,
        "link": page,
        "until": tokyo_day(now + LASTS).isoformat(),
        "lead": lead,
    }
    queue_mail(session, who.district_id, to, LETTER, facts, language="ja", now=now)

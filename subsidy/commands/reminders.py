"""催促: members are brought to mind what is missing, by the lead's button and by the worker; whoever has no address gets a letter."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

import identity.queries
from base.clock import tokyo_day, tokyo_minute
from base.db import atomic
from base.errors import N_
from identity.commands import authorise, queue_mail
from identity.queries import Letter, Principal
from identity.vault import vault
from subsidy.commands.links import LASTS, NewLink, issue_link
from subsidy.models import Party, Project, Reminder, Seat
from subsidy.queries import lead_of
from subsidy.queries.reminders import ReminderRow, due_now, letters, reminders_of, still_asked
from subsidy.queries.seats import Seated
from subsidy.queries.standing import Standing
from subsidy.queries.whole import read_standing
from subsidy.rules.reminding import Occasion
from subsidy.titles import REMINDERS

AWAKE = (8, 20)
"""Hours of the Tokyo day between which the worker reminds: from the first, before the last."""
PAUSE = timedelta(hours=20)
"""Between two mails to one member: a button that is pressed again must not fill a letter box."""
WORDS = {"figures": N_("効果報告の数字をお願いします。"), "link": N_("お願いしたものが、まだ届いていません。")}
"""What the page behind the link says on top, by the code of the occasion."""

LETTERS = {
    "figures": Letter(
        N_("【%(district)s】効果報告の数字をお願いします"),
        N_(
            "%(name)s 御中\n\n「%(project)s」の効果報告に使う、売上、原価、従業員数、労働時間がまだ届いていません。\n"
            "次のページから入れてください。登録はいりません。\n\n%(link)s\n\nこのページは%(until)sまで使えます。\n"
            "紙で出したいときは、代表事業者（%(lead)s）に連絡してください。\n"
        ),
    ),
    "link": Letter(
        N_("【%(district)s】お願いした書類がまだ届いていません"),
        N_(
            "%(name)s 御中\n\n「%(project)s」のためにお願いしたものが、まだ届いていません。\n"
            "次のページから送ってください。登録はいりません。\n\n%(link)s\n\nこのページは%(until)sまで使えます。\n"
            "紙で出したいときは、代表事業者（%(lead)s）に連絡してください。\n"
        ),
    ),
}
TO_LEAD = Letter(
    N_("【%(district)s】期限が近づいています: %(word_what)s（%(due)s）"),
    N_("「%(project)s」の期限が近づいています。\n\n%(word_what)s: %(due)s\n\n次にすることは、ここに出ています。\n%(link)s\n"),
)


@dataclass(frozen=True, slots=True)
class Reminded:
    """Parties by number: `mailed` now, `already` today, and `unreached`, who have no address and get a letter."""

    mailed: tuple[int, ...]
    already: tuple[int, ...]
    unreached: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A letter to be printed: the address that stands on it, and what is asked for (papers, by their codes; a sentence).

    `until`: the earliest date that it is about, where that still lies ahead; else the last day of its page.
    """

    party_id: int
    token: str
    asked: tuple[str, ...]
    words: str
    until: date


@dataclass(frozen=True, slots=True)
class _Desk:
    """Who writes, and from which address: the lead (`made_by`), or the worker (None)."""

    session: Session
    district_id: int
    project: Standing
    address: str
    made_by: int | None
    now: datetime


def remind(session: Session, who: Principal, project_id: int, address: str, *, now: datetime) -> Reminded:
    """Everybody of whom a year that is asked for now is missing. `address`: of the district's pages, https://host.

    A link that they have already goes on living. Raises ProjectUnknown.
    """
    mailed, already, unreached = [], [], []
    with atomic(session):
        authorise(session, who, "subsidy.ask_member", subject=f"subsidy_project:{project_id} figures")
        project = _read(session, who.district_id, project_id, lead_of(session, who, project_id), now)
        desk = _Desk(session, who.district_id, project, address, who.person_id, now)
        told = reminders_of(session, who.district_id, project_id)
        for row in project.reporting:
            if all(project.figure(row.id, year) for year in project.years_asked):
                continue
            if any(each.party_id == row.id and each.way == "mail" and now - each.made_at < PAUSE for each in told):
                already.append(row.id)
            elif any(each.party_id == row.id and each.way != "mail" and now - each.made_at < PAUSE for each in told):
                unreached.append(row.id)  # its letter waits, or was printed today
            elif _tell(desk, Occasion(row.id, "figures", f"asked:{now.isoformat()}")) == "mail":
                mailed.append(row.id)
            else:
                unreached.append(row.id)
    return Reminded(tuple(mailed), tuple(already), tuple(unreached))


def send_reminders(session: Session, address_of: Callable[[str | None], str], *, now: datetime) -> int:
    """The worker's chore: what is due today in every project, once each. `address_of` a district's host. Gives how many were told.

    By day alone: a telephone that rings at night helps nobody, and what is due waits for the morning. A project that another worker has
    in hand is left to it.
    """
    if not AWAKE[0] <= tokyo_minute(now) // 60 < AWAKE[1]:
        return 0
    count = 0
    for district in identity.queries.districts(session):
        for number in session.scalars(select(Project.id).where(Project.district_id == district.id).order_by(Project.id)).all():
            with atomic(session):
                mine = select(Project).where(Project.district_id == district.id, Project.id == number).with_for_update(skip_locked=True)
                if session.scalar(mine) is None:
                    continue
                project = _read(session, district.id, number, Seated(number, None, "representative"), now)
                desk = _Desk(session, district.id, project, address_of(district.host), None, now)
                count += sum(bool(_tell(desk, each)) for each in due_now(project, reminders_of(session, district.id, number)))
    return count


def print_letters(session: Session, who: Principal, project_id: int, *, now: datetime) -> list[Printed]:
    """One letter for each party that waits for one, with a fresh page behind it; they count as printed. Raises ProjectUnknown."""
    with atomic(session):
        authorise(session, who, "subsidy.ask_member", subject=f"subsidy_project:{project_id} letters")
        project = _read(session, who.district_id, project_id, lead_of(session, who, project_id), now)
        desk = _Desk(session, who.district_id, project, "", who.person_id, now)
        waiting: dict[int, list[ReminderRow]] = {}
        for row in letters(reminders_of(session, who.district_id, project_id)):
            waiting.setdefault(row.party_id, []).append(row)
        found = []
        for party_id, rows in waiting.items():
            link_id, token = _page(desk, party_id, rows[-1].code)
            ahead = [tokyo_day(now + LASTS), *(row.due for row in rows if row.due and row.due >= project.today)]
            for row in rows:
                _keep(desk, Occasion(party_id, row.code, row.occasion, row.due), "printed", link_id)
            found.append(Printed(party_id, token, still_asked(project, party_id), WORDS[rows[-1].code], min(ahead)))
    return found


def _read(session: Session, district_id: int, project_id: int, seat: Seated, now: datetime) -> Standing:
    return read_standing(session, district_id, project_id, seat, now=now, today=tokyo_day(now))


def _tell(desk: _Desk, each: Occasion) -> str | None:
    """By mail where there is an address, else by a letter; the lead is told of its dates by mail or not at all. Gives the way."""
    to = _address(desk.session, desk.district_id, each.party)
    if each.code not in LETTERS:
        if not to:
            return None
        _mail(desk, each, to, f"{desk.address}/group/{desk.project.id}/")
        return _keep(desk, each, "mail", None)
    if not to:
        return _keep(desk, each, "letter", None)
    link_id, token = _page(desk, each.party, each.code)
    _mail(desk, each, to, f"{desk.address}/asked/{token}")
    return _keep(desk, each, "mail", link_id)


def _page(desk: _Desk, party_id: int, code: str) -> tuple[int, str]:
    """A page that asks for what older ones still ask for as well; those go on living."""
    new = NewLink(still_asked(desk.project, party_id), WORDS[code])
    return issue_link(desk.session, desk.district_id, desk.project.id, party_id, new, made_by=desk.made_by, now=desk.now)


def _keep(desk: _Desk, each: Occasion, way: str, link_id: int | None) -> str:
    desk.session.add(
        Reminder(
            district_id=desk.district_id,
            project_id=desk.project.id,
            party_id=each.party,
            occasion=each.key,
            way=way,
            code=each.code,
            due=each.due,
            link_id=link_id,
            made_by=desk.made_by,
            made_at=desk.now,
        )
    )
    return way


def _address(session: Session, district_id: int, party_id: int) -> str:
    """The one that the lead wrote down, else that of a person who sits for the party; empty where there is none."""
    row = session.get_one(Party, (district_id, party_id))
    if row.contact is not None:
        found: str = json.loads(vault(session).unseal(row.contact, "subsidy contact", district_id)).get("mail", "")
        if found:
            return found
    mine = (Seat.district_id == district_id, Seat.party_id == party_id, Seat.ended_at.is_(None))
    people = session.scalars(select(Seat.person_id).where(*mine).order_by(Seat.id)).all()
    profiles = (identity.queries.profile(session, district_id, person) for person in people)
    return next((profile.email for profile in profiles if profile.email), "")


def _mail(desk: _Desk, each: Occasion, to: str, page: str) -> None:
    facts: dict[str, str | int] = {
        "district": identity.queries.district(desk.session, desk.district_id).name,
        "name": desk.project.name_of(each.party),
        "project": desk.project.name,
        "link": page,
        "until": tokyo_day(desk.now + LASTS).isoformat(),
        "lead": next(row.name for row in desk.project.parties if row.role == "representative"),
    }
    if each.code not in LETTERS:
        facts |= {"word_what": REMINDERS[each.code], "due": each.due.isoformat() if each.due else ""}
    queue_mail(desk.session, desk.district_id, to, LETTERS.get(each.code, TO_LEAD), facts, language="ja", now=desk.now)

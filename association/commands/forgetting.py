"""保存期間: whoever has nothing here and has not been here for two years is forgotten, after they were told in time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

import identity.commands
import identity.queries
import ledger.commands as book
import ledger.queries as read
from association.commands.announcements import tell_unused
from association.commands.keys import own_key
from association.commands.proposals import ONE_AT_A_TIME
from association.queries.announcements import Words, warned
from base.clock import tokyo_day
from base.db import atomic
from base.errors import N_
from identity.commands import queue_mail
from identity.letters import words
from identity.queries import Letter
from identity.retention import UNUSED, WARNED

AT_ONCE = 200
"""People of one round; the next one comes within the hour."""
TITLE = N_("%(day)sに、登録が消えます")
BODY = N_(
    "2年近く使われていないため、%(day)sに、ニックネームやログインの登録がひとりでに消えます。続けて使う人は、その日までに一度、財布を開くか、支払いかチャージをしてください。残高やクーポンのある人の登録は消えません。"
)
LETTER = Letter(
    N_("%(district)s: %(day)sに、登録が消えます"),
    N_(
        "2年近く使われていないため、%(day)sに、ニックネームやログインの登録がひとりでに消えます。\n"
        "続けて使う人は、その日までに一度、財布を開くか、支払いかチャージをしてください。残高やクーポンのある人の登録は消えません。\n"
        "分からないときは、組合（%(contact)s）に電話してください。"
    ),
)


def warn_unused(session: Session, district_id: int, *, now: datetime, limit: int = AT_ONCE) -> int:
    """Tell those who are to be forgotten in `WARNED`, by inbox (and so by push) and by mail where there is an address; gives how many.

    For the worker: again is harmless. Who was told, came back and stayed away once more is told once more.
    """
    since = now - (UNUSED - WARNED)
    with atomic(session):
        session.execute(ONE_AT_A_TIME, {"key": f"association.warn_unused {district_id}"})
        told = warned(session, district_id, since, now)
        idle = read.idle_since(session, district_id, identity.queries.unused_since(session, district_id, since), since)
        people = [person_id for person_id in idle if person_id not in told][:limit]
        if not people:
            return 0
        key = own_key(session, "warn unused", district_id, people[0], now.isoformat())
        tell_unused(session, district_id, people, _words(now), key=key, now=now)
        place = identity.queries.district(session, district_id)
        for person_id in people:
            person = identity.queries.profile(session, district_id, person_id)
            if person.email is not None:
                day = _day(now, person.language)
                facts: dict[str, str | int] = {"district": place.name, "contact": place.contact, "day": day}
                queue_mail(session, district_id, person.email, LETTER, facts, language=person.language, now=now)
        return len(people)


def _words(now: datetime) -> Words:
    """What the inbox says, in both languages."""
    here, there, say = {"day": _day(now, "ja")}, {"day": _day(now, "en")}, words("en")
    return Words(TITLE % here, BODY % here, say.ugettext(TITLE) % there, say.ugettext(BODY) % there)


def _day(now: datetime, language: str) -> str:
    """From which day on they are forgotten."""
    day = tokyo_day(now + WARNED)
    return f"{day:%-d %B %Y}" if language == "en" else f"{day.year}年{day.month}月{day.day}日"


def forget_unused(session: Session, district_id: int, *, now: datetime, limit: int = AT_ONCE) -> int:
    """Forget who has been here for nothing in two years, holds nothing, and was told in time; gives how many. For the worker: again is
    harmless.

    Nothing is booked, and nobody with a balance is touched: the accounts are stopped first, then looked at, and closed if still empty.
    Else they are what they were, stopped ones too.
    """
    forgotten, since = 0, now - UNUSED
    told = warned(session, district_id, since, now - WARNED)
    idle = read.idle_since(session, district_id, identity.queries.unused_since(session, district_id, since), since)
    for person_id in [person_id for person_id in idle if person_id in told][:limit]:
        with atomic(session):
            tried = session.begin_nested()
            book.set_owner_state(session, district_id, "consumer", person_id, "frozen")  # whoever gives them something now, waits
            unused = identity.queries.unused_since(session, district_id, since, person_id=person_id)  # or signed in meanwhile
            if not read.idle_since(session, district_id, unused, since):
                tried.rollback()
                continue
            book.set_owner_state(session, district_id, "consumer", person_id, "closed")
            identity.commands.forget_person(session, district_id, person_id, now=now)
            tried.commit()
            forgotten += 1
    return forgotten

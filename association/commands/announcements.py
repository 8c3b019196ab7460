"""お知らせ: told to everybody, to those who meet a condition, or to one person. Nothing of value moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

import identity.queries
import ledger.queries as read
from association.errors import AnnouncementUnknown, AudienceTooSmall
from association.models import Announcement, AnnouncementRecipient
from association.queries.announcements import Audience, Words
from association.queries.farewells import warnings_of
from association.queries.segments import people_in
from base.db import atomic, wake
from identity.commands import authorise
from identity.errors import PersonUnknown
from identity.queries import Principal, person_topic
from ledger.commands import hash_command
from ledger.errors import KeyReused

FEWEST = 10
"""People of whom a condition may tell."""
WAKES = 1_000
"""Phones woken for one announcement at most; the others see it when they look."""
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


def audience_of(session: Session, who: Principal, audience: Audience, *, now: datetime) -> list[int] | None:
    """Whom it would go to, by person number; None: everybody. Raises AudienceTooSmall, PersonUnknown."""
    authorise(session, who, "association.announce", subject="preview")
    if audience.kind == "all":
        return None
    if audience.kind == "person":
        assert audience.person_id is not None, audience
        if identity.queries.nickname(session, who.district_id, audience.person_id) is None:
            raise PersonUnknown
        return [audience.person_id]
    if audience.kind == "list":
        here = identity.queries.nicknames(session, who.district_id, audience.people)
        if not here or len(here) < len(set(audience.people)):
            raise PersonUnknown
        return list(audience.people)
    if audience.kind == "holders":
        assert audience.series_id is not None, audience
        found = read.holders(session, who.district_id, audience.series_id)
    elif audience.kind == "segment":
        found = people_in(session, who.district_id, audience.segment)
    else:
        assert audience.days is not None, audience
        found = read.still_since(session, who.district_id, now - timedelta(days=audience.days))
    if len(found) < FEWEST:
        raise AudienceTooSmall
    return found


def announce(session: Session, who: Principal, audience: Audience, words: Words, *, key: UUID, now: datetime) -> int:
    """Send it; the same key again is the same announcement. Gives its number. Raises AudienceTooSmall, PersonUnknown, KeyReused."""
    with atomic(session):
        whom = audience.person_id or len(audience.people) or ""
        authorise(session, who, "association.announce", subject=f"{audience.kind} {whom}".strip())
        content = hash_command("association.announce", *vars_of(audience), *vars_of(words))
        session.execute(ONE_AT_A_TIME, {"key": f"association.announce {key}"})
        before = session.scalar(select(Announcement).where(Announcement.district_id == who.district_id, Announcement.key == key))
        if before is not None:
            if before.command_hash != content:
                raise KeyReused
            return before.id
        people = audience_of(session, who, audience, now=now)
        return _write(session, who.district_id, who.person_id, audience, words, people, key=key, content=content, now=now)


def tell_person(session: Session, who: Principal, person_id: int, words: Words, *, key: UUID, now: datetime) -> None:
    """Into one person's inbox; the same key again is told once. No role check: for the doors that tell somebody what became of theirs."""
    content = hash_command("association.tell_person", person_id, *vars_of(words))
    session.execute(ONE_AT_A_TIME, {"key": f"association.announce {key}"})
    if session.scalar(select(Announcement.id).where(Announcement.district_id == who.district_id, Announcement.key == key)) is None:
        to = Audience("person", person_id=person_id)
        _write(session, who.district_id, who.person_id, to, words, [person_id], key=key, content=content, now=now)


def withdraw_announcement(session: Session, who: Principal, announcement_id: int, *, now: datetime) -> None:
    """Take it out of all wallets; who has read it has read it. Again is harmless. Raises AnnouncementUnknown."""
    with atomic(session):
        authorise(session, who, "association.announce", subject=f"withdraw:{announcement_id}")
        found = session.get(Announcement, (who.district_id, announcement_id), populate_existing=True)
        if found is None:
            raise AnnouncementUnknown
        this = (Announcement.district_id == who.district_id, Announcement.id == announcement_id, Announcement.withdrawn_at.is_(None))
        session.execute(update(Announcement).where(*this).values(withdrawn_by=who.person_id, withdrawn_at=now))


def tell_all(session: Session, district_id: int, words: Words, *, key: UUID, made_by: int, now: datetime) -> None:
    """Into every inbox; the same key again tells nothing twice. For doors that have asked already."""
    told = select(Announcement.id).where(Announcement.district_id == district_id, Announcement.key == key)
    if session.scalar(told) is None:
        content = hash_command("association.tell_all", *vars_of(words))
        _write(session, district_id, made_by, Audience("all"), words, None, key=key, content=content, now=now)


def tell_applicants(
    session: Session, district_id: int, people: Sequence[int], words: Words, *, key: UUID, made_by: int, now: datetime
) -> None:
    """What became of their applications, into these inboxes; the same key again tells nothing twice. For doors that have asked already."""
    told = select(Announcement.id).where(Announcement.district_id == district_id, Announcement.key == key)
    if not people or session.scalar(told) is not None:
        return
    audience, content = Audience("applicants"), hash_command("association.tell_applicants", *vars_of(words))
    _write(session, district_id, made_by, audience, words, people, key=key, content=content, now=now)


def tell_unused(session: Session, district_id: int, people: Sequence[int], words: Words, *, key: UUID, now: datetime) -> None:
    """That they will be forgotten, into these inboxes, by nobody in particular. For the worker."""
    content = hash_command("association.tell_unused", *vars_of(words))
    beyond = frozenset(identity.queries.beyond_reach(session, district_id, people, now=now))
    _write(session, district_id, None, Audience("unused"), words, people, key=key, content=content, now=now, by_letter=beyond)


def farewells_sent(session: Session, who: Principal, people: Sequence[int], *, now: datetime) -> None:
    """出した: these people's letters lie in the post, and wait no longer. Again changes nothing."""
    with atomic(session):
        authorise(session, who, "association.announce", subject=f"letters sent:{len(people)}")
        rounds = select(Announcement.id).where(warnings_of(who.district_id, now))
        session.execute(
            update(AnnouncementRecipient)
            .where(AnnouncementRecipient.district_id == who.district_id, AnnouncementRecipient.announcement_id.in_(rounds))
            .where(AnnouncementRecipient.person_id.in_(people), AnnouncementRecipient.by_letter)
            .where(AnnouncementRecipient.letter_sent_at.is_(None))
            .values(letter_sent_at=now)
        )


def vars_of(value: Audience | Words) -> tuple[str, ...]:
    """The fields as text, for a hash. One that came later counts only where it is used: what was sent before keeps its hash."""
    fields = [(name, getattr(value, name)) for name in value.__slots__]
    return tuple(str(field) for name, field in fields if field != () and (name, field) != ("segment", ""))


def _write(
    session: Session,
    district_id: int,
    made_by: int | None,
    audience: Audience,
    words: Words,
    people: Sequence[int] | None,
    *,
    key: UUID,
    content: bytes,
    now: datetime,
    by_letter: frozenset[int] = frozenset(),
) -> int:
    new = Announcement(
        district_id=district_id,
        audience=audience.kind,
        series_id=audience.series_id,
        days=audience.days,
        segment=audience.segment or None,
        recipients=None if people is None else len(people),
        title=words.title,
        title_en=words.title_en,
        body=words.body,
        body_en=words.body_en,
        key=key,
        command_hash=content,
        made_by=made_by,
        made_at=now,
    )
    session.add(new)
    session.flush()
    if people:
        same = {"district_id": district_id, "announcement_id": new.id}
        rows = [{**same, "person_id": person_id, "by_letter": person_id in by_letter} for person_id in people]
        session.execute(insert(AnnouncementRecipient), rows)
        for person_id in people[:WAKES]:
            wake(session, person_topic(district_id, person_id))
    return new.id

"""まとめ as long work: asked for, taken up by a worker, told how far it is, stopped, made again, and forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from base.db import atomic
from base.errors import Forbidden
from identity.commands import authorise, authorise_each
from identity.queries import Principal
from identity.retention import GROUP_PACKAGES
from identity.vault import seal_file, vault
from subsidy.models import Package, PackagePart, Project
from subsidy.queries import lead_of
from subsidy.queries.packages import key_name

SILENT = timedelta(minutes=5)
"""So long after its last word a worker counts as gone, and another begins anew."""
TRIES_MAX = 3
"""Whoever ends three workers is not tried on the next one."""


@dataclass(frozen=True, slots=True)
class NewPackage:
    """`kind`: filing or result.

    `digest`: of what it is to be made of. `steps`: how many there are. `papers`: which files are opened for it."""

    kind: str
    language: str
    without_missing: bool
    digest: bytes
    steps: int
    papers: Sequence[int]


@dataclass(frozen=True, slots=True)
class Packing:
    """One worker's try at a package. `key` seals its parts."""

    district_id: int
    id: int
    project_id: int
    kind: str
    language: str
    without_missing: bool
    asked_by: int
    begun_at: datetime
    key: bytes


class PackingEnded(Exception):
    """Nobody wants it any more, or another worker makes it."""


def ask_package(session: Session, who: Principal, project_id: int, new: NewPackage, *, now: datetime) -> None:
    """The worker makes it; one of the same things that is there or on its way stays. Every file that it opens is on record.

    Raises ProjectUnknown.
    """
    if who.person_id is None:
        raise Forbidden
    with atomic(session):
        authorise(session, who, "subsidy.make_papers", subject=f"subsidy_project:{project_id} {new.kind}")
        lead_of(session, who, project_id)
        session.get_one(Project, (who.district_id, project_id), with_for_update=True, populate_existing=True)
        mine = {"district_id": who.district_id, "project_id": project_id, "kind": new.kind}
        living = select(Package).filter_by(**mine, ended_at=None, failed=None)
        for row in session.scalars(living):
            if row.digest == new.digest:
                return
            _end(session, row, now)
        session.execute(delete(Package).filter_by(**mine).where(Package.failed.is_not(None)))  # it is tried again
        authorise_each(session, who, "subsidy.open_paper", [f"subsidy_paper:{paper_id}" for paper_id in new.papers])
        session.add(
            Package(
                district_id=who.district_id,
                project_id=project_id,
                kind=new.kind,
                language=new.language,
                without_missing=new.without_missing,
                digest=new.digest,
                steps=new.steps,
                asked_by=who.person_id,
                asked_at=now,
            )
        )


def stop_package(session: Session, who: Principal, project_id: int, kind: str, *, now: datetime) -> None:
    """やめる: what is not ready yet is not made. Again is harmless. Raises ProjectUnknown."""
    with atomic(session):
        authorise(session, who, "subsidy.make_papers", subject=f"subsidy_project:{project_id} stops")
        lead_of(session, who, project_id)
        mine = {"district_id": who.district_id, "project_id": project_id, "kind": kind}
        moving = select(Package).filter_by(**mine, ended_at=None, failed=None, made_at=None)
        for row in session.scalars(moving.with_for_update()):
            _end(session, row, now)


def take_package(session: Session, failure: str, *, now: datetime) -> Packing | None:
    """The oldest that waits, or whose worker is gone: it is begun anew. What was tried too often fails, by `failure`. For the worker."""
    with atomic(session):
        waits = or_(Package.begun_at.is_(None), Package.beat_at < now - SILENT)
        open_ones = and_(Package.made_at.is_(None), Package.ended_at.is_(None), Package.failed.is_(None))
        oldest = select(Package).where(open_ones, waits).order_by(Package.asked_at).limit(1).with_for_update(skip_locked=True)
        row = session.scalar(oldest)
        if row is None:
            return None
        _drop_parts(session, row)
        if row.tries >= TRIES_MAX:
            row.failed = failure
            return None
        key, row.wrapped_key = vault(session).new_key(row.district_id, key_name(row.id))
        row.begun_at = row.beat_at = now
        row.tries, row.done = row.tries + 1, 0
        return Packing(row.district_id, row.id, row.project_id, row.kind, row.language, row.without_missing, row.asked_by, now, key)


def tell_package(session: Session, packing: Packing, done: int, *, now: datetime) -> None:
    """So many of its steps are done. Raises PackingEnded."""
    with atomic(session):
        row = _held(session, packing)
        row.done, row.beat_at = min(done, row.steps), now


def keep_part(session: Session, packing: Packing, place: int, part: bytes, *, now: datetime) -> None:
    """Bytes of it. Raises PackingEnded."""
    sealed = seal_file(packing.key, part, packing.district_id, packing.id, place)
    with atomic(session):
        _held(session, packing).beat_at = now
        session.add(PackagePart(district_id=packing.district_id, package_id=packing.id, place=place, sealed=sealed))


def finish_package(session: Session, packing: Packing, digest: bytes, *, now: datetime) -> None:
    """It is whole. `digest`: of what it was made of in the end. Raises PackingEnded."""
    with atomic(session):
        row = _held(session, packing)
        row.done, row.digest, row.made_at = row.steps, digest, now


def fail_package(session: Session, packing: Packing, number: str) -> None:
    """It cannot be made, by the number of the refusal. Raises PackingEnded."""
    with atomic(session):
        row = _held(session, packing)
        _drop_parts(session, row)
        row.failed = number


def lay_package_down(session: Session, packing: Packing) -> None:
    """The worker ends; the next one begins anew, and this was no try. Raises PackingEnded."""
    with atomic(session):
        row = _held(session, packing)
        row.begun_at = row.beat_at = None
        row.tries -= 1


def sweep_packages(session: Session, *, now: datetime) -> None:
    """Those of a week ago are gone. For the worker."""
    with atomic(session):
        session.execute(delete(Package).where(Package.asked_at < now - GROUP_PACKAGES))


def _held(session: Session, packing: Packing) -> Package:
    row = session.get(Package, (packing.district_id, packing.id), with_for_update=True, populate_existing=True)
    if row is None or row.ended_at is not None or row.failed is not None or row.begun_at != packing.begun_at:
        raise PackingEnded
    return row


def _end(session: Session, row: Package, now: datetime) -> None:
    if row.made_at is None:
        row.ended_at = now
        _drop_parts(session, row)


def _drop_parts(session: Session, row: Package) -> None:
    session.execute(delete(PackagePart).where(PackagePart.district_id == row.district_id, PackagePart.package_id == row.id))

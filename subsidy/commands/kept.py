"""The papers of a filing are kept as they were printed, sealed, with the fact that they were filed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from base.db import atomic
from identity.vault import seal_file, vault
from subsidy.models import Fact, KeptFile, KeptFiling, KeptKey, Paper
from subsidy.queries.kept import BOOK, ORIGINALS, key_name, key_of


@dataclass(frozen=True, slots=True)
class PrintedFile:
    """A file by its name in the package (empty: in none) and its own door (empty: none): bytes of ours, or a paper that was handed in."""

    name: str
    door: str = ""
    content: bytes = b""
    paper_id: int | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """What was printed of a filing just before it is noted, in this language. `digest`: of what it was made of."""

    language: str
    digest: bytes
    files: Sequence[PrintedFile]


def keep_printed(session: Session, fact: Fact, printed: Printed, *, now: datetime) -> None:
    """With the fact that was just stored. For doors that have asked already."""
    here = {"district_id": fact.district_id, "fact_id": fact.id}
    session.add(KeptFiling(**here, project_id=fact.project_id, kind=fact.kind, language=printed.language, made_at=now))
    session.flush()
    key, wrapped = vault(session).new_key(fact.district_id, key_name(fact.id))
    session.add(KeptKey(**here, wrapped_key=wrapped))
    ours = [file for file in printed.files if file.paper_id is None]
    theirs = [file for file in printed.files if file.paper_id is not None]
    for place, file in enumerate(ours, 1):
        _store(session, key, fact.district_id, fact.id, place, file)
    for place, file in enumerate(theirs, ORIGINALS):
        sha256 = session.get_one(Paper, (fact.district_id, file.paper_id)).sha256
        session.add(KeptFile(**here, place=place, name=file.name, door=file.door, sha256=sha256, paper_id=file.paper_id))


def keep_volume(session: Session, district_id: int, fact: int, number: int, file: PrintedFile) -> None:
    """A volume of its evidence book, counted from 0. For the worker. Raises PaperForgotten."""
    with atomic(session):
        _store(session, key_of(session, district_id, fact), district_id, fact, BOOK + number, file)


def _store(session: Session, key: bytes, district_id: int, fact: int, place: int, file: PrintedFile) -> None:
    row = KeptFile(
        district_id=district_id,
        fact_id=fact,
        place=place,
        name=file.name,
        door=file.door,
        sha256=hashlib.sha256(file.content).digest(),
        sealed=seal_file(key, file.content, district_id, fact, place),
    )
    session.add(row)
    session.flush()
    session.expunge(row)  # a book is not held in memory until its last volume is there

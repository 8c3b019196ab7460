"""The papers of a filing as they were printed then: which there are, whether they still stand for what was filed, and their bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.vault import unseal_file, vault
from subsidy.errors import PaperForgotten
from subsidy.models import KeptFile, KeptFiling, KeptKey
from subsidy.queries.claims import held_of
from subsidy.queries.filings import fingerprint_of
from subsidy.queries.standing import Standing
from subsidy.rules.progress import followed

BOOK = 100
"""The first place of the evidence book's volumes, which the worker binds after the filing was noted."""
ORIGINALS = 10_000
"""The first place of what others handed in."""


@dataclass(frozen=True, slots=True)
class KeptFileRow:
    """As `subsidy.models.KeptFile`, without its bytes."""

    place: int
    name: str
    door: str
    sha256: bytes
    paper_id: int | None


@dataclass(frozen=True)
class Kept:
    """One filing's papers, in their order."""

    district_id: int
    fact: int
    language: str
    made_at: datetime
    files: tuple[KeptFileRow, ...]

    @cached_property
    def has_book(self) -> bool:
        """Whether its evidence book was bound already."""
        return any(BOOK <= file.place < ORIGINALS for file in self.files)

    @property
    def originals(self) -> list[int]:
        """What others handed in, by number."""
        return [file.paper_id for file in self.files if file.paper_id is not None]

    @property
    def digest(self) -> bytes:
        """Of its package, which is always the same."""
        return bytes.fromhex(fingerprint_of({"kept": self.fact}))

    def at(self, door: str) -> KeptFileRow | None:
        """The file that is opened alone at this door."""
        return next((file for file in self.files if file.door == door), None)


def kept_filing(session: Session, district_id: int, project: Standing, kind: str) -> Kept | None:
    """Of what counts as filed now, for doors that have asked already.

    None where it was taken back or returned, where nothing was printed, and where its key is gone (S-93).
    """
    returned = {"submitted": "returned", "result_filed": "result_returned"}
    if kind not in project.facts or (kind in returned and followed(kind, returned[kind], project.facts)):
        return None
    mine = select(KeptFiling).filter_by(district_id=district_id, project_id=project.id, kind=kind)
    row = session.scalar(mine.order_by(KeptFiling.fact_id.desc()).limit(1))
    if row is None or row.fact_id != _stands_for(project, kind, row.fact_id) or session.get(KeptKey, (district_id, row.fact_id)) is None:
        return None
    files = select(KeptFile).filter_by(district_id=district_id, fact_id=row.fact_id).order_by(KeptFile.place)
    found = tuple(KeptFileRow(file.place, file.name, file.door, file.sha256, file.paper_id) for file in session.scalars(files))
    return Kept(district_id, row.fact_id, row.language, row.made_at, found)


def _stands_for(project: Standing, kind: str, fact: int) -> int | None:
    """The fact whose papers would be those of what is filed: a later filing of which none were printed has none."""
    if kind == "submitted":
        return project.filing.fact if project.filing else None
    if kind == "result_filed":
        return project.claim.fact if project.claim else None
    taken_back = any(row.id > fact and row.kind == kind and row.day is None for row in project.history)
    return None if taken_back else fact


def kept_bytes(session: Session, kept: Kept, file: KeptFileRow) -> bytes:
    """Of a paper of our own. For doors that have asked already. Raises PaperForgotten."""
    key = key_of(session, kept.district_id, kept.fact)
    mine = select(KeptFile.sealed).filter_by(district_id=kept.district_id, fact_id=kept.fact, place=file.place)
    sealed = session.scalars(mine).one()
    assert sealed is not None
    return unseal_file(key, sealed, kept.district_id, kept.fact, file.place)


def key_of(session: Session, district_id: int, fact: int) -> bytes:
    """What opens and seals its papers. Raises PaperForgotten."""
    row = session.get(KeptKey, (district_id, fact))
    if row is None:
        raise PaperForgotten
    return vault(session).open_key(row.wrapped_key, district_id, key_name(fact))


def key_name(fact: int) -> str:
    """Whose key it is, in the vault's words."""
    return f"subsidy kept filing {fact}"


def digest_printed(project: Standing) -> bytes:
    """Of all that any paper of a filing can say of the group: the same while nobody has changed anything."""
    held = held_of(project.plan_lines, project.parties, project.revision)
    figures = [[row.party_id, row.year, row.revision] for row in project.figures]
    said = {"held": held, "facts": [row.id for row in project.history], "figures": figures, "fingerprint": project.fingerprint}
    return bytes.fromhex(fingerprint_of(said))

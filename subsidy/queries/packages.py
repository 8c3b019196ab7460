"""まとめ that the worker makes, of an application or a result report: how far it is, and its bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.vault import unseal_file, vault
from subsidy.models import Package, PackagePart
from subsidy.queries.claims import held_of
from subsidy.queries.filings import fingerprint_of
from subsidy.queries.papers import PaperRow
from subsidy.queries.result import Result
from subsidy.queries.standing import Standing

AT_ONCE_PIECES, AT_ONCE_BYTES = 200, 50 * 1024**2
"""What is bound while somebody waits, some seconds of it; of more the worker makes the package."""
AT_ONCE_DRAWN = 30
"""Letters of our own, 40 ms of processor each."""


@dataclass(frozen=True, slots=True)
class PackageRow:
    """`state`: moving, ready or failed. `failed`: the number of the refusal."""

    id: int
    state: str
    done: int
    steps: int
    digest: bytes
    made_at: datetime | None
    failed: str | None


def is_large(files: Collection[PaperRow], drawn: int = 0) -> bool:
    """Whether a package of these files, or they as one PDF, is no work for a page. `drawn`: papers of our own beside them."""
    is_much = len(files) > AT_ONCE_PIECES or sum(each.size_bytes for each in files) > AT_ONCE_BYTES
    return is_much or drawn > AT_ONCE_DRAWN


def steps_of(found: Result) -> int:
    """Each piece is laid and packed."""
    return 2 * len(found.exhibits)


def digest_of_application(project: Standing, language: str) -> bytes:
    """As `digest_of`. What is missing is of a day, and the sheets say of which."""
    held = held_of(project.plan_lines, project.parties, project.revision)
    facts, day = [row.id for row in project.history], project.today.isoformat()
    said = {"held": held, "facts": facts, "fingerprint": project.fingerprint, "language": language, "day": day}
    return bytes.fromhex(fingerprint_of(said))


def digest_of(found: Result, language: str, *, without_missing: bool) -> bytes:
    """Of all that a package says: while nothing of it changes, the one that was made is given again."""
    project = found.costs.project
    held = held_of(project.plan_lines, project.parties, project.revision)
    facts = [row.id for row in project.history]
    said = {"held": held, "facts": facts, "fingerprint": found.fingerprint, "language": language, "without_missing": without_missing}
    return bytes.fromhex(fingerprint_of(said))


def newest_package(session: Session, district_id: int, project_id: int, kind: str, digests: Collection[bytes] = ()) -> PackageRow | None:
    """The one that was asked for last: on its way, failed, or ready and of one of `digests`. For doors that have asked already."""
    mine = select(Package).filter_by(district_id=district_id, project_id=project_id, kind=kind, ended_at=None).order_by(Package.id.desc())
    found = map(_package_row, session.scalars(mine))
    return next((row for row in found if row.state != "ready" or row.digest in digests), None)


def _package_row(row: Package) -> PackageRow:
    state = "failed" if row.failed else "ready" if row.made_at else "moving"
    return PackageRow(row.id, state, row.done, row.steps, row.digest, row.made_at, row.failed)


def package_bytes(session: Session, district_id: int, package_id: int) -> Iterator[bytes]:
    """The ZIP, part after part. For doors that have asked already."""
    row = session.get_one(Package, (district_id, package_id))
    assert row.wrapped_key is not None
    key = vault(session).open_key(row.wrapped_key, district_id, key_name(package_id))
    here = (PackagePart.district_id == district_id, PackagePart.package_id == package_id)
    for place in session.scalars(select(PackagePart.place).where(*here).order_by(PackagePart.place)).all():
        sealed = session.scalars(select(PackagePart.sealed).where(*here, PackagePart.place == place)).one()
        yield unseal_file(key, sealed, district_id, package_id, place)


def key_name(package_id: int) -> str:
    """Whose key it is, in the vault's words."""
    return f"subsidy package {package_id}"

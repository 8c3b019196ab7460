"""保存期間: when the time of a group's papers is over, the keys of its files are destroyed (S-93).

The rows stay: what came, when, from whom, and its hash.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, union, update
from sqlalchemy.orm import Session

from base.clock import tokyo_day
from base.db import atomic
from identity.commands import log
from identity.queries import Principal
from subsidy.commands.parties import facts_of
from subsidy.models import KeptFiling, KeptKey, Package, Paper, PaperKey, Party, Project
from subsidy.rules.calls import call_of
from subsidy.rules.progress import forgotten_from


def forget_papers(session: Session, *, now: datetime) -> int:
    """The worker's chore; gives of how many projects the files and contacts were forgotten. Again is harmless, and finds nothing."""
    of_files = select(Paper.district_id, Paper.project_id).join(
        PaperKey, (PaperKey.district_id == Paper.district_id) & (PaperKey.paper_id == Paper.id)
    )
    of_kept = select(KeptFiling.district_id, KeptFiling.project_id).join(
        KeptKey, (KeptKey.district_id == KeptFiling.district_id) & (KeptKey.fact_id == KeptFiling.fact_id)
    )
    of_contacts = select(Party.district_id, Party.project_id).where(Party.contact.is_not(None))
    with atomic(session):
        found = sorted(tuple(row) for row in session.execute(union(of_files, of_kept, of_contacts)).all())
        return sum(_forget(session, district_id, project_id, now) for district_id, project_id in found)


def is_time_over(session: Session, project: Project, *, now: datetime) -> bool:
    """Whether the keys of its files go by now (S-93). For doors that have asked already."""
    nobody = Principal(project.district_id, None, None, frozenset())
    day = forgotten_from(facts_of(session, nobody, project.id), call_of(project.scheme, project.rules_version))
    return day is not None and tokyo_day(now) >= day


def _forget(session: Session, district_id: int, project_id: int, now: datetime) -> bool:
    project = session.get(Project, (district_id, project_id), with_for_update=True, populate_existing=True)
    if project is None or not is_time_over(session, project, now=now):
        return False
    log(session, Principal(district_id, None, None, frozenset()), "subsidy.forget_papers", subject=f"subsidy_project:{project_id}")
    files = select(Paper.id).where(Paper.district_id == district_id, Paper.project_id == project_id)
    session.execute(delete(PaperKey).where(PaperKey.district_id == district_id, PaperKey.paper_id.in_(files)))
    filings = select(KeptFiling.fact_id).where(KeptFiling.district_id == district_id, KeptFiling.project_id == project_id)
    session.execute(delete(KeptKey).where(KeptKey.district_id == district_id, KeptKey.fact_id.in_(filings)))
    session.execute(delete(Package).where(Package.district_id == district_id, Package.project_id == project_id))
    session.execute(update(Party).where(Party.district_id == district_id, Party.project_id == project_id).values(contact=None))
    return True

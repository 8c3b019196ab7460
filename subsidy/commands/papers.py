"""Files come in: looked at by content, sealed, kept for good; and the lead says of each whether it is good."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from base.db import atomic, done_reading
from base.errors import Forbidden, MeguriError
from identity.commands import authorise
from identity.queries import Principal
from identity.vault import seal_file, vault
from subsidy.commands.forgetting import is_time_over
from subsidy.commands.lines import check_days, newest_line
from subsidy.commands.parties import facts_of, held_party
from subsidy.errors import FileBroken, FileKind, FileLarge, FileLocked, FileMissing, FileSmall, LineUnknown, PapersOver, PaperUnknown
from subsidy.models import Paper, PaperCheck, PaperKey, Project
from subsidy.pdf_text import opened_pdf
from subsidy.queries import lead_of, seat_of
from subsidy.queries.papers import key_name
from subsidy.rules.evidence import DELIVERY, INVOICE, ORDER, PAYMENT
from subsidy.rules.files import FILE_MAX_BYTES, PDF, FileBad, media_of
from subsidy.rules.invoice_text import Read, as_stored, read_invoice

PIXELS_MAX = 50_000_000
SIDE_MIN = 480
"""Pixels of the shorter side: less is a thumbnail, on which no figure can be read."""


@dataclass(frozen=True, slots=True)
class NewPaper:
    """`is_scan`: it came on paper, and the lead has scanned it. `issued_on`: what the certificate itself says.

    Of an evidence: its cost `line`, its `day`, its `amount` (yen as printed), the `number` of an invoice's issuer, and the `issuer`:
    who quotes or bills, or to whom it was paid.
    """

    kind: str
    file_name: str
    content: bytes
    issued_on: date | None = None
    is_scan: bool = False
    line: int | None = None
    day: date | None = None
    amount: int | None = None
    number: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file is, and the text of a PDF's first sheets."""

    media: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class From:
    """Who handed it in: a person at the desk, or whoever held a link."""

    via: str
    person_id: int | None = None
    link_id: int | None = None


def hand_in(session: Session, who: Principal, project_id: int, party_id: int, new: NewPaper, *, now: datetime) -> int:
    """By the lead for anybody, or by a member for itself. Gives its number.

    Raises ProjectUnknown, PartyUnknown, Forbidden, PapersOver, and as `examined`.
    """
    found = examined(session, new.content)
    with atomic(session):
        authorise(session, who, "subsidy.hand_in", subject=f"subsidy_party:{party_id} {new.kind}")
        seat = seat_of(session, who, project_id)
        if not seat.is_lead and (seat.role != "participant" or seat.party_id != party_id):
            raise Forbidden
        held_party(session, who, project_id, party_id)
        if new.line is not None:
            check_evidence(session, who, project_id, party_id, new, now)
        via = "paper" if new.is_scan and seat.is_lead else "desk"
        return store_paper(session, who.district_id, project_id, party_id, new, found, From(via, who.person_id), now=now)


def read_paper(session: Session, who: Principal, project_id: int, content: bytes) -> Read:
    """What the text of an invoice says, for the lead's form: proposed, and nothing is kept. Raises ProjectUnknown, and as `hand_in`."""
    authorise(session, who, "subsidy.read")
    lead_of(session, who, project_id)
    return read_invoice(examined(session, content).text)


def check_paper(
    session: Session, who: Principal, project_id: int, paper_id: int, *, is_good: bool, words: str, now: datetime
) -> int | None:
    """確かめた, or returned with a reason that the sender reads. Gives the line whose evidence it is.

    Raises ProjectUnknown, PaperUnknown.
    """
    if who.person_id is None:
        raise Forbidden
    with atomic(session):
        authorise(session, who, "subsidy.check_paper", subject=f"subsidy_paper:{paper_id}")
        lead_of(session, who, project_id)
        row = session.get(Paper, (who.district_id, paper_id))
        if row is None or row.project_id != project_id:
            raise PaperUnknown
        session.add(
            PaperCheck(district_id=who.district_id, paper_id=paper_id, is_good=is_good, words=words, made_by=who.person_id, made_at=now)
        )
        return row.line


def store_paper(
    session: Session, district_id: int, project_id: int, party_id: int, new: NewPaper, found: Examined, sender: From, *, now: datetime
) -> int:
    """For doors that have asked already. Each file has a key of its own, so that it can be forgotten alone when its time is over.

    What an invoice's text says is kept beside what was confirmed, and takes the place of nothing. Raises PapersOver.
    """
    if is_time_over(session, session.get_one(Project, (district_id, project_id)), now=now):
        raise PapersOver
    digest = hashlib.sha256(new.content).digest()
    key, wrapped = vault(session).new_key(district_id, key_name(digest))
    row = Paper(
        district_id=district_id,
        project_id=project_id,
        party_id=party_id,
        kind=new.kind,
        file_name="".join(sign for sign in new.file_name if sign.isprintable())[:100],
        media=found.media,
        size_bytes=len(new.content),
        sha256=digest,
        issued_on=new.issued_on,
        line=new.line,
        day=new.day,
        amount=new.amount,
        number=new.number,
        issuer=new.issuer,
        proposed=_proposed(new.kind, found),
        via=sender.via,
        link_id=sender.link_id,
        handed_by=sender.person_id,
        handed_at=now,
        sealed=seal_file(key, new.content, district_id, digest.hex()),
    )
    session.add(row)
    session.flush()
    session.add(PaperKey(district_id=district_id, paper_id=row.id, wrapped_key=wrapped))
    return row.id


def check_evidence(session: Session, who: Principal, project_id: int, party_id: int, new: NewPaper, now: datetime) -> None:
    """Of a line of this party, and, where it proves an order, a delivery or a payment, of no day before the decision (S-24)."""
    if newest_line(session, who, project_id, new.line or 0).party_id != party_id:
        raise LineUnknown
    if new.kind in (ORDER, DELIVERY, PAYMENT):
        check_days([new.day], facts_of(session, who, project_id), now)


def examined(session: Session, content: bytes) -> Examined:
    """Of a file that can be kept: it opens, and while it is opened no connection waits.

    Raises FileMissing, FileLarge, FileKind, FileLocked, FileBroken, FileSmall, FileNotOpenedYet.
    """
    if not session.info.get("depth"):
        done_reading(session)
    try:
        media = media_of(content)
        if media == PDF:
            return Examined(media, opened_pdf(content).text)
    except FileBad as bad:
        raise _refusal(bad.reason) from bad
    _look(content)
    return Examined(media)


def _proposed(kind: str, found: Examined) -> dict[str, Any] | None:
    read = read_invoice(found.text) if kind == INVOICE else Read()
    return None if read.is_empty else as_stored(read)


def _look(content: bytes) -> None:
    """A picture is opened small, within limits: whoever drew a billion pixels does not fill our memory."""
    from PIL import Image  # slow to load, and only whoever brings a paper needs it

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            width, height = picture.size
            if width * height > PIXELS_MAX:
                raise _refusal("large")
            if min(width, height) < SIDE_MIN:
                raise FileSmall
            picture.draft("L", (512, 512))
            picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise FileBroken from error


def _refusal(reason: str) -> MeguriError:
    if reason == "large":
        return FileLarge(most=FILE_MAX_BYTES // 1024**2)
    kinds: dict[str, type[MeguriError]] = {"empty": FileMissing, "kind": FileKind, "encrypted": FileLocked, "broken": FileBroken}
    return kinds[reason]()

"""E-mail codes: six digits that prove an address. Ten minutes, five tries, one use.

A code proves the address and nothing else; who it belongs to is looked up afterwards. So neither page nor mail
tells a stranger whether somebody has signed up with it.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from base.db import atomic
from base.errors import N_, MeguriError
from base.ids import squeezed
from identity.apart import apart
from identity.commands.limits import limit_caller, limit_tries
from identity.commands.mail import queue_mail
from identity.errors import CodeEnded, CodeWrong, EmailInvalid
from identity.models import EmailCode
from identity.queries.mail import Letter
from identity.rules import clean_email
from identity.vault import vault

LIFE, HOUR = timedelta(minutes=10), timedelta(hours=1)
TRIES = 5
SIGN_IN = Letter(
    subject=N_("%(district)s ログイン番号 %(code)s"),
    text=N_(
        "ログイン番号は %(code)s です。10分のあいだ、一度だけ使えます。\n\n"
        "この番号は誰にも教えないでください。お店や組合の人が尋ねることはありません。\n"
        "心当たりのない方は、このメールを捨ててください。何も起こりません。\n\n%(district)s"
    ),
)


def send_code(
    session: Session,
    district_id: int,
    district_name: str,
    email: str,
    *,
    address: str,
    device: str | None = None,
    language: str,
    now: datetime,
) -> UUID:
    """Mail a code to this address. Gives the number under which the same browser hands it in.

    Five an hour to one mailbox, ten from one device, and last 600 from one place, behind which a whole inn or carrier may sit.
    Raises EmailInvalid, TooMany.
    """
    to = clean_email(email)
    if to is None:
        raise EmailInvalid
    limit_tries(session, "identity.send_code:to", to, per=HOUR, count=5, district_id=district_id)
    limit_caller(session, "identity.send_code", address, device=device, each=10, place=600, per=HOUR, district_id=district_id)
    code_id, code = uuid4(), f"{secrets.randbelow(1_000_000):06d}"
    with atomic(session):
        hashed = _hash(session, district_id, code_id, to, code)
        session.add(EmailCode(district_id=district_id, id=code_id, code_hash=hashed, tries=0, expires_at=now + LIFE))
        queue_mail(session, district_id, to, SIGN_IN, {"code": code, "district": district_name}, language=language, now=now)
        return code_id


def prove_email(
    session: Session, district_id: int, code_id: UUID, email: str, typed: str, *, address: str, device: str | None = None, now: datetime
) -> str:
    """Go on only if this is the code that was mailed; gives the address that is proved.

    A try counts also when the caller rolls back, and a right code is used up. Raises CodeWrong(left), CodeEnded,
    EmailInvalid, TooMany.
    """
    to = clean_email(email)
    if to is None:
        raise EmailInvalid
    limit_caller(session, "identity.prove_email", address, device=device, each=30, place=3_000, per=HOUR, district_id=district_id)
    hashed = _hash(session, district_id, code_id, to, squeezed(typed))
    with apart(session) as own:  # to raise in here would undo the count
        refusal = _try(own.get(EmailCode, (district_id, code_id), with_for_update=True), hashed, now)
    if refusal is not None:
        raise refusal
    return to


def _try(code: EmailCode | None, hashed: bytes, now: datetime) -> MeguriError | None:
    """Count this try on the locked row; what is to be refused, None if it is the code."""
    if code is None or code.used_at is not None or code.expires_at <= now or code.tries >= TRIES:
        return CodeEnded()
    code.tries += 1
    if compare_digest(code.code_hash, hashed):
        code.used_at = now
        return None
    return CodeWrong(left=TRIES - code.tries) if code.tries < TRIES else CodeEnded()


def _hash(session: Session, district_id: int, code_id: UUID, email: str, code: str) -> bytes:
    return vault(session).keyed_hash("email code", district_id, str(code_id), email, code)

"""API tokens: programs that act for a shop or for a clerk, and sensors that write one source, within their scopes."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from base.db import atomic
from base.errors import NotFound
from base.ids import fingerprint
from identity.commands.access import authorise
from identity.errors import ScopeUnknown
from identity.models import ApiToken
from identity.permissions import SCOPES
from identity.queries import Principal

PREFIX = "meguri_"
SHOWN = len(PREFIX) + 6
"""So much of a token is kept to tell it from others."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """For a shop (`merchant_id`, perhaps one of its tills) or for a clerk (`person_id`, who must hold the role issuer),
    or for a sensor (`source_id`), which may send what it counts and nothing else."""

    label: str
    scopes: Collection[str]
    merchant_id: int | None = None
    till_id: int | None = None
    person_id: int | None = None
    source_id: int | None = None
    expires_at: datetime | None = None


def create_api_token(session: Session, who: Principal, new: NewToken, *, now: datetime) -> str:
    """The token, shown this once. Raises ScopeUnknown."""
    with atomic(session):
        authorise(
            session, who, "identity.create_api_token", subject=f"merchant:{new.merchant_id} clerk:{new.person_id} source:{new.source_id}"
        )
        return issue_token(session, who, new, now=now)


def issue_token(session: Session, who: Principal, new: NewToken, *, now: datetime) -> str:
    """The same for a door that has made sure that `who` may: an owner lets the print agent of a till in. Raises ScopeUnknown."""
    with atomic(session):
        if not new.scopes or not SCOPES.keys() >= set(new.scopes):
            raise ScopeUnknown
        holders = [each for each in (new.merchant_id, new.person_id, new.source_id) if each is not None]
        assert len(holders) == 1, "for a shop, for a clerk or for a sensor"
        token = PREFIX + secrets.token_urlsafe(32)
        session.add(
            ApiToken(
                district_id=who.district_id,
                token_hash=fingerprint(token),
                prefix=token[:SHOWN],
                label=new.label,
                scopes=sorted(set(new.scopes)),
                merchant_id=new.merchant_id,
                till_id=new.till_id,
                person_id=new.person_id,
                source_id=new.source_id,
                made_by=who.person_id,
                made_at=now,
                expires_at=new.expires_at,
            )
        )
        session.flush()
        return token


def end_token_of_till(session: Session, district_id: int, api_token_id: int, merchant_id: int, till_id: int, *, now: datetime) -> None:
    """For a door that has made sure whose till it is. Twice is once. Raises NotFound, also for any other token."""
    token = session.get(ApiToken, (district_id, api_token_id), with_for_update=True)
    if token is None or (token.merchant_id, token.till_id) != (merchant_id, till_id):
        raise NotFound
    token.ended_at = token.ended_at or now
    session.flush()


def revoke_api_token(session: Session, who: Principal, api_token_id: int, *, now: datetime) -> None:
    """End a token at once. Twice is once. Raises NotFound."""
    with atomic(session):
        authorise(session, who, "identity.revoke_api_token", subject=f"token:{api_token_id}")
        token = session.get(ApiToken, (who.district_id, api_token_id), with_for_update=True)
        if token is None:
            raise NotFound
        token.ended_at = token.ended_at or now

"""なくした: a consumer stops their own balance from any device, and lets it go again once they are back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

import association.commands
import identity.commands
import identity.queries
from base.db import atomic
from identity.errors import LiftAtDesk, LiftWithProof, NotFrozen
from identity.queries import Principal

PROOFS = ("passkey", "email")
"""Ways of signing in that lift one's own freeze: a recovery code does not, since one of them may lie beside the lost phone."""


def report_lost(session: Session, who: Principal, name: str, code: str, *, now: datetime) -> None:
    """Stop the balance of whoever `name` (nickname or address) and an unused recovery code say: all sessions end, nothing moves.

    The code is used up; sent again, it is the same report. Raises RecoveryCodeWrong, TooMany.
    """
    with atomic(session):
        person_id = identity.commands.freeze_by_code(
            session, who.district_id, name, code, address=who.address, device=who.device_token, now=now
        )
        identity.commands.authorise(session, replace(who, person_id=person_id), "wallet.report_lost", subject=f"person:{person_id}")
        association.commands.stop_balances(session, who.district_id, person_id)


def lift_freeze(session: Session, who: Principal, *, now: datetime) -> None:
    """Let one's own balance go again, signed in anew by passkey or mailed code. Lower limits hold for a day.

    Raises NotFrozen, LiftAtDesk where the desk stopped it, LiftWithProof.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "wallet.lift_freeze", subject=f"person:{who.person_id}")
        assert who.person_id is not None
        frozen = identity.queries.freeze_of(session, who.district_id, who.person_id)
        if frozen is None:
            raise NotFrozen
        if not frozen.by_oneself:
            raise LiftAtDesk
        if not may_lift(who, frozen):
            raise LiftWithProof
        identity.commands.unfreeze_person(session, who, who.person_id, now=now)
        association.commands.release_balances(session, who.district_id, who.person_id)


def may_lift(who: Principal, frozen: identity.queries.Freeze) -> bool:
    """Whether this session may lift this freeze: one's own, and signed in since by a way that proves who it is."""
    return frozen.by_oneself and who.way in PROOFS and who.opened_at is not None and who.opened_at >= frozen.frozen_at

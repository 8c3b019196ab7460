"""What falls due at short intervals and is done in a moment: folding and sealing, mail, what has expired, what is swept away."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy.orm import Session

import analytics.commands
import association.commands
import identity.commands
import identity.letters
import identity.queries
import ledger.commands
import ledger.sealer
import merchant.commands
import subsidy.commands
import wallet.commands
from base.settings import Settings
from web.logs import log
from worker.rounds import Chore

CAN_WAIT = ("expire",)
"""Chores that somebody may leave out for a time: while a town's past is booked, a coin that has ended is not over yet."""


def chores(settings: Settings) -> tuple[Chore, ...]:
    """All that happens without anybody asking for it."""
    return (
        Chore("fold", 1, lambda session, _now: ledger.commands.fold(session)),
        Chore("seal", 1, lambda session, _now: _seal(session)),
        Chore("mail", 5, lambda session, now: identity.letters.deliver_due(session, settings, now=now)),
        Chore("expire", 5, lambda session, now: association.commands.expire(session, now=now)),
        Chore("points", 2, lambda session, now: association.commands.work_points(session, now=now)),
        Chore("premiums", 600, lambda session, now: association.commands.book_premiums(session, now=now)),
        Chore("draws", 60, lambda session, now: association.commands.run_draws(session, now=now)),
        Chore("expire codes", 60, lambda session, now: association.commands.expire_codes(session, now=now)),
        Chore("expire proposals", 60, lambda session, _now: ledger.commands.expire_proposals(session)),
        Chore("deputies", 60, lambda session, now: identity.commands.end_deputies(session, now=now)),
        Chore("names", 60, lambda session, _now: identity.commands.index_nicknames(session)),
        Chore("sweep", 3600, lambda session, now: identity.commands.sweep(session, now=now)),
        Chore("risks", 3600, lambda session, now: association.commands.look_for_risks(session, now=now)),
        Chore("sweep codes", 3600, lambda session, now: wallet.commands.sweep_codes(session, now=now)),
        Chore("sweep drafts", 3600, lambda session, now: association.commands.sweep_drafts(session, now=now)),
        Chore("forget unused", 3600, _forget_unused),
        Chore("sweep forecasts", 3600, lambda session, now: analytics.commands.sweep_forecasts(session, now=now)),
        Chore("sweep bank files", 3600, lambda session, now: association.commands.sweep_bank_files(session, now=now)),
        Chore("sweep webhooks", 3600, lambda session, now: merchant.commands.sweep_webhooks(session, now=now)),
        Chore("group reminders", 3600, lambda session, now: subsidy.commands.send_reminders(session, partial(address, settings), now=now)),
        Chore("forget group papers", 3600, lambda session, now: subsidy.commands.forget_papers(session, now=now)),
        Chore("sweep group packages", 3600, lambda session, now: subsidy.commands.sweep_packages(session, now=now)),
        Chore("sweep prints", 3600, lambda session, now: merchant.commands.sweep_prints(session, now=now)),
    )


def address(settings: Settings, host: str | None) -> str:
    """Where a district's pages are: its own host, by the scheme and the port of the installation's address."""
    public = urlsplit(settings.public_url)
    return (
        settings.public_url if host is None else urlunsplit((public.scheme, f"{host}:{public.port}" if public.port else host, "", "", ""))
    )


def _forget_unused(session: Session, now: datetime) -> None:
    for district in identity.queries.districts(session):
        association.commands.warn_unused(session, district.id, now=now)
        association.commands.forget_unused(session, district.id, now=now)


def _seal(session: Session) -> None:
    for sealed in ledger.sealer.seal(session, session.info["seal_keys"]):
        if sealed.is_held:
            log.warning("not signed: the database was returned or moved", district=sealed.district_id, see="meguri ledger compare")
        elif sealed.note is None:
            log.error("not signed: the log has another key", district=sealed.district_id, setting="MEGURI_PREVIOUS_SEAL_KEY")

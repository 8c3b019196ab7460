"""`meguri ledger …`: what operators and auditors run in a terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

import click
from sqlalchemy import text
from sqlalchemy.orm import Session

from base.clock import TOKYO
from base.db import atomic
from base.settings import SettingsWrong
from ledger.commands import fold
from ledger.errors import BookWrong
from ledger.export import export
from ledger.queries import checkpoint, log_keys, receipt
from ledger.replay import BookDiffers, replay
from ledger.rules.notes import NoteWrong, PublicKey
from ledger.rules.receipt import FILE_MAX_BYTES, ReceiptWrong, check, from_file, read, write
from ledger.sealer import seal
from ledger.verify import Progress, verify
from ledger.verify_log import leaves_to_check

commands = click.Group("ledger", help="The book: prove it, seal it, fold it, lift it after a restore.")

OFFLINE = frozenset({"check-receipt", "replay"})
"""Verbs that need neither settings nor database."""


@commands.command("verify")
@click.option("--key", "pins", multiple=True, metavar="NAME+ID+KEY", help="the first key of a sealed log, as it was printed or pinned")
@click.pass_obj
def verify_command(session: Session, pins: tuple[str, ...]) -> None:
    """Recompute the books from their entries, and the sealed log from the books. Exit status 1 if anything does not agree."""
    known = _read_keys(pins)

    def report(progress: Progress) -> None:
        percent = 100 * progress.done // max(progress.total, 1)
        click.echo(f"\r{percent:3d} %  {progress.part:40s}", err=True, nl=False)

    findings = 0
    for finding in verify(session, report, known):
        findings += 1
        click.echo(f"{finding.what}\tdistrict {finding.district_id}\t{finding.subject}")
    click.echo("", err=True)
    if findings:
        click.echo(f"{BookWrong.code}: {findings}", err=True)
        sys.exit(1)
    count, last = session.execute(text("SELECT count(*), COALESCE(max(id), 0) FROM ledger.transaction")).one()
    sealed = leaves_to_check(session)
    click.echo(f"The books agree: {count} transactions, the last one is {last}. {sealed} are sealed, and the log agrees.")


@commands.command("seal")
@click.pass_obj
def seal_command(session: Session) -> None:
    """Seal what is not sealed yet, as the worker does each second; at the first time the whole book. Needs MEGURI_SEAL_KEY."""
    if "seal_keys" not in session.info:
        raise SettingsWrong(problems="MEGURI_SEAL_KEY is needed to sign")
    sealed, unsigned = 0, set[int]()
    while True:
        with atomic(session):
            done = seal(session, session.info["seal_keys"])
        if not done:
            break
        sealed += sum(each.added for each in done)
        unsigned |= {each.district_id for each in done if each.note is None}
        click.echo(f"\r{sealed} sealed", err=True, nl=False)
    click.echo("", err=True)
    click.echo(f"{sealed} transactions sealed.")
    if unsigned:
        click.echo(f"Not signed, since the log has another key (MEGURI_PREVIOUS_SEAL_KEY): districts {sorted(unsigned)}", err=True)
        sys.exit(1)


@commands.command("checkpoint")
@click.argument("district_id", type=int)
@click.option("--size", type=int, help="of this many transactions, as a paper names it, instead of the newest")
@click.pass_obj
def checkpoint_command(session: Session, district_id: int, size: int | None) -> None:
    """Print the newest signed checkpoint of a district's log, and before it the log's keys, the first one first."""
    for key in log_keys(session, district_id):
        click.echo(str(key.public_key))
    click.echo("")
    click.echo(checkpoint(session, district_id, size=size).note, nl=False)


@commands.command("receipt")
@click.argument("district_id", type=int)
@click.argument("transaction_id", type=int)
@click.pass_obj
def receipt_command(session: Session, district_id: int, transaction_id: int) -> None:
    """Print the proof that a transaction is in the sealed log, for `check-receipt` or whoever checks it otherwise."""
    found = receipt(session, district_id, transaction_id)
    if found is None:
        raise click.ClickException("It is not sealed yet: wait a second, or see whether the worker runs.")
    click.echo(write(found))


@commands.command("check-receipt")
@click.argument("file", type=click.File("rb"))
@click.option("--key", "pins", multiple=True, required=True, metavar="NAME+ID+KEY", help="a key of the log, as it was printed or pinned")
def check_receipt_command(file: BinaryIO, pins: tuple[str, ...]) -> None:
    """Check the proof in FILE, a slip as PDF or the proof alone, against a key that one trusts, and say what it proves.

    Needs no database. Exit status 1: it does not hold.
    """
    try:
        proved = check(read(from_file(file.read(FILE_MAX_BYTES + 1))), _read_keys(pins))
    except ReceiptWrong as wrong:
        click.echo(f"It does not hold: {wrong.reason}", err=True)
        sys.exit(1)
    sealed = proved.transaction
    when = sealed.posted_at.astimezone(TOKYO)
    click.echo(f"{sealed.kind} {sealed.transaction_id} of {when:%Y-%m-%d %H:%M:%S.%f} in Tokyo, district {sealed.district_id}")
    for leg in sealed.legs:
        click.echo(
            f"{leg.amount:+12d}  {leg.role} {leg.owner_id}, account {leg.account_id}, {f'pieces of {leg.unit}' if leg.unit else 'yen'}"
        )
    click.echo(f"It stands in the log {proved.checkpoint.origin} of {proved.checkpoint.size} transactions, signed by {proved.key}")


@commands.command("export")
@click.argument("district_id", type=int)
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_obj
def export_command(session: Session, district_id: int, folder: Path) -> None:
    """Write the book of a district, up to its newest checkpoint, into the new FOLDER: for `replay`, on another machine."""
    try:
        size = export(session, district_id, folder, _transactions_done)
    except FileExistsError as error:
        raise click.ClickException(f"{folder} is there already") from error
    click.echo("", err=True)
    click.echo(f"{size} transactions written.")


@commands.command("replay")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--key", "pins", multiple=True, metavar="NAME+ID+KEY", help="the first key of the log, as it was printed or pinned")
def replay_command(folder: Path, pins: tuple[str, ...]) -> None:
    """Recompute every balance, limit, hash, root and signature of an exported book. No database. Exit status 1: the first difference."""
    try:
        found = replay(folder, _read_keys(pins), _transactions_done)
    except BookDiffers as differs:
        click.echo(f"\n{differs.what}: {differs.subject}", err=True)
        sys.exit(1)
    click.echo("", err=True)
    click.echo(f"The book agrees: {found.size} transactions, {found.accounts} accounts. Root {found.root.hex()}, signed by {found.key}")


def _transactions_done(done: int, of: int) -> None:
    click.echo(f"\r{100 * done // max(of, 1):3d} %  {done} of {of} transactions", err=True, nl=False)


def _read_keys(pins: tuple[str, ...]) -> list[PublicKey]:
    try:
        return [PublicKey.read(pin) for pin in pins]
    except NoteWrong as wrong:
        raise click.BadParameter(wrong.reason, param_hint="--key") from wrong


@commands.command("fold")
@click.pass_obj
def fold_command(session: Session) -> None:
    """Fold what was appended into the balance rows (the worker does this each second)."""
    with atomic(session):
        click.echo(f"{fold(session, limit=100_000)} entries folded.")


@commands.command("rebase")
@click.pass_obj
def rebase_command(session: Session) -> None:
    """After a restore into another cluster, as meguri_owner and before the first payment: lift the positions."""
    with atomic(session):
        offset = session.execute(text("SELECT ledger.rebase()")).scalar_one()
    click.echo(f"Positions now begin above every stored one (offset {offset}).")

"""`meguri ledger …`: what operators and auditors run in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TextIO

import click
import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from base.clock import TOKYO
from base.db import atomic
from base.settings import SettingsWrong
from ledger.commands import fold, prepare_epoch, resume_log
from ledger.errors import BookWrong
from ledger.export import export
from ledger.parts import PartTrouble, cut, move, parts
from ledger.queries import VERDICTS, Compared, SignedCheckpoint, checkpoint, compare, log_keys, log_states, read_seen, receipt
from ledger.replay import BookDiffers, replay
from ledger.rules.notes import NoteWrong, PublicKey
from ledger.rules.receipt import FILE_MAX_BYTES, ReceiptWrong, check, from_file, read, write
from ledger.sealer import log_signer, seal
from ledger.verify import Progress, verify
from ledger.verify_log import leaves_to_check

commands = click.Group("ledger", help="The book: prove it, seal it, compare it, fold it, lift it after a restore.")

OFFLINE = frozenset({"check-receipt", "replay", "parts", "cut", "move"})
"""Verbs that need no settings: they need no database, or the address of its owner."""


@commands.command("verify")
@click.option("--key", "pins", multiple=True, metavar="NAME+ID+KEY", help="the first key of a sealed log, as it was printed or pinned")
@click.option("--district", "district_id", type=int, help="only this district, instead of all")
@click.pass_obj
def verify_command(session: Session, pins: tuple[str, ...], district_id: int | None) -> None:
    """Recompute the books from their entries, and the sealed log from the books. Exit status 1 if anything does not agree."""
    known = _read_keys(pins)
    if district_id is not None and not session.execute(HAS_BOOK, {"district_id": district_id}).scalar_one():
        raise click.ClickException(f"District {district_id} has no book.")

    def report(progress: Progress) -> None:
        percent = 100 * progress.done // max(progress.total, 1)
        click.echo(f"\r{percent:3d} %  {progress.part:40s}", err=True, nl=False)

    findings = 0
    for finding in verify(session, report, known, district_id=district_id):
        findings += 1
        click.echo(f"{finding.what}\tdistrict {finding.district_id}\t{finding.subject}")
    click.echo("", err=True)
    if findings:
        click.echo(f"{BookWrong.code}: {findings}", err=True)
        sys.exit(1)
    count, last = session.execute(IN_BOOK if district_id is None else IN_BOOK_HERE, {"district_id": district_id}).one()
    sealed = leaves_to_check(session, district_id)
    books = "The books agree" if district_id is None else f"The book of district {district_id} agrees"
    click.echo(f"{books}: {count} transactions, the last one is {last}. {sealed} are sealed, and the log agrees.")


HAS_BOOK = text("SELECT EXISTS (SELECT FROM ledger.account WHERE district_id = :district_id)")
IN_BOOK = text("SELECT count(*), COALESCE(max(id), 0) FROM ledger.transaction")
IN_BOOK_HERE = text("SELECT count(*), COALESCE(max(id), 0) FROM ledger.transaction WHERE district_id = :district_id")


@commands.command("seal")
@click.pass_obj
def seal_command(session: Session) -> None:
    """Seal what is not sealed yet, as the worker does each second; at the first time the whole book. Needs MEGURI_SEAL_KEY."""
    if "seal_keys" not in session.info:
        raise SettingsWrong(problems="MEGURI_SEAL_KEY is needed to sign")
    sealed, unsigned, held = 0, set[int](), set[int]()
    while True:
        with atomic(session):
            done = seal(session, session.info["seal_keys"])
        if not done:
            break
        sealed += sum(each.added for each in done)
        unsigned |= {each.district_id for each in done if each.note is None and not each.is_held}
        held |= {each.district_id for each in done if each.is_held}
        click.echo(f"\r{sealed} sealed", err=True, nl=False)
    click.echo("", err=True)
    click.echo(f"{sealed} transactions sealed.")
    if unsigned:
        click.echo(f"Not signed, since the log has another key (MEGURI_PREVIOUS_SEAL_KEY): districts {sorted(unsigned)}", err=True)
    if held:
        click.echo(f"Not signed, since the database was returned or moved (`meguri ledger compare`): districts {sorted(held)}", err=True)
    if unsigned or held:
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
    epoch = f", epoch {proved.checkpoint.epoch}" if proved.checkpoint.epoch > 1 else ""
    click.echo(f"It stands in the log {proved.checkpoint.origin} of {proved.checkpoint.size} transactions{epoch}, signed by {proved.key}")


@commands.command("compare")
@click.argument("files", nargs=-1, type=click.File("r", encoding="utf-8"))
@click.pass_obj
def compare_command(session: Session, files: tuple[TextIO, ...]) -> None:
    """Compare the book with checkpoints that phones, tablets or papers hold (FILES, or what is typed in).

    Whole notes, or the short form of a paper: origin, size, beginning of the root. Exit status 1 unless all of them agree.
    """
    found = compare(session, [seen for file in files or (sys.stdin,) for seen in read_seen(file.read())])
    _tell(found)
    if not found:
        raise click.ClickException("There is no checkpoint in what was given.")
    if any(each.verdict not in ("agrees", "given_up") for each in found):
        sys.exit(1)


def _tell(found: list[Compared]) -> None:
    for each in found:
        said = VERDICTS[each.verdict].format(missing=each.missing)
        click.echo(f"{each.seen.origin} {each.seen.size} {each.seen.root[:16]}  {said}")


@commands.command("resume")
@click.argument("files", nargs=-1, type=click.File("r", encoding="utf-8"))
@click.pass_obj
def resume_command(session: Session, files: tuple[TextIO, ...]) -> None:
    """Nothing is missing: sign the logs on, after a failover, a move, or a restore to the very end.

    FILES: checkpoints that others hold; if the book does not have one of them, nothing is resumed. If you are wrong, every phone sees it.
    """
    found = compare(session, [seen for file in files for seen in read_seen(file.read())])
    _tell(found)
    if any(each.verdict in ("behind", "contradicts") for each in found):
        raise click.ClickException("Something is missing: prepare a new epoch (`meguri ledger epoch`).")
    held = [state.district_id for state in log_states(session) if state.is_held]
    with atomic(session):
        for district_id in held:
            resume_log(session, district_id)
    click.echo(f"Signed on: districts {held}." if held else "No log is held.")


@commands.command("epoch")
@click.argument("district_id", type=int)
@click.option("--after", "files", multiple=True, type=click.File("r", encoding="utf-8"), help="checkpoints that others hold")
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M%z"]), help="the moment that the book was returned to")
@click.option("--from", "size", type=int, help="the last checkpoint signed before the return; needed only if the log was signed since")
@click.option("--new-key", is_flag=True, help="the log's key is lost; from now on the one in MEGURI_SEAL_KEY signs")
@click.pass_obj
def epoch_command(
    session: Session, district_id: int, files: tuple[TextIO, ...], at: datetime | None, size: int | None, new_key: bool
) -> None:
    """Prepare a new epoch of a log that was returned to an earlier state, or whose key is lost. Two people confirm it at the desk."""
    if "seal_keys" not in session.info:
        raise SettingsWrong(problems="MEGURI_SEAL_KEY is needed: the epoch says who signs")
    signer = log_signer(session, session.info["seal_keys"], district_id)
    if new_key == (signer in [key.public_key for key in log_keys(session, district_id)]):
        raise click.ClickException(f"The key in MEGURI_SEAL_KEY is {'the' if new_key else 'not the'} log's.")
    found = compare(session, [seen for file in files for seen in read_seen(file.read()) if seen.district_id == district_id])
    _tell(found)
    ahead = [each for each in found if each.verdict in ("behind", "contradicts")]
    if not ahead and not new_key:
        raise click.ClickException("Nothing of what you gave is missing in the book: `meguri ledger resume` signs on without an epoch.")
    goes_on = _goes_on(session, district_id, ahead, size)
    largest = max([goes_on.size, *(each.seen.size for each in ahead)])
    with atomic(session):
        returned_to = at or goes_on.signed_at
        number = prepare_epoch(session, district_id, size=goes_on.size, largest=largest, returned_to=returned_to, public_key=str(signer))
    click.echo(f"Prepared as {number}: the log goes on from {goes_on.size}; at most {largest - goes_on.size} transactions are missing.")
    click.echo(f"It is signed by {signer}")
    click.echo("It binds nobody yet. At the desk, under 台帳の再開, one person gives the reason and another confirms; then it is signed.")


def _goes_on(session: Session, district_id: int, ahead: list[Compared], size: int | None) -> SignedCheckpoint:
    """The last checkpoint that everybody has in common."""
    state = next((each for each in log_states(session) if each.district_id == district_id), None)
    if state is None:
        raise click.ClickException("This district's log has not begun.")
    if size is None and ahead and not state.is_held:
        raise click.ClickException("The log was signed since the return. Give --from, the size of the last checkpoint before it.")
    goes_on = checkpoint(session, district_id, size=state.signed_size if size is None else size)
    if any(each.verdict == "contradicts" and each.seen.size <= goes_on.size for each in ahead):
        raise click.ClickException(f"What contradicts is not larger than {goes_on.size}: the log cannot go on from there.")
    return goes_on


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


owner = click.option("--url", envvar="MEGURI_OWNER_URL", required=True, help="postgresql:// address of meguri_owner")


@contextmanager
def _as_owner(url: str) -> Iterator[psycopg.Connection]:
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection
    except PartTrouble as trouble:
        raise click.ClickException(str(trouble)) from trouble


@commands.command("parts")
@owner
def parts_command(url: str) -> None:
    """List the parts in which the entries stand, the oldest first; `entry` is where entries are added."""
    click.echo(f"{'part':28} {'entries, about':>15} {'MB':>8} {'from':10} {'until':10} tablespace")
    with _as_owner(url) as connection:
        for part in parts(connection):
            first, last = (f"{each.astimezone(TOKYO):%Y-%m-%d}" if each else "" for each in (part.first, part.last))
            click.echo(f"{part.name:28} {part.entries:15} {part.size / 1e6:8.1f} {first:10} {last:10} {part.tablespace}")


@commands.command("cut")
@owner
def cut_command(url: str) -> None:
    """Make all entries so far a part of their own, which can be moved. Payments wait for some milliseconds."""
    with _as_owner(url) as connection:
        part = cut(connection)
    click.echo(f"{part.name} has the entries until now. `meguri ledger move {part.name} TABLESPACE` puts it elsewhere.")


@commands.command("move")
@click.argument("part")
@click.argument("tablespace")
@owner
def move_command(part: str, tablespace: str, url: str) -> None:
    """Move PART to TABLESPACE: copied, compared, exchanged. Payments and readers go on; what was stopped goes on at the next call."""
    with _as_owner(url) as connection:
        for done, of in move(connection, part, tablespace):
            click.echo(f"\r{100 * done // max(of, 1):3d} %  {done} of {of} entries", err=True, nl=False)
    click.echo("", err=True)
    click.echo(f"{part} is in {tablespace}. Now `meguri backup make`: a return needs a copy that knows where its parts are.")

"""`meguri ledger …`: what operators and auditors run in a terminal."""

from __future__ import annotations

import sys

import click
from sqlalchemy import text
from sqlalchemy.orm import Session

from base.db import atomic
from ledger.commands import fold
from ledger.errors import BookWrong
from ledger.verify import Progress, verify

commands = click.Group("ledger", help="The book: prove it, fold it, lift it after a restore.")


@commands.command("verify")
@click.pass_obj
def verify_command(session: Session) -> None:
    """Recompute the books from their entries alone. Exit status 1 if anything does not agree."""

    def report(progress: Progress) -> None:
        percent = 100 * progress.done // max(progress.total, 1)
        click.echo(f"\r{percent:3d} %  {progress.part:40s}", err=True, nl=False)

    findings = 0
    for finding in verify(session, report):
        findings += 1
        click.echo(f"{finding.what}\tdistrict {finding.district_id}\t{finding.subject}")
    click.echo("", err=True)
    if findings:
        click.echo(f"{BookWrong.code}: {findings}", err=True)
        sys.exit(1)
    count, last = session.execute(text("SELECT count(*), COALESCE(max(id), 0) FROM ledger.transaction")).one()
    click.echo(f"The books agree: {count} transactions, the last one is {last}.")


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

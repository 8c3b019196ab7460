"""`meguri merchant …`: what the shops' tablets say, for auditors."""

from __future__ import annotations

from itertools import groupby

import click
from sqlalchemy.orm import Session

import ledger.queries
from merchant import queries

commands = click.Group("merchant", help="The shops: what their tablets have co-signed.")


@commands.command("cosigned")
@click.argument("district_id", type=int)
@click.option("--all", "every", is_flag=True, help="each co-signed checkpoint, the newest first")
@click.pass_obj
def cosigned(session: Session, district_id: int, every: bool) -> None:
    """Print the newest checkpoint that a shop's tablet has co-signed, its co-signatures below it, and before it the keys: the
    log's, then the tablets'. Each is one line; an empty line ends them, and each note."""
    words = queries.cosigned(session, district_id)
    notes = [list(each) for _, each in groupby(words, key=lambda word: word.size)]
    if not notes:
        raise click.ClickException("No tablet has co-signed anything yet.")
    shown = notes if every else notes[:1]
    for key in ledger.queries.log_keys(session, district_id):
        click.echo(str(key.public_key))
    for word in sorted((word for note in shown for word in note), key=lambda word: word.till_id):
        click.echo(str(word.cosigner))
    for note in shown:
        signed = ledger.queries.checkpoint(session, district_id, size=note[0].size)
        click.echo("")
        click.echo(signed.note + "".join(word.line for word in note), nl=False)

"""`meguri analytics …`: what operators run in a terminal. A verb that needs kernels loads them itself: their library is slow to load."""

from __future__ import annotations

import click

commands = click.Group("analytics", help="What the payments say: the compiled part made ready.")

OFFLINE = frozenset({"warm"})
"""Verbs that need neither settings nor database."""


@commands.command("warm")
def warm_command() -> None:
    """Compile all kernels ahead, so that no page waits for the compiler. Run it after each update, as the user of the service."""
    from analytics.kernels.warm import warm

    folder = warm(lambda topic, seconds: click.echo(f"{topic}\t{seconds:.1f} s", err=True))
    click.echo(folder)

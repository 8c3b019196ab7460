"""The composition root, with `worker/` all that knows every package: `create_app` for servers, `main` for the terminal."""

# ruff: noqa: E402
from __future__ import annotations

import gc

gc.disable()  # nothing that is imported goes away again: to look for what might, over and over, takes a sixth of the start

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from io import TextIOWrapper
from typing import Any

import click
from flask import Flask, g, redirect
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

import analytics.api
import analytics.cli
import analytics.views
import association.api
import association.cli
import association.rules
import association.views
import backup.cli
import demo.cli
import demo.views
import identity.cli
import identity.views
import ledger.cli
import merchant.api
import merchant.cli
import merchant.print_agent
import merchant.rules
import merchant.views
import migrations
import subsidy.rules
import subsidy.views
import wallet.api
import wallet.commands
import wallet.views
import wallet.webpush
import web
import worker
from base.clock import Clock, system_clock
from base.errors import MeguriError
from base.settings import Settings, read_settings
from identity.permissions import may
from web import api_frame
from web.logs import configure

gc.enable()
gc.freeze()  # and nobody looks through it later, so that processes that forked go on sharing it

Rule = Callable[[dict[str, Any]], object]

RULES: dict[str, Rule] = {**association.rules.RULES, **merchant.rules.RULES, **subsidy.rules.RULES}
"""Every pure rule that has vectors, by the name of its vector file."""

TRIED_BY_STRANGERS = frozenset(
    {"association_outside.apply_page", "merchant.pair_page", "subsidy_outside.asked", "wallet.card_page", "wallet.lost"}
)
"""Pages whose form anybody may send: their tries are counted by the browser first, so it gets its cookie with the page."""


def create_app(settings: Settings, clock: Clock = system_clock) -> Flask:
    """The whole product as one application."""
    app = Flask(__name__, static_folder=None)
    if settings.proxies:  # else anybody could claim any address, and every limit by address would be void
        proxies = settings.proxies
        # The host comes with Host, which the proxy sets; a client could write X-Forwarded-Host itself.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    _set_up_frame(app, settings, clock)
    _add_pages(app, settings)
    _add_api(app)
    return app


def from_environment() -> Flask:
    """What a server runs: `gunicorn 'wsgi:from_environment()'`. Raises SettingsWrong."""
    return create_app(read_settings(os.environ))


def _set_up_frame(app: Flask, settings: Settings, clock: Clock) -> None:
    districts = identity.views.Districts()

    def load_district(session: Session) -> object:
        session.info["master_key"] = settings.master_key
        session.info["columns_folder"] = settings.columns_folder
        return districts.load(session)

    app.config["CODE_KEYS"] = [key for key in (settings.code_key, settings.previous_code_key) if key is not None]
    app.config["WEBHOOK_HOSTS"] = settings.webhook_hosts
    app.config["PRINTERS"] = settings.printers
    app.config["PUSH_HOSTS"] = settings.push_hosts
    app.config["PUSH_KEY"] = wallet.webpush.public_key(settings.master_key)
    web.setup(app, settings, clock, load_district=load_district, load_who=identity.views.load_who)


def _add_pages(app: Flask, settings: Settings) -> None:
    identity.views.setup(app, settings, sign_up=wallet.commands.sign_up, terms="/series")
    identity.views.mark_browsers(app, TRIED_BY_STRANGERS)
    for pages in (
        wallet.views.pages,
        merchant.views.pages,
        association.views.pages,
        association.views.outside,
        subsidy.views.pages,
        subsidy.views.outside,
        analytics.views.pages,
        analytics.views.outside,
        *((demo.views.pages,) if settings.demo else ()),
    ):
        app.register_blueprint(pages)
    app.add_url_rule("/", "front_door", _front_door)


def _front_door() -> Response:
    """Everybody to where they are at home; strangers are asked to sign in on the way."""
    roles: frozenset[str] = g.who.roles
    if "consumer" in roles or not g.who.is_somebody:
        return redirect("/wallet/", 303)
    if not may(roles, None, "association.read") and may(roles, None, "association.read_controls"):
        return redirect("/desk/controls", 303)
    if "group_lead" in roles and not may(roles, None, "association.read"):
        return redirect("/group/", 303)
    return redirect("/shop/" if "owner" in roles else "/desk/", 303)


def _add_api(app: Flask) -> None:
    """A token's principal was found by `load_who` already: for addresses of the API it asks tokens alone."""
    blueprints = (merchant.api.api, wallet.api.api, association.api.api, analytics.api.api)
    api_frame.setup(app, blueprints, lambda _session, _district, _token, _address: g.who)


def open_session(settings: Settings) -> Session:
    """A session for the terminal, as the role of MEGURI_DATABASE_URL."""
    return worker.rounds.sessions(settings, pool_size=4)()


OFFLINE = {"analytics": analytics.cli.OFFLINE, "ledger": ledger.cli.OFFLINE}


class Verbs(click.Group):
    """Remembers the second word, so that a verb that works offline asks for no settings."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        ctx.meta["is_offline"] = not OFFLINE.get(name or "", frozenset()).isdisjoint(rest[:1])
        return name, command, rest


WITHOUT_SESSION = ("backup", "db", "restore", "rules", "worker", "zengin")


@click.group(cls=Verbs)
@click.pass_context
def meguri(context: click.Context) -> None:
    """Meguri in the terminal. Settings come from the environment, as for the server."""
    if context.meta["is_offline"]:
        return
    if context.invoked_subcommand not in WITHOUT_SESSION:
        context.obj = open_session(read_settings(os.environ))
        context.call_on_close(context.obj.close)


for verb in (
    analytics.cli.commands,
    ledger.cli.commands,
    identity.cli.commands,
    merchant.cli.commands,
    association.cli.controls,
    association.cli.zengin,
    demo.cli.commands,
):
    meguri.add_command(verb)
for verb in (backup.cli.commands, backup.cli.restore_command):  # of the database server alone: neither settings nor session
    meguri.add_command(verb)


@meguri.command("rules")
@click.argument("name", required=False)
def rules(name: str | None) -> None:
    """Answer questions to a pure rule: one JSON object a line in, one a line out. Without NAME: list the rules."""
    if name is None:
        click.echo("\n".join(sorted(RULES)))
        return
    if name not in RULES:
        raise click.BadParameter(f"there is no rule {name}; `meguri rules` lists them", param_hint="NAME")
    all_good = True
    for answer in _answers(RULES[name], TextIOWrapper(sys.stdin.buffer, encoding="utf-8")):
        click.echo(json.dumps(answer, ensure_ascii=False))
        all_good = all_good and "error" not in answer
    if not all_good:
        sys.exit(1)


def _answers(rule: Rule, lines: Iterable[str]) -> Iterator[dict[str, object]]:
    """One answer a line, in order. A refusal is an answer of the rule; a line that is no question gets an error."""
    for line in lines:
        if not line.strip():
            continue
        question: Any = None
        try:
            question = json.loads(line)
            yield {"id": question["id"], "answer": rule(question)}
        except (ValueError, KeyError, TypeError) as error:
            name = question.get("id") if isinstance(question, dict) else None
            yield {"id": name, "error": {"code": "bad_question", "detail": f"{type(error).__name__}: {error}"}}


@meguri.group("db")
def db() -> None:
    """The schema. Runs as meguri_owner: MEGURI_OWNER_URL."""


@db.command("upgrade")
@click.argument("revision", default="head")
@click.option("--url", envvar="MEGURI_OWNER_URL", required=True, help="postgresql:// address of meguri_owner")
def db_upgrade(revision: str, url: str) -> None:
    """Bring the schema up to REVISION, or to the newest."""
    migrations.upgrade(url, revision)


@db.command("downgrade")
@click.argument("revision")
@click.option("--url", envvar="MEGURI_OWNER_URL", required=True, help="postgresql:// address of meguri_owner")
@click.confirmation_option(prompt="What the undone versions had stored is lost. Go on?")
def db_downgrade(revision: str, url: str) -> None:
    """Take the schema back to REVISION (`base`: nothing is left)."""
    migrations.downgrade(url, revision)


@meguri.command("worker")
@click.option("--without", multiple=True, type=click.Choice(worker.due.CAN_WAIT), help="A chore that another worker does later.")
def work(without: tuple[str, ...]) -> None:
    """Fold and seal the ledger, deliver mail and webhooks, book what expired, watch over all of it; until SIGTERM. Several may run."""
    configure()
    settings = read_settings(os.environ)
    worker.run(settings, create_app(settings), without=without)


@meguri.command("print-agent", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def print_agent(arguments: tuple[str, ...]) -> None:
    """Print the papers of one till on a receipt printer nearby: --server, --token-file, --printer. docs/merchant.md says how."""
    merchant.print_agent.main(arguments)


def main() -> None:
    """`meguri …`. A refusal is one line and exit status 1."""
    try:
        meguri(prog_name="meguri")
    except MeguriError as error:
        sys.exit(f"{error.number} {error.code}: {error.text % error.facts}")


if __name__ == "__main__":
    main()

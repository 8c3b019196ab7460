"""`meguri identity …`: opening a district and appointing its first administrator, by whoever runs the installation."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from base.clock import system_clock
from identity import commands as doors
from identity import queries
from identity.commands import NewDistrict, NewPerson
from identity.permissions import PERSON_ROLES


@click.group("identity")
def commands() -> None:
    """Districts and the people who run them."""


@commands.command("create-district")
@click.option("--slug", required=True, help="short name in small letters, e.g. hinosawa")
@click.option("--name", required=True, help="name in Japanese")
@click.option("--name-en", required=True, help="name in English")
@click.option("--association", required=True, help="the issuing body, by its full name")
@click.option("--contact", required=True, help="where people telephone or go")
@click.option("--host", help="needed once there are several districts; without port")
@click.pass_obj
def create_district(session: Session, slug: str, name: str, name_en: str, association: str, contact: str, host: str | None) -> None:
    """Open a district; prints its number."""
    new = NewDistrict(slug=slug, name=name, name_en=name_en, association=association, contact=contact, host=host)
    click.echo(doors.create_district(session, new))


@commands.command("appoint")
@click.argument("slug")
@click.argument("email")
@click.argument("role", type=click.Choice(sorted(PERSON_ROLES - {"owner", "cashier"})))
@click.option("--nickname", help="makes the person if nobody has this address yet")
@click.pass_obj
def appoint(session: Session, slug: str, email: str, role: str, nickname: str | None) -> None:
    """Give ROLE in the district SLUG to whoever has EMAIL; they sign in by a code that is mailed to it. Appoint the first two people here:
    an administrator, and an approver who decides with them who else issues or decides."""
    now = system_clock()
    district = queries.district_by_slug(session, slug)
    person_id = queries.person_by_email(session, district.id, email)
    if person_id is None and nickname is None:
        raise click.UsageError("nobody has this address yet: give --nickname to make the person")
    if person_id is None:
        person_id = doors.sign_up(session, district.id, NewPerson(nickname or "", email=email, roles=frozenset()), now=now)
    doors.appoint(session, district.id, person_id, role, now=now)
    doors.end_sessions(session, district.id, person_id, now=now)
    click.echo(f"person {person_id}: {role}")

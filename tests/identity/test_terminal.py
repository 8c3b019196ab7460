"""`meguri identity …`: the operator opens a district and appoints its first administrator."""

from __future__ import annotations

from uuid import uuid4

from click.testing import CliRunner

from identity import queries
from identity.cli import commands as identity_commands


def run(session, *words):
    return CliRunner().invoke(identity_commands, words, obj=session)


def test_a_new_district_and_its_first_administrator(village):
    """Two commands, and an administrator can sign in by mail and appoint the others."""
    slug = f"n{uuid4().hex[:8]}"
    opened = run(
        village.session,
        *("create-district", "--slug", slug, "--name", "湯の里", "--name-en", "Yunosato", "--association", "湯の里組合"),
        *("--contact", "案内所", "--host", f"{slug}.example"),
    )
    assert opened.exit_code == 0, opened.output
    district = queries.district_by_slug(village.session, slug)
    assert (district.id, district.name) == (int(opened.output), "湯の里")
    assert queries.district_by_host(village.session, f"{slug.upper()}.example:8000") == district

    unknown = run(village.session, "appoint", slug, "fujishiro@example.jp", "administrator")
    assert unknown.exit_code == 2 and "--nickname" in unknown.output
    for words in (("--nickname", "藤代"), ()):
        appointed = run(village.session, "appoint", slug, "Fujishiro@example.jp", "administrator", *words)
        assert appointed.exit_code == 0 and appointed.output.endswith(": administrator\n")
    person_id = queries.person_by_email(village.session, district.id, "fujishiro@example.jp")
    assert [grant.role for grant in queries.grants(village.session, district.id, person_id=person_id)] == ["administrator"]
    assert person_id == queries.first_holder(village.session, district.id, "administrator")


def test_the_terminal_appoints_no_owner_of_nothing(village):
    """Shop roles come with a shop, through the association's approval."""
    assert run(village.session, "appoint", "x", "a@example.jp", "owner").exit_code == 2
    assert run(village.session, "appoint", "x", "a@example.jp", "till").exit_code == 2

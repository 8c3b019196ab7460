"""The documents say what there is: every refusal, setting, verb and route; the ledger's examples are run."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import click
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

import wsgi
from base.settings import Settings
from docs.reference.generate import errors, page, undo
from identity.permissions import SCOPES

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"])
districts = count(int(datetime.now(UTC).timestamp() * 1000) + 7)


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def verbs(group: click.Group, name: str = "meguri") -> Iterator[tuple[str, click.Command]]:
    for word, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from verbs(command, f"{name} {word}")
        else:
            yield f"{name} {word}", command


@pytest.fixture(scope="module")
def application(settings: Settings) -> Iterator[Flask]:
    app = wsgi.create_app(replace(settings, demo=True))
    yield app
    app.extensions["meguri.engine"].dispose()


def test_undo_and_what_would_happen_are_in_the_reference() -> None:
    """Of every command of desk and shop."""
    assert read("reference/undo.md") == undo(), "run: python -m docs.reference.generate"


def test_every_refusal_is_in_the_reference() -> None:
    """Whoever reads a number out over the telephone finds it, with the sentence as it is on the screen."""
    assert read("reference/errors.md") == page(), "run: python -m docs.reference.generate"


def test_numbers_and_codes_are_given_once() -> None:
    """A number means one thing for ever, and so does a code."""
    for name in ("number", "code"):
        given = [getattr(kind, name) for kind in errors()]
        assert sorted(given) == sorted(set(given))


def test_every_file_that_a_page_names_is_there() -> None:
    """Whoever follows a page into the code finds what it names; decisions and changes tell of what was there once."""
    path = re.compile(r"`([a-z_]+(?:/[\w.-]+)+\.(?:py|sql|js|toml|html|typ))`")
    pages = (each for each in PAGES if "decisions" not in each.parts and each.name != "CHANGELOG.md")
    named = {(each.name, found) for each in pages for found in path.findall(each.read_text(encoding="utf-8"))}
    assert len(named) > 100
    assert [(page, file) for page, file in sorted(named) if not (ROOT / file).exists()] == []


def test_every_setting_is_explained() -> None:
    """An operator finds each variable that any part of the product reads."""
    sources = [
        ROOT / "wsgi.py",
        *(ROOT / "worker").glob("*.py"),
        *(ROOT / "base").glob("*.py"),
        *(ROOT / "backup").glob("*.py"),
        *(ROOT / "deploy").glob("*.py"),
        ROOT / "tests" / "conftest.py",
    ]
    named = {name for path in sources for name in re.findall(r"MEGURI_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8"))}
    explained = set(re.findall(r"^\| `(MEGURI_[A-Z_]+)`", read("operations/configuration.md"), re.MULTILINE))
    assert named == explained


@pytest.mark.parametrize(("name", "command"), list(verbs(wsgi.meguri)), ids=lambda value: value if isinstance(value, str) else "")
def test_every_verb_of_the_terminal_is_explained(name: str, command: click.Command) -> None:
    """`meguri …` has a help text of its own and a line on the page of the terminal."""
    assert command.help
    assert f"`{name}" in read("reference/terminal.md")


def test_every_route_of_the_api_is_explained(application: Flask) -> None:
    """Whoever writes a till finds each call with its method, and each scope."""
    explained = set(re.findall(r"`?(GET|POST|DELETE|PUT|PATCH) (/api/v1/[^`\s]*)`", read("api.md")))
    there = {
        (method, re.sub(r"<(?:[^:>]+:)?([a-z_]+)>", r"{\1}", rule.rule))
        for rule in application.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert there == explained
    assert set(re.findall(r"^\| `([a-z_]+:[a-z]+)`", read("api.md"), re.MULTILINE)) == set(SCOPES)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    """No page sends its reader to nothing."""
    for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (path.parent / target).exists(), target


def test_decisions_are_numbered() -> None:
    """Each decision has its number once, in its name and in its title."""
    numbers = []
    for path in sorted((DOCS / "decisions").glob("*.md")):
        found = re.match(r"(\d{4})-[a-z0-9-]+\.md", path.name)
        assert found, path.name
        assert path.read_text(encoding="utf-8").startswith(f"# {int(found[1])}. "), path.name
        numbers.append(found[1])
    assert numbers == sorted(set(numbers))


def test_the_ledger_s_tables_are_on_its_page(session: Session) -> None:
    """Every role of account and every kind of transaction is explained."""
    for table in ("role", "kind"):
        for name in session.execute(text(f"SELECT name FROM ledger.{table}")).scalars():
            assert f"| `{name}` |" in read("ledger.md"), name


def test_the_ledger_s_examples_run(session: Session) -> None:
    """What the page shows is what happens."""
    examples = "\n".join(re.findall(r"```pycon\n(.*?)```", read("ledger.md"), re.DOTALL))
    names = {"session": session, "district": next(districts), "now": datetime.now(UTC)}
    test = doctest.DocTestParser().get_doctest(examples, names, "docs/ledger.md", "docs/ledger.md", 0)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(test, out=said.append)
    assert not said, "".join(said)
    assert test.examples

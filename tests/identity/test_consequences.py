"""Undo where it can be, what would happen where it cannot: every command of desk and shop says which, and its page keeps the word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from association.consequences import CONSEQUENCES, Way
from identity.permissions import DESK_ROLES, PERMISSIONS, SHOP_ROLES

ROOT = Path(__file__).parents[2]
OWN = {"identity.manage_self", "identity.check_pin"}
"""About oneself: everybody holds these."""


def test_every_command_of_desk_and_shop_says_which() -> None:
    """Whoever adds a command adds a row: an undo, or a sentence beside the button."""
    wanted = {name for name, each in PERMISSIONS.items() if each.roles & (DESK_ROLES | SHOP_ROLES)} - OWN
    assert sorted(wanted - CONSEQUENCES.keys()) == [], "neither an undo nor a word of what happens"
    assert sorted(CONSEQUENCES.keys() - wanted) == [], "no such command"


@pytest.mark.parametrize("command", [name for name, each in CONSEQUENCES.items() if each.way is not Way.LOOKS])
def test_its_page_keeps_the_word(command: str) -> None:
    """The sentence stands in the template that is named, marked for translation; what undoes is a command that its undoer may open."""
    found = CONSEQUENCES[command]
    source = (ROOT / found.template.split("/")[0] / "templates" / found.template).read_text(encoding="utf-8")
    marked = re.findall(r'_\(\s*"((?:[^"\\]|\\.)*)"', source)
    assert any(found.words in each for each in marked), f"{found.template} does not say: {found.words}"
    assert (found.way is Way.UNDONE) == bool(found.by) == bool(found.until)
    if found.by:
        assert found.by in PERMISSIONS
        assert found.by == command or PERMISSIONS[found.by].roles & PERMISSIONS[command].roles, "nobody who does it may undo it"


def test_a_word_that_only_proposes_is_said_by_doors_that_propose() -> None:
    """Nobody calls a command a proposal whose name does not say so, but for the few that are known to lead to one."""
    known = {"association.release_suspense", "association.release_tickets", "association.settle", "association.end_series"}
    others = {name for name, each in CONSEQUENCES.items() if each.way is Way.PROPOSES and ".propose_" not in name}
    assert others == known
    assert all(CONSEQUENCES[name].way is Way.PROPOSES for name in PERMISSIONS if ".propose_" in name)

"""Numbers and codes as people type them."""

from __future__ import annotations

import pytest

from base.ids import HYPHENS, squeezed


@pytest.mark.parametrize("typed", ["123456", "１２３４５６", " 123 456 ", "123　456", "１２３\t４５６\n"])
def test_width_and_blanks_make_no_difference(typed: str) -> None:
    """A Japanese keyboard types １２３　４５６, a copied number has blanks around it."""
    assert squeezed(typed) == "123456"


@pytest.mark.parametrize("hyphen", list(HYPHENS.removeprefix("\\")))
def test_every_hyphen_is_one(hyphen: str) -> None:
    """What a keyboard, a telephone or a mail program puts between groups is left out, the long-vowel sign as well."""
    assert squeezed(f"ABCD{hyphen}１２３４") == "ABCD1234"


@pytest.mark.parametrize("typed", ["12.34", "12,34", "12円", "abc"])
def test_nothing_else_is_swallowed(typed: str) -> None:
    """A fraction or a word never becomes another number."""
    assert squeezed(typed) == typed

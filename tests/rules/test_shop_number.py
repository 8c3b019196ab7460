"""The shop's number, typed by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis.strategies import integers, text

from base.ids import with_check_digit
from merchant.rules import shop_number
from merchant.rules.shop_number import NotANumber, ShopNumberError, WrongCheckDigit


@pytest.mark.parametrize("typed", ["123455", "１２３４５５", " 123 455 ", "123-455", "１２３ー４５５", "123−455", "123　455"])
def test_a_number_is_taken_as_people_type_it(typed: str) -> None:
    """Full width, spaces, and whatever a Japanese keyboard makes of the hyphen."""
    assert shop_number.read(typed) == "123455"


@given(integers(0, 99_999), integers(0, 5), integers(1, 9))
def test_one_wrong_digit_never_pays_another_shop(number: int, place: int, step: int) -> None:
    """The check digit finds any single slip of the finger."""
    right = with_check_digit(number, 5)
    assert shop_number.read(right) == right
    wrong = right[:place] + str((int(right[place]) + step) % 10) + right[place + 1 :]
    with pytest.raises(WrongCheckDigit):
        shop_number.read(wrong)


@pytest.mark.parametrize("typed", ["", "12345", "1234555", "12345a", "一二三四五六", "12.345"])
def test_anything_else_is_no_number(typed: str) -> None:
    """Six digits, nothing more."""
    with pytest.raises(NotANumber):
        shop_number.read(typed)


@given(text(alphabet="abc-１ ", max_size=5))
def test_any_text_gets_a_reason(typed: str) -> None:
    """Never a fault."""
    with pytest.raises(ShopNumberError) as refused:
        shop_number.read(typed)
    assert refused.value.reason == "bad_format"

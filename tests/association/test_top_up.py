"""At the counter: cash comes in, coin goes out, and the drawer is counted by somebody else."""

from __future__ import annotations

import pytest

from association.errors import CashTooLittle, DrawerEmpty, DrawerOver, DrawerUnknown, OwnWallet, SameHands
from base.errors import Forbidden, NotSignedIn
from identity.queries import nobody
from ledger.errors import CeilingPassed, DrawerFull, KeyReused, SeriesUnknown
from tests.town import ANY_KEY, Clerk, Consumer, Town


def test_cash_becomes_coin(district: Town) -> None:
    """花子 hands over 5,000円 for a top-up of 3,000円: she has 3,000 coins and gets 2,000円 back."""
    hanako, clerk = district.consumer(), district.clerk()
    receipt = clerk.tops_up(hanako, 3_000, received=5_000)
    assert (hanako.coins(), clerk.cash(), receipt.change) == (3_000, 3_000, 2_000)
    assert len(receipt.word) == 2 and district.difference() == 0

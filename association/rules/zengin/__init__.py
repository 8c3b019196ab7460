"""全銀 総合振込: names as banks take them, the file of 120 bytes a record, one transfer for each account. Rules of rules/settlement.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from association.rules.zengin import files, names, payouts
from association.rules.zengin.accounts import ABBREVIATIONS, KINDS, Account, from_post_office, masked
from association.rules.zengin.files import AMOUNT_MAX, NAME_MAX, Party, Profile, Read, Sender, Transfer, ZenginWrong, faults, parse, written
from association.rules.zengin.names import NameWrong, normalised
from association.rules.zengin.payouts import FEE_BEARERS, Band, Owed, Payout, Policy, bank_fee, consolidate

__all__ = [
    "ABBREVIATIONS",
    "AMOUNT_MAX",
    "FEE_BEARERS",
    "KINDS",
    "NAME_MAX",
    "RULES",
    "Account",
    "Band",
    "NameWrong",
    "Owed",
    "Party",
    "Payout",
    "Policy",
    "Profile",
    "Read",
    "Sender",
    "Transfer",
    "ZenginWrong",
    "bank_fee",
    "consolidate",
    "faults",
    "from_post_office",
    "masked",
    "normalised",
    "parse",
    "written",
]

RULES: dict[str, Callable[[dict[str, Any]], object]] = {**files.RULES, **names.RULES, **payouts.RULES}

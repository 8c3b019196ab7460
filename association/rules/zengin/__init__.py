"""全銀 総合振込: names as banks take them, the file of 120 bytes a record, one transfer for each account. Rules of rules/settlement.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from association.rules.zengin import files, names, payouts
from association.rules.zengin.accounts import ABBREVIATIONS, KINDS, Account, from_post_office, masked
from association.rules.zengin.files import AMOUNT_MAX, NAME_MAX, Profile, Sender, Transfer, ZenginWrong, faults, parse, written
from association.rules.zengin.names import NameWrong, normalised
from association.rules.zengin.payouts import FEE_BEARERS, Band, Owed, Policy, bank_fee, consolidate

RULES: dict[str, Callable[[dict[str, Any]], object]] = {**files.RULES, **names.RULES, **payouts.RULES}

"""預金の式: what lies at the bank is people's money, the shops' money and our own, each term from the trial balance. Whole yen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from association.rules.accounts import DEBIT_KINDS, Account, TrialLine

BANK = ("bank",)
OUTSTANDING = ("consumer", "top_up_code", "voucher_paper")
PAYABLES = ("payable", "in_transit")
CASH = ("drawer", "safe")


@dataclass(frozen=True, slots=True)
class Part:
    """What an account adds to (+) or takes from (−) our own money at the bank."""

    account: Account
    amount: int


@dataclass(frozen=True, slots=True)
class BankEquation:
    """bank = outstanding + payables + own, at the end of a day. `parts`: of which our own money consists; what we own or are owed
    elsewhere (cash, dues) is taken off, for it is not at the bank."""

    bank: int
    outstanding: int
    payables: int
    parts: tuple[Part, ...]

    @property
    def own(self) -> int:
        """Below zero: money of people or shops lies in the safe, with agents or with funders, and not at the bank."""
        return sum(part.amount for part in self.parts)

    @property
    def difference(self) -> int:
        """0 as long as the book is whole: each term is counted for itself."""
        return self.bank - self.outstanding - self.payables - self.own

    def sum_of(self, *kinds: str, only: tuple[str, ...] = (), but: tuple[str, ...] = ()) -> int:
        """The parts of these kinds of account; `only`, `but`: roles."""
        return sum(
            part.amount
            for part in self.parts
            if part.account.kind in kinds and part.account.role not in but and (not only or part.account.role in only)
        )


def bank_equation(lines: Iterable[TrialLine]) -> BankEquation:
    """From the closing balances of a trial balance."""
    found = list(lines)

    def stands(roles: tuple[str, ...]) -> int:
        return sum(line.closing for line in found if line.account.role in roles)

    rest = [line for line in found if line.account.role not in BANK + OUTSTANDING + PAYABLES]
    parts = tuple(Part(line.account, -line.closing if line.account.kind in DEBIT_KINDS else line.closing) for line in rest if line.closing)
    return BankEquation(stands(BANK), stands(OUTSTANDING), stands(PAYABLES), parts)

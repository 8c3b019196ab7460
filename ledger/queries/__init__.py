"""The door that reads the book: no write, no lock; may run on a replica."""

from ledger.queries.balances import (
    NO_PIECES,
    Balance,
    Pieces,
    account_id,
    account_ids,
    account_state,
    available,
    balance,
    balances,
    entries_of_kind,
    entry_counts,
    natural_balances,
    pieces,
    sums_of_kind,
)
from ledger.queries.books import (
    KindTotal,
    TrialRow,
    daily_totals,
    kind_totals,
    trial_balance,
)
from ledger.queries.journal import (
    Transaction,
    TransactionLine,
    find_key,
    journal,
    transaction,
)
from ledger.queries.proposals import Proposal, ProposalItem, one_proposal, proposals
from ledger.queries.series import Law, Series, law, one_series, running_series, series
from ledger.queries.statements import Arrivals, Entry, arrivals, entries
from ledger.rules import matching_word, payment_number

__all__ = [
    "NO_PIECES",
    "Arrivals",
    "Balance",
    "Entry",
    "KindTotal",
    "Law",
    "Pieces",
    "Proposal",
    "ProposalItem",
    "Series",
    "Transaction",
    "TransactionLine",
    "TrialRow",
    "account_id",
    "account_ids",
    "account_state",
    "arrivals",
    "available",
    "balance",
    "balances",
    "daily_totals",
    "entries",
    "entries_of_kind",
    "entry_counts",
    "find_key",
    "journal",
    "kind_totals",
    "law",
    "matching_word",
    "natural_balances",
    "one_proposal",
    "one_series",
    "payment_number",
    "pieces",
    "proposals",
    "running_series",
    "series",
    "sums_of_kind",
    "transaction",
    "trial_balance",
]

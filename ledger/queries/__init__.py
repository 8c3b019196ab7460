"""The door that reads the book: no write, no lock; may run on a replica."""

from ledger.queries.balances import (
    Balance,
    account_id,
    account_ids,
    available,
    balance,
    balances,
    entry_counts,
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
    "Arrivals",
    "Balance",
    "Entry",
    "KindTotal",
    "Law",
    "Proposal",
    "ProposalItem",
    "Series",
    "Transaction",
    "TransactionLine",
    "TrialRow",
    "account_id",
    "account_ids",
    "arrivals",
    "available",
    "balance",
    "balances",
    "daily_totals",
    "entries",
    "entry_counts",
    "find_key",
    "journal",
    "kind_totals",
    "law",
    "matching_word",
    "one_proposal",
    "one_series",
    "payment_number",
    "proposals",
    "running_series",
    "series",
    "transaction",
    "trial_balance",
]

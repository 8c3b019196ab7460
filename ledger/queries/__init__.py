"""The door that reads the book: no write, no lock; may run on a replica."""

from ledger.queries.audit import TwoHands, two_hands, unsealed
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
    ceiling,
    entries_of_kind,
    entry_counts,
    entry_sums,
    held_by,
    latest_of_kind,
    moved,
    natural_balances,
    passed_on,
    pieces,
    stock,
    sums_of_kind,
)
from ledger.queries.books import (
    TrialRow,
    counted,
    trial_balance,
)
from ledger.queries.closings import Closing, Figure, closings, figures_of, first_posting
from ledger.queries.compared import VERDICTS, Compared, compare, read_seen
from ledger.queries.copied import ACCOUNTS, PARTS, SENT, TRANSACTIONS, copy_accounts, copy_log, owners_of
from ledger.queries.epochs import LogEpoch, LogState, PreparedEpoch, log_epochs, log_states, prepared_epochs
from ledger.queries.finding import KindTotal, Wanted, day_counts, day_totals
from ledger.queries.flows import NO_UNITS, Flow, Units, debits_of_kind, postings, series_flows, sums_of_rare_kind, units
from ledger.queries.followed import Due, Followed, Keyed, borne, follow, followed, keyed, log_end, pending_by_day, pending_due
from ledger.queries.health import (
    HOLDERS,
    Counted,
    Resting,
    circulation,
    first_moved,
    oldest_waiting,
    owed_before,
    recounted,
    resting,
    sealing,
    unfolded,
    unit_sums,
)
from ledger.queries.held import Flows, Holding, cash_refunds, held_before, held_flows, holdings_before, last_before
from ledger.queries.journal import (
    Transaction,
    TransactionLine,
    by_word,
    find_key,
    journal,
    transaction,
)
from ledger.queries.mandates import Budget, budget, cash_budget
from ledger.queries.owed import (
    ASIDE,
    GIVING_BACK,
    SETTLING,
    TAKING,
    Expired,
    Standing,
    balances_of_role,
    ended_accounts,
    ended_series,
    is_held,
    moved_by_owner,
    standings,
    sums_by_kind,
)
from ledger.queries.owners import holders, idle_since, still_since
from ledger.queries.passed import PassedOn, Received, most_received, passed_between
from ledger.queries.patterns import topped_up, traffic
from ledger.queries.periods import Movement, RoleEntry, RoleLine, RoleSum, movements, role_entries, role_lines, role_sums, stands
from ledger.queries.proposals import (
    FALLEN,
    Decision,
    Proposal,
    ProposalItem,
    count_waiting,
    decisions,
    fallen,
    find_proposal,
    item_keys,
    one_proposal,
    outcomes,
    outlines,
    proposals,
)
from ledger.queries.sealed import (
    Sight,
    SignedCheckpoint,
    check_file,
    checkpoint,
    checkpoint_after,
    consistency,
    first_keys,
    has_accounts,
    inclusion,
    log_keys,
    log_root,
    receipt,
    sealables,
    sight,
    standings_in_book,
)
from ledger.queries.series import LOCAL, POINTS, VOUCHER, Law, Series, law, one_series, running_coins, running_series, series
from ledger.queries.statements import Arrivals, Entry, arrivals, entries
from ledger.queries.stops import SWITCHES, Stop, is_stopped, stops
from ledger.queries.visits import CouponMove, all_visits, coupon_moves, last_visits, payments_made, shops_own_parts
from ledger.queries.witnessed import Appraised, appraise, explained, newest_checkpoint
from ledger.rules import Lost, cash_of, lost_of, matching_word, payment_number, reached_customer
from ledger.rules.cosignatures import Cosigner
from ledger.rules.encoding import Sealable
from ledger.rules.encoding import decode as decode_transaction
from ledger.rules.receipt import Proved, ReceiptWrong, amount_of
from ledger.rules.receipt import Receipt as SealedReceipt
from ledger.rules.receipt import from_file as proof_in_file
from ledger.rules.receipt import plain as plain_receipt
from ledger.rules.receipt import read as read_receipt
from ledger.rules.receipt import write as write_receipt
from ledger.rules.tree import leaf_hash

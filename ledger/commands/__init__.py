"""The door that writes the book. Python says what to post, `ledger.post` decides whether it may be.

Nothing here commits: whoever opened the database transaction (`base.db.atomic`) ends it, so a payment and what
belongs to it live or die together. A refusal ends that transaction.
"""

from ledger.commands.accounts import (
    allow_transfers,
    create_series,
    end_series,
    fold,
    open_account,
    open_accounts,
    set_account_state,
    set_owner_state,
    start_again,
    stop,
    stop_transfers,
    take_piece,
)
from ledger.commands.approvals import (
    ItemAnswer,
    begin_epoch,
    close_month,
    decide,
    expire_proposals,
    post_approved,
    post_items,
    prepare_epoch,
    propose,
    propose_alike,
    reopen_month,
    resume_log,
    withdraw,
)
from ledger.commands.drafts import Alike, Draft, Line, Mandate, NewSeries, hash_command, refusals, transfer
from ledger.commands.posting import close_key, place_hold, post, post_many, release_hold
from ledger.rules import Fact, Posted

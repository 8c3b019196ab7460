"""換金: what a run would pay, what became of a run, and when the next one is due."""

from association.queries.settlement.cycles import (
    Cycle,
    cycle_names,
    cycles,
    next_payday,
    places,
    shop_places,
    shops_of,
)
from association.queries.settlement.drafts import (
    Due,
    RunDraft,
    ShopLine,
    closings_due,
    draft_of,
    due_closings,
    run_draft,
)
from association.queries.settlement.marks import run_marks
from association.queries.settlement.proof import (
    Proof,
    proof,
)
from association.queries.settlement.returned import (
    ReturnLines,
    matched_returns,
    paid_together,
    returns_at_bank,
)
from association.queries.settlement.runs import (
    CarriedLine,
    Run,
    RunHead,
    RunLine,
    run,
    run_of,
    run_of_proposal,
    run_to_open,
    runs,
    runs_between,
    unpaid_runs,
)
from association.queries.settlement.terms import (
    Terms,
    needed_terms,
    terms,
    terms_history,
)
from association.queries.settlement.transfers import (
    Correction,
    FileRow,
    ProposedTransfers,
    Transfers,
    corrections,
    holidays,
    proposed_transfer_terms,
    send_by,
    soonest_transfer,
    transfer_file,
    transfer_terms,
    waiting_transfer_terms,
)

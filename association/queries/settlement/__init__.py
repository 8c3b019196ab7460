"""換金: what a run would pay, what became of a run, and when the next one is due."""

from association.queries.settlement.drafts import (
    Draft,
    ShopLine,
    closings_due,
    draft_of,
    due_closings,
    run_draft,
)
from association.queries.settlement.proof import (
    Proof,
    proof,
)
from association.queries.settlement.runs import (
    CarriedLine,
    Run,
    RunHead,
    RunLine,
    last_run,
    run,
    run_of,
    run_of_proposal,
    runs,
    unpaid_runs,
)
from association.queries.settlement.terms import (
    Terms,
    needed_terms,
    next_payday,
    terms,
    terms_history,
)
from association.queries.settlement.transfers import (
    Correction,
    FileRow,
    Transfers,
    corrections,
    holidays,
    send_by,
    transfer_file,
    transfer_terms,
)

__all__ = [
    "CarriedLine",
    "Correction",
    "Draft",
    "FileRow",
    "Proof",
    "Run",
    "RunHead",
    "RunLine",
    "ShopLine",
    "Terms",
    "Transfers",
    "closings_due",
    "corrections",
    "draft_of",
    "due_closings",
    "holidays",
    "last_run",
    "needed_terms",
    "next_payday",
    "proof",
    "run",
    "run_draft",
    "run_of",
    "run_of_proposal",
    "runs",
    "send_by",
    "terms",
    "terms_history",
    "transfer_file",
    "transfer_terms",
    "unpaid_runs",
]

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

__all__ = [
    "CarriedLine",
    "Draft",
    "Proof",
    "Run",
    "RunHead",
    "RunLine",
    "ShopLine",
    "Terms",
    "closings_due",
    "draft_of",
    "due_closings",
    "last_run",
    "needed_terms",
    "next_payday",
    "proof",
    "run",
    "run_draft",
    "run_of",
    "run_of_proposal",
    "runs",
    "terms",
    "terms_history",
    "unpaid_runs",
]

"""商品券の募集: who may apply, who did, and what the draw gave; for one person's wallet, for the desk, and for everybody."""

from association.queries.calls.applications import (
    APPLICATIONS_PAGE,
    Applied,
    CallFigures,
    MyCall,
    applicants_of,
    application_numbered,
    application_of_person,
    applications_numbered,
    applied_to,
    bought_units,
    call_figures,
    calls_for,
    compared,
    my_call,
    next_number,
    paper_applications,
    particulars_of,
)
from association.queries.calls.draws import Drawn, campaign_name, draw_of, places_of, published_draw
from association.queries.calls.letters import due_numbers, letters_due
from association.queries.calls.proofs import (
    CODE_LENGTH,
    Looked,
    PurchaseSlip,
    look_at_application,
    purchase_code,
    purchase_code_hash,
    purchase_codes,
    purchase_codes_taken,
    resident_doubles,
    residents_of,
)
from association.queries.calls.terms import Call, call_of, listed_call, one_call

"""商品券の募集: applications, who may apply, and the draw."""

from association.commands.calls.applying import (
    Apply,
    apply_for_voucher,
    decide_application,
    link_application,
    withdraw_application,
)
from association.commands.calls.drawing import close_applications, run_draws
from association.commands.calls.letters import letters_sent
from association.commands.calls.papers import TypedPaper, rehearse_papers, type_application, type_papers
from association.commands.calls.proofs import drop_resident, make_purchase_codes, stop_purchase_code, take_residents

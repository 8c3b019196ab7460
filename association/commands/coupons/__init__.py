"""クーポン: proposed by one person, alive once another has approved it, claimed piece by piece, and paid for by its funders."""

from association.commands.coupons.after import FunderPays, end_coupon, funder_pays
from association.commands.coupons.claims import Ticket, hand_out, must_be_left
from association.commands.coupons.proposing import drop_draft, funder_of, propose_coupon, save_draft
from association.commands.coupons.terms import NewCoupon, Share

"""Door 2 of the association: everything that reads."""

from association.queries.approvals import ListedProposal, listed_proposal, listed_proposals, waiting_proposals
from association.queries.books import (
    JournalLine,
    JournalPage,
    JournalRow,
    Search,
    Trial,
    journal_page,
    journal_rows,
    trial,
)
from association.queries.coupons import (
    CouponPart,
    CouponTerms,
    KeptDraft,
    ListedCoupon,
    OfferedCoupon,
    PartCost,
    coupon_draft,
    coupon_drafts,
    coupon_terms,
    funders,
    listed_coupon,
    listed_coupons,
    offered_coupons,
)
from association.queries.day import DayFigures, Health, Recount, day_figures, health, recount
from association.queries.drawers import DrawerStanding, drawers, own_cash
from association.queries.notice import PublishedNotice, current_notice, current_version
from association.queries.series import ListedSeries, listed_series
from association.queries.shops import Admission, ListedShop, listed_shops, waiting_shops

__all__ = [
    "Admission",
    "CouponPart",
    "CouponTerms",
    "DayFigures",
    "DrawerStanding",
    "Health",
    "JournalLine",
    "JournalPage",
    "JournalRow",
    "KeptDraft",
    "ListedCoupon",
    "ListedProposal",
    "ListedSeries",
    "ListedShop",
    "OfferedCoupon",
    "PartCost",
    "PublishedNotice",
    "Recount",
    "Search",
    "Trial",
    "coupon_draft",
    "coupon_drafts",
    "coupon_terms",
    "current_notice",
    "current_version",
    "day_figures",
    "drawers",
    "funders",
    "health",
    "journal_page",
    "journal_rows",
    "listed_coupon",
    "listed_coupons",
    "listed_proposal",
    "listed_proposals",
    "listed_series",
    "listed_shops",
    "offered_coupons",
    "own_cash",
    "recount",
    "trial",
    "waiting_proposals",
    "waiting_shops",
]

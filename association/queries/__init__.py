"""Door 2 of the association: everything that reads."""

from association.queries.accounts import (
    LedgerRow,
    account_of,
    balance_sheet_report,
    chart,
    chart_history,
    first_month,
    income_report,
    ledger_report,
    months,
    movements,
    trial_report,
)
from association.queries.agents import AgentStanding, ListedAgent, agent, agent_payments, agents, is_agent, selling_agents
from association.queries.announcements import (
    Audience,
    Told,
    Words,
    announcement,
    announcements,
    inbox,
    newest_announcement,
    told_since,
)
from association.queries.applications import Application, application, application_standing, applications, waiting_applications
from association.queries.approvals import Limits, ListedProposal, approval_limits, listed_proposal, listed_proposals, waiting_proposals
from association.queries.assurance import Assurance, assurance
from association.queries.audit import Audit, BookRecount, audit, recount_book
from association.queries.bank import Matched, ReadFile, bank_accounts, matches, read_files, waiting_file
from association.queries.bank_details import accounts_of_shop, shop_accounts
from association.queries.base_dates import BaseFigures, SeriesFigures, base_date_page, base_dates, holders_on
from association.queries.benefits import PAGE as BENEFIT_PAGE
from association.queries.benefits import (
    ListedBenefit,
    ListedLine,
    all_benefit_lines,
    benefit,
    benefit_lines,
    benefit_names,
    benefits,
    refused_lines,
    stuck_benefits,
)
from association.queries.bills import Bill, bills
from association.queries.books import JournalLine, JournalRow, Search, journal_page, journal_pieces, journal_rows, trial
from association.queries.calls import (
    APPLICATIONS_PAGE,
    Applied,
    Call,
    Drawn,
    MyCall,
    applications_numbered,
    applied_to,
    call_figures,
    call_of,
    calls_for,
    campaign_name,
    draw_of,
    due_numbers,
    letters_due,
    listed_call,
    look_at_application,
    my_call,
    one_call,
    paper_applications,
    particulars_of,
    published_draw,
    purchase_codes,
    purchase_codes_taken,
    resident_doubles,
)
from association.queries.calls.buying_numbers import buyer_of, number_to_tell
from association.queries.cash_refunds import refund_room
from association.queries.codes import (
    Batch,
    batch,
    batch_codes,
    batches,
    code_at,
    code_that_reads,
    codes_to_print,
    sheets_of,
    sheets_taken,
)
from association.queries.controls import CONTROLS, Round, Standing, Turn, round_of, rounds, turns
from association.queries.coupons import CouponTerms, coupon_by_code, coupon_terms, extras, offered_coupons, own_payment, with_trade
from association.queries.day import day_figures
from association.queries.discontinuance import Ending, PublicEnding, RefundClaim, endings, public_endings
from association.queries.disputes import (
    DisputePage,
    DisputeRow,
    dispute_numbered,
    dispute_of_payment,
    dispute_page,
    disputes,
    disputes_of_shop,
    first_due,
    open_disputes,
)
from association.queries.drawers import (
    Counted,
    cash_counts,
    clerks_without_drawer,
    count,
    counts_of,
    drawers,
    last_safe_count,
    own_cash,
    safe_cash,
    safe_movements,
)
from association.queries.farewells import Farewell, farewells, farewells_due
from association.queries.listed_coupons import ListedCoupon, coupon_draft, coupon_drafts, funders, listed_coupon, listed_coupons
from association.queries.notice import current_notice, current_version
from association.queries.passing_on import passing_page
from association.queries.people import SeenPerson, called, look_at, may_look
from association.queries.point_campaigns import (
    CampaignTerms,
    ListedCampaign,
    begun_campaigns,
    best_bonus,
    given_of,
    listed_campaign,
    listed_campaigns,
    most_over,
    one_campaign,
)
from association.queries.point_events import EventTerms, ListedEvent, event_of_code, listed_event, listed_events, one_event
from association.queries.point_lots import lots
from association.queries.points import (
    PointPart,
    PointTerms,
    ProgrammePage,
    begun_programmes,
    listed_programmes,
    one_programme,
    programme_at,
    programme_page,
)
from association.queries.reconciliation import OpenEntry, OpenLine, Proposed, Reconciliation, cash, reconciliation
from association.queries.registers import RegisterLine, entries_of, entry_of, per_month, register_named
from association.queries.rehearsal import LiveRow, Rehearsal, coupon_live, likely_people, rehearsal
from association.queries.returned import log_is_held, presented_receipts, returned
from association.queries.risk import Finding, finding, findings, set_limits, stopped_by, waiting_findings
from association.queries.roles import appointee_email, roles_asked
from association.queries.securities import Security, secured_on, security_file
from association.queries.segments import KeptSegment, coupon_is_for, kept_segments, people_in
from association.queries.series import ListedSeries, is_regulated, listed_series, public_series, series_page
from association.queries.settlement import (
    CarriedLine,
    Due,
    Proof,
    ReturnLines,
    Run,
    RunDraft,
    RunHead,
    RunLine,
    ShopLine,
    Terms,
    corrections,
    cycle_names,
    cycles,
    due_closings,
    holidays,
    matched_returns,
    next_payday,
    places,
    proof,
    proposed_transfer_terms,
    returns_at_bank,
    run,
    run_draft,
    run_marks,
    run_of_proposal,
    run_to_open,
    runs,
    runs_between,
    send_by,
    shop_places,
    soonest_transfer,
    terms,
    terms_history,
    transfer_file,
    transfer_terms,
    waiting_transfer_terms,
)
from association.queries.shops import ListedShop, listed_shops, stops_of_shop
from association.queries.standings import Campaign, Standings, named_campaigns, standings
from association.queries.stopped_booklets import stopped_booklets, unused_tickets
from association.queries.stops import ListedStop, listed_stops, living_stops
from association.queries.suspense import one_suspended, suspended
from association.queries.telephones import Called, shops_called
from association.queries.ticket_lots import ListedLot, printed_booklet, ticket_lot, ticket_lots, unsold_of
from association.queries.ticket_prints import ticket_prints
from association.queries.tickets import SeenTicket, is_on_paper, see_booklet, see_ticket, see_ticket_for, text_of, ticket_payment
from association.queries.treasury import Evening, Month, Transfer, Week, evening, month, newest_of_each, outstanding_on, week
from association.queries.voucher_accounts import FunderClaim, VoucherAccount, VoucherFigures, voucher_account
from association.queries.vouchers import (
    ListedVoucher,
    VoucherTerms,
    listed_voucher,
    listed_vouchers,
    one_voucher,
    selling_vouchers,
    voucher_draft,
    voucher_drafts,
    voucher_terms,
)
from association.queries.witnesses import log_standing, told_alarm, told_alarms, witnesses
from association.queries.work import Work, work
from association.rules import Conditions, Visit
from association.rules.tickets import TicketName

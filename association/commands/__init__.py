"""Door 1 of the association: everything that writes."""

from association.commands.accounts import close_month, propose_reopening, set_accounts, set_fiscal_year
from association.commands.agents import (
    DAILY_MAX,
    AgentPaysIn,
    NewAgent,
    SellCoin,
    UndoSale,
    earlier_sale,
    end_agent,
    propose_agent,
    sell_coin,
    take_agent_cash,
    undo_sale,
)
from association.commands.announcements import announce, audience_of, farewells_sent, withdraw_announcement
from association.commands.applications import apply_shop, decline_application, take_application
from association.commands.approvals import Proof, approve, decline, passkey_options, set_approval_limits, withdraw
from association.commands.bank import Group, NewBankFile, Taken, match_bank, note_balance, set_aside, undo_match
from association.commands.bank_booking import propose_bank_lines
from association.commands.bank_details import propose_account, stop_account, withdraw_account
from association.commands.bank_files import read_bank_file, sweep_bank_files, take_bank_file
from association.commands.base_dates import (
    NewEvidence,
    NewSecurity,
    end_security,
    freeze_report,
    register_security,
    set_special_dates,
)
from association.commands.benefit_pieces import give_benefits
from association.commands.benefit_running import end_benefit, go_on_with_benefit, set_benefit_aside, stop_benefit
from association.commands.benefits import (
    BenefitPaid,
    NamedLine,
    NewBenefit,
    ReturnBenefit,
    benefit_paid,
    check_benefit,
    drop_benefit,
    propose_benefit,
    propose_benefit_return,
)
from association.commands.bills import PayBill, pay_bill
from association.commands.calls import (
    Apply,
    TypedPaper,
    apply_for_voucher,
    close_applications,
    decide_application,
    drop_resident,
    letters_sent,
    link_application,
    make_purchase_codes,
    rehearse_papers,
    run_draws,
    stop_purchase_code,
    take_residents,
    type_application,
    type_papers,
    withdraw_application,
)
from association.commands.calls.new import NewCall
from association.commands.cash_budget import propose_cash_budget
from association.commands.cash_refunds import CashRefund, propose_refund
from association.commands.codes import CancelCodes, NewBatch, propose_code_cancel, propose_codes, redeem_code
from association.commands.codes_end import expire_codes
from association.commands.controls import Doing, ask_lines, look_round, note_chores
from association.commands.coupons import (
    FunderPays,
    NewCoupon,
    Share,
    Ticket,
    drop_draft,
    end_coupon,
    funder_pays,
    hand_out,
    must_be_left,
    propose_coupon,
    save_draft,
)
from association.commands.cycles import NewCycle, end_cycle, place_shop, set_cycle
from association.commands.discontinuance import EndSeries, propose_close, propose_end
from association.commands.disputes import (
    OpenDispute,
    Outcome,
    add_dispute_note,
    open_dispute,
    propose_dispute_hold,
    propose_dispute_outcome,
)
from association.commands.drawer import CloseDrawer, DrawerClosed, close_drawer
from association.commands.expiry import expire
from association.commands.forgetting import forget_unused, warn_unused
from association.commands.large import LargeTopUp, propose_large_top_up
from association.commands.notice import Notice, publish_notice
from association.commands.passing_on import AllowTransfers, propose_transfers, stop_transfers
from association.commands.people import (
    close_person,
    coin_left,
    end_account,
    freeze_person,
    release_balances,
    stop_balances,
    unfreeze_person,
)
from association.commands.points import (
    CampaignFunderPays,
    EventFunderPays,
    NewCampaign,
    NewEvent,
    NewPoints,
    PointFunderPays,
    book_skipped,
    campaign_funder_pays,
    end_campaign,
    end_event,
    end_points,
    event_funder_pays,
    has_taken_part,
    leave_skipped,
    point_funder_pays,
    propose_campaign,
    propose_event,
    propose_point_budget,
    propose_points,
    take_part,
    work_points,
)
from association.commands.posters import limit_poster, note_wrong_poster
from association.commands.registers import add_note, open_entries, open_entry
from association.commands.returned import PresentReceipt, present_receipt, propose_again, propose_epoch
from association.commands.risk import answer_finding, freeze_found, look_for_risks, note_unusual, set_risk_limit
from association.commands.roles import NewRole, propose_role
from association.commands.safe import BankDeposit, CountSafe, HandOutFloat, count_safe, deposit, hand_out_float
from association.commands.segments import keep_segments
from association.commands.series import NewSeries, create_series
from association.commands.settlement import NewTerms, set_settlement_terms, submit_payout, submit_run
from association.commands.shops import (
    ShopEdit,
    approve_shop,
    classify_shop,
    decline_shop,
    edit_shop,
    keep_shop_list,
    make_shop_code,
    register_shop,
    resume_shop,
    suspend_shop,
)
from association.commands.stops import StopOrder, propose_start, stop
from association.commands.suspense import ReleaseSuspense, propose_release
from association.commands.sweeping import sweep_drafts
from association.commands.tickets import (
    BookletsSold,
    NewTicketLot,
    ReleaseTickets,
    SellBooklets,
    StopBooklet,
    TakeTickets,
    TicketsTaken,
    hand_over_booklet,
    let_booklet_go,
    make_ticket_lot,
    may_print_tickets,
    print_replacement,
    propose_replacement,
    propose_ticket_release,
    sell_booklets,
    stop_booklet,
    take_tickets,
    take_tickets_for,
)
from association.commands.top_up import TopUp, TopUpReceipt, earlier_top_up, top_up
from association.commands.transfer_returns import NewReturn, ReturnedTransfer, submit_return, submit_returns
from association.commands.transfers import (
    NewTransferTerms,
    correct_bank_day,
    propose_transfer_terms,
    take_transfer_file,
    write_transfer_file,
)
from association.commands.undo import UndoTopUp, undo_top_up
from association.commands.vouchers import (
    NewVoucher,
    SellVoucher,
    VoucherFunderPays,
    VoucherReturn,
    VoucherSold,
    book_premiums,
    drop_voucher_draft,
    may_buy,
    propose_voucher,
    propose_voucher_return,
    save_voucher_draft,
    sell_voucher,
    voucher_funder_pays,
)
from association.commands.witnesses import answer_alarm
from association.rules.zengin import Account, Band, Sender, normalised

"""Door 1 of the association: everything that writes."""

from association.commands.accounts import NewAccount, close_month, propose_reopening, set_account, set_fiscal_year
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
from association.commands.approvals import approve, decline
from association.commands.codes import CancelCodes, NewBatch, propose_code_cancel, propose_codes, redeem_code
from association.commands.codes_end import expire_codes
from association.commands.controls import Broken, Doing, ask_lines, look_round, note_chores
from association.commands.coupons import (
    FunderPays,
    NewCoupon,
    Share,
    drop_draft,
    end_coupon,
    funder_pays,
    hand_out,
    must_be_left,
    propose_coupon,
    save_draft,
)
from association.commands.drawer import CloseDrawer, DrawerClosed, close_drawer
from association.commands.expiry import expire
from association.commands.large import LargeTopUp, propose_large_top_up
from association.commands.notice import Notice, publish_notice
from association.commands.people import (
    close_person,
    coin_left,
    end_account,
    freeze_person,
    release_balances,
    stop_balances,
    unfreeze_person,
)
from association.commands.returned import PresentReceipt, present_receipt, propose_epoch
from association.commands.safe import BankDeposit, HandOutFloat, deposit, hand_out_float
from association.commands.series import NewSeries, create_series
from association.commands.settlement import NewTerms, set_settlement_terms, submit_payout, submit_run
from association.commands.shops import approve_shop, decline_shop, register_shop, resume_shop, suspend_shop
from association.commands.suspense import ReleaseSuspense, propose_release
from association.commands.top_up import TopUp, TopUpReceipt, earlier_top_up, top_up
from association.commands.undo import UndoTopUp, undo_top_up
from association.commands.witnesses import answer_alarm

__all__ = [
    "DAILY_MAX",
    "AgentPaysIn",
    "BankDeposit",
    "Broken",
    "CancelCodes",
    "CloseDrawer",
    "Doing",
    "DrawerClosed",
    "FunderPays",
    "HandOutFloat",
    "LargeTopUp",
    "NewAccount",
    "NewAgent",
    "NewBatch",
    "NewCoupon",
    "NewSeries",
    "NewTerms",
    "Notice",
    "PresentReceipt",
    "ReleaseSuspense",
    "SellCoin",
    "Share",
    "TopUp",
    "TopUpReceipt",
    "UndoSale",
    "UndoTopUp",
    "answer_alarm",
    "approve",
    "approve_shop",
    "ask_lines",
    "close_drawer",
    "close_month",
    "close_person",
    "coin_left",
    "create_series",
    "decline",
    "decline_shop",
    "deposit",
    "drop_draft",
    "earlier_sale",
    "earlier_top_up",
    "end_account",
    "end_agent",
    "end_coupon",
    "expire",
    "expire_codes",
    "freeze_person",
    "funder_pays",
    "hand_out",
    "hand_out_float",
    "look_round",
    "must_be_left",
    "note_chores",
    "present_receipt",
    "propose_agent",
    "propose_code_cancel",
    "propose_codes",
    "propose_coupon",
    "propose_epoch",
    "propose_large_top_up",
    "propose_release",
    "propose_reopening",
    "publish_notice",
    "redeem_code",
    "register_shop",
    "release_balances",
    "resume_shop",
    "save_draft",
    "sell_coin",
    "set_account",
    "set_fiscal_year",
    "set_settlement_terms",
    "stop_balances",
    "submit_payout",
    "submit_run",
    "suspend_shop",
    "take_agent_cash",
    "top_up",
    "undo_sale",
    "undo_top_up",
    "unfreeze_person",
]

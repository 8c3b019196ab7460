"""Door 1 of the shop: everything that writes."""

from merchant.commands.codes import first_or_next_code, make_static_code
from merchant.commands.refunds import Refund, Refunded, late_part, refund
from merchant.commands.requests import Ask, ask, cancel_ask, claim_request, must_be_payable
from merchant.commands.settle import settle_at_till
from merchant.commands.shops import NewShop, hold_open, open_payables, payable_account, register, set_state
from merchant.commands.splits import Split, decline_split, offer_split, split_request, withdraw_offer
from merchant.commands.staff import NewStaff, add_staff, confirmed_by, enrol, remove_staff, set_pin_free, set_staff_pin, switch_staff
from merchant.commands.tills import PairCodeMade, Paired, invite_till, make_pair_code, pair_till, revoke_till
from merchant.commands.webhooks import (
    Answer,
    Parcel,
    WebhookMade,
    add_webhook,
    close_parcel,
    collect_webhooks,
    due_webhooks,
    remove_webhook,
    renew_secret,
    replay,
    send_again,
    sweep_webhooks,
    take_parcel,
)

__all__ = [
    "Answer",
    "Ask",
    "NewShop",
    "NewStaff",
    "PairCodeMade",
    "Paired",
    "Parcel",
    "Refund",
    "Refunded",
    "Split",
    "WebhookMade",
    "add_staff",
    "add_webhook",
    "ask",
    "cancel_ask",
    "claim_request",
    "close_parcel",
    "collect_webhooks",
    "confirmed_by",
    "decline_split",
    "due_webhooks",
    "enrol",
    "first_or_next_code",
    "hold_open",
    "invite_till",
    "late_part",
    "make_pair_code",
    "make_static_code",
    "must_be_payable",
    "offer_split",
    "open_payables",
    "pair_till",
    "payable_account",
    "refund",
    "register",
    "remove_staff",
    "remove_webhook",
    "renew_secret",
    "replay",
    "revoke_till",
    "send_again",
    "set_pin_free",
    "set_staff_pin",
    "set_state",
    "settle_at_till",
    "split_request",
    "sweep_webhooks",
    "switch_staff",
    "take_parcel",
    "withdraw_offer",
]

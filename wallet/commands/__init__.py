"""Door 1 of the consumer: everything that writes."""

from wallet.commands.card_limits import SetCardLimits, set_card_limits
from wallet.commands.card_lots import PrintedCard, make_lot, print_lot
from wallet.commands.card_page import read_card_balance
from wallet.commands.card_reading import blank_at_counter, card_at_counter
from wallet.commands.cards import (
    Blank,
    Came,
    GiveCard,
    Visit,
    block_card,
    block_own_card,
    give_card,
    propose_card_pin,
    replace_card,
    set_card_pin,
    unblock_card,
)
from wallet.commands.codes import ShownCode, show_code, sweep_codes
from wallet.commands.confirm import passkey_is_fresh
from wallet.commands.consents import consent_to, decline, withdraw_consent
from wallet.commands.coupons import Claim, ClaimByPoster, ClaimExtra, claim_by_poster, claim_coupon, claim_extra
from wallet.commands.find_shop import find_shop
from wallet.commands.gifts import Give, give, take_back, take_gift
from wallet.commands.inbox import see_inbox
from wallet.commands.later import open_later
from wallet.commands.leave import Leave, leave
from wallet.commands.limits import SetLimits, set_limits
from wallet.commands.live_codes import take_code
from wallet.commands.lost import lift_freeze, may_lift, report_lost
from wallet.commands.offers import offer_split, withdraw_offer
from wallet.commands.pay import Pay, ToRequest, ToShop, pay
from wallet.commands.pay_by_code import PayByCode, Taken, pay_by_code
from wallet.commands.push import Wish, subscribe, unsubscribe
from wallet.commands.sending import Send, send
from wallet.commands.settle import settle_unknown
from wallet.commands.sign_up import open_wallet, sign_up
from wallet.rules import CARDS_IN_A_LOT

__all__ = [
    "CARDS_IN_A_LOT",
    "Blank",
    "Came",
    "Claim",
    "ClaimByPoster",
    "ClaimExtra",
    "Give",
    "GiveCard",
    "Leave",
    "Pay",
    "PayByCode",
    "PrintedCard",
    "Send",
    "SetCardLimits",
    "SetLimits",
    "ShownCode",
    "Taken",
    "ToRequest",
    "ToShop",
    "Visit",
    "Wish",
    "blank_at_counter",
    "block_card",
    "block_own_card",
    "card_at_counter",
    "claim_by_poster",
    "claim_coupon",
    "claim_extra",
    "consent_to",
    "decline",
    "find_shop",
    "give",
    "give_card",
    "leave",
    "lift_freeze",
    "make_lot",
    "may_lift",
    "offer_split",
    "open_later",
    "open_wallet",
    "passkey_is_fresh",
    "pay",
    "pay_by_code",
    "print_lot",
    "propose_card_pin",
    "read_card_balance",
    "replace_card",
    "report_lost",
    "see_inbox",
    "send",
    "set_card_limits",
    "set_card_pin",
    "set_limits",
    "settle_unknown",
    "show_code",
    "sign_up",
    "subscribe",
    "sweep_codes",
    "take_back",
    "take_code",
    "take_gift",
    "unblock_card",
    "unsubscribe",
    "withdraw_consent",
    "withdraw_offer",
]

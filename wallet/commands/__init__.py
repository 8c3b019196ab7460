"""Door 1 of the consumer: everything that writes."""

from wallet.commands.card_limits import SetCardLimits, set_card_limits
from wallet.commands.card_lots import PrintedCard, make_lot, print_lot
from wallet.commands.card_page import read_card_balance
from wallet.commands.card_reading import blank_at_counter, card_at_counter
from wallet.commands.cards import (
    Blank,
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
from wallet.commands.sign_up import sign_up
from wallet.rules import CARDS_IN_A_LOT

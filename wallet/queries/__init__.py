"""Door 2 of the consumer: everything that reads."""

from wallet.queries.calls import OneCall, my_calls, one_of_my_calls
from wallet.queries.cards import (
    CardStatement,
    CardView,
    HeldCard,
    LotView,
    NoPin,
    card_lot,
    card_lots,
    card_of,
    cards_ending,
    every_card,
    find_cards,
    held_card,
    holders,
    left_on_card,
    no_pin_limits,
    one_card,
    pin_asked,
    statement_of,
)
from wallet.queries.consents import (
    ConsentView,
    consent,
    consent_at_till,
    waiting_consent,
)
from wallet.queries.coupons import CouponChoice, MyCoupons, coupon_of_poster, extras_of, my_coupons
from wallet.queries.history import Movement, Search, history, latest, months, movements, passed, received, spent
from wallet.queries.home import home
from wallet.queries.inbox import my_inbox, news_count
from wallet.queries.news import news
from wallet.queries.plans import Plan, before_amount, plan_for, target_of_number, target_of_request
from wallet.queries.points import Waiting, earned_by, earned_of, points_page
from wallet.queries.purses import left_behind, must_move_now, new_device_limit, own_limits
from wallet.queries.receipts import Proof, Receipt, payment, proof, proof_of, receipt_of
from wallet.queries.sending import Passing, my_gift, my_gifts, offered_gift, own_address, passes_on, passing, receiver
from wallet.queries.shown import shown_code

"""Door 1 of the shop: everything that writes."""

from merchant.commands.articles import ArticleList, add_article, edit_article, end_article, keep_articles
from merchant.commands.codes import first_code, first_or_next_code, make_static_code
from merchant.commands.corrections import Correct, correct_receipt
from merchant.commands.days import CloseDay, close_day, close_removed, coin_cash, count_day, move_cash, open_day
from merchant.commands.held_bills import Hold, hold_bill, take_bill
from merchant.commands.invoices import set_settlement_scheme
from merchant.commands.later import open_later, tell_later
from merchant.commands.offline_receipts import OfflineSale
from merchant.commands.paper_tickets import SellForTickets, sell_for_tickets
from merchant.commands.payment_slips import Payers, receipt_of_printed_code
from merchant.commands.pictures import set_picture
from merchant.commands.printing import (
    Wanted,
    answer_print,
    close_print,
    end_print_token,
    make_print_token,
    print_paper,
    set_printer,
    sweep_prints,
    take_for_agent,
    take_print,
    test_printer,
    told_by_agent,
    waiting_printers,
)
from merchant.commands.refunds import Refund, Refunded, draft_refund, late_part, one_refund_at_a_time, refund, shares_left
from merchant.commands.register import (
    Paper,
    Sell,
    ask_again,
    ask_for_bill,
    ask_from_keypad,
    make_paper,
    sell,
    set_register,
)
from merchant.commands.requests import Ask, ask, cancel_ask, claim_request, paid_by_code, request_for_code
from merchant.commands.return_slips import slip_of_refund
from merchant.commands.returns import ReturnGoods, return_goods
from merchant.commands.settle import settle_at_till
from merchant.commands.shared_bills import ask_for_part, give_up_shared_bill, open_shared_bill, take_rest
from merchant.commands.shops import (
    NewShop,
    describe,
    facts_of,
    hold_open,
    let_through,
    open_payables,
    payable_account,
    register,
    set_size,
    set_state,
)
from merchant.commands.splits import Split, decline_split, offer_split, split_request, withdraw_offer
from merchant.commands.staff import NewStaff, add_staff, confirmed_by, enrol, remove_staff, set_pin_free, set_staff_pin, switch_staff
from merchant.commands.till_logs import LogStands, Told, give_up_log, open_log, take_entries
from merchant.commands.tills import PairCodeMade, invite_till, make_pair_code, pair_till, revoke_till
from merchant.commands.twins import answer_twin
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
from merchant.commands.witness import Alarm, Cosigned, Seen, answer_log_alarm, begin_anew, goes_on, saw_log, tell_alarm

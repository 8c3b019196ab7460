"""Door 2 of the shop: everything that reads. No write, no lock."""

from merchant.queries.articles import (
    ArticleFacts,
    ArticleRow,
    Coming,
    article,
    article_answers_to,
    articles,
    articles_mark,
    bill_of_articles,
    categories,
)
from merchant.queries.attention import ToLookAt, to_look_at
from merchant.queries.books import ReceiptSearch, found_receipts, found_sums, sales_journal, tax_by_rate
from merchant.queries.codes import CodeSheet, CodeTarget, code_sheet, read_code, read_emv, request_token, request_url, sheet_words
from merchant.queries.days import (
    DayReport,
    day_report_at,
    day_reports,
    denominations,
    drawer_now,
    removed_unclosed,
    reports_of_days,
    reports_of_removed,
)
from merchant.queries.given import given_of_receipt
from merchant.queries.invoices import Registration, Scheme, registration_on, registrations, settlement_scheme
from merchant.queries.later import LaterRow, is_later, later_goods, later_named, later_requests, read_later, unheard_later
from merchant.queries.months import A_YEAR, DayBeside, MonthOfSales, day_of_sales, month_of_sales
from merchant.queries.payouts import payout, payout_lines, payouts, settled_nets
from merchant.queries.pictures import article_picture, article_pictures
from merchant.queries.printing import PrinterChoice, PrintRow, last_print, print_jobs, printer_of
from merchant.queries.receipts import (
    ReceiptCopy,
    ReceiptRow,
    as_it_stands,
    beside,
    copies_of,
    day_of_receipts,
    held_bills,
    last_serial,
    left_of_receipt,
    payments_of,
    receipt_at,
    receipt_numbered,
    receipt_of_payment,
    receipts_beginning,
    receipts_of_day,
    returns_of,
)
from merchant.queries.register_choice import RegisterChoice, receipt_telephones, register_choice
from merchant.queries.requests import Asked, payment_limit, request, waiting_requests
from merchant.queries.sales import (
    Sale,
    SaleDetail,
    SalesFilter,
    arrivals,
    coupon_comes_back,
    last_arrivals,
    payer_is_stopped,
    refund_limit,
    sale,
    sales,
)
from merchant.queries.shared_bills import SharedRow, open_shared_bills, shared_bill
from merchant.queries.shops import (
    Registered,
    Shop,
    answers_to,
    merchant,
    names_of_shops,
    plain,
    pseudonym_of,
    register,
    shop_by_number,
    shop_topic,
    shops,
)
from merchant.queries.sold import sold_together
from merchant.queries.takings import owed, points_borne, sales_of_days, taken, takings, takings_by_staff, takings_of
from merchant.queries.till_logs import logs_of_shop, lost_of_shop, noted_of
from merchant.queries.tills import (
    StaffMember,
    Standing,
    TillRow,
    owner_alone,
    staff,
    staff_member,
    staff_names,
    standing,
    till,
    till_names,
    tills,
)
from merchant.queries.twins import Twin, twins_of_shop, twins_since
from merchant.queries.usual import unusual_above
from merchant.queries.webhooks import Delivery, Event, Hook, deliveries, every_delivery, untold_since, webhook, webhooks
from merchant.queries.witness import LogAlarmRow, WitnessRow, cosigned, count_witnesses, log_alarm, log_alarms, witnesses

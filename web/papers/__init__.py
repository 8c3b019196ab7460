"""Papers as data: what the Typst templates of this folder are filled with, words by gettext.

Each function gives the dict that `web.pdf.render` (or `render_checked`) takes with the template of the same name.
"""

from __future__ import annotations

from web.papers.application_pack import Confirmed, application_pack, confirmations
from web.papers.card_sheet import card_sheet
from web.papers.code_sheet import code_sheet
from web.papers.coupon_poster import coupon_poster
from web.papers.day_report import day_report
from web.papers.deposit_slip import deposit_slip
from web.papers.dossier import dossier
from web.papers.evidence_book import BookPiece, evidence_book
from web.papers.farewells import farewells
from web.papers.insight import Finding, Whole, insight_answer, insight_report, insight_sheet
from web.papers.month_pack import PackSection, month_pack
from web.papers.payment_advice import payment_advice
from web.papers.payment_slip import payment_slip
from web.papers.point_poster import point_poster
from web.papers.report import report
from web.papers.shop_pack import shop_pack
from web.papers.statement import StatementRow, statement
from web.papers.ticket_booklets import PrintedTicket, ticket_booklets
from web.papers.till_receipt import till_goods, till_receipt
from web.papers.top_up_codes import purchase_slips, top_up_codes
from web.papers.voucher_letters import Addressee, address_labels, voucher_letters

"""Undo where it can be, and what would happen where it cannot: for every command of the desk and of the shop, which of the two.

A test walks the table of permissions and finds the words of each row in its template, so that a new command must say which.
docs/reference/undo.md is written from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Way(Enum):
    """How a command treats whoever presses by mistake."""

    LOOKS = "only looks"
    """Nothing is changed; that somebody looked may be on record."""
    UNDONE = "can be undone"
    """Another press takes it back: by whom, and how long, stands beside it."""
    AGAIN = "set again"
    """A setting: the form that set it sets it back, and earlier values stay on record."""
    PROPOSES = "a second person decides"
    """Nothing moves before somebody else has looked at what would be booked."""
    SHOWN = "says so before"
    """It is for good, and the page says beside the button what it does."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """`template` holds `words`: the sentence that says so, or the press that undoes. `by`: the command that undoes. `until`: how long."""

    way: Way
    template: str = ""
    words: str = ""
    by: str = ""
    until: str = ""


def _desk(page: str) -> str:
    return f"association/{page}.html"


def _shown(page: str, words: str) -> Consequence:
    return Consequence(Way.SHOWN, _desk(page), words)


def _undone(page: str, words: str, by: str, until: str = "at any time") -> Consequence:
    return Consequence(Way.UNDONE, _desk(page), words, by, until)


def _again(page: str, words: str) -> Consequence:
    return Consequence(Way.AGAIN, _desk(page), words)


LOOKS = Consequence(Way.LOOKS)
PROPOSES = Consequence(Way.PROPOSES, _desk("approval"), "記帳される仕訳")
"""The page of every proposal shows both sides of what would be booked; sent back, or left for 14 days, nothing is."""

SAME_DAY = "the same day, by the clerk who took the cash, while nothing of it was spent"
BY_TWO = "at any time, by two people"

CONSEQUENCES: dict[str, Consequence] = {
    # the tablet and the owner
    "wallet.pay_by_code": Consequence(
        Way.UNDONE, "merchant/sale.html", "返金する", "merchant.refund", "as long as the payment stands, in part too"
    ),
    "merchant.ask": Consequence(Way.UNDONE, "merchant/request.html", "やめる", "merchant.cancel_ask", "until it is paid, or five minutes"),
    "merchant.cancel_ask": Consequence(Way.UNDONE, "merchant/request_over.html", "新しいQRを出す", "merchant.ask", "at any time"),
    "merchant.split_request": Consequence(Way.SHOWN, "merchant/offered.html", "現金はそのあとで受け取ってください"),
    "merchant.read": LOOKS,
    "merchant.read_payouts": LOOKS,
    "merchant.switch_staff": Consequence(Way.AGAIN, "merchant/staff.html", "この担当に替わる"),
    "merchant.forget_log": Consequence(Way.SHOWN, "merchant/log.html", "前に見た台帳を、この端末は忘れます"),
    "merchant.refund": Consequence(Way.SHOWN, "merchant/refund.html", "お客様の残高に %(amount)sが戻ります。"),
    "merchant.pair_till": Consequence(Way.UNDONE, "merchant/shop_tills.html", "外す", "merchant.revoke_till", "at any time"),
    "merchant.revoke_till": Consequence(
        Way.UNDONE, "merchant/shop_tills.html", "もう一度使うには、新しいコードでつなぎます", "merchant.pair_till", "at any time"
    ),
    "merchant.manage_staff": Consequence(Way.AGAIN, "merchant/shop_member.html", "担当から外しますか"),
    "merchant.sell": Consequence(Way.UNDONE, "merchant/receipt.html", "返品する", "merchant.refund", "as long as something of it is left"),
    "merchant.give_up_log": Consequence(Way.SHOWN, "merchant/_dark_hours.html", "届かなかった控えは、売上に入らないままになります"),
    "merchant.close_removed": Consequence(Way.SHOWN, "merchant/shop_tills.html", "締めたあとは変えられません"),
    "merchant.answer_twin": Consequence(Way.SHOWN, "merchant/_dark_hours.html", "つながらない間の分を、返品伝票で戻します"),
    "merchant.print": Consequence(Way.AGAIN, "merchant/prints.html", "もう一度印刷する"),
    "merchant.set_printer": Consequence(Way.AGAIN, "merchant/printers.html", "この内容にする"),
    "merchant.set_register": Consequence(Way.AGAIN, "merchant/register_settings.html", "この内容にする"),
    "merchant.manage_articles": Consequence(Way.AGAIN, "merchant/article.html", "売るのをやめる"),
    "merchant.print_code": Consequence(Way.SHOWN, "merchant/shop_code.html", "いま貼ってあるQRはすぐに使えなくなります"),
    "merchant.manage_webhooks": Consequence(Way.AGAIN, "merchant/webhook_parts.html", "この宛先を外しますか"),
    "merchant.replay_webhook": Consequence(Way.SHOWN, "merchant/webhook_parts.html", "送り直"),
    "association.read_buyer": LOOKS,
    "association.sell_coin": Consequence(Way.UNDONE, "merchant/sold.html", "この販売を取り消す", "association.undo_sale", SAME_DAY),
    "association.undo_sale": Consequence(Way.SHOWN, "merchant/sold.html", "お客様のコインを引き、現金を返します"),
    # cards
    "wallet.look_at_card": LOOKS,
    "wallet.print_cards": _shown("card_lot", "前に印刷した紙は使えなくなります"),
    "wallet.give_card": _undone("card", "なくした・盗まれた（すぐに止める）", "wallet.block_card"),
    "wallet.block_card": _undone(
        "card_block", "見つかったら、本人がカードを持って来て", "wallet.unblock_card", "at any time, with the holder's PIN"
    ),
    "wallet.unblock_card": _undone("card", "なくした・盗まれた（すぐに止める）", "wallet.block_card"),
    "wallet.replace_card": _shown("card_replace", "前のカードは、この瞬間から使えません"),
    "wallet.propose_card_pin": PROPOSES,
    "wallet.set_card_pin": _again("card_pin", "承認から30分のあいだに"),
    "wallet.set_card_limits": _again("cards", "この額にする"),
    # the group that applies for a subsidy
    "subsidy.read": LOOKS,
    "subsidy.read_own": LOOKS,
    "subsidy.open_paper": LOOKS,
    "subsidy.make_papers": LOOKS,
    "subsidy.found": Consequence(Way.SHOWN, "subsidy/new_project.html", "はじめても、役所には何も送られません"),
    "subsidy.keep_group": Consequence(Way.SHOWN, "subsidy/member.html", "外した記録は消せません"),
    "subsidy.move_rules": Consequence(Way.SHOWN, "subsidy/settings.html", "前の版には戻せません"),
    "subsidy.keep_costs": Consequence(Way.AGAIN, "subsidy/line.html", "前の内容は下に残ります"),
    "subsidy.keep_plan": Consequence(Way.AGAIN, "subsidy/criterion.html", "前の答えは下に残ります"),
    "subsidy.keep_figures": Consequence(Way.AGAIN, "subsidy/figures.html", "保存するたびに、前の数字も残ります。"),
    "subsidy.ask_member": Consequence(Way.UNDONE, "subsidy/member.html", "リンクを止める", "subsidy.ask_member", "at any time"),
    "subsidy.invite": Consequence(Way.UNDONE, "subsidy/member.html", "招待を終える", "subsidy.invite", "at any time"),
    "subsidy.note_fact": Consequence(Way.AGAIN, "subsidy/facts.html", "このできごとを取り消す"),
    "subsidy.hand_in": Consequence(Way.SHOWN, "subsidy/papers.html", "入れたものは消せません"),
    "subsidy.check_paper": Consequence(Way.SHOWN, "subsidy/papers.html", "確かめた印は消せません"),
    "subsidy.take_seat": Consequence(Way.SHOWN, "subsidy/link.html", "あなたの名前で残ります"),
    "analytics.note_day": Consequence(Way.UNDONE, "analytics/notes.html", "メモを消す", "analytics.note_day", "at any time"),
    # looking
    "analytics.coupon_effects": LOOKS,
    "analytics.district_reports": LOOKS,
    "analytics.shop_reports": LOOKS,
    "analytics.read_measurements": LOOKS,
    "analytics.keep_measurements": Consequence(Way.AGAIN, "analytics/measure_file.html", "前の値も残り、新しい値が使われます"),
    "analytics.see_open_data": LOOKS,
    "analytics.see_streets": LOOKS,
    "analytics.keep_screens": Consequence(Way.SHOWN, "analytics/screens.html", "このアドレスは、もう一度は出ません"),
    "analytics.keep_streets": Consequence(Way.AGAIN, "analytics/streets.html", "お金は動きません。置き直せます"),
    "analytics.switch_open_data": Consequence(Way.SHOWN, "analytics/open_data_desk.html", "公開したものは取り下げられません"),
    "association.read": LOOKS,
    "association.read_books": LOOKS,
    "association.read_controls": LOOKS,
    "association.list_holders": LOOKS,
    "association.read_risks": LOOKS,
    "association.read_account": LOOKS,
    "association.look_at_person": LOOKS,
    "association.print_codes": LOOKS,
    "association.keep_purchase_codes": _again("purchase_codes", "あとから足せます"),
    "association.look_at_purchase_codes": LOOKS,
    "association.print_shop_code": LOOKS,
    "identity.read_log": LOOKS,
    # money at the counter
    "association.top_up": _undone("topped_up", "このチャージを取り消す", "association.undo_top_up", SAME_DAY),
    "association.sell_voucher": _undone("voucher_sold", "この販売を取り消す", "association.undo_top_up", SAME_DAY),
    "association.take_tickets": Consequence(Way.SHOWN, "merchant/tickets.html", "を押すまで、券は使われません"),
    "association.take_tickets_for": _undone("ticket_payment", "券をまた使えるようにする", "association.release_tickets", BY_TWO),
    "association.print_tickets": _shown("tickets", "印刷しただけの冊には、価値がありません"),
    "association.undo_top_up": _shown("topped_up", "残高から %(amount)sを引き、受け取った現金を返します"),
    "association.propose_top_up": PROPOSES,
    "association.take_agent_cash": _shown("agent", "押すと、代理店の預かりが減り"),
    "association.close_drawer": _shown("drawer", "押すと、上の額が記帳されます"),
    "association.deposit": _shown("deposit", "押すと、金庫から銀行へ移したと記帳されます"),
    "association.count_safe": _shown("safe_count", "押すと、過不足が記帳され"),
    "association.funder_pays": _shown("funder", "押すと、未収金が減り"),
    # what two people do
    "association.decide": _shown("approval", "承認して記帳する"),
    "association.withdraw": _shown("parts", "何も記帳されません。必要なら、もう一度申請できます。"),
    "association.propose_refund": PROPOSES,
    "association.propose_transfers": PROPOSES,
    "association.propose_cash_budget": PROPOSES,
    "association.propose_reopening": PROPOSES,
    "association.propose_epoch": PROPOSES,
    "association.propose_again": PROPOSES,
    "association.propose_coupon": PROPOSES,
    "association.propose_voucher": PROPOSES,
    "association.propose_points": PROPOSES,
    "association.propose_benefit": PROPOSES,
    "association.propose_agent": PROPOSES,
    "association.propose_codes": PROPOSES,
    "association.propose_start": PROPOSES,
    "association.propose_account": PROPOSES,
    "association.release_tickets": PROPOSES,
    "association.replace_booklet": _shown("tickets", "使われていない券だけを新しく印刷して替えられます"),
    "association.release_suspense": PROPOSES,
    "association.settle": PROPOSES,
    "association.end_series": PROPOSES,
    "association.register_shop": _undone("shop", "登録を取り下げる", "association.register_shop", "until another person has decided"),
    "association.approve_shop": _undone("shop", "停止すると、端末はすぐに受け取れなくなります", "association.suspend_shop"),
    # stopping at once
    "association.stop": _undone("stops", "再開するには、2人で決めます", "association.propose_start", BY_TWO),
    "association.stop_transfers": _undone("sending", "もう一度始めるには、2人の承認が要ります", "association.propose_transfers", BY_TWO),
    "association.suspend_shop": _undone("shop", "再開する", "association.suspend_shop"),
    "association.stop_account": _undone("account_parts", "いまの振込先がそのまま残ります", "association.propose_account", BY_TWO),
    "association.freeze_person": _undone("person", "一時停止を解除する", "association.unfreeze_person"),
    "association.unfreeze_person": _undone("person", "残高を一時停止する", "association.freeze_person"),
    "association.end_agent": _shown("shop", "その場でコインを売れなくなります"),
    "association.end_coupon": _shown("coupon", "いますぐ終わり、元に戻せません"),
    "association.end_points": _shown("programme", "いまからの支払いには付きません"),
    "association.settle_points": _shown("programme", "記帳しないと決めた分は、もう付きません"),
    "association.run_benefit": _shown("benefit", "その分は、もう記帳できなくなります"),
    "association.answer_risk": _shown("finding", "お金はそのまま残ります。解くのは、止めた人とは別の人です"),
    "association.stop_booklet": _undone("tickets", "また使えるようにする", "association.stop_booklet"),
    # drafts and settings
    "association.set_risk_limit": _again("risk_limits", "次に調べるときから効きます"),
    "association.draft_coupon": _shown("coupons", "書いたことは消え、元に戻せません"),
    "association.draft_voucher": _shown("vouchers", "書いたことは消え、元に戻せません"),
    "association.classify_shop": _again("shop", "これからの支払いに効きます"),
    "association.edit_shop": _again("shop_list", "間違えたときは、前の表を貼り付ければ元に戻ります"),
    "association.place_shop": _again("shop", "今日の受け取り分から新しい締め方になります"),
    "association.set_chart": _again("account", "名前を変えても、記帳は変わりません"),
    "association.set_base_dates": _again("base_dates", "年2回に戻す届出"),
    "association.set_approval_limits": _again("approvals", "これを超える申請は管理者が承認します"),
    "association.propose_transfer_terms": PROPOSES,
    "association.set_settlement_terms": _again("settlement_terms", "これまでの設定"),
    "association.manage_webhooks": Consequence(Way.AGAIN, "merchant/webhook_parts.html", "この宛先を外しますか"),
    "association.replay_webhook": Consequence(Way.SHOWN, "merchant/webhook_parts.html", "送り直"),
    # books and law
    "association.upload_bank": _shown("bank", "すでにあるものは、二度取り込みません"),
    "association.match_bank": _undone("bank_matches", "明細と記帳は、未照合に戻ります", "association.match_bank"),
    "association.close_month": _undone("closings", "いちばん新しい月だけ、二人で解けます", "association.propose_reopening", BY_TWO),
    "association.handle_dispute": _shown("new_dispute", "この操作では、お金は動きません"),
    "association.keep_registers": _shown("register", "書いた行は、あとから直したり消したりできません"),
    "association.freeze_report": _shown("base_date", "一度だけで、あとから変えられません"),
    "association.register_security": _again("base_dates", "書き間違いのときは始まりの前の日を入れます"),
    "association.present_receipt": _shown("returned", "一覧に1回だけ載せます。お金は動きません"),
    "association.write_transfers": _shown("settlement_run", "中身は二度と変わりません"),
    "association.answer_alarm": _shown("log_alarm", "一度だけ書けます"),
    # what is told and issued
    "association.keep_applications": _shown("voucher_application", "名前と住所はすぐに消えます。元には戻せません"),
    "association.draw_voucher": _shown("voucher_applications", "このあとは1件も足せず、変えられません"),
    "association.announce": _undone("announcements", "取り下げる", "association.announce", "at any time; who has read it has read it"),
    "association.create_series": _shown("confirm_series", "作ると、こうなります"),
    # the district's people
    "identity.grant_role": _undone("roles", "外しますか", "identity.end_role"),
    "association.propose_role": PROPOSES,
    "identity.end_role": _undone("roles", "役割を付ける", "association.propose_role", "at any time; what issues or decides by two"),
    "identity.erase_person": _shown("see_off", "退会すると、こうなります"),
    "identity.create_api_token": _undone("tokens", "を止めますか", "identity.revoke_api_token"),
    "identity.revoke_api_token": _shown("tokens", "すぐに使えなくなります。元には戻せません"),
}
"""By command. What a person does with their own account alone is not in it."""

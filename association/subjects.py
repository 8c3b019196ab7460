"""What an entry of the access log is about, in words: doors write it as `kind:number …`."""

from __future__ import annotations

from base.errors import N_
from web.i18n import translate

WORDS: dict[str, str] = {
    "account": N_("勘定科目"),
    "application": N_("申込"),
    "article": N_("商品"),
    "bank_file": N_("銀行の明細"),
    "base-date": N_("基準日"),
    "benefit": N_("給付"),
    "booklet": N_("券の冊"),
    "campaign": N_("ポイントの上乗せ"),
    "card": N_("カード"),
    "coupon": N_("クーポン"),
    "device": N_("スマホ・パソコン"),
    "discontinuance": N_("終了と払戻し"),
    "dispute": N_("支払いの相談"),
    "disputes": N_("支払いの相談"),
    "drawer": N_("引き出し"),
    "event": N_("参加のポイント"),
    "letters": N_("手紙"),
    "list": N_("一覧"),
    "merchant": N_("お店"),
    "notice": N_("利用者への表示"),
    "outstanding": N_("残高"),
    "page": N_("ページ"),
    "passkey": N_("パスキー"),
    "person": N_("利用者番号"),
    "points": N_("ポイント"),
    "proposal": N_("申請の番号"),
    "queue": N_("要確認の一覧"),
    "register": N_("帳票"),
    "safe": N_("金庫"),
    "series": N_("種別"),
    "shop": N_("お店"),
    "staff": N_("お店の担当"),
    "stop": N_("停止"),
    "subsidy_line": N_("経費の明細"),
    "subsidy_link": N_("補助事業への招待"),
    "subsidy_paper": N_("補助事業の書類"),
    "subsidy_party": N_("補助事業の参加者"),
    "subsidy_project": N_("補助事業"),
    "table": N_("表のファイル"),
    "till": N_("端末"),
    "token": N_("トークン"),
    "transaction": N_("取引の番号"),
    "voucher": N_("商品券"),
    "way": N_("ログイン方法"),
    "xlsx": N_("Excel のファイル"),
    "csv": N_("CSV のファイル"),
}


def in_words(subject: str) -> str:
    """`subsidy_party:9 2` as 「補助事業の参加者 9 2」. What is not known stays as it was written."""
    return " ".join(_one(part) for part in subject.split(" "))


def _one(part: str) -> str:
    kind, _colon, rest = part.partition(":")
    return f"{translate(WORDS[kind])} {rest}".rstrip() if kind in WORDS else part

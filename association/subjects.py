"""What an entry of the access log is about, in words: doors write it as `kind:number …`."""

from __future__ import annotations

from base.errors import N_
from web.i18n import translate

WORDS: dict[str, str] = {
    "account": N_("口座"),
    "all": N_("すべての利用者"),
    "applicants": N_("商品券に申し込んだ人"),
    "application": N_("申し込み"),
    "article": N_("商品"),
    "audit": N_("監査の証拠"),
    "balance-sheet": N_("貸借対照表"),
    "bank": N_("銀行照合"),
    "bank-matches": N_("銀行照合"),
    "bank_file": N_("銀行の明細"),
    "base-date": N_("基準日"),
    "batch": N_("チャージ券"),
    "benefit": N_("給付"),
    "booklet": N_("券の冊"),
    "campaign": N_("ポイントのキャンペーン"),
    "card": N_("カード"),
    "closings": N_("月次締め"),
    "code": N_("コード"),
    "complaint": N_("苦情・相談"),
    "contractor": N_("委託先"),
    "coupon": N_("クーポン"),
    "csv": N_("CSV のファイル"),
    "cycle": N_("締め方"),
    "device": N_("スマホ・パソコン"),
    "discontinuance": N_("コインの廃止と払戻し"),
    "dispute": N_("申し立て"),
    "disputes": N_("申し立て"),
    "drawer": N_("引き出し"),
    "email": N_("メール"),
    "event": N_("参加ポイント"),
    "finding": N_("見てください"),
    "holders": N_("ある種別を持っている人"),
    "incident": N_("事故・漏えい"),
    "income": N_("損益計算書"),
    "ledger": N_("総勘定元帳"),
    "letters": N_("手紙"),
    "list": N_("一覧"),
    "log": N_("端末の記録"),
    "lot": N_("束"),
    "merchant": N_("お店"),
    "month": N_("月"),
    "new": N_("新しく登録"),
    "notice": N_("利用者への表示"),
    "open-data": N_("オープンデータ"),
    "outstanding": N_("残高"),
    "page": N_("ページ"),
    "passkey": N_("パスキー"),
    "payment": N_("支払い"),
    "payout": N_("換金"),
    "person": N_("利用者番号"),
    "points": N_("ポイント"),
    "proposal": N_("申請の番号"),
    "queue": N_("見てください"),
    "receipt": N_("レシート"),
    "register": N_("記録簿"),
    "role": N_("役割"),
    "run": N_("換金"),
    "safe": N_("金庫"),
    "security": N_("供託・保全契約"),
    "segment": N_("お客様の種類から"),
    "series": N_("種別"),
    "settlement_cycle": N_("締め方"),
    "share": N_("分け方"),
    "shop": N_("お店"),
    "source": N_("測るもの"),
    "staff": N_("お店の担当"),
    "still": N_("しばらく使っていない人"),
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
    "transfer_terms": N_("換金の設定"),
    "trial": N_("合計残高試算表"),
    "unused": N_("2年近く使っていない人"),
    "voucher": N_("商品券"),
    "way": N_("ログイン方法"),
    "withdraw": N_("取り下げ"),
    "xlsx": N_("Excel のファイル"),
}


def in_words(subject: str) -> str:
    """`subsidy_party:9 2` as 「補助事業の参加者 9 2」. What is not known stays as it was written."""
    return " ".join(_one(part) for part in subject.split(" "))


def _one(part: str) -> str:
    """Of a kind and what stands behind it each that has a word: way:email is 「ログイン方法 メール」."""
    kind, *_rest = said = part.split(":")
    return " ".join(translate(WORDS[each]) if each in WORDS else each for each in said).rstrip() if kind in WORDS else part

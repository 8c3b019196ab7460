"""保存期間: the one table of what is kept how long, and what deletes it. The jobs that delete read their times here; a test walks it.

What is not named with a job or a moment here is never deleted: the database's role for the web may delete from no other table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from base.errors import N_

BOOKS_YEARS = 10
"""Books stay at least so long after they are closed; the law asks for five years, and company law for ten (payment-law 36)."""

MAIL = timedelta(days=7)
TRIES = timedelta(days=2)
WRONG_TRIES = timedelta(days=30)
SHOWN_CODES = timedelta(days=1)
TOLD = timedelta(days=31)
PRINTS = timedelta(days=31)
BANK_FILES = timedelta(days=1)
LIVE_LINES = timedelta(days=1)
BENEFIT_DRAFTS = timedelta(days=7)
GROUP_PACKAGES = timedelta(days=7)
FORECASTS = timedelta(days=366)
UNUSED = timedelta(days=730)
"""Two years (payment-law 46): then whoever has nothing here and has not been here is forgotten."""
WARNED = timedelta(days=30)
"""So long before, they are told of it."""
DRAFTS = timedelta(days=366)
APPLICANTS = timedelta(days=90)
"""After the last day on which a voucher can be used: until then its refunds are decided, and its report is out."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of data. `keeps`: how long it stays at least, in words. `job`: the worker's chore that deletes it; None: nothing can.

    `by`: who deletes it by hand, where no job does. `tables`: those that the web's role may delete from at all; none for what nobody can
    delete. `after`: what the job or the command goes by.
    """

    name: str
    what: str
    keeps: str
    law: str
    job: str | None = None
    tables: tuple[str, ...] = ()
    after: timedelta | None = None
    by: str = ""

    @property
    def remover(self) -> str:
        """What deletes it, in words; nothing does where that is empty."""
        return JOBS[self.job] if self.job else self.by


JOBS: dict[str, str] = {
    "sweep": N_("期限の切れた記録を消す"),
    "sweep codes": N_("支払いコードの指紋を消す"),
    "sweep webhooks": N_("外部への通知の記録を消す"),
    "sweep prints": N_("印刷の記録を消す"),
    "sweep bank files": N_("銀行のファイルを消す"),
    "sweep drafts": N_("書きかけを消す"),
    "sweep forecasts": N_("見込みを消す"),
    "forget unused": N_("使われていない登録を消す"),
    "sweep group packages": N_("補助事業のまとめたファイルを消す"),
    "forget group papers": N_("補助事業の書類の鍵を消す"),
    "watch": N_("ワーカーの見張り"),
}
"""What deletes, in words, by the name that the worker knows the chore by."""

RETENTION: tuple[Kept, ...] = (
    Kept(
        "books",
        N_("仕訳、残高、申請と承認、署名した台帳"),
        N_("10年以上。消す仕事はなく、データベースの権限でも消せません"),
        N_("資金決済法22条、会社法・協同組合の帳簿"),
    ),
    Kept(
        "papers",
        N_("換金、支払通知書、現金を数えた記録、銀行の明細、基準日の報告、供託の証書、表示の各版"),
        N_("10年以上。消す仕事はありません"),
        N_("資金決済法22条、電子帳簿保存法7条"),
    ),
    Kept(
        "subsidy",
        N_("補助事業の構成員、経費の行、できごと、書類の届いた日時と指紋"),
        N_("10年以上。消す仕事はありません"),
        N_("補助金の交付規程"),
    ),
    Kept(
        "group_files",
        N_("補助事業の書類と証憑のファイルと、提出した紙の控えの鍵、構成員の連絡先"),
        N_(
            "事業の年度が終わってから5年と90日。代表事業者は、残す日を延ばせます。効果報告を出し終えるまでと、事業実施期間の終わりが分からない事業の分は、消しません"
        ),
        N_("補助金の交付規程、個人情報保護法22条"),
        job="forget group papers",
        tables=("subsidy_paper_key", "subsidy_kept_key"),
    ),
    Kept(
        "group_packages",
        N_("補助事業の申請や実績報告をまとめたもの（ZIP）の控え"),
        N_("7日"),
        N_("個人情報保護法22条"),
        job="sweep group packages",
        tables=("subsidy_package", "subsidy_package_part"),
        after=GROUP_PACKAGES,
    ),
    Kept("log", N_("操作の記録と、点検の記録"), N_("10年以上。消す仕事はありません"), N_("資金決済法21条（安全管理）")),
    Kept(
        "person",
        N_("利用者の名前・メールアドレス・お住まいの地域の鍵、パスキー、回復コード、暗証番号"),
        N_(
            "退会のとき、その場で。残高も役割もなく、2年のあいだ一度も使っていない人は、ひとりでに。その30日前に、お知らせとメールで伝え、そのあいだに使った人の分は消しません"
        ),
        N_("個人情報保護法22条・35条"),
        job="forget unused",
        tables=("person_key", "passkey", "recovery_code", "pin"),
        after=UNUSED,
    ),
    Kept(
        "sessions",
        N_("ログインと端末の記録"),
        N_("期限が来ると使えなくなります。行は残り、退会のときに端末の名前が消えます"),
        N_("資金決済法21条（安全管理）"),
    ),
    Kept(
        "asked",
        N_("パスキーの確認と、メールの確認コード"),
        N_("期限（5分と10分）のあと、1時間のうちに"),
        N_("個人情報保護法22条"),
        job="sweep",
        tables=("passkey_challenge", "email_code"),
    ),
    Kept(
        "push",
        N_("スマホへの通知の宛先（暗号にして）"),
        N_("本人がやめるか、退会するか、そのログインが終わるまで。通知のサービスが「もうない」と言ったときも、その場で"),
        N_("個人情報保護法22条"),
        job="sweep",
        tables=("push_subscription",),
    ),
    Kept(
        "gifts",
        N_("贈りものに添えたひとこと（贈った人の鍵で暗号にして）"),
        N_("贈った人が退会するまで。リンクの文字は、はじめから残していません"),
        N_("個人情報保護法22条"),
    ),
    Kept(
        "disputes",
        N_("支払いの申し立てと、聞いたこと・したこと"),
        N_("10年以上。消す仕事はありません"),
        N_("資金決済法21条の3（苦情処理）"),
    ),
    Kept("mail", N_("送るメール"), N_("7日"), N_("個人情報保護法22条"), job="sweep", tables=("mail",), after=MAIL),
    Kept("tries", N_("試した回数の数え"), N_("2日"), N_("個人情報保護法22条"), job="sweep", tables=("try_count",), after=TRIES),
    Kept(
        "wrong_tries",
        N_("間違えて入れた暗証番号や券の、時と番号（入れた文字は残しません）"),
        N_("30日"),
        N_("個人情報保護法22条"),
        job="sweep",
        tables=("wrong_try",),
        after=WRONG_TRIES,
    ),
    Kept(
        "risks",
        N_("「見てください」の項目、書いたこと、決まりの数、お店を止めた記録"),
        N_("10年以上。消す仕事はありません"),
        N_("資金決済法21条（安全管理）"),
    ),
    Kept(
        "codes",
        N_("画面に出した支払いコードの指紋"),
        N_("1日"),
        N_("個人情報保護法22条"),
        job="sweep codes",
        tables=("one_time_code",),
        after=SHOWN_CODES,
    ),
    Kept(
        "told",
        N_("外部への通知の記録と、替えた前の鍵"),
        N_("31日（鍵は24時間）"),
        N_("個人情報保護法22条"),
        job="sweep webhooks",
        tables=("webhook_delivery", "webhook_old_secret"),
        after=TOLD,
    ),
    Kept(
        "prints",
        N_("プリンターへ送った紙の記録（レシートそのものではありません）"),
        N_("31日"),
        N_("決まりはありません"),
        job="sweep prints",
        tables=("print_job",),
        after=PRINTS,
    ),
    Kept(
        "bank_files",
        N_("列を選ぶ前の銀行のファイル"),
        N_("1日"),
        N_("個人情報保護法22条"),
        job="sweep bank files",
        tables=("bank_file",),
        after=BANK_FILES,
    ),
    Kept(
        "benefit_drafts",
        N_("申請していない給付の名簿"),
        N_("7日"),
        N_("個人情報保護法22条"),
        job="sweep drafts",
        tables=("benefit", "benefit_line"),
        after=BENEFIT_DRAFTS,
    ),
    Kept(
        "applicants",
        N_("商品券の申し込みと対象者の名簿の、名前・住所・電話"),
        N_("使える最終日から90日。取り下げと退会のときは、その場で"),
        N_("個人情報保護法22条"),
        job="sweep",
        tables=("contact", "contact_key"),
        after=APPLICANTS,
    ),
    Kept(
        "segments",
        N_("お客様の種類（よく来る人、来なくなった人など）に入っている人の番号"),
        N_("次の夜まで。毎晩、分け直します"),
        N_("個人情報保護法22条"),
        tables=("segment_person",),
        by=N_("毎晩の分け直し"),
    ),
    Kept(
        "pictures",
        N_("商品の写真（人のデータは入りません）"),
        N_("お店が消すか、替えるまで"),
        N_("決まりはありません"),
        tables=("article_picture",),
        by=N_("お店"),
    ),
    Kept(
        "measured",
        N_("測った値（通行量・天気・催し・アンケート）と、届いた記録。人のデータは入りません"),
        N_("10年以上。消す仕事はありません"),
        N_("決まりはありません"),
    ),
    Kept(
        "forecasts",
        N_("夜のうちに計算した売上と人数の見込み"),
        N_("366日。言ったことと、そうなったかを比べるためです"),
        N_("決まりはありません"),
        job="sweep forecasts",
        tables=("insight_forecast",),
        after=FORECASTS,
    ),
    Kept(
        "drafts",
        N_("クーポンと商品券の書きかけ"),
        N_("使い終わったとき。触らないまま1年たったものは、ひとりでに"),
        N_("決まりはありません"),
        job="sweep drafts",
        tables=("coupon_draft", "voucher_draft"),
        after=DRAFTS,
    ),
    Kept(
        "machine",
        N_("ワーカーと画面の動き"),
        N_("1日。ワーカーの行は、その仕事があるあいだ"),
        N_("決まりはありません"),
        job="watch",
        tables=("worker_chore", "live_line"),
        after=LIVE_LINES,
    ),
)

"""The daily controls. Adding one is one entry here: a name, a measure, its limits, who must act, and words.

`docs/operations/controls.md` carries this table; `python -m docs.reference.generate` writes it anew and a test compares.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from association.queries.controls import measures
from association.queries.controls.measures import Measured
from association.rules.controls import MINUTE, NIGHT, TEN, State, judge
from association.rules.deposit import NEAR
from base.errors import N_

Measure = Callable[[Session, int, datetime], Measured]


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that is watched. The figure of `measure` is in `unit`, and the less the better.

    From `look` on somebody should look, from `act` on whoever holds the role `owner` must act and is told. `page`: where at the
    desk it is done; None: it is done at the terminal.
    """

    name: str
    title: str
    says: str
    unit: str  # yen, items, alarms, days, hours, minutes, seconds or ms
    look: int | None
    act: int | None
    owner: str
    advice: str
    page: str | None
    measure: Measure
    every: timedelta = MINUTE

    def judge(self, figure: int | None) -> State:
        return judge(figure, self.look, self.act)


STOP_CLOSING = N_("窓口締めと換金を止め、監査担当にも知らせてください。運用担当は meguri ledger verify で、違う所を調べます。")

CONTROLS: tuple[Control, ...] = (
    Control(
        name="balance",
        title=N_("帳簿の貸借"),
        says=N_("すべての残高の、借方と貸方の差です。いつも 0円です。"),
        unit="yen",
        look=None,
        act=1,
        owner="operator",
        advice=STOP_CLOSING,
        page="/desk/books",
        measure=measures.balance,
    ),
    Control(
        name="entries",
        title=N_("仕訳からの数え直し"),
        says=N_("残高と、すべての仕訳から数え直した額の差です。毎晩3時に数え、いつも 0円です。"),
        unit="yen",
        look=None,
        act=1,
        owner="operator",
        advice=STOP_CLOSING,
        page="/desk/books",
        measure=measures.entries,
        every=NIGHT,
    ),
    Control(
        name="circulation",
        title=N_("発行したものの行き先"),
        says=N_("発行した分が、残高・支払い・失効のどこにもない額です。種別ごとに数え、いつも 0円です。"),
        unit="yen",
        look=None,
        act=1,
        owner="operator",
        advice=STOP_CLOSING,
        page="/desk/books",
        measure=measures.circulation,
        every=TEN,
    ),
    Control(
        name="bank",
        title=N_("銀行と帳簿"),
        says=N_("銀行の明細と帳簿の預金を照合していない日数か、合わないままのいちばん古いものの日数の、長いほうです。"),
        unit="days",
        look=35,
        act=65,
        owner="administrator",
        advice=N_("「銀行照合」で銀行の明細を取り込み、合わないものを確かめてください。月に一度が目安です。"),
        page="/desk/bank",
        measure=measures.bank,
        every=TEN,
    ),
    Control(
        name="payouts",
        title=N_("お店への振込"),
        says=N_("振込日を過ぎても、振込済みになっていない換金の遅れです。"),
        unit="days",
        look=1,
        act=3,
        owner="issuer",
        advice=N_("「換金」で、申請・承認・振込済みのどこで止まっているかを見て、先に進めてください。"),
        page="/desk/settlement",
        measure=measures.payouts,
        every=TEN,
    ),
    Control(
        name="disputes",
        title=N_("支払いの申し立て"),
        says=N_("期限を過ぎても結果が出ていない申し立ての、いちばん古いものの日数です。"),
        unit="days",
        look=1,
        act=3,
        owner="issuer",
        advice=N_("「支払いの申し立て」で、結果を出すか、理由を書いて期限を延ばしてください。"),
        page="/desk/disputes",
        measure=measures.disputes,
        every=TEN,
    ),
    Control(
        name="deposit",
        title=N_("基準日の報告と供託"),
        says=N_("終わった基準日の報告がまだか、供託・保全契約が要る額に足りないまま過ぎた日数です。期限は基準日の2か月後です。"),
        unit="days",
        look=1,
        act=45,
        owner="administrator",
        advice=N_("「基準日と供託」で報告を確定し、足りない額を期限までに供託して登録してください。"),
        page="/desk/base-dates",
        measure=measures.deposit,
        every=TEN,
    ),
    Control(
        name="deposit_ahead",
        title=N_("次の基準日の見込み"),
        says=N_("次の基準日に見込まれる未使用残高の、10,000,000円に対する割合です。超える分が供託・契約で足りていれば 0です。"),
        unit="percent",
        look=NEAR,
        act=101,
        owner="administrator",
        advice=N_("「基準日と供託」で見込みを確かめ、供託する現金か保全契約を、基準日のあと2か月のうちに用意してください。"),
        page="/desk/base-dates",
        measure=measures.deposit_ahead,
        every=NIGHT,
    ),
    Control(
        name="risks",
        title=N_("見てください"),
        says=N_("ふだんと違う動きのうち、だれもまだ見ていない、いちばん古いものの時間です。"),
        unit="hours",
        look=24,
        act=72,
        owner="approver",
        advice=N_("「見てください」で開き、わけが分かれば書き、分からなければ聞くか、止めてください。"),
        page="/desk/risk",
        measure=measures.risks,
        every=TEN,
    ),
    Control(
        name="stops",
        title=N_("非常停止"),
        says=N_("支払いや発行を止めている時間です。いちばん長いものを出します。"),
        unit="minutes",
        look=1,
        act=1,
        owner="approver",
        advice=N_("原因が分かり、直ったら、「非常停止」で再開を申請し、別の人が承認してください。"),
        page="/desk/stops",
        measure=measures.stops,
    ),
    Control(
        name="in_transit",
        title=N_("振込中のお金"),
        says=N_("承認したあと、銀行が振り込んだと確かめられていない、いちばん古いお金の日数です。"),
        unit="days",
        look=35,
        act=95,
        owner="issuer",
        advice=N_("銀行で振り込まれたかを確かめ、「換金」で振込済みにしてください。"),
        page="/desk/settlement",
        measure=measures.in_transit,
        every=TEN,
    ),
    Control(
        name="suspense",
        title=N_("仮受金"),
        says=N_("戻し先が決まっていない、いちばん古い返金の日数です。"),
        unit="days",
        look=7,
        act=30,
        owner="issuer",
        advice=N_("「仮受金」で戻し先を申請し、別の人が承認してください。"),
        page="/desk/suspense",
        measure=measures.suspense,
        every=TEN,
    ),
    Control(
        name="drawers",
        title=N_("窓口の現金"),
        says=N_("受け取ったあと数えていない、いちばん古い窓口の現金の日数です。"),
        unit="days",
        look=1,
        act=3,
        owner="approver",
        advice=N_("「手元現金」で、別の人が数えて締めてください。"),
        page="/desk/drawers",
        measure=measures.drawers,
        every=TEN,
    ),
    Control(
        name="safe",
        title=N_("金庫の現金"),
        says=N_("金庫の現金を、最後に数えてからの日数です。空の金庫は数えません。"),
        unit="days",
        look=35,
        act=65,
        owner="approver",
        advice=N_("「金庫」の「金庫の実査」で、金種ごとに数えてください。月に一度が目安です。"),
        page="/desk/safe",
        measure=measures.safe,
        every=TEN,
    ),
    Control(
        name="proposals",
        title=N_("承認を待つ申請"),
        says=N_("いちばん古い申請が、承認を待っている時間です。"),
        unit="hours",
        look=24,
        act=72,
        owner="approver",
        advice=N_("「申請の承認」で、承認するか、理由を書いて差し戻してください。"),
        page="/desk/approvals",
        measure=measures.proposals,
    ),
    Control(
        name="agents",
        title=N_("代理店の上限"),
        says=N_("代理店が今日の上限を超えて売った額と、もう代理店でないお店が預かったままの現金です。"),
        unit="yen",
        look=1,
        act=100_000,
        owner="issuer",
        advice=N_("「代理店」でお店を確かめ、現金を窓口で受け取ってください。"),
        page="/desk/agents",
        measure=measures.agents,
        every=TEN,
    ),
    Control(
        name="codes",
        title=N_("期限の過ぎたチャージ券"),
        says=N_("最終日を過ぎたのに、失効が記帳されていないチャージ券の遅れです。"),
        unit="hours",
        look=2,
        act=24,
        owner="approver",
        advice=N_("取消の申請が承認を待っていれば、決めてください。待っていなければ、運用担当がワーカーの記録を見ます。"),
        page="/desk/codes",
        measure=measures.codes,
        every=TEN,
    ),
    Control(
        name="coins",
        title=N_("期限の過ぎたコイン"),
        says=N_("使える期間が終わったのに、失効が記帳されていないコインの遅れです。"),
        unit="hours",
        look=2,
        act=24,
        owner="operator",
        advice=N_("ワーカーが毎分少しずつ記帳します。進まなければ、ワーカーの記録に理由があります。"),
        page="/desk/series",
        measure=measures.coins,
        every=TEN,
    ),
    Control(
        name="webhooks",
        title=N_("外部への通知"),
        says=N_("まだ届いていないか、届けるのをあきらめた、いちばん古い通知の時間です。"),
        unit="hours",
        look=1,
        act=72,
        owner="administrator",
        advice=N_(
            "「外部への通知」で送り先の返事を見て、相手に直してもらい、もう一度送ってください。お店の送り先は、お店に知らせてください。"
        ),
        page="/desk/webhooks",
        measure=measures.webhooks,
        every=TEN,
    ),
    Control(
        name="worker",
        title=N_("自動の仕事（ワーカー）"),
        says=N_("ワーカーの仕事のうち、いちばん遅れているものの遅れです。"),
        unit="seconds",
        look=60,
        act=300,
        owner="operator",
        advice=N_("ワーカーの記録で fault を探してください。支払いは続けられます。"),
        page=None,
        measure=measures.worker,
    ),
    Control(
        name="sealing",
        title=N_("台帳に刻む遅れ"),
        says=N_("まだ台帳に刻まれていない、いちばん古い取引が待っている時間です。"),
        unit="seconds",
        look=30,
        act=300,
        owner="operator",
        advice=N_("ワーカーが動いているかを確かめてください。終わらない処理があっても遅れます。支払いは続けられます。"),
        page=None,
        measure=measures.sealing,
    ),
    Control(
        name="checkpoint",
        title=N_("台帳の署名"),
        says=N_("新しい取引があるのに、台帳に署名されていない時間です。"),
        unit="seconds",
        look=60,
        act=600,
        owner="operator",
        advice=N_("ワーカーの記録に not signed とあれば鍵が違います。MEGURI_PREVIOUS_SEAL_KEY に前の鍵を置いてください。"),
        page=None,
        measure=measures.checkpoint,
    ),
    Control(
        name="witnesses",
        title=N_("端末が見つけた食い違い"),
        says=N_("台帳が前に見たものと違うと端末が知らせ、まだ答えていないものの数です。"),
        unit="alarms",
        look=1,
        act=1,
        owner="approver",
        advice=N_("「台帳の証人」で証拠を見て、運用担当と原因を確かめ、答えを書いてください。"),
        page="/desk/witnesses",
        measure=measures.witnesses,
    ),
    Control(
        name="ring",
        title=N_("着金の知らせ"),
        says=N_("支払いの知らせが、開いている端末に着くまでの時間です。いちばん遅いものを出します。"),
        unit="ms",
        look=2_000,
        act=10_000,
        owner="operator",
        advice=N_("meguri-events とデータベースの混み具合を見てください。端末は自分でも確かめるので、着金は失われません。"),
        page=None,
        measure=measures.ring,
    ),
    Control(
        name="folding",
        title=N_("残高への繰り入れ"),
        says=N_("お店などの残高に、まだ繰り入れられていない仕訳の数です。残高は正しく読めますが、読むのが遅くなります。"),
        unit="items",
        look=5_000,
        act=50_000,
        owner="operator",
        advice=N_("ワーカーが動いているか、終わらない処理がないかを見てください。"),
        page=None,
        measure=measures.folding,
    ),
    Control(
        name="transactions",
        title=N_("終わらない処理"),
        says=N_("データベースで終わっていない、いちばん古い処理の時間です。残高への繰り入れと月次締めが待たされます。"),
        unit="ms",
        look=60_000,
        act=300_000,
        owner="operator",
        advice=N_("pg_stat_activity で持ち主を探し、終わらせてください。"),
        page=None,
        measure=measures.transactions,
    ),
    Control(
        name="mail",
        title=N_("メール"),
        says=N_("出そうとして、どれも届いていない時間です。ログイン番号も届きません。"),
        unit="minutes",
        look=10,
        act=60,
        owner="operator",
        advice=N_("MEGURI_SMTP_URL のメールサーバーを確かめてください。待っている間のログインには、パスキーが使えます。"),
        page=None,
        measure=measures.mail,
    ),
)

"""換金, and what waits in suspense."""

from __future__ import annotations

from base.errors import N_, Invalid, NotFound, Refused


class SettlementTermsMissing(Refused):
    """When books are closed and shops are paid has not been decided."""

    code = "settlement_terms_missing"
    number = "E-6300"
    text = N_("締め日・振込日・手数料がまだ決まっていません。先に換金の設定をしてください。まだ何も記帳していません。")


class ClosingDayWrong(Refused):
    """The day is no closing day, has not ended yet, or lies before one that is settled."""

    code = "closing_day_wrong"
    number = "E-6301"
    text = N_("この日では締められません。終わった締め日を、一覧から選び直してください。まだ何も記帳していません。")


class NothingToSettle(Refused):
    """No shop has anything above zero to be paid."""

    code = "nothing_to_settle"
    number = "E-6302"
    text = N_("この締め日に支払う店がありません。お店の残高はそのままで、次の締めに繰り越します。")


class RunUnfinished(Refused):
    """An earlier run is neither booked whole nor declined. `closes_on`: its closing day."""

    code = "run_unfinished"
    number = "E-6303"
    text = N_("%(closes_on)sの換金がまだ終わっていません。先にその承認か差し戻しを済ませてください。まだ何も記帳していません。")


class RunUnknown(NotFound):
    """No such run, or no such shop in it."""

    code = "run_unknown"
    number = "E-6304"
    text = N_("この換金は見つかりません。")


class NothingToPayOut(Refused):
    """The run is not booked yet, everything in it was paid already, or a confirmation waits."""

    code = "nothing_to_pay_out"
    number = "E-6305"
    text = N_("いま「振込済み」にできる店がありません。承認が済んでいるか、すでに申請していないかを確かめてください。")


class PaidOnWrong(Invalid):
    """The bank cannot have paid before the run was closed, or in the future."""

    code = "paid_on_wrong"
    number = "E-6306"
    text = N_("振込日を見直してください。締め日より後で、今日までの日を入れます。")


class PaidBeforeFile(Invalid):
    """The file that was taken to the bank names a later day. `day`: which."""

    code = "paid_before_file"
    number = "E-8270"
    text = N_("銀行に渡した振込データの振込指定日は%(day)sです。銀行はその日より前には振り込みません。まだ何も記帳していません。")


class CycleUnknown(NotFound):
    """No such cycle, or it has ended."""

    code = "cycle_unknown"
    number = "E-6930"
    text = N_("この締め方は見つかりません。終わったものかもしれません。「換金の設定」で選び直してください。")


class CycleTaken(Refused):
    """Another cycle takes the shops of this size already. `name`: which."""

    code = "cycle_taken"
    number = "E-6931"
    text = N_("この規模の店は「%(name)s」に入っています。1つの店が入る締め方は1つだけです。まだ何も変えていません。")


class ReturnsMissing(Invalid):
    """No line was chosen."""

    code = "returns_missing"
    number = "E-6932"
    text = N_("申請する行が選ばれていません。戻った振込にチェックを入れて、振込先を選んでください。まだ何も申請していません。")


class ReturnListUnreadable(Invalid):
    """Neither a table with its head nor the bank's file of 200 bytes. `line`: where it stops making sense, from 1."""

    code = "return_list_unreadable"
    number = "E-6933"
    text = N_(
        "%(line)s行目を読めません。日付・金額・受取人（か摘要）の見出しのある表か、全銀の入出金取引明細を選んでください。何も取り込んでいません。"
    )
    field = "file"


class SuspenseUnknown(NotFound):
    """Nothing waits in suspense under this number."""

    code = "suspense_unknown"
    number = "E-6310"
    text = N_("この仮受金は見つかりません。すでに処理が済んでいるかもしれません。")


class SuspenseProposed(Refused):
    """Somebody has proposed already what becomes of it."""

    code = "suspense_proposed"
    number = "E-6311"
    text = N_("この仮受金は、すでに申請されています。承認か差し戻しを待ってください。")


class NoRunningSeries(Refused):
    """There is no coin to which it could go."""

    code = "no_running_series"
    number = "E-6312"
    text = N_("いま使える種別がないため、残高に戻せません。仮受金はそのままです。")


class SuspenseOfNobody(Refused):
    """Whoever it belongs to has left for good: there is no wallet to which it could go."""

    code = "suspense_of_nobody"
    number = "E-6313"
    text = N_("この人は退会しているため、残高には戻せません。仮受金はそのままです。")

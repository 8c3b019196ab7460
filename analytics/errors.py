"""What the room of insight refuses, and why. Nothing of it touches money."""

from base.errors import N_, Invalid, Later, NotFound, Refused


class ColumnsOff(Refused):
    """This installation keeps no columns: no folder is set for them (MEGURI_COLUMNS_FOLDER)."""

    code = "columns_off"
    number = "E-7201"
    text = N_("このシステムは、分析用データを作る設定になっていません。お金の記録には影響ありません。システムの管理者に伝えてください。")


class ColumnsMissing(Later):
    """No columns of this district were written yet: the worker, or `meguri analytics snapshot`, writes them."""

    code = "columns_missing"
    number = "E-7202"
    text = N_("分析用データは準備中です。お金の記録には影響ありません。数分待って、もう一度開いてください。")


class ColumnsBroken(Later):
    """A file of columns is damaged, or of a version that this program does not read; the worker writes all of them anew."""

    code = "columns_broken"
    number = "E-7203"
    text = N_("分析用データが壊れているため、作り直しています。お金の記録には影響ありません。数分待って、もう一度開いてください。")


class ColumnsBusy(Later):
    """Another process is writing this district's columns at this moment."""

    code = "columns_busy"
    number = "E-7204"
    text = N_("別の処理が分析用データを書き込み中です。お金の記録には影響ありません。少し待って、もう一度お試しください。")


class ReportUnknown(NotFound):
    """There is no report of this name."""

    code = "report_unknown"
    number = "E-7220"
    text = N_("その名前の分析はありません。お金の記録には影響ありません。分析の一覧から選んでください。")


class ReportWrongScope(Invalid):
    """A report of the district was asked of a shop, or a shop's of no shop."""

    code = "report_wrong_scope"
    number = "E-7221"
    text = N_("この分析は、お店1軒のものか、まち全体のものかが決まっています。お金の記録には影響ありません。もう一方で開いてください。")


class PeriodNotWhole(Invalid):
    """Only whole months are told: periods that overlap by days would give away single days."""

    code = "period_not_whole"
    number = "E-7222"
    text = N_("期間は、月の初めの日から月の終わりの日までで選んでください。日ごとに区切ると、少ない人数のことが分かってしまうためです。")


class PeriodNotOver(Invalid):
    """A month is told once it is over and all of it is in the columns."""

    code = "period_not_over"
    number = "E-7223"
    text = N_("まだ終わっていない月です。終わった月を選んでください。月が変わってすぐのときは、2日ほど待って、もう一度お試しください。")


class PeriodWrong(Invalid):
    """Each report is about a number of months of its own; 0 is today."""

    code = "period_wrong"
    number = "E-7224"
    text = N_("この分析の期間は%(months)sか月と決まっています（0は今日だけ）。終わりの月だけを選ぶと、期間は自動で決まります。")


class SummaryWrong(Invalid):
    """Rows for a model of customers are not what it needs. `line`: the first wrong row, counted from 1; 0 for the whole. `detail`: why."""

    code = "summary_wrong"
    number = "E-7240"
    text = N_("%(line)s行目の値が、この計算に使えません（%(detail)s）。まだ何も計算していません。直して、もう一度お試しください。")


class ModelUnfit(Refused):
    """The rows do not tell the parameters. `reason`: few_rows, no_maximum or flat (see `analytics.kernels.fitting`)."""

    code = "model_unfit"
    number = "E-7241"
    text = N_(
        "このデータからは、まだ言えません（%(reason)s）。お客様の数や、2回以上来た人が足りないようです。期間を長くして、もう一度お試しください。"
    )

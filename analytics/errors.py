"""What the room of insight refuses, and why. Nothing of it touches money."""

from base.errors import N_, Invalid, Later, NotFound, Refused, TooMany


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


class NoteDaysWrong(Invalid):
    """A note ends before it begins, is longer than two months, or lies too far away."""

    code = "note_days_wrong"
    number = "E-7205"
    text = N_("メモの日が正しくありません。終わりの日は始まりの日と同じかあとで、2か月以内、2年前から1年先までの日を入れてください。")


class NoteUnknown(NotFound):
    """There is no such note that this person may drop."""

    code = "note_unknown"
    number = "E-7206"
    text = N_("そのメモはありません。お金の記録には影響ありません。一覧から選んでください。")


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


class PeriodNotQuarter(Invalid):
    """What is told about three months is told about quarters: three months that overlap with others would give away single months."""

    code = "period_not_quarter"
    number = "E-7225"
    text = N_("この分析は、1〜3月、4〜6月、7〜9月、10〜12月のどれかで見ます。始まりの日を省くと、終わった四半期が自動で選ばれます。")


class PaperDiffers(Refused):
    """The month's paper is kept, and what was made now is not the same: a name has changed since, or the book went back."""

    code = "paper_differs"
    number = "E-7226"
    text = N_(
        "%(month)sの報告書はもう保管されていて、いま作ったものと中身が違います。保管したものはそのまま残します。お店の名前が変わった後などに起こります。"
    )


class PaperUnknown(NotFound):
    """No paper of this month is kept."""

    code = "paper_unknown"
    number = "E-7227"
    text = N_("その月の報告書は保管されていません。地域の分析の「これまでの報告書」から選んでください。")


class SchedulerMissing(Refused):
    """MEGURI_ANALYTICS_SCHEDULER is set, and the library `distributed` is not installed (requirements/cluster.txt)."""

    code = "scheduler_missing"
    number = "E-7260"
    text = N_("分析を分けて計算するための部品が入っていません。お金の記録には影響ありません。システムの管理者に伝えてください。")


class SchedulerAway(Later):
    """No scheduler of Dask answers at MEGURI_ANALYTICS_SCHEDULER. `address`: where."""

    code = "scheduler_away"
    number = "E-7261"
    text = N_(
        "分析を分けて計算する相手（%(address)s）が答えません。お金の記録には影響ありません。動いているか確かめて、もう一度お試しください。"
    )


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


class SourceUnknown(NotFound):
    """There is no such source in this district."""

    code = "source_unknown"
    number = "E-7280"
    text = N_("その「測るもの」はありません。一覧から選んでください。")


class SourceEnded(Refused):
    """It is measured no more: nothing new is taken."""

    code = "source_ended"
    number = "E-7281"
    text = N_("この測定は終わっています。続けるときは、新しい「測るもの」を作ってください。")


class MeasureFileMissing(Invalid):
    """Neither a file nor rows below a head."""

    code = "measure_file_missing"
    number = "E-7282"
    text = N_("測った値の行がありません。見出しと、その下の行を入れてください。")


class MeasureFileLarge(Invalid):
    """More bytes, lines or unpacked bytes than are taken at once."""

    code = "measure_file_large"
    number = "E-7283"
    text = N_("ファイルが大きすぎます（%(lines)s行、5MBまで）。まだ何も取り込んでいません。期間を分けてください。")


class MeasureFileUnreadable(Invalid):
    """No table in UTF-8 or Shift_JIS, or a broken workbook."""

    code = "measure_file_unreadable"
    number = "E-7284"
    text = N_("%(line)s行目を読めません。まだ何も取り込んでいません。CSV（UTF-8 か Shift_JIS）か Excel で保存し直してください。")


class MeasureFileHead(Invalid):
    """The declared columns are not there, or the file is of another interval or of several stations."""

    code = "measure_file_head"
    number = "E-7285"
    text = N_("見出しか間隔が、この「測るもの」に合いません。まだ何も取り込んでいません。下の「列の決まり」と比べてください。")


class MeasureFilePersonal(Invalid):
    """Something identifies a person, or a device that somebody carries: nothing of it is kept."""

    code = "measure_file_personal"
    number = "E-7286"
    text = N_("人を特定できる列や値があるため、受け取りません（%(line)s行目）。何も残していません。人数だけの表にしてください。")


class MeasureFileNothing(Invalid):
    """Every line was left out."""

    code = "measure_file_nothing"
    number = "E-7287"
    text = N_("取り込める値が1つもありません。まだ何も取り込んでいません。")


class MeasureFileStale(Refused):
    """What would be kept is not what was looked at."""

    code = "measure_file_stale"
    number = "E-7288"
    text = N_("確かめたあとで内容が変わりました。まだ何も取り込んでいません。もう一度、確かめてください。")


class SensorTooFast(TooMany):
    """One token has sent as often as it may within an hour."""

    code = "sensor_too_fast"
    number = "E-7289"
    text = N_("この機器は1時間に送れる回数を使い切りました。%(seconds)s秒ほど待って、まとめて送ってください。")


class SourcesTooMany(Refused):
    """More living sources than a district may keep."""

    code = "sources_too_many"
    number = "E-7290"
    text = N_("「測るもの」は%(most)s件までです。使っていないものを終わりにしてください。")


class SourceDoesNotFit(Invalid):
    """The interval is none at which this kind is measured, or a door has no shop."""

    code = "source_does_not_fit"
    number = "E-7291"
    text = N_("この種類では、その間隔やお店は選べません。種類に合うものを選んでください。")


class PlanBroken(Invalid):
    """What was sent as a street plan is no picture that can be read."""

    code = "plan_broken"
    number = "E-7242"
    text = N_("見取り図として読めない画像です。JPEGかPNGの画像を選んでください。前の見取り図はそのままです。")


class PlanLarge(Invalid):
    """A street plan of more bytes or pixels than we take."""

    code = "plan_large"
    number = "E-7243"
    text = N_("見取り図が大きすぎます。%(most)sMB、4,000万画素までの画像にしてください。前の見取り図はそのままです。")


class ScreenUnknown(NotFound):
    """A screen in the street that the district does not have."""

    code = "screen_unknown"
    number = "E-7245"
    text = N_("この画面はありません。一覧から選び直してください。何も変わっていません。")


class PlanShopUnknown(NotFound):
    """A place on the plan for a shop that the district does not have."""

    code = "plan_shop_unknown"
    number = "E-7244"
    text = N_("このお店はありません。一覧から選び直してください。何も変わっていません。")


class StreetsAhead(Invalid):
    """A plan or a shop's place from a day that has not come, or before there was anything to show."""

    code = "streets_ahead"
    number = "E-7910"
    text = N_("2000年から今日までの日付にしてください。何も変わっていません。")


class KernelsCold(Later):
    """What answers this is not compiled yet, and no page waits for the compiler: the worker, or `meguri analytics warm`, has it work."""

    code = "kernels_cold"
    number = "E-7560"
    text = N_("この分析は計算の準備中です。お金の記録には影響ありません。1分ほど待って、もう一度開いてください。")

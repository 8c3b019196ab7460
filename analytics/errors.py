"""What the room of insight refuses, and why. Nothing of it touches money."""

from base.errors import N_, Later, Refused


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

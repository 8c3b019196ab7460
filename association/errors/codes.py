"""チャージ券: batches for the desk, single codes for whoever redeems them."""

from __future__ import annotations

from typing import ClassVar

from base.errors import N_, Invalid, NotFound, Refused


class CodesEndWrong(Invalid):
    """The last day lies in the past, or beyond the end of the series. `last`: the latest possible, or nothing."""

    field: ClassVar[str] = "last_day"
    code = "codes_end_wrong"
    number = "E-6120"
    text = N_("最終日は、今日から、種別の最終日までの日にしてください。")


class CodesTooLarge(Invalid):
    """Nobody could hold what one code is worth. `limit`: yen."""

    field: ClassVar[str] = "face_value"
    code = "codes_too_large"
    number = "E-6121"
    text = N_("1枚の額は、残高の上限の %(limit)s円までにしてください。")


class BatchUnknown(NotFound):
    """No such batch of codes, or nothing of it in the book yet."""

    code = "batch_unknown"
    number = "E-6122"
    text = N_("その束は見つかりません。")


class BatchNotIssued(Refused):
    """The batch waits for its approval or was declined: there is no code of it."""

    code = "batch_not_issued"
    number = "E-6123"
    text = N_("この束は、まだ発行されていません。承認を待つか、申請し直してください。")


class NothingToCancel(Refused):
    """The code is used or cancelled, or no code of the batch is left."""

    code = "nothing_to_cancel"
    number = "E-6124"
    text = N_("取り消せるチャージ券がありません。使われたか、取り消したか、取消の承認を待っています。")


class NothingToPrint(NotFound):
    """No code of the batch is left, or not so many."""

    code = "nothing_to_print"
    number = "E-6125"
    text = N_("印刷するチャージ券がありません。使われたか、取り消されています。")


class TopUpCodeUnreadable(Invalid):
    """What was typed is no code of ours: a sign too many, or a wrong one."""

    field: ClassVar[str] = "code"
    code = "top_up_code_unreadable"
    number = "E-6130"
    text = N_("文字が違うようです。券の文字を、もう一度確かめてください。券はそのまま使えます。")


class TopUpCodeUnknown(NotFound):
    """It has the form of a code, and there is none like it."""

    field: ClassVar[str] = "code"
    code = "top_up_code_unknown"
    number = "E-6131"
    text = N_("このチャージ券は見つかりません。文字が合っていれば、券を持って窓口へお越しください。")


class TopUpCodeUsed(Refused):
    """Redeemed before, by whomever. `at`: when."""

    field: ClassVar[str] = "code"
    code = "top_up_code_used"
    number = "E-6132"
    text = N_("このチャージ券は、%(at)sに使われています。残高は増えていません。覚えがなければ、券を持って窓口へお越しください。")


class TopUpCodeCancelled(Refused):
    """Taken back by the association, or about to be."""

    field: ClassVar[str] = "code"
    code = "top_up_code_cancelled"
    number = "E-6133"
    text = N_("このチャージ券は取り消されています。残高は増えていません。券を持って窓口へお越しください。")


class TopUpCodeExpired(Refused):
    """Its last day is over. `day`: which one."""

    field: ClassVar[str] = "code"
    code = "top_up_code_expired"
    number = "E-6134"
    text = N_("このチャージ券は %(day)sで期限が切れました。残高は増えていません。")


class TopUpCodeForeign(Refused):
    """A code of another district of this installation. `district`: its name."""

    field: ClassVar[str] = "code"
    code = "top_up_code_foreign"
    number = "E-6135"
    text = N_("これは %(district)sのチャージ券です。ここでは使えません。券はそのまま、その地域で使えます。")
